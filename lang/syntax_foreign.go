package lang

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang/diag"
)

// foreign recognizes what is right in another language: YAML, JSON, Jinja, Go
// and shell.
func (p *parsed) foreign(out *diag.Diagnostic, d *hcl.Diagnostic) {
	at, end := out.Span.Start.Byte, out.Span.End.Byte
	word, before, after := textOf(p.text, out.Span), p.text[:at], p.text[end:]
	after = bytes.TrimLeft(after, " \t")
	name := identifier.pattern.MatchString(word)
	switch {
	case bytes.Contains(before[bytes.LastIndexByte(before, '\n')+1:], []byte("{{")):
		out.Label, out.Fix = "values have no {{ }} around them", "write the name itself, var.x, or in a string ${var.x}"
	case d.Summary == "Invalid number literal":
		out.Label, out.Fix = "this is not a number", "write it in quotes: \""+word+"\""
	case strings.HasPrefix(d.Summary, "Invalid character") && strings.HasPrefix(word, "$") && bytes.HasPrefix(p.text[at:], []byte("${")):
		out.Label, out.Fix = "${ } stands in strings only", "write the name itself, without ${ }"
	case strings.HasPrefix(d.Summary, "Invalid character") && word == ";":
		out.Label, out.Fix = "a line has nothing at its end", "remove the ;"
	case strings.HasPrefix(d.Summary, "Invalid single-argument block") && word == ",":
		out.Label, out.Fix = "attributes have no comma between them", "put each on a line of its own"
	case strings.HasPrefix(d.Summary, "Invalid block definition") && strings.Contains(d.Detail, "same line"):
		out.Label, out.Fix = "the { of a block stands on the same line as its name", "move it up"
	case out.Kind == diag.SyntaxError && name && notEquals.Match(after):
		out.Label, out.Fix = "an attribute has = after its name", "write "+word+" = ..."
	}
}

// notEquals matches what others write after a name.
var notEquals = regexp.MustCompile(`^(?::|==|\[|=>)`)
