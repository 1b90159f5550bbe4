package lang

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang/diag"
)

// parsed is one file: its top-level attributes and blocks, in the order
// written.
type parsed struct {
	file   string
	text   []byte
	body   *hclsyntax.Body
	broken bool // something did not parse, so what seems to be missing may be there
}

// parse parses the text of one file, which checkText has accepted. After a
// syntax error the top-level blocks are parsed one by one, so that one of them
// hides neither the errors nor the content of the others. Text that is trusted is
// not checked for its nesting, which takes as long as parsing it.
func parse(file string, text []byte, trusted bool) (*parsed, diag.List) {
	p := &parsed{file: file, text: text, body: &hclsyntax.Body{}}
	var tokens hclsyntax.Tokens
	if !trusted {
		tokens, _ = hclsyntax.LexConfig(text, file, hcl.InitialPos)
		if found := checkNesting(file, tokens); found != nil {
			p.broken = true
			return p, found
		}
	}
	body, diags := parseBody(file, text, hcl.InitialPos)
	if !diags.HasErrors() {
		p.body = body
		return p, nil
	}
	p.broken = true
	if found := p.language(); found != nil {
		return p, found
	}
	pieces := split(text, tokens)
	if len(pieces) == 1 {
		p.body = body
		return p, syntaxErrors(p, diags)
	}
	var all diag.List
	merged := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	for _, piece := range pieces {
		body, diags := parseBody(file, text[piece.from.Byte:piece.to], piece.from)
		all = append(all, syntaxErrors(p, diags)...)
		if body == nil || diags.HasErrors() {
			continue
		}
		for name, a := range body.Attributes {
			merged.Attributes[name] = a
		}
		merged.Blocks = append(merged.Blocks, body.Blocks...)
	}
	p.body = merged
	if all == nil { // the error was between the pieces
		all = syntaxErrors(p, diags)
	}
	return p, all
}

// parseBody calls hcl's parser. A panic of it is a syntax error of the text: an
// input that nobody has tried.
func parseBody(file string, text []byte, from hcl.Pos) (body *hclsyntax.Body, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			at := hcl.Range{Filename: file, Start: from, End: from}
			body, diags = nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Parser failure", Detail: fmt.Sprintf("The parser gave up on this text (%v).", r), Subject: &at}}
		}
	}()
	f, diags := hclsyntax.ParseConfig(text, file, from)
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok {
		return nil, diags
	}
	return body, diags
}

// piece is a part of a file that should parse by itself.
type piece struct {
	from hcl.Pos
	to   int
}

// begins matches a line that can only be the beginning of a block or of an
// attribute at the top level.
var begins = regexp.MustCompile(`(?m)^(?:[A-Za-z_][\w-]*(?:[ \t]+"[^"\n]*")*[ \t]*\{|[A-Za-z_][\w-]*[ \t]*=[^=>])`)

// split cuts a file where a line begins, in its first column, like a block or an
// attribute; not within a heredoc.
func split(text []byte, tokens hclsyntax.Tokens) []piece {
	var cuts []hcl.Pos
	inside := heredocs(tokens)
	line, at := 1, 0
	for _, m := range begins.FindAllIndex(text, -1) {
		for ; at < m[0]; at++ {
			if text[at] == '\n' {
				line++
			}
		}
		for len(inside) > 0 && inside[0][1] <= m[0] {
			inside = inside[1:]
		}
		if len(inside) > 0 && inside[0][0] < m[0] {
			continue
		}
		cuts = append(cuts, hcl.Pos{Line: line, Column: 1, Byte: m[0]})
	}
	if len(cuts) == 0 || cuts[0].Byte > 0 {
		cuts = append([]hcl.Pos{hcl.InitialPos}, cuts...)
	}
	pieces := make([]piece, len(cuts))
	for i, from := range cuts {
		pieces[i] = piece{from, len(text)}
		if i > 0 {
			pieces[i-1].to = from.Byte
		}
	}
	return pieces
}

// heredocs are the byte ranges of heredocs that end.
func heredocs(tokens hclsyntax.Tokens) (ranges [][2]int) {
	var open []int
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOHeredoc:
			open = append(open, t.Range.Start.Byte)
		case hclsyntax.TokenCHeredoc:
			if n := len(open); n > 0 {
				if n == 1 {
					ranges = append(ranges, [2]int{open[0], t.Range.End.Byte})
				}
				open = open[:n-1]
			}
		}
	}
	return ranges
}
