package diag

import (
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Repository is how diagnostics are written for machines that look at a whole
// repository: SARIF and workflow annotations.
type Repository struct {
	Version string                   // of sprayc
	Path    func(file string) string // a span's file, from the repository's root with slashes
}

// path is where a span's file is, and whether that is in the built-in library
// rather than in the repository.
func (r Repository) path(file string) (path string, library bool) {
	if strings.HasPrefix(file, "stdlib/") {
		return file, true
	}
	return r.Path(file), false
}

// sarifSchema is where the schema of what WriteSARIF writes stands.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// The two places that a file's name can be relative to, as SARIF names them.
const (
	sarifRoot    = "%SRCROOT%" // what GitHub and others take for the repository's root
	sarifLibrary = "SPRAYC"    // the library that is built in: stdlib/...
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool            `json:"tool"`
	Bases       map[string]sarifBase `json:"originalUriBaseIds"`
	ColumnKind  string               `json:"columnKind"`
	Invocations []sarifInvocation    `json:"invocations"`
	Results     []sarifResult        `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string          `json:"id"`
	ShortDescription sarifText       `json:"shortDescription"`
	Help             sarifText       `json:"help"`
	Default          sarifRuleConfig `json:"defaultConfiguration"`
}

type sarifRuleConfig struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifBase struct {
	Description sarifText `json:"description"`
}

// sarifInvocation holds what belongs to no place: a result without one is not
// shown by those who show results.
type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Descriptor sarifDescriptor `json:"descriptor"`
	Level      string          `json:"level"`
	Message    sarifText       `json:"message"`
}

type sarifDescriptor struct {
	ID string `json:"id"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
	Related   []sarifLocation `json:"relatedLocations,omitempty"`
}

type sarifLocation struct {
	ID       *int          `json:"id,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

// WriteSARIF writes diagnostics as SARIF 2.1.0, for code scanning: one run whose
// rules are the kinds that occur, each with its page as help. Paths are relative to
// the repository's root, columns count Unicode code points. What belongs to no place
// is a notification of the run.
func WriteSARIF(w io.Writer, list List, sources Sources, r Repository) error {
	s := &sarifWriter{columns: newColumnCounter(sources), repository: r}
	for _, d := range list {
		if !slices.Contains(s.kinds, d.Kind) {
			s.kinds = append(s.kinds, d.Kind)
		}
	}
	slices.SortFunc(s.kinds, func(a, b *Kind) int { return strings.Compare(a.ID, b.ID) })
	run := sarifRun{
		Tool:        sarifTool{Driver: sarifDriver{Name: "sprayc", Version: r.Version, Rules: []sarifRule{}}},
		Bases:       map[string]sarifBase{sarifRoot: {sarifText{Text: "the root of the repository"}}},
		ColumnKind:  "unicodeCodePoints",
		Invocations: []sarifInvocation{{Successful: true}},
		Results:     []sarifResult{},
	}
	for _, k := range s.kinds {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: k.ID, ShortDescription: sarifText{Text: k.Summary},
			Help:    sarifText{Text: strings.TrimSpace(k.Doc), Markdown: strings.TrimSpace(k.Doc)},
			Default: sarifRuleConfig{Level: k.Severity.String()},
		})
	}
	for _, d := range list {
		if d.Span.File == "" {
			run.Invocations[0].Notifications = append(run.Invocations[0].Notifications,
				sarifNotification{Descriptor: sarifDescriptor{d.Kind.ID}, Level: d.Kind.Severity.String(), Message: sarifText{Text: d.message()}})
			continue
		}
		run.Results = append(run.Results, s.result(d))
	}
	if s.library {
		run.Bases[sarifLibrary] = sarifBase{sarifText{Text: "the library that is built into sprayc"}}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

type sarifWriter struct {
	columns    *columnCounter
	repository Repository
	kinds      []*Kind // the rules
	library    bool    // a place is in the built-in library
}

func (s *sarifWriter) result(d Diagnostic) sarifResult {
	r := sarifResult{
		RuleID: d.Kind.ID, RuleIndex: slices.Index(s.kinds, d.Kind), Level: d.Kind.Severity.String(),
		Message: sarifText{Text: d.message()}, Locations: []sarifLocation{s.location(d.Span)},
	}
	for i, n := range d.Notes {
		if n.Span.File == "" {
			continue
		}
		l := s.location(n.Span)
		l.ID, l.Message = &i, &sarifText{Text: Visible(n.Label)}
		r.Related = append(r.Related, l)
	}
	return r
}

func (s *sarifWriter) location(span Span) sarifLocation {
	at := sarifArtifact{Base: sarifRoot}
	file, library := s.repository.path(span.File)
	if library {
		at.Base, s.library = sarifLibrary, true
	}
	at.URI = (&url.URL{Path: file}).EscapedPath()
	if strings.HasPrefix(file, "/") { // outside of the repository
		at.URI, at.Base = (&url.URL{Scheme: "file", Path: file}).String(), ""
	}
	l := sarifLocation{Physical: sarifPhysical{Artifact: at}}
	if span.Start.Line > 0 {
		l.Physical.Region = s.columns.region(span)
	}
	return l
}

// message is all that a diagnostic says beside its place: the summary, the
// specifics and the fix.
func (d Diagnostic) message() string {
	text := d.Kind.Summary
	if d.Label != "" {
		text += ": " + d.Label
	}
	for _, n := range d.Notes {
		if n.Span.File == "" {
			text += "\n" + n.Label
		}
	}
	if d.Fix != "" {
		text += "\nfix: " + d.Fix
	}
	return Visible(text)
}

// columnCounter turns a span's columns, which count grapheme clusters, into those
// of editors and services, which count code points.
type columnCounter struct {
	text printer
}

func newColumnCounter(sources Sources) *columnCounter {
	return &columnCounter{printer{sources: sources, lines: map[string][]string{}}}
}

// region is a span's lines and columns, 1-based, the end exclusive.
func (c *columnCounter) region(span Span) *sarifRegion {
	r := &sarifRegion{StartLine: span.Start.Line, StartColumn: span.Start.Column, EndLine: max(span.Start.Line, span.End.Line), EndColumn: span.End.Column}
	start := span
	start.End = start.Start
	if line, from, _, ok := c.text.line(start); ok {
		r.StartColumn = utf8.RuneCountInString(line[:from]) + 1
	}
	if r.EndLine == r.StartLine {
		if line, _, to, ok := c.text.line(span); ok {
			r.EndColumn = utf8.RuneCountInString(line[:to]) + 1
		}
	} else if line, at, _, ok := c.text.line(Span{File: span.File, Start: span.End, End: span.End}); ok {
		r.EndColumn = utf8.RuneCountInString(line[:at]) + 1
	}
	r.StartColumn = max(1, r.StartColumn)
	if r.EndColumn = max(1, r.EndColumn); r.EndLine == r.StartLine {
		r.EndColumn = max(r.EndColumn, r.StartColumn)
	}
	return r
}
