package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// spot is where a host's steps are run: on the host itself, or, those about it,
// on another.
type spot struct {
	host    string
	session Session
	about   bool
}

// isAbout reports whether a step is about its host and runs on another.
func (e *engine) isAbout(step string) bool {
	s := e.steps[step]
	return s != nil && s.About
}

// own returns those of a host's steps that it runs itself.
func (e *engine) own(steps []string) []string {
	return slices.DeleteFunc(slices.Clone(steps), e.isAbout)
}

// aside does something where a step about the host runs: on the first that may
// run it and can be reached, the host itself last.
func (h *hostRun) aside(step string, do func() bool) bool {
	e := h.engine
	var why []string
	for _, name := range e.executors(step, h.host.Name) {
		session, err := h.reach(name)
		if e.soft.Err() != nil {
			h.stopped()
			return false
		}
		if err != nil {
			why = append(why, name+" "+firstLine(err.Error()))
			continue
		}
		h.leaveTurn()
		h.at = spot{host: name, session: session, about: true}
		h.phase(PhaseRunning, step+h.place())
		defer func() {
			h.leaveTurn()
			h.at = spot{host: h.host.Name, session: h.session}
		}()
		return do()
	}
	h.source = e.steps[step].Source
	reason := fmt.Sprintf("%s cannot be run for it: no host is there to do it", step)
	if len(why) > 0 {
		reason += ": " + strings.Join(why, "; ")
	}
	h.left(HostBlocked, diag.HostBlocked, reason, "bring back a host that is "+e.steps[step].Executor)
	return false
}

// executors are the hosts that may run a step about a host, and last that host
// itself. Each host begins with another of them, so that the work is shared.
func (e *engine) executors(step, about string) []string {
	var names []string
	last, begin := false, 0
	for i, host := range e.plan.Hosts {
		if host.Name == about {
			begin = i
		}
		if host.State == "absent" {
			continue
		}
		class := e.plan.Class(host.Class)
		if class == nil || !slices.ContainsFunc(class.Executes, func(use bundle.StepUse) bool { return use.Step == step }) {
			continue
		}
		if host.Name == about {
			last = true
			continue
		}
		names = append(names, host.Name)
	}
	if len(names) > 0 {
		begin %= len(names)
		names = append(names[begin:len(names):len(names)], names[:begin]...)
	}
	if last {
		names = append(names, about)
	}
	return names
}

// reach returns a session on a host: the one that it has in this run, or one of a
// visit.
func (h *hostRun) reach(name string) (Session, error) {
	if name == h.host.Name {
		return h.session, nil
	}
	h.engine.helpers.mu.Lock()
	session, ok := h.engine.helpers.sessions[name]
	h.engine.helpers.mu.Unlock()
	if ok {
		return session, nil
	}
	return h.engine.visit(h.engine.soft, name)
}

// turn is taken by who runs something on a host, as run.sh does one thing at a
// time.
func (e *engine) turn(host string) chan struct{} {
	e.visitMu.Lock()
	defer e.visitMu.Unlock()
	if e.turns[host] == nil {
		e.turns[host] = make(chan struct{}, 1)
	}
	return e.turns[host]
}

// takeTurn waits for the host where the next execution is to be.
func (h *hostRun) takeTurn(ctx context.Context) error {
	if h.turn != nil {
		return nil
	}
	turn := h.engine.turn(h.at.host)
	select {
	case turn <- struct{}{}:
		h.turn = turn
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hostRun) leaveTurn() {
	if h.turn != nil {
		<-h.turn
		h.turn = nil
	}
}

// values are a host's own, for who runs a step about it.
func (e *engine) values(host string) []byte { return e.bundle.Files[bundle.EnvPath(host)].Data }

// release gives the host's tokens back after steps went well. What a step about
// the host has taken out of service comes back with the last step about it; if
// there is none, the token is kept until the host is done.
func (h *hostRun) release(steps []string) bool {
	if h.out != "" {
		last := h.lastAbout()
		if steps[0] != last || last == h.out {
			return true
		}
		if !h.backIn() {
			return false
		}
	}
	h.engine.budgets.release(h.host.Name)
	return true
}

// lastAbout is the last step about the host, "" if there is none.
func (h *hostRun) lastAbout() string {
	last := ""
	for _, step := range h.todo {
		if h.engine.isAbout(step) {
			last = step
		}
	}
	return last
}

// place names where the host's steps are run, when that is another.
func (h *hostRun) place() string {
	if h.at.about {
		return " on " + h.at.host
	}
	return ""
}
