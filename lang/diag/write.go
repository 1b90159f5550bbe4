package diag

import (
	"fmt"
	"io"
	"strings"
)

// Style is how Write prints.
type Style struct {
	Color bool // with ANSI escapes
}

// Write prints diagnostics for people, in the order given, with a blank line
// between them:
//
//	error: unknown role [unknown-role]
//	  --> prod.hcl:17:31
//	   |
//	17 |   roles = ["control_plane", "etdc"]
//	   |                             ^^^^^^ no role is named "etdc"
//	   = fix: did you mean "etcd"?
func Write(w io.Writer, list List, sources Sources, style Style) error {
	var b strings.Builder
	p := &printer{out: &b, sources: sources, lines: map[string][]string{}, style: style}
	for i, d := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		p.diagnostic(d)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// printer prints diagnostics; it splits each source once.
type printer struct {
	out     *strings.Builder
	sources Sources
	lines   map[string][]string
	style   Style
	margin  string // as wide as the line numbers
}

func (p *printer) diagnostic(d Diagnostic) {
	p.margin = strings.Repeat(" ", p.numberWidth(d))
	color := Red
	if d.Kind.Severity == Warning {
		color = Yellow
	}
	fmt.Fprintf(p.out, "%s%s [%s]\n", p.style.Paint(color, d.Kind.Severity.String()+":"), p.style.Paint(Bold, " "+clean(d.Kind.Summary)), d.Kind.ID)
	p.place("-->", d.Span, d.Label, '^', color)
	for _, n := range d.Notes {
		p.place(":::", n.Span, n.Label, '-', Blue)
	}
	if d.Fix != "" {
		p.remark(p.style.Paint(Green, "fix:")+" ", d.Fix)
	}
}

// numberWidth is how wide the widest line number of a diagnostic is.
func (p *printer) numberWidth(d Diagnostic) int {
	widest := d.Span.Start.Line
	for _, n := range d.Notes {
		widest = max(widest, n.Span.Start.Line)
	}
	return max(2, len(fmt.Sprint(widest)))
}

// place prints one place with its source line, and its label beside the carets.
func (p *printer) place(arrow string, s Span, label string, mark byte, color Color) {
	if s.File == "" {
		if label != "" {
			p.remark("", label)
		}
		return
	}
	at := clean(s.File)
	if s.Start.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", at, s.Start.Line, s.Start.Column)
	}
	fmt.Fprintf(p.out, "%s%s %s\n", p.margin, p.style.Paint(Blue, arrow), at)
	line, from, to, ok := p.line(s)
	if !ok {
		if label != "" {
			p.remark("", label)
		}
		return
	}
	text, indent, width := snippet(line, from, to)
	bar := p.style.Paint(Blue, "|")
	fmt.Fprintf(p.out, "%s %s\n", p.margin, bar)
	number := p.style.Paint(Blue, fmt.Sprintf("%*d", len(p.margin), s.Start.Line))
	p.out.WriteString(strings.TrimRight(fmt.Sprintf("%s %s %s", number, bar, text), " ") + "\n")
	marks := p.style.Paint(color, strings.Repeat(string(mark), width))
	p.labelled(bar+" "+strings.Repeat(" ", indent)+marks, strings.Repeat(" ", indent+width+1), label, bar)
}

// labelled prints the carets with a label; further lines of the label stand
// below its first.
func (p *printer) labelled(head, indent, label, bar string) {
	lines := cleanLines(label)
	fmt.Fprintf(p.out, "%s %s", p.margin, head)
	for i, l := range lines {
		switch {
		case l == "":
			p.out.WriteByte('\n')
			continue
		case i == 0:
			p.out.WriteString(" " + l + "\n")
		default:
			fmt.Fprintf(p.out, "%s %s %s%s\n", p.margin, bar, indent, l)
		}
	}
}

// remark prints a line that belongs to no place.
func (p *printer) remark(title, text string) {
	for i, l := range cleanLines(text) {
		if i == 0 {
			fmt.Fprintf(p.out, "%s %s %s%s\n", p.margin, p.style.Paint(Blue, "="), title, l)
		} else {
			fmt.Fprintf(p.out, "%s   %s\n", p.margin, l)
		}
	}
}

// line is the first source line of a span and the bytes of it that the span
// covers.
func (p *printer) line(s Span) (text string, from, to int, ok bool) {
	lines, known := p.lines[s.File]
	if !known {
		src, have := p.sources[s.File]
		if !have {
			return "", 0, 0, false
		}
		lines = strings.Split(string(src), "\n")
		p.lines[s.File] = lines
	}
	n := s.Start.Line
	if n < 1 || n > len(lines) {
		return "", 0, 0, false
	}
	start := 0
	if s.Start.Byte > 0 {
		for _, l := range lines[:n-1] {
			start += len(l) + 1
		}
	}
	text = strings.TrimSuffix(lines[n-1], "\r")
	from = s.Start.Byte - start
	if from < 0 || from > len(text) || s.Start.Byte == 0 && s.Start.Column > 1 {
		from = byteOf(text, s.Start.Column)
	}
	switch {
	case s.End.Line > n:
		to = len(text)
	case s.End.Byte > s.Start.Byte:
		to = from + s.End.Byte - s.Start.Byte
	case s.End.Line == n && s.End.Column > s.Start.Column:
		to = byteOf(text, s.End.Column)
	default:
		to = from
	}
	return text, from, min(max(to, from), len(text)), true
}

// String is "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}
