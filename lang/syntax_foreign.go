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
		if !bytes.HasPrefix(bytes.TrimLeft(after, " \t\r\n"), []byte("{")) {
			out.Label, out.Fix = "a block has { after its name and labels", "write { at the end of this line"
		}
	case out.Kind == diag.SyntaxError && name && notEquals.Match(after):
		out.Label, out.Fix = "an attribute has = after its name", "write "+word+" = ..."
	}
}

// notEquals matches what others write after a name.
var notEquals = regexp.MustCompile(`^(?::|==|\[|=>)`)

// languages are those that a whole file may be in, by its first line that says
// something: an inventory of Ansible or Kubespray, a manifest of Kubernetes.
var languages = []struct {
	name  string
	first *regexp.Regexp
}{
	{"YAML", regexp.MustCompile(`^(?:---|%YAML\b|- |[A-Za-z_][\w./-]*:(?:\s|$))`)},
	{"an INI file", regexp.MustCompile(`^\[[A-Za-z_][\w:-]*\]\s*$`)},
	{"JSON", regexp.MustCompile(`^\{\s*(?:"|$)`)},
}

// language reports a file that is not HCL at all: one error in place of one for
// each of its lines.
func (p *parsed) language() diag.List {
	at := 0
	for _, line := range bytes.SplitAfter(p.text, []byte("\n")) {
		text := bytes.TrimRight(line, "\r\n")
		if bare := bytes.TrimSpace(text); len(bare) == 0 || bare[0] == '#' || bare[0] == ';' {
			at += len(line)
			continue
		}
		for _, l := range languages {
			if l.first.Match(text) {
				return diag.List{{
					Kind: diag.SyntaxError, Span: spanAt(p.file, p.text, at, at+len(text)), Label: "this is " + l.name + "; a file of sprayc's is HCL",
					Fix: `write it as hosts "cp[1-3]" { roles = ["control_plane"] ... } and the like; sprayc init prints a definition to start from`,
				}}
			}
		}
		break
	}
	return nil
}
