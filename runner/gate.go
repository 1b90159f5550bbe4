package runner

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// gates are what hosts wait at for steps of other hosts. There is one for each
// step that another needs, and it opens when every host that runs the step in
// this run has done it, failed, or will not come to it.
type gates struct {
	mu    sync.Mutex
	steps map[string]*stepGate
}

type stepGate struct {
	waiting map[string]bool // hosts that have not settled
	done    map[string]bool
	failed  map[string]string
	settled chan struct{}
}

// newGates makes a gate for each step that is needed; runs says which hosts run
// it.
func newGates(plan *bundle.Plan, runs map[string][]string) *gates {
	g := &gates{steps: map[string]*stepGate{}}
	for _, step := range plan.Steps {
		for _, need := range step.Needs {
			if _, ok := g.steps[need.Step]; ok {
				continue
			}
			gate := &stepGate{waiting: map[string]bool{}, done: map[string]bool{}, failed: map[string]string{}, settled: make(chan struct{})}
			for _, host := range runs[need.Step] {
				gate.waiting[host] = true
			}
			if len(gate.waiting) == 0 {
				close(gate.settled)
			}
			g.steps[need.Step] = gate
		}
	}
	return g
}

// settle notes that a host has done a step, or, with a reason, that it will not.
func (g *gates) settle(host, step, reason string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate, ok := g.steps[step]
	if !ok || !gate.waiting[host] {
		return
	}
	delete(gate.waiting, host)
	if reason == "" {
		gate.done[host] = true
	} else {
		gate.failed[host] = reason
	}
	if len(gate.waiting) == 0 {
		close(gate.settled)
	}
}

// leave settles all that a host has not come to.
func (g *gates) leave(host, reason string) {
	g.mu.Lock()
	steps := make([]string, 0, len(g.steps))
	for step := range g.steps {
		steps = append(steps, step)
	}
	g.mu.Unlock()
	sort.Strings(steps)
	for _, step := range steps {
		g.settle(host, step, reason)
	}
}

// open reports whether the gate has settled already.
func (g *gates) open(need bundle.Need) bool {
	g.mu.Lock()
	gate, ok := g.steps[need.Step]
	g.mu.Unlock()
	if !ok {
		return true
	}
	return closed(gate.settled)
}

// wait waits for a need. With gate "runner" every producer must have done its
// step: there is nothing on the host that would look again. With "ready" one is
// enough, as the consumer's script finds out by itself whether it can go on; and
// so it is when no producer takes part in this run.
func (g *gates) wait(ctx context.Context, need bundle.Need) error {
	g.mu.Lock()
	gate, ok := g.steps[need.Step]
	g.mu.Unlock()
	if !ok {
		return nil
	}
	select {
	case <-gate.settled:
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(gate.failed) == 0 || need.Gate != "runner" && len(gate.done) > 0 {
		return nil
	}
	return &needError{step: need.Step, failed: gate.failed}
}

// doneBy returns the hosts that have done a step in this run, by name.
func (g *gates) doneBy(step string) []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	gate, ok := g.steps[step]
	if !ok {
		return nil
	}
	var hosts []string
	for host := range gate.done {
		hosts = append(hosts, host)
	}
	sort.Strings(hosts)
	return hosts
}

// needError is a need that will not be met.
type needError struct {
	step   string
	failed map[string]string
}

func (e *needError) Error() string {
	hosts := make([]string, 0, len(e.failed))
	for host := range e.failed {
		hosts = append(hosts, host)
	}
	sort.Strings(hosts)
	first := hosts[0]
	if len(hosts) > 3 {
		hosts = append(hosts[:3:3], fmt.Sprintf("%d more", len(hosts)-3))
	}
	return fmt.Sprintf("needs %s on %s, which %s", e.step, strings.Join(hosts, ", "), e.failed[first])
}
