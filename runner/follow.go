package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/sprayc/sprayc/runner/ssh"
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
	told    told   // what they have said until now
	partial []byte // of a line that is not whole yet
	taken   int64  // bytes, of all attempts
	stderr  ssh.Tail
	err     error

	wrong error  // why the host is not believed any more
	stop  func() // ends the execution then
}

// Write takes standard output.
func (f *following) Write(p []byte) (int, error) {
	n := len(p)
	if f.taken += int64(n); f.taken > ssh.MostEvents {
		f.refuse(&ssh.FloodError{Host: f.told.asked.host, What: "of events", Most: ssh.MostEvents})
	}
	for f.wrong == nil {
		line, rest, whole := bytes.Cut(p, []byte("\n"))
		if len(f.partial)+len(line) > ssh.MostLine {
			f.refuse(&ssh.FloodError{Host: f.told.asked.host, What: "in a line", Most: ssh.MostLine})
			break
		}
		f.partial = append(f.partial, line...)
		if !whole {
			break
		}
		f.take(string(f.partial))
		f.partial, p = f.partial[:0], rest
	}
	return n, nil
}

// begin is before each attempt.
func (f *following) begin() {
	f.stderr.Reset()
	f.ended, f.partial, f.reading = false, nil, false
	if f.offset == 0 {
		f.told.anew()
	}
}

// refuse ends the execution: nothing that the host says from now on counts.
func (f *following) refuse(why error) {
	if f.wrong == nil {
		f.wrong, f.partial = why, nil
		f.stop()
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
	f.told.line++
	event, err := ParseEvent(line)
	if f.looking && event.Type == RunBegins && event.Run == f.told.asked.run {
		f.looking = false // the link was lost between the two, and there is no second look
	}
	if err == nil {
		err = f.told.take(event, f.looking)
	}
	if err != nil {
		f.refuse(f.told.wrong(line, err))
		return
	}
	if !f.looking {
		f.offset += int64(len(line)) + 1
	}
	event.look = f.looking
	if event.Type == RunEnds {
		f.end.Status, f.ended = event.Status, true
	}
	f.report(event)
}

func (f *following) word(word string) {
	switch word {
	case "have":
		f.reading = true
		f.supply.nothing()
	case "apply": // the look has found something
		f.looking, f.ended, f.end.Status = false, false, ""
		f.told.anew()
	case "need tar", "need tarz":
		f.looking = false
		f.report(Event{Type: Phase, Status: PhaseSending})
		f.supply.send(func() ([][]byte, error) { return f.supply.remote.parcel.tar(word == "need tarz") })
	case "seal tar", "seal tarz":
		f.supply.send(func() ([][]byte, error) { return f.supply.remote.parcel.approvals(word == "seal tarz") })
	case "sealed":
		f.reading = true
		f.supply.stored()
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

// send makes a tar ready, as soon as few enough others are being sent.
func (s *supply) send(tar func() ([][]byte, error)) {
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
		parts, err := tar()
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
