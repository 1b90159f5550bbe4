package diag

import (
	"fmt"
	"io"
	"strings"
)

// WriteGitHub writes diagnostics as annotations of a GitHub Actions workflow: one
// line each, which the runner shows beside the file's line. GitHub shows at most ten
// errors and ten warnings of a step.
//
// The form is that of actions/toolkit, packages/core/src/command.ts.
func WriteGitHub(w io.Writer, list List, sources Sources, r Repository) error {
	columns := newColumnCounter(sources)
	var b strings.Builder
	for _, d := range list {
		text := d.message()
		for _, n := range d.Notes {
			if n.Span.File != "" {
				other, _ := r.path(n.Span.File)
				text += fmt.Sprintf("\n%s:%d:%d: %s", other, n.Span.Start.Line, n.Span.Start.Column, Visible(n.Label))
			}
		}
		properties := ""
		if d.Span.File != "" {
			file, _ := r.path(d.Span.File)
			properties = "file=" + annotationProperty(file) + ","
			if d.Span.Start.Line > 0 {
				at := columns.region(d.Span)
				properties += fmt.Sprintf("line=%d,", at.StartLine)
				if at.EndLine == at.StartLine { // columns are of one line, or not shown
					properties += fmt.Sprintf("col=%d,endLine=%d,endColumn=%d,", at.StartColumn, at.EndLine, max(at.StartColumn, at.EndColumn-1))
				} else {
					properties += fmt.Sprintf("endLine=%d,", at.EndLine)
				}
				file = fmt.Sprintf("%s:%d:%d", file, at.StartLine, at.StartColumn)
			}
			text = file + ": " + text // the log shows the text alone
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", d.Kind.Severity, properties, annotationProperty("sprayc: "+d.Kind.ID), annotationData(text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// annotationData is text as what stands behind the second "::".
func annotationData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// annotationProperty is text as a property's value, before the second "::".
func annotationProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
