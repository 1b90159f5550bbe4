package lang

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang/diag"
)

// syntaxErrors turns hcl's diagnostics about one piece of text into ours. A
// second one of the same line is an echo, as is what follows something that is
// not closed.
func syntaxErrors(p *parsed, diags hcl.Diagnostics) (out diag.List) {
	lines := map[int]bool{}
	closed := true
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		one := syntaxError(p, d)
		if one.Kind != diag.DuplicateAttribute {
			if lines[one.Span.Start.Line] || !closed {
				continue
			}
			lines[one.Span.Start.Line] = true
			closed = one.Kind != diag.Unclosed
		}
		out = append(out, one)
	}
	return out
}

func syntaxError(p *parsed, d *hcl.Diagnostic) diag.Diagnostic {
	span := fileStart(p.file)
	if d.Subject != nil {
		span = clamp(Span(*d.Subject), p.text)
	}
	out := diag.Diagnostic{Kind: diag.SyntaxError, Span: span, Label: sentence(d.Detail)}
	for _, rule := range syntaxRules {
		if !strings.Contains(d.Summary, rule.summary) || !strings.Contains(d.Detail, rule.detail) {
			continue
		}
		out.Kind = rule.kind
		if rule.label != "" {
			out.Label = rule.label
		}
		out.Fix = rule.fix
		break
	}
	p.refine(&out, d)
	return out
}

// refine makes a diagnostic better with a look at the text.
func (p *parsed) refine(out *diag.Diagnostic, d *hcl.Diagnostic) {
	at := out.Span.Start.Byte
	switch {
	case out.Kind == diag.DuplicateAttribute:
		out.Label = strings.TrimSpace(textOf(p.text, out.Span)) + " has a value already"
	case strings.HasPrefix(d.Summary, "Invalid multi-line string"):
		start := bytes.LastIndexByte(p.text[:at], '\n') + 1
		if quote := bytes.LastIndexByte(p.text[start:at], '"'); quote >= 0 {
			out.Span = spanAt(p.file, p.text, start+quote, at)
		}
	case d.Context != nil && strings.HasPrefix(d.Summary, "Unterminated template"):
		p.opening(out, d)
	case d.Context != nil && unclosable[d.Summary] != [2]string{} && p.notClosed(d, at):
		words := unclosable[d.Summary]
		out.Kind, out.Label, out.Fix = diag.Unclosed, words[0]+" has no end", "close it with "+words[1]
		p.opening(out, d)
	default:
		p.foreign(out, d)
	}
}

// unclosable are hcl's messages for a list that does not go on as it should,
// with what it is and what closes it.
var unclosable = map[string][2]string{
	"Missing item separator":      {"the list", "]"},
	"Missing attribute separator": {"the object", "}"},
	"Missing argument separator":  {"the call", ")"},
}

// notClosed says whether a list does not go on because its end is missing.
func (p *parsed) notClosed(d *hcl.Diagnostic, at int) bool {
	rest := p.text[at:]
	return closesOrBegins.Match(rest) && !bytes.HasPrefix(rest, []byte(unclosable[d.Summary][1])) || len(rest) > 0 && rest[0] == '\n'
}

// closesOrBegins matches what stands where a list should have gone on, if the
// list was never closed.
var closesOrBegins = regexp.MustCompile(`^(?:[}\])]|[A-Za-z_][\w-]*[ \t]*(?:=[^=>]|\{|"))`)

// opening points a diagnostic at what was opened: a bracket, or the beginning
// of a heredoc.
func (p *parsed) opening(out *diag.Diagnostic, d *hcl.Diagnostic) {
	from := d.Context.Start.Byte
	if from < 0 || from >= len(p.text) {
		return
	}
	to := from + 1
	if from > 0 && p.text[from-1] == '\n' { // the text of a heredoc begins on the line after its <<
		line := bytes.LastIndexByte(p.text[:from-1], '\n') + 1
		if mark := bytes.LastIndex(p.text[line:from-1], []byte("<<")); mark >= 0 {
			from, to = line+mark, from-1
			word := strings.TrimSpace(strings.TrimLeft(string(p.text[from:to]), "<-"))
			out.Label, out.Fix = "the heredoc has no end", "write "+word+" on a line of its own"
		}
	}
	out.Span = spanAt(p.file, p.text, from, to)
}

// syntaxRule says in our words what one of hcl's messages means.
type syntaxRule struct {
	summary, detail string // parts of hcl's text
	kind            *diag.Kind
	label, fix      string
}

var syntaxRules = []syntaxRule{
	{"Attribute redefined", "", diag.DuplicateAttribute, "", "keep one of them"},
	{"Invalid multi-line string", "", diag.Unclosed, "the string does not end on its line", `close it with ", or write a heredoc: <<-END ... END`},
	{"Unterminated template string", "", diag.Unclosed, "the string or heredoc has no end", "close it"},
	{"Unterminated string literal", "", diag.Unclosed, "the string has no end", `close it with "`},
	{"Unclosed configuration block", "", diag.Unclosed, "the block has no end", "close it with }"},
	{"Unclosed configuration body", "", diag.Unclosed, "the block has no end", "close it with }"},
	{"Unterminated object", "", diag.Unclosed, "the object has no end", "close it with }"},
	{"Unterminated tuple", "", diag.Unclosed, "the list has no end", "close it with ]"},
	{"Unterminated function call", "", diag.Unclosed, "the call has no end", "close it with )"},
	{"Unclosed index brackets", "", diag.Unclosed, "the index has no end", "close it with ]"},
	{"Missing close bracket", "", diag.Unclosed, "the index has no end", "close it with ]"},
	{"Missing closing parenthesis", "", diag.Unclosed, "the parenthesis is not closed here", "close it with )"},
	{"Unbalanced parentheses", "", diag.Unclosed, "the parenthesis is not closed", "close it with )"},
	{"Unclosed template interpolation", "", diag.InvalidTemplate, "the interpolation ${ has no end", "close it with }; for the text ${ itself write $${"},
	{"Extra characters after interpolation", "", diag.InvalidTemplate, "the interpolation should end here", "close it with }; for the text ${ itself, as in shell, write $${"},
	{"Invalid template interpolation", "", diag.InvalidTemplate, "", "for the text ${ itself, as in shell, write $${"},
	{"Invalid template directive", "", diag.InvalidTemplate, "", "for the text %{ itself, as in curl's formats, write %%{"},
	{"Invalid template control keyword", "", diag.InvalidTemplate, "", "for the text %{ itself, as in curl's formats, write %%{"},
	{"Unexpected end of template", "", diag.InvalidTemplate, "", "write %{ endif } or %{ endfor }"},
	{"directive", "", diag.InvalidTemplate, "", ""},
	{"Invalid string literal", "sequences are not allowed", diag.InvalidTemplate, "a label is plain text, without ${ or %{", "write the name itself; for a name that is computed use name = ... in the block"},
	{"Invalid string literal", "", diag.SyntaxError, "", ""},
	{"Invalid escape sequence", "", diag.SyntaxError, "", `for a backslash write \\`},
	{"Invalid block definition", "", diag.SyntaxError, "", `write NAME = VALUE for an attribute, NAME "LABEL" { ... } for a block`},
	{"Argument or block definition required", "", diag.SyntaxError, "an attribute or a block is expected here", "write NAME = VALUE or NAME { ... }"},
	{"Argument definition required", "", diag.SyntaxError, "an attribute is expected here", "write NAME = VALUE"},
	{"", "must end with a newline", diag.SyntaxError, "the value ends before this", "an attribute has one value: put it into quotes, or begin the next attribute on a line of its own"},
	{"Invalid 'for' expression", "requires a colon", diag.SyntaxError, "a for has a colon before its value", "write [for x in list : value]"},
	{"Invalid single-argument block", "", diag.SyntaxError, "a block on one line has at most one attribute", "put each attribute on a line of its own"},
	{"Missing newline after block", "", diag.SyntaxError, "another block begins on the same line", "begin it on a line of its own"},
	{"Invalid character", "Single quote", diag.SyntaxError, "strings have double quotes", `write "..."`},
	{"Invalid character", "", diag.SyntaxError, "", ""},
	{"Missing key/value separator", "", diag.SyntaxError, "a key and a value with = between them are expected", "write KEY = VALUE"},
	{"Missing attribute separator", "", diag.SyntaxError, "two elements of an object have a comma or a line end between them", "write a comma"},
	{"Missing item separator", "", diag.SyntaxError, "two elements of a list have a comma between them", "write a comma"},
	{"Missing argument separator", "", diag.SyntaxError, "two arguments of a call have a comma between them", "write a comma"},
}

// sentence is hcl's detail as a label: its first sentence, without the stop.
func sentence(detail string) string {
	first, _, _ := strings.Cut(detail, ". ")
	first, _, _ = strings.Cut(first, "\n")
	first = strings.TrimSuffix(strings.TrimSpace(first), ".")
	if len(first) > 1 && first[1] >= 'a' && first[1] <= 'z' {
		first = strings.ToLower(first[:1]) + first[1:]
	}
	return first
}

// clamp keeps a span inside its file.
func clamp(s diag.Span, text []byte) diag.Span {
	if s.Start.Byte > len(text) {
		s.Start = posAt(text, len(text))
	}
	if s.End.Byte > len(text) {
		s.End = posAt(text, len(text))
	}
	if s.End.Byte < s.Start.Byte {
		s.End = s.Start
	}
	return s
}

func textOf(text []byte, s diag.Span) string {
	if s.Start.Byte < 0 || s.End.Byte > len(text) || s.Start.Byte > s.End.Byte {
		return ""
	}
	return string(text[s.Start.Byte:s.End.Byte])
}
