package runner

import (
	"sync"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Overview is what a sink is told first.
type Overview struct {
	Operation Operation
	Cluster   string
	Hosts     []bundle.Host // that take part, by name
	Stages    []string
	Steps     map[string]int      // how many steps each host has to do
	Order     map[string][]string // which these are, in order
	StageOf   map[string]string
	Approvals []string // who has approved the bundle
}

// Sink is told of a run. The runner calls one method at a time, and what it
// passes has no secret in it.
type Sink interface {
	Begin(Overview)
	Event(Event)
	End(Result)
}

// keeper is a sink that keeps what a host's scripts print.
type keeper interface {
	// Path is where it does; "" when that is of no use to the user.
	Path(host string) string
}

// kept is where what a host's scripts printed is, and whether a sink keeps it.
func (s *sinks) kept(host string) (path string, kept bool) {
	for _, sink := range s.all {
		if k, ok := sink.(keeper); ok {
			return k.Path(host), true
		}
	}
	return "", false
}

// Receipts keeps what each host of a run or of verify proves, and writes it down. Like
// a sink it is told of everything, without secrets, by one call at a time; and of what a
// look before a run has found, when that is all that there was.
type Receipts interface {
	Begin(Overview)
	Event(Event)
	// Close writes the receipts, and says what they come to.
	Close(Result) ReceiptSummary
}

// ReceiptSummary is what the receipts of a run come to.
type ReceiptSummary struct {
	Folder   string         `json:"folder"`
	Hosts    int            `json:"hosts"`
	Proven   int            `json:"proven"`           // settings
	Unproven int            `json:"unproven"`         // settings that are not as wanted
	Unread   int            `json:"unread"`           // settings that were not asked for
	Signed   string         `json:"signed,omitempty"` // the key
	Items    []UnprovenItem `json:"unproven_settings,omitempty"`
	Error    string         `json:"error,omitempty"` // why they could not all be written
}

// UnprovenItem is a setting that is not as wanted.
type UnprovenItem struct {
	Host   string `json:"host"`
	Step   string `json:"step"`
	Text   string `json:"text"` // what it is
	Source string `json:"source,omitempty"`
}

// sinks passes everything on, redacted.
type sinks struct {
	mu       sync.Mutex
	all      []Sink
	redact   *redactor
	receipts Receipts // nil: none are kept
}

func (s *sinks) begin(o Overview) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sink := range s.all {
		sink.Begin(o)
	}
	if s.receipts != nil {
		s.receipts.Begin(o)
	}
}

func (s *sinks) event(e Event) {
	s.clean(&e)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sink := range s.all {
		sink.Event(e)
	}
	if s.receipts != nil {
		s.receipts.Event(e)
	}
}

// seen tells the receipts alone.
func (s *sinks) seen(e Event) {
	if s.receipts == nil {
		return
	}
	s.clean(&e)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receipts.Event(e)
}

func (s *sinks) clean(e *Event) {
	for _, field := range []*string{&e.Run, &e.Step, &e.Kind, &e.Name, &e.Status, &e.Source, &e.Text, &e.Digest, &e.Path, &e.Wanted, &e.Found, &e.How, &e.About, &e.Fix} {
		*field = s.redact.text(*field)
	}
	var texts []*string
	if e.Certificate != nil {
		texts = append(texts, e.Certificate.texts()...)
	}
	if e.Request != nil {
		texts = append(texts, e.Request.texts()...)
	}
	for _, field := range texts {
		*field = s.redact.text(*field)
	}
}

func (s *sinks) end(r Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sink := range s.all {
		sink.End(r)
	}
}
