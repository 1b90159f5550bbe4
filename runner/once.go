package runner

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
)

// Answer is what a host's probe says of something that is done once per cluster.
type Answer string

// The answers.
const (
	Absent  Answer = "absent"
	Partial Answer = "partial" // begun here and not finished; also a claim
	Present Answer = "present"
)

// founding decides, for one step, which host does it. Every host of the step
// that takes part arrives with its answer, or leaves.
type founding struct {
	step string
	// ask fetches the answers of hosts that do not take part; it is called only
	// when the others do not suffice.
	ask func(ctx context.Context) (answers map[string]Answer, silent map[string]string)
	// gone makes sure that who is declared absent does not answer; it is called
	// only when one is to found.
	gone func(ctx context.Context) error

	mu      sync.Mutex
	expect  map[string]bool
	answers map[string]Answer
	silent  map[string]string // hosts without an answer, and why
	all     chan struct{}     // closed when nobody is expected any more

	once    sync.Once
	elected string // "" when there is nothing to do
	err     error
	done    chan struct{} // closed when the elected host has finished
	failed  error
}

func newFounding(step string, expect []string) *founding {
	f := &founding{step: step, expect: map[string]bool{}, answers: map[string]Answer{}, silent: map[string]string{},
		all: make(chan struct{}), done: make(chan struct{})}
	for _, host := range expect {
		f.expect[host] = true
	}
	if len(expect) == 0 {
		close(f.all)
	}
	return f
}

// answer notes what a host's probe said.
func (f *founding) answer(host string, answer Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.expect[host] {
		f.answers[host] = answer
		f.arrived(host)
	}
}

// leave notes that a host will not answer.
func (f *founding) leave(host, why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.expect[host] {
		f.silent[host] = why
		f.arrived(host)
	}
}

func (f *founding) arrived(host string) {
	delete(f.expect, host)
	if len(f.expect) == 0 {
		close(f.all)
	}
}

// decide waits for all and returns the elected host, "" when the thing is there.
func (f *founding) decide(ctx context.Context) (string, error) {
	select {
	case <-f.all:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	f.once.Do(func() {
		f.elected, f.err = elect(f.step, f.answers, f.silent)
		if _, undecided := f.err.(*undecidedError); f.ask != nil && (undecided || f.elected != "") {
			more, silent := f.ask(ctx)
			for host, answer := range more {
				f.answers[host] = answer
			}
			for host, why := range silent {
				f.silent[host] = why
			}
			f.elected, f.err = elect(f.step, f.answers, f.silent)
		}
		if f.err == nil && f.elected != "" && f.answers[f.elected] == Absent && f.gone != nil {
			f.err = f.gone(ctx)
		}
		if f.err != nil || f.elected == "" {
			f.failed = f.err
			close(f.done)
		}
	})
	return f.elected, f.err
}

// decidable reports whether decide would not wait; over whether wait would not.
func (f *founding) decidable() bool { return closed(f.all) }
func (f *founding) over() bool      { return closed(f.done) }

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// finish notes how the elected host fared.
func (f *founding) finish(err error) {
	f.failed = err
	close(f.done)
}

// wait waits until the elected host has finished.
func (f *founding) wait(ctx context.Context) error {
	select {
	case <-f.done:
		return f.failed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// elect decides: what is begun is finished where it was begun; what is there is
// not made again; only when every host has said absent, the lowest name founds.
func elect(step string, answers map[string]Answer, silent map[string]string) (string, error) {
	var absent, partial, present []string
	for host, answer := range answers {
		switch answer {
		case Absent:
			absent = append(absent, host)
		case Partial:
			partial = append(partial, host)
		case Present:
			present = append(present, host)
		}
	}
	sort.Strings(absent)
	sort.Strings(partial)
	switch {
	case len(partial) > 1:
		return "", &twoFoundersError{step: step, hosts: partial}
	case len(partial) == 0 && len(present) > 0:
		return "", nil
	case len(silent) > 0:
		return "", &undecidedError{step: step, silent: silent}
	case len(partial) == 1:
		return partial[0], nil
	case len(absent) > 0:
		return absent[0], nil
	}
	return "", nil
}

// undecidedError is a decision that silent hosts prevent.
type undecidedError struct {
	step   string
	silent map[string]string
}

func (e *undecidedError) Error() string {
	hosts := make([]string, 0, len(e.silent))
	for host, why := range e.silent {
		hosts = append(hosts, host+" "+why)
	}
	sort.Strings(hosts)
	return fmt.Sprintf("cannot decide who does %s: %s", e.step, strings.Join(hosts, "; "))
}

// twoFoundersError is two hosts that both began.
type twoFoundersError struct {
	step  string
	hosts []string
}

func (e *twoFoundersError) Error() string {
	return fmt.Sprintf("%s was begun on %s; it must be on one host only", e.step, strings.Join(e.hosts, " and on "))
}

// found takes the host through a step that is done once per cluster.
func (h *hostRun) found(f *founding) bool {
	e := h.engine
	answer, err := probe(f.step, h.start)
	if err != nil {
		h.broken(err)
		return false
	}
	f.answer(h.host.Name, answer)
	h.phase(PhaseWaiting, "who does "+f.step)
	var elected string
	if err := e.park(f.decidable, func() (err error) {
		elected, err = f.decide(e.soft)
		return err
	}); err != nil {
		h.unmet(f.step, err)
		return false
	}
	if elected == h.host.Name {
		h.phase(PhaseRunning, "")
		ok := h.segment([]string{f.step}, false) // which is named to run.sh, else it is held
		if !ok {
			f.finish(&needError{step: f.step, failed: map[string]string{h.host.Name: h.leaving()}})
			return false
		}
		f.finish(nil)
		return true
	}
	if err := e.park(f.over, func() error { return f.wait(e.soft) }); err != nil {
		h.unmet(f.step, err)
		return false
	}
	h.finishStep(f.step)
	return true
}
