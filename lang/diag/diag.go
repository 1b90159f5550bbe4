package diag

import (
	"fmt"
	"sort"
	"strings"
)

// Severity says whether a diagnostic stops the program.
type Severity int

// The severities, the graver first.
const (
	Error Severity = iota
	Warning
)

// Pos is a place in a source file. Line and Column are 1-based; Column counts
// grapheme clusters as hcl does; Byte is the 0-based offset.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Span is a half-open range of one source file. File is the name as the user
// would write it: relative to the working directory, or "stdlib/..." for the
// library that is built in.
type Span struct {
	File  string `json:"file"`
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// Kind is one sort of problem. Its summary never contains user data, so the
// same problem always reads the same and can be grouped and looked up.
type Kind struct {
	ID       string // "unknown-role", what `sprayc explain` takes
	Severity Severity
	Summary  string // "unknown role"
	Doc      string // what it means and what to do, in Markdown, with an example
}

// Note is a further place that belongs to a diagnostic, such as the first of
// two conflicting definitions.
type Note struct {
	Span  Span   `json:"span"`
	Label string `json:"label"`
}

// Diagnostic is one problem at one place.
type Diagnostic struct {
	Kind  *Kind
	Span  Span
	Label string // the specifics, printed beside the carets
	Notes []Note
	Fix   string // one imperative sentence, or ""
}

// List is a set of diagnostics in the order found.
type List []Diagnostic

// HasErrors reports whether any of the diagnostics stops the program.
func (l List) HasErrors() bool {
	for _, d := range l {
		if d.Kind.Severity == Error {
			return true
		}
	}
	return false
}

// Errors are the diagnostics that stop the program.
func (l List) Errors() List {
	var errors List
	for _, d := range l {
		if d.Kind.Severity == Error {
			errors = append(errors, d)
		}
	}
	return errors
}

// Sort orders the list by file, place, kind and label.
func (l List) Sort() {
	sort.SliceStable(l, func(i, j int) bool {
		a, b := l[i], l[j]
		switch {
		case a.Span.File != b.Span.File:
			return a.Span.File < b.Span.File
		case a.Span.Start.Byte != b.Span.Start.Byte:
			return a.Span.Start.Byte < b.Span.Start.Byte
		case a.Kind.ID != b.Kind.ID:
			return a.Kind.ID < b.Kind.ID
		}
		return a.Label < b.Label
	})
}

// Clean is the list sorted, without repetitions: the same kind at the same place
// is one problem, found on two ways.
func (l List) Clean() List {
	sorted := append(List(nil), l...)
	sorted.Sort()
	out := sorted[:0]
	for _, d := range sorted {
		if n := len(out); n > 0 && d.Span.File != "" && out[n-1].Kind == d.Kind && out[n-1].Span == d.Span && out[n-1].Label == d.Label {
			continue
		}
		out = append(out, d)
	}
	return out
}

// Count is how many errors and warnings there are, in words: "2 errors, 1
// warning".
func (l List) Count() string {
	n := map[Severity]int{}
	for _, d := range l {
		n[d.Kind.Severity]++
	}
	var parts []string
	for _, s := range []Severity{Error, Warning} {
		switch {
		case n[s] == 1:
			parts = append(parts, "1 "+s.String())
		case n[s] > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n[s], s))
		}
	}
	if parts == nil {
		return "no errors"
	}
	return strings.Join(parts, ", ")
}

// Sources holds the text of every file that a diagnostic may point at, by the
// name its spans use.
type Sources map[string][]byte
