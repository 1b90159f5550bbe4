package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// helpers are the open sessions of hosts that take part, for what others want
// of them: a value to be minted, or revoked.
type helpers struct {
	mu       sync.Mutex
	makers   map[string]bool // hosts that can make an output, or run steps about others; kept open to the end
	sessions map[string]Session
}

func newHelpers(plan *bundle.Plan) *helpers {
	h := &helpers{makers: map[string]bool{}, sessions: map[string]Session{}}
	for i := range plan.Outputs {
		for _, host := range makersOf(plan, &plan.Outputs[i]) {
			h.makers[host] = true
		}
	}
	for _, host := range plan.Hosts {
		if class := plan.Class(host.Class); class != nil && len(class.Executes) > 0 {
			h.makers[host.Name] = true
		}
	}
	return h
}

// makersOf are the hosts whose roles can make an output, by name.
func makersOf(plan *bundle.Plan, output *bundle.Output) []string {
	var makers []string
	for _, host := range plan.Hosts {
		class := plan.Class(host.Class)
		if class != nil && slices.ContainsFunc(output.Roles, func(role string) bool { return bundle.InRole(class.Roles, role) }) {
			makers = append(makers, host.Name)
		}
	}
	return makers
}

func (h *helpers) add(host string, session Session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sessions[host] = session
}

// release reports whether the session may be closed now.
func (h *helpers) release(host string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.makers[host] {
		return false
	}
	delete(h.sessions, host)
	return true
}

func (h *helpers) closeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, session := range h.sessions {
		_ = session.Close() // nothing is under way
	}
}

// helper returns a session on a host that has the bundle.
func (e *engine) helper(ctx context.Context, host string) (Session, error) {
	e.helpers.mu.Lock()
	session, ok := e.helpers.sessions[host]
	e.helpers.mu.Unlock()
	if ok {
		return session, nil
	}
	if _, takesPart := e.order[host]; takesPart {
		return nil, fmt.Errorf("has no session in this run")
	}
	session, err := e.visit(ctx, host)
	if err != nil {
		return nil, err
	}
	turn := e.turn(host)
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	default:
		return session, nil // somebody runs something there, so the bundle is there
	}
	// Sends the bundle when it is not there, and else looks at nothing much.
	_, err = session.Start(ctx, Request{Run: e.newRun(), Operation: Plan, OnlyIfThere: true, Steps: e.first(host)}, func(Event) {})
	return session, err
}

// first is the first step of a host.
func (e *engine) first(host string) []string {
	if h := e.plan.Host(host); h != nil {
		if class := e.plan.Class(h.Class); class != nil {
			for _, use := range class.Steps {
				if !e.isAbout(use.Step) {
					return []string{use.Step}
				}
			}
		}
	}
	return nil
}
