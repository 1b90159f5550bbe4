package runner

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner/ssh"
)

// leaving is how others speak of a host that has left the run.
func (h *hostRun) leaving() string {
	switch h.result.Status {
	case HostUnreachable:
		return "cannot be reached"
	case HostFailed:
		return "failed"
	case HostLost:
		return "was lost"
	case HostStopped:
		return "was stopped"
	case HostBlocked:
		return "is blocked itself"
	}
	return "has left the run"
}

// left gives a host up, with a diagnostic.
func (h *hostRun) left(status HostStatus, kind *diag.Kind, reason, fix string) {
	h.result.Status, h.result.Reason = status, reason
	h.result.Left = h.remaining(h.todo)
	if h.source == "" {
		h.source = h.host.Source
	}
	h.diagnostic = &diag.Diagnostic{Kind: kind, Span: span(h.source), Label: reason, Fix: fix}
}

func (h *hostRun) stopped() {
	h.result.Status, h.result.Reason = HostStopped, "the run was interrupted"
	h.result.Left = h.remaining(h.todo)
}

// broken takes an execution of which the end is not known.
func (h *hostRun) broken(err error) {
	e := h.engine
	var busy *BusyError
	var link *LinkError
	switch {
	case e.work.Err() != nil && e.options.Operation != Apply:
		h.stopped()
	case e.work.Err() != nil && errors.Is(err, ErrWorkGoesOn):
		h.lost("the runner has left" + h.in() + "; run " + h.result.Run + " goes on there by itself")
	case e.work.Err() != nil:
		h.lost("the runner has left; whether run " + h.result.Run + " had begun is not known")
	case errors.Is(err, ErrWorkGoesOn) && errors.As(err, &link):
		link.In = h.seen.step
		if h.seen.restarts {
			h.notBack(link)
			return
		}
		h.lost(link.Error() + "; run " + h.result.Run + " goes on there by itself, if the host is up")
	case errors.Is(err, ErrWorkGoesOn), errors.Is(err, errPerhapsBegun):
		h.lost(err.Error())
	case errors.As(err, &link):
		h.idle(err.Error())
	case e.soft.Err() != nil:
		h.stopped()
	case errors.As(err, &busy):
		h.left(HostFailed, diag.HostBusy, err.Error(), "wait for it to end, then run again")
	default:
		h.left(HostFailed, diag.HostFailed, err.Error(), fixOf(err))
	}
}

// in is the step that the host was in.
func (h *hostRun) in() string {
	if h.seen == nil || h.seen.step == "" {
		return ""
	}
	return " in " + h.seen.step
}

// lost gives up a host whose link is gone; it may be at work.
func (h *hostRun) lost(reason string) {
	h.engine.budgets.lose(h.host.Name, "is at work without a link")
	at := h.engine.plan.Host(h.at.host)
	h.left(HostLost, diag.LinkLost, reason, fmt.Sprintf("when %s answers again, run sprayc again: it finds the run and its result; or look there: sudo sh %s/%s/run.sh status %s",
		at.Name, storeDir, at.Digest, h.result.Run))
}

// notBack gives up a host that a step has restarted.
func (h *hostRun) notBack(link *LinkError) {
	h.engine.budgets.lose(h.host.Name, "was restarted and is not back")
	at := h.at.host
	reason := fmt.Sprintf("%s was restarted in %s and did not come back", at, link.In)
	if link.After > 0 {
		reason += " within " + link.After.String()
	}
	if link.Err != nil && !errors.Is(link.Err, ssh.ErrLinkLost) {
		reason += ": " + link.Err.Error()
	}
	h.left(HostLost, diag.LinkLost, reason, fmt.Sprintf("look at its console: whether it boots, has its address, and starts its SSH server; when %s answers again, run sprayc again: it goes on where it was, and does not restart the host a second time", at))
}

// idle gives up a host whose link is gone while nothing was at work there.
func (h *hostRun) idle(reason string) {
	h.engine.budgets.lose(h.host.Name, "cannot be reached any more")
	h.left(HostLost, diag.LinkLost, reason+"; nothing is at work there", "when "+h.at.host+" answers again, run sprayc again")
}

// failed takes an execution that ended badly.
func (h *hostRun) failed(end End) {
	if end.Status == "interrupted" {
		h.stopped()
		return
	}
	h.fetchLog()
	if f := h.seen.failure; f != nil {
		h.source = f.Source
		if h.source == "" && h.engine.steps[f.Step] != nil {
			h.source = h.engine.steps[f.Step].Source
		}
		what := f.Step + h.place()
		if f.Kind != "" {
			what += ": " + f.Kind + " " + f.Name
		}
		kind := diag.StepFailed
		if f.Type == Verified {
			kind = diag.VerifyFailed
		}
		h.left(HostFailed, kind, what+": "+f.Text, "")
		return
	}
	reason, fix := "the run ended as "+end.Status, ""
	if end.Status == "lost" {
		reason = "the work vanished without a word"
		fix = "find out whether " + h.at.host + " restarts, or what kills processes there (last -x; journalctl -k), then run again: what is done is found done"
	}
	if left := h.remaining(h.todo); len(left) > 0 {
		reason += " at " + left[0] + h.place()
		if step := h.engine.steps[left[0]]; step != nil {
			h.source = step.Source
		}
	}
	if h.seen.note != "" {
		reason = h.seen.note
	}
	h.left(HostFailed, diag.StepFailed, reason, fix)
}

// fetchLog passes on what the scripts of a failed run printed, for the host's log.
func (h *hostRun) fetchLog() {
	text, err := h.at.session.Log(h.engine.work, h.result.Run)
	path, kept := h.engine.sinks.kept(h.host.Name)
	switch {
	case err != nil || text != "" && !kept:
		folder := runsDir
		if h.engine.options.Operation != Apply {
			folder = memoryRunsDir
		}
		h.result.Log = h.at.host + ":" + folder + "/" + h.result.Run + "/log"
	case text != "":
		h.result.Log = path
	}
	for line := range strings.Lines(text) {
		h.engine.sinks.event(Event{Time: h.engine.options.Now(), Host: h.host.Name, Type: Said, Run: h.result.Run, Text: strings.TrimRight(line, "\n")})
	}
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// fixer is an error that knows what to do about it.
type fixer interface{ Fix() string }

func fixOf(err error) string {
	var f fixer
	if errors.As(err, &f) {
		return f.Fix()
	}
	return ""
}

// unmet gives the host up because of others.
func (h *hostRun) unmet(name string, err error) {
	if h.engine.soft.Err() != nil {
		h.stopped()
		return
	}
	if step := h.engine.steps[name]; step != nil {
		h.source = step.Source
	}
	var (
		need      *needError
		budget    *budgetError
		undecided *undecidedError
		two       *twoFoundersError
		there     *stillThereError
	)
	kind, fix, what := diag.HostBlocked, "mend what failed there and run again", name+" "
	switch {
	case errors.As(err, &budget):
		what = name + ": "
		kind, fix = diag.BudgetExhausted, "bring back the hosts that are down and run again, or raise max_unavailable of the role"
	case errors.As(err, &undecided):
		kind, fix = diag.CannotDecide, `bring the hosts back; or, when a machine is gone for good, declare it with state = "absent"`
	case errors.As(err, &two):
		kind, fix = diag.TwoFounders, "find out which of them has the cluster, and reset the other"
	case errors.As(err, &there):
		kind, fix = diag.AbsentAnswers, "switch it off; or, if the cluster is there, take state = \"absent\" away and let it be asked"
	case errors.As(err, &need):
	}
	h.left(HostBlocked, kind, what+err.Error(), fix)
}
