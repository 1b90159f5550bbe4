package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// following reads what startScript writes: our words first, then the events
// file of the run from an offset. It outlives the connection it reads from.
type following struct {
	report func(Event)

	offset int64 // of the events file, after the last whole line
	end    End

	mark    string // that begins our words
	supply  *supply
	reading bool // the events have begun
	looking bool // they are those of a plan before the run
	ended   bool
	partial []byte
	stderr  limited
	err     error
}

// Write takes standard output.
func (f *following) Write(p []byte) (int, error) {
	f.partial = append(f.partial, p...)
	for {
		line, rest, ok := bytes.Cut(f.partial, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		f.take(string(line))
		f.partial = rest
	}
}

func (f *following) take(line string) {
	if word, ours := strings.CutPrefix(line, f.mark+" "); ours {
		f.word(word)
		return
	}
	if !f.reading {
		f.report(Event{Type: Said, Text: line}) // a login shell that speaks
		return
	}
	if !f.looking {
		f.offset += int64(len(line)) + 1
	}
	event, err := parseEvent(line)
	event.look = f.looking
	switch {
	case err != nil && f.err == nil && strings.HasPrefix(line, "v\t"):
		f.err = err
	case err != nil:
		f.report(Event{Type: Said, Text: line})
	default:
		if event.Type == RunEnds {
			f.end.Status, f.ended = event.Status, true
		}
		f.report(event)
	}
}

func (f *following) word(word string) {
	switch word {
	case "have":
		f.reading = true
		f.supply.nothing()
	case "apply": // the look has found something
		f.looking, f.ended, f.end.Status = false, false, ""
	case "need tar", "need tarz":
		f.looking = false
		f.report(Event{Type: Phase, Status: PhaseSending})
		f.supply.send(word == "need tarz")
	case "stored":
		f.reading, f.end.Sent = true, true
		f.supply.stored()
		f.report(Event{Type: Phase, Status: PhaseRunning})
	case "broken":
		f.err = errors.New("the bundle did not arrive whole")
	}
}

// unfinished says why an execution ended without an end among the events.
func (f *following) unfinished(exit int) error {
	f.reading = false
	text := said(f.stderr.String(), exit)
	if exit == exitBusy {
		_, run, _ := strings.Cut(text, "run.sh follow ")
		return &BusyError{Run: strings.TrimSpace(run), Text: text}
	}
	f.end.Text = text
	return fmt.Errorf("run.sh did not run to its end: %s", text)
}

// exitBusy is run.sh's status when another run holds the lock.
const exitBusy = 75

// supply is standard input of startScript: nothing until the host has said
// whether it needs the bundle.
type supply struct {
	ctx    context.Context
	remote *remote
	ready  chan struct{}
	done   chan struct{}
	once   sync.Once
	end    sync.Once
	reader io.Reader
	held   bool
	mu     sync.Mutex
}

func newSupply(ctx context.Context, r *remote) *supply {
	return &supply{ctx: ctx, remote: r, ready: make(chan struct{}), done: make(chan struct{})}
}

// Read waits until there is something to read.
func (s *supply) Read(p []byte) (int, error) {
	select {
	case <-s.ready:
		return s.reader.Read(p)
	case <-s.done:
		return 0, io.EOF
	}
}

func (s *supply) nothing() {
	s.once.Do(func() {
		s.reader = bytes.NewReader(nil)
		close(s.ready)
	})
}

// send makes the bundle ready, as soon as few enough others are being sent.
func (s *supply) send(zip bool) {
	go s.once.Do(func() {
		defer close(s.ready)
		s.reader = bytes.NewReader(nil)
		select {
		case s.remote.dialer.uploads <- struct{}{}:
		case <-s.done:
			return
		}
		s.mu.Lock()
		s.held = true
		s.mu.Unlock()
		parts, err := s.remote.parcel.tar(zip)
		if err != nil {
			return // the host finds that nothing came and says so
		}
		readers := make([]io.Reader, len(parts))
		for i, part := range parts {
			readers[i] = bytes.NewReader(part)
		}
		s.reader = io.MultiReader(readers...)
	})
}

// stored gives the place among those being sent back.
func (s *supply) stored() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held {
		s.held = false
		<-s.remote.dialer.uploads
	}
}

func (s *supply) close() {
	s.end.Do(func() { close(s.done) })
	s.once.Do(func() {
		s.reader = bytes.NewReader(nil)
		close(s.ready)
	})
	s.stored()
}

// limited keeps the last of what is written to it.
type limited struct {
	mu   sync.Mutex
	text []byte
}

// Write adds to the text.
func (l *limited) Write(p []byte) (int, error) {
	const most = 16 << 10
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if len(l.text) > most {
		l.text = append([]byte(nil), l.text[len(l.text)-most:]...)
	}
	return len(p), nil
}

func (l *limited) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}

// Reset forgets the text.
func (l *limited) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = nil
}
