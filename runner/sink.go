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
	Steps     map[string]int // how many steps each host has to do
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

// sinks passes everything on, redacted.
type sinks struct {
	mu     sync.Mutex
	all    []Sink
	redact *redactor
}

func (s *sinks) begin(o Overview) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sink := range s.all {
		sink.Begin(o)
	}
}

func (s *sinks) event(e Event) {
	for _, field := range []*string{&e.Run, &e.Step, &e.Kind, &e.Name, &e.Status, &e.Source, &e.Text, &e.Digest, &e.Path, &e.Wanted, &e.Found, &e.How} {
		*field = s.redact.text(*field)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sink := range s.all {
		sink.Event(e)
	}
}

func (s *sinks) end(r Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sink := range s.all {
		sink.End(r)
	}
}
