package selector

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The grammar:
//
//	or   = and ("|" and)*
//	and  = not ("&" not)*
//	not  = "!"* (term | "(" or ")")
type or struct {
	Any []*and `parser:"@@ ( '|' @@ )*"`
}

type and struct {
	All []*not `parser:"@@ ( '&' @@ )*"`
}

type not struct {
	Bangs []string `parser:"@'!'*"`
	Group *or      `parser:"( '(' @@ ')'"`
	Term  *term    `parser:"| @@ )"`
}

type term struct {
	Pos  lexer.Position
	Text string `parser:"@Term"`
}

var tokens = lexer.MustStateful(lexer.Rules{"Root": {
	{Name: "Term", Pattern: `[^\s&|!()]+`},
	{Name: "Punct", Pattern: `[&|!()]`},
	{Name: "Space", Pattern: `\s+`},
}})

var parser = participle.MustBuild[or](participle.Lexer(tokens), participle.Elide("Space"))
