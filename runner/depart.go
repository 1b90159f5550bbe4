package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner/ssh"
)

// departures lets the hosts that leave the cluster do so one at a time, those that do not
// answer first: while they count, less is left of what others may take away.
type departures struct {
	mu      sync.Mutex
	waiting map[string]bool // have not said whether they answer
	dead    map[string]bool // do not answer, and have not left yet
	settled chan struct{}   // closed when both are empty
	turn    chan struct{}
}

func newDepartures(plan *bundle.Plan, hosts []bundle.Host) *departures {
	d := &departures{waiting: map[string]bool{}, dead: map[string]bool{}, settled: make(chan struct{}), turn: make(chan struct{}, 1)}
	for _, host := range hosts {
		if plan.Leaves(&host) {
			d.waiting[host.Name] = true
		}
	}
	return d
}

// begin waits for a host's turn; end gives it to the next.
func (d *departures) begin(ctx context.Context, host string, answers bool) error {
	d.mu.Lock()
	delete(d.waiting, host)
	if !answers {
		d.dead[host] = true
	}
	d.settle()
	d.mu.Unlock()
	if answers {
		select {
		case <-d.settled:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	select {
	case d.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *departures) end(host string) {
	<-d.turn
	d.gone(host)
}

// gone is told of a host that is waited for no more.
func (d *departures) gone(host string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, host)
	delete(d.dead, host)
	d.settle()
}

// settle is called with the lock held.
func (d *departures) settle() {
	if len(d.waiting)+len(d.dead) == 0 && !closed(d.settled) {
		close(d.settled)
	}
}

// depart takes a host out of the cluster: others do what is about it, and it does its own
// part if it answers.
func (h *hostRun) depart() {
	e := h.engine
	defer e.departures.gone(h.host.Name)
	h.phase(PhaseConnecting, "")
	session, err := e.dial(e.soft, h.host)
	if err != nil {
		if e.soft.Err() != nil {
			h.stopped()
			return
		}
		h.todo = slices.DeleteFunc(slices.Clone(h.todo), func(step string) bool { return !e.isAbout(step) })
	} else {
		h.session, h.at = session, spot{host: h.host.Name, session: session}
		defer func() { _ = session.Close() }() // all that was said on it has been answered
	}
	if e.options.Operation == Apply {
		h.phase(PhaseWaiting, "the hosts that leave before it")
		if e.departures.begin(e.soft, h.host.Name, err == nil) != nil {
			h.stopped()
			return
		}
		defer e.departures.end(h.host.Name)
	}
	h.work()
	switch {
	case err == nil || h.result.Status != HostOK && h.result.Status != HostChanged && h.result.Status != HostDiffers:
	case ssh.Silent(err), ssh.Mute(err):
		h.tell(Event{Host: h.host.Name, Time: e.options.Now(), Type: Warned, Text: "it does not answer, so nothing was taken away on it: wipe it, or run this again, before it joins any cluster"})
	default:
		h.left(HostUnreachable, diag.HostUnreachable, fmt.Sprintf("the cluster is without it, and nothing was taken away on it: %v", err), fixOf(err))
		h.result.Fix = h.diagnostic.Fix
	}
}
