package runner

import (
	"errors"
	"slices"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner/ssh"
)

// hostRun takes one host through its steps.
type hostRun struct {
	engine  *engine
	host    bundle.Host
	session Session
	at      spot          // where its steps are run now
	turn    chan struct{} // nil, or that of the host where they are run
	out     string        // step about it that took it out of service
	// outMarks are those of such steps that it carries.
	outMarks []string
	result   HostResult
	kept     int // bytes of the files' diffs in it

	todo       []string        // steps of this run, in order
	done       map[string]bool // of these
	acted      bool            // an execution of this run may have left marks
	cleared    bool            // all that is ours has gone
	diagnostic *diag.Diagnostic
	source     string  // of what failed
	seen       *seen   // what the execution under way reports
	glances    []Event // of quick looks that found nothing to do: warnings, and the rest for the receipts
	telling    bool    // it tells of the status: nothing of it is of the plan
}

// seen is what one execution has reported.
type seen struct {
	live    map[string]bool // values asked for
	failure *Event          // the first that failed
	step    string          // that it is in
	note    string          // the last of a step that gave no other reason
	marks   []string
	heard   bool
	// restarts says that a step has taken the host down, which is to come back.
	restarts bool
	back     bool    // its link is there again, since
	look     []Event // of a plan before the run
	glance   []Event // of a quick look
	before   HostResult
}

func newHostRun(e *engine, host bundle.Host) *hostRun {
	return &hostRun{engine: e, host: host, todo: e.order[host.Name], done: map[string]bool{}, result: HostResult{Host: host.Name, Status: HostOK}}
}

// run is the host's whole part. What it comes to is in h.result.
func (h *hostRun) run() {
	e := h.engine
	if len(h.todo) == 0 && !h.clears() {
		e.budgets.hear(h.host.Name, nil)
		return
	}
	defer h.leaveTurn()
	if e.plan.Leaves(&h.host) {
		h.depart()
		return
	}
	h.phase(PhaseConnecting, "")
	session, err := e.dial(e.soft, h.host)
	if err != nil {
		if e.soft.Err() != nil {
			h.stopped()
			return
		}
		e.budgets.lose(h.host.Name, "cannot be reached")
		var key *ssh.HostKeyError
		if errors.As(err, &key) && (key.Changed || key.Revoked) {
			h.left(HostFailed, diag.HostFailed, err.Error(), fixOf(err)) // another machine, perhaps: nothing to pass over
			return
		}
		h.left(HostUnreachable, diag.HostUnreachable, err.Error(), fixOf(err))
		h.result.Fix = h.diagnostic.Fix
		return
	}
	h.session, h.at = session, spot{host: h.host.Name, session: session}
	e.helpers.add(h.host.Name, session)
	defer h.close()
	h.work()
}

// work does what the run is for.
func (h *hostRun) work() {
	h.phase(PhaseRunning, "")
	h.askOthers()
	if h.engine.options.Operation != Apply {
		h.look()
		return
	}
	h.apply()
}

// close ends the session, unless others may still need it.
func (h *hostRun) close() {
	if h.engine.helpers.release(h.host.Name) {
		_ = h.session.Close() // all that was said on it has been answered
	}
}

// look runs plan or verify: one execution of everything.
func (h *hostRun) look() {
	if h.engine.options.Operation == Status && !h.stand() {
		return
	}
	if own := h.engine.own(h.todo); (len(own) > 0 || h.clears()) && !h.glance(own) {
		return
	}
	for _, step := range h.todo {
		if h.engine.isAbout(step) && !h.aside(step, func() bool { return h.glance([]string{step}) }) {
			return
		}
	}
	h.inOrder(h.result.Will)
	h.inOrder(h.result.May)
}

// inOrder sorts what was found by the host's steps: those about it were asked last.
func (h *hostRun) inOrder(items []Item) {
	slices.SortStableFunc(items, func(a, b Item) int { return slices.Index(h.todo, a.Step) - slices.Index(h.todo, b.Step) })
}

// glance runs plan or verify of steps.
func (h *hostRun) glance(steps []string) bool {
	operation := h.engine.options.Operation
	if operation == Status {
		operation = Plan
	}
	end, err := h.execute(Request{Operation: operation, Steps: h.named(steps), Elsewhere: true})
	switch {
	case err != nil:
		h.broken(err)
		return false
	case end.Status == "ok":
	case end.Status == "failed", end.Status == "lost", end.Status == "interrupted":
		h.failed(end)
		return false
	default:
		h.result.Status = HostDiffers
	}
	return true
}

// named returns the steps to name to run.sh: none when it is all that it has,
// but what is done once per cluster is done only when named, and who resets by some steps
// means these.
func (h *hostRun) named(steps []string) []string {
	if len(steps) == 0 {
		return nil
	}
	class := h.engine.plan.Class(h.host.Class)
	if _, once := h.engine.founds[steps[0]]; once || class == nil || h.engine.isAbout(steps[0]) {
		return steps
	}
	own := 0
	for _, use := range class.Steps {
		if !h.engine.isAbout(use.Step) {
			own++
		}
	}
	if own == len(steps) && (!h.engine.plan.Clears(&h.host) || !h.engine.chosen.partial) {
		return nil
	}
	return steps
}

// execute starts a run and takes in what it reports.
func (h *hostRun) execute(request Request) (End, error) {
	return h.start(request, func(event Event) { h.take(event, request) })
}

// take is told of each event.
func (h *hostRun) take(event Event, request Request) {
	e := h.engine
	event.Host, event.Time = h.host.Name, e.options.Now()
	if event.Type == StepTook {
		if e.steps[event.Name] != nil {
			e.past.learn(h.at.host, event.Name, event.times)
		}
		return
	}
	quick := request.Operation == Plan && e.options.Operation == Apply
	if event.Type == RunBegins && !event.look && e.options.Operation != Apply {
		b := h.seen.before // begun anew
		h.result.Will, h.result.May, h.result.Orphans, h.result.OK = slices.Clone(b.Will), slices.Clone(b.May), slices.Clone(b.Orphans), b.OK
		h.result.Diffs, h.result.Reactions = slices.Clone(b.Diffs), slices.Clone(b.Reactions)
	}
	switch event.Type {
	case RunBegins:
		h.seen.look = nil
		if !h.at.about {
			h.callRoll()
		}
		if !event.look && e.soft.Err() != nil {
			// Interrupted before there was a run to stop.
			run, session := h.result.Run, h.at.session
			go func() { _ = session.Stop(e.work, run) }()
		}
	case MarkFound:
		h.seen.marks = append(h.seen.marks, event.Name)
		h.result.Marks = appendNew(h.result.Marks, event.Name)
		h.outOf(event.Name)
		if h.acted {
			return // it is of this run
		}
	case Phase:
		if event.Status == PhaseReattaching && request.Operation == Apply {
			event.Text = h.seen.step + h.place()
			if h.seen.restarts {
				event.Status = PhaseRestarting
			}
		}
		if event.Status == PhaseAttached && h.seen.restarts {
			h.seen.back, event.Text = true, "back"
		}
	case Restarts:
		h.seen.restarts = true
	case StepBegins, StepEnds, RunEnds:
		if !event.look {
			h.seen.step = ""
		}
		if event.Type == StepBegins && !event.look {
			h.seen.step = event.Step
		}
		if !h.seen.heard {
			h.seen.heard = true
			e.budgets.hear(h.host.Name, h.seen.marks)
		}
	case LiveNeeded:
		if !event.look {
			h.seen.live[event.Name] = true
		}
	case Noted:
		h.seen.note = event.Step + ": " + event.Text
	case Warned:
		h.result.Warnings = appendNew(h.result.Warnings, event.Text)
	case ResourceSeen, Verified:
		if event.Status == "failed" && h.seen.failure == nil && !event.look {
			failure := event
			h.seen.failure = &failure
		}
	}
	if quick && event.Type == OrphanSeen {
		h.count(event)
		return
	}
	if quick && event.Type != Said && event.Type != Phase {
		h.glanced(event)
		return // a look before the run is no part of what it did
	}
	if event.look {
		h.looked(event)
		return
	}
	h.tell(event)
}

// glanced keeps the events of a quick look that has found nothing to do. They are no part
// of what the run did, and the receipts need them; warnings are told.
func (h *hostRun) glanced(event Event) {
	if event.Type == RunBegins {
		h.seen.glance = nil
	}
	h.seen.glance = append(h.seen.glance, event)
	if event.Type == RunEnds && event.Status == "ok" {
		h.glances = append(h.glances, h.seen.glance...)
	}
}

// looked keeps the events of a plan before the run, and tells them when it has
// found nothing to do: then they are all that there was.
func (h *hostRun) looked(event Event) {
	h.seen.look = append(h.seen.look, event)
	if event.Type != RunEnds {
		return
	}
	if event.Status == "ok" {
		for _, event := range h.seen.look {
			h.tell(event)
		}
	}
	h.seen.look = nil
}

// tell counts an event and passes it on.
func (h *hostRun) tell(event Event) {
	e := h.engine
	if !h.telling {
		h.count(event)
	}
	if event.Step != "" {
		event.Stage = e.clock.of[event.Step]
	}
	if event.Type == StepBegins || event.Type == StepEnds {
		e.clock.see(event.Step, event.Time)
	}
	if event.Type == StepEnds && e.options.Operation == Apply && (event.Status == "ok" || event.Status == "changed") {
		h.finishStep(event.Step)
	}
	e.sinks.event(event)
}

func (h *hostRun) finishStep(step string) {
	h.done[step] = true
	h.engine.gates.settle(h.host.Name, step, "")
}

// count keeps what the summary needs.
func (h *hostRun) count(event Event) {
	item := Item{Step: event.Step, Kind: event.Kind, Name: event.Name, Status: event.Status, Source: event.Source, Text: event.Text}
	switch event.Type {
	case ResourceSeen:
		switch event.Status {
		case "ok":
			h.result.OK++
		case "changed":
			h.result.Changed++
			h.result.Will = append(h.result.Will, item)
		case "differs":
			h.result.Will = append(h.result.Will, item)
		case "blocked":
			h.result.May = append(h.result.May, item)
		}
	case FileDiffers:
		h.result.Diffs = append(h.result.Diffs, h.diff(event))
	case Reacts:
		h.result.Reactions = append(h.result.Reactions, Reaction{Step: event.Step, Kind: event.Kind, Name: event.Name, What: event.Text, May: event.Status == "blocked", Disruptive: event.Disruptive})
	case OrphanSeen:
		h.result.Orphans = append(h.result.Orphans, item)
	}
}

func (h *hostRun) phase(status, text string) {
	h.engine.sinks.event(Event{Time: h.engine.options.Now(), Host: h.host.Name, Type: Phase, Status: status, Text: text})
}

// remaining are the steps of a segment that are not done.
func (h *hostRun) remaining(steps []string) []string {
	var left []string
	for _, step := range steps {
		if !h.done[step] {
			left = append(left, step)
		}
	}
	return left
}
