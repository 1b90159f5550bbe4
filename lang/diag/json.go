package diag

import (
	"encoding/json"
	"io"
)

// jsonVersion is the version of what WriteJSON writes. It changes when a field
// changes its meaning or goes; new fields may come without.
const jsonVersion = 1

type jsonList struct {
	Version     int              `json:"version"`
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
}

type jsonDiagnostic struct {
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Label    string `json:"label"`
	Span     *Span  `json:"span"` // null if it belongs to no place
	Notes    []Note `json:"notes"`
	Fix      string `json:"fix"`
}

// WriteJSON writes diagnostics for programs: one object with the version of
// its form and the list.
func WriteJSON(w io.Writer, list List) error {
	out := jsonList{Version: jsonVersion, Diagnostics: []jsonDiagnostic{}}
	for _, d := range list {
		j := jsonDiagnostic{Kind: d.Kind.ID, Severity: d.Kind.Severity.String(), Summary: d.Kind.Summary, Label: d.Label, Notes: d.Notes, Fix: d.Fix}
		if d.Span.File != "" {
			j.Span = &d.Span
		}
		if j.Notes == nil {
			j.Notes = []Note{}
		}
		out.Diagnostics = append(out.Diagnostics, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
