package runner

import (
	"encoding/json"
	"io"
)

// Report is a sink that writes nothing but the report of a plan, at its end.
type Report struct {
	w      io.Writer
	format string
}

// NewReport returns a sink that writes to w in a format: json or markdown.
func NewReport(w io.Writer, format string) *Report { return &Report{w, format} }

// Begin writes nothing.
func (*Report) Begin(Overview) {}

// Event writes nothing.
func (*Report) Event(Event) {}

// End writes the report. A reader that has gone does not matter any more.
func (r *Report) End(result Result) {
	report := planOf(result)
	if r.format == "json" {
		encoder := json.NewEncoder(r.w)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(report)
		return
	}
	_, _ = io.WriteString(r.w, report.Markdown())
}
