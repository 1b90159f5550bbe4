package hostpattern

import (
	"errors"
	"regexp"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The grammar:
//
//	pattern = part+
//	part    = text | "[" item ("," item)* "]" | "{" text ("," text)* "}"
//	item    = number ("-" number)?
//
// Dash and comma are text outside of brackets.
type pattern struct {
	Parts []*part `parser:"@@+"`
}

type part struct {
	Pos   lexer.Position
	Range []*item   `parser:"  '[' @@ ( ',' @@ )* ']'"`
	List  []*choice `parser:"| '{' @@ ( ',' @@ )* '}'"`
	Text  string    `parser:"| @( Number | Word | '-' )"`
}

type item struct {
	Pos    lexer.Position
	First  string `parser:"@Number"`
	Last   string `parser:"( '-' @Number )?"`
	EndPos lexer.Position
}

type choice struct {
	Pos  lexer.Position
	Text []string `parser:"@( Number | Word | '-' )+"`
}

var tokens = lexer.MustStateful(lexer.Rules{"Root": {
	{Name: "Number", Pattern: `[0-9]+`},
	{Name: "Word", Pattern: `[A-Za-z._]+`},
	{Name: "Punct", Pattern: `[][{},-]`},
	{Name: "Other", Pattern: `(?s:.)`},
}})

var parser = participle.MustBuild[pattern](participle.Lexer(tokens))

// parse parses a pattern; its errors are *Error.
func parse(text string) (*pattern, error) {
	if text == "" {
		return nil, &Error{Message: "the pattern is empty", Fix: "write a host's name, such as cp1"}
	}
	if len(text) > maxPattern {
		return nil, &Error{Length: len(text), Message: "the pattern is too long", Fix: "write several hosts blocks"}
	}
	if at := other.FindStringIndex(text); at != nil {
		return nil, &Error{Offset: at[0], Length: at[1] - at[0], Message: "a host's name has letters, digits, - and .", Fix: "remove it"}
	}
	p, err := parser.ParseString("", text)
	if err == nil {
		return p, nil
	}
	at := len(text)
	var perr participle.Error
	if errors.As(err, &perr) {
		at = min(perr.Position().Offset, len(text))
	}
	return nil, explain(text, at)
}

const maxPattern = 4096

var other = regexp.MustCompile(`[^A-Za-z0-9._{}\[\],-]+`)

// explain says in the terms of host patterns what is wrong at an offset.
func explain(text string, at int) *Error {
	open, bracket := -1, byte(0)
	for i := 0; i < at; i++ {
		switch c := text[i]; c {
		case '[', '{':
			open, bracket = i, c
		case ']', '}':
			open = -1
		}
	}
	e := &Error{Offset: at, Length: 1, Message: "this is out of place", Fix: `a pattern is like cp[1-3], node[01-20] or rack{a,b}`}
	if at >= len(text) {
		e.Offset, e.Length = len(text), 0
	}
	closed := map[byte]string{'[': "]", '{': "}"}[bracket]
	switch {
	case open >= 0 && at >= len(text):
		return &Error{Offset: open, Length: 1, Message: "this " + string(bracket) + " is not closed", Fix: "close it with " + closed}
	case open >= 0 && bracket == '[':
		e.Message, e.Fix = "a number is expected in a range", "write [1-3] or [1,2,5]; for words {a,b}"
		if c := text[at]; c == '.' {
			e.Fix = "write [1-3], with one dash"
		}
	case open >= 0:
		e.Message, e.Fix = "a word is expected in a list", "write {a,b}"
	case text[at] == ']' || text[at] == '}':
		e.Message, e.Fix = "nothing is open that this closes", "remove it"
	case text[at] == ',':
		e.Message, e.Fix = "a comma stands between brackets only", "write [1,2] or {a,b}, or two hosts blocks"
	}
	return e
}
