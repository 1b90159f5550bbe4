package runner

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// rollCall asks the cluster which hosts it has, once in a run and before its first act. One
// that the plan does not have at all is a stranger, and then nothing is changed: a host that
// is only gone from the definition leaves no cluster by itself. Or it asks whether the plan is
// for this cluster, and then nothing is changed if it is not.
type rollCall struct {
	output *bundle.Output

	mu     sync.Mutex
	expect map[string]bool // hosts that may be asked, and do not have the bundle yet
	asked  map[string]bool // hosts of which the answer is awaited

	turn chan struct{} // one is asked at a time
	over chan struct{} // closed when one has answered, or nobody will
	said heard
}

// heard is what a host has said: strangers, or why the plan is not for this cluster.
type heard struct {
	host      string
	strangers []string
	unfit     string
}

// against is why nothing is changed, if so.
func (h heard) against() string {
	switch {
	case len(h.strangers) > 0:
		return "nothing is changed, as hosts of the cluster are gone from the definition: " + hostList(slices.Clone(h.strangers), 8)
	case h.unfit != "":
		return "nothing is changed: " + h.unfit
	}
	return ""
}

// answerTime is how long a host may take to answer. Who is slower says nothing.
const answerTime = 30 * time.Second

// newRollCalls makes one for each output that lists hosts, or may refuse. Where only some steps are run, or
// none of the hosts that could be asked takes part, there is none: no host goes by that, and
// none that is not meant is connected to.
func (e *engine) newRollCalls() []*rollCall {
	if e.options.Operation == Verify || e.chosen.partial {
		return nil
	}
	var all []*rollCall
	for i := range e.plan.Outputs {
		output := &e.plan.Outputs[i]
		if !output.Members && output.Refuses == "" {
			continue
		}
		r := &rollCall{output: output, expect: map[string]bool{}, asked: map[string]bool{}, turn: make(chan struct{}, 1), over: make(chan struct{})}
		for _, host := range makersOf(e.plan, output) {
			if len(e.order[host]) > 0 {
				r.expect[host] = true
			}
		}
		if len(r.expect) > 0 {
			all = append(all, r)
		}
	}
	return all
}

// begin reports whether a host is to be asked: once.
func (r *rollCall) begin(host string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.expect[host] {
		return false
	}
	delete(r.expect, host)
	r.asked[host] = true
	return true
}

// end takes a host's answer; nothing known is none.
func (r *rollCall) end(host string, known bool, said heard) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.asked, host)
	if known && !closed(r.over) {
		r.said = said
		close(r.over)
	}
	r.settle()
}

// leave is told of a host that is not to be asked any more.
func (r *rollCall) leave(host string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.expect, host)
	r.settle()
}

// settle is called with the lock held.
func (r *rollCall) settle() {
	if len(r.expect)+len(r.asked) == 0 && !closed(r.over) {
		close(r.over)
	}
}

// callRoll has the host asked, now that the bundle is there, beside what it does.
func (h *hostRun) callRoll() {
	for _, r := range h.engine.rolls {
		if r.begin(h.host.Name) {
			go h.engine.ask(r, h.host.Name, h.session)
		}
	}
}

// ask asks one host. It may not answer: there is no cluster yet, its API is away, or a plan has
// had the bundle in memory, and ended first. Then the next is asked.
func (e *engine) ask(r *rollCall, host string, session Session) {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	known, said := false, heard{host: host}
	if !closed(r.over) {
		ctx, cancel := context.WithTimeout(e.soft, answerTime)
		defer cancel()
		if value, ok := e.answer(ctx, r.output, session); ok && r.output.Members {
			known, said.strangers = e.strangers(value)
		} else if ok {
			known = value != ""
			if value != "-" {
				said.unfit = value
			}
		}
	}
	r.end(host, known, said)
}

// answer is what a host says, if it is what it may say.
func (e *engine) answer(ctx context.Context, output *bundle.Output, session Session) (value string, ok bool) {
	said, err := session.Output(ctx, output.Name)
	whole, wrong := regexp.Compile(`^(?:` + output.Pattern + `)$`)
	if err != nil || wrong != nil || !whole.Match(said) {
		return "", false
	}
	return string(said), true
}

// strangers are the hosts of the cluster that the plan does not have.
func (e *engine) strangers(value string) (known bool, names []string) {
	members := strings.Fields(value)
	for _, name := range members {
		if e.plan.Host(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return len(members) > 0, slices.Compact(names)
}

// mayAct waits until it is known which hosts the cluster has, and gives the host up when one
// of them is a stranger.
func (h *hostRun) mayAct() bool {
	e := h.engine
	for _, r := range e.rolls {
		r.leave(h.host.Name) // who was not asked by now cannot be
		if !closed(r.over) {
			h.phase(PhaseWaiting, "what the cluster says of its hosts")
			select {
			case <-r.over:
			case <-e.soft.Done():
				h.stopped()
				return false
			}
			h.phase(PhaseRunning, "")
		}
		if why := r.said.against(); why != "" {
			h.result.Status, h.result.Left = HostBlocked, h.remaining(h.todo)
			h.result.Reason = why
			return false
		}
	}
	return true
}

// refuse waits for the answers, and tells of each stranger.
func (e *engine) refuse() {
	for _, r := range e.rolls {
		<-r.over
		if why := r.said.unfit; why != "" {
			e.problems = append(e.problems, problem{host: r.said.host, reason: why + "; nothing is changed", diagnostic: diag.Diagnostic{Kind: diag.OtherCluster, Fix: r.output.Refuses}})
		}
		e.gone = append(e.gone, r.said.strangers...)
		for _, name := range r.said.strangers {
			e.problems = append(e.problems, problem{host: name, reason: "in the cluster, and not in the definition; nothing is changed", diagnostic: diag.Diagnostic{
				Kind: diag.HostGone,
				Fix:  `declare each with state = "absent" and a reason, then: sprayc build --operation remove -o out-remove/; sprayc remove out-remove/`,
			}})
		}
	}
}
