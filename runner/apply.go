package runner

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/sprayc/sprayc/lang/diag"
)

// apply takes the host through its segments.
func (h *hostRun) apply() {
	e := h.engine
	if !h.earlierDone() {
		return
	}
	segments := h.segments()
	whole := len(segments) == 1 && !h.waits(segments[0])
	look := whole && len(e.rolls) == 0
	if !look && !h.clears() && h.quickLook() {
		return
	}
	if !h.mayAct() {
		return
	}
	if whole {
		h.result.Orphans = nil // it is asked for all at once, and tells of them again
	}
	for _, segment := range segments {
		if e.soft.Err() != nil {
			h.stopped()
			return
		}
		if !h.needs(segment[0]) {
			return
		}
		if f, ok := e.founds[segment[0]]; ok {
			if !h.found(f) {
				return
			}
			continue
		}
		if e.isAbout(segment[0]) {
			if !h.aside(segment[0], func() bool { return h.segment(segment, false) }) {
				return
			}
			continue
		}
		if !h.segment(segment, look) {
			return
		}
	}
	if !whole && (h.orphans() && !e.chosen.partial || h.clears() && !h.cleared) && !h.closing() {
		return
	}
	if h.backIn() && (h.result.Changed > 0 || h.removed()) {
		h.result.Status = HostChanged
	}
}

// clears reports whether all that is ours goes from the host, whether it has a step or not.
func (h *hostRun) clears() bool {
	e := h.engine
	return e.plan.Clears(&h.host) && h.answers() && e.options.Operation != Verify && !e.chosen.partial
}

// answers reports whether it may have a session: one that leaves the cluster may do without.
func (h *hostRun) answers() bool { return h.session != nil || !h.engine.plan.Leaves(&h.host) }

// orphans reports whether something is to be removed.
func (h *hostRun) orphans() bool {
	return slices.ContainsFunc(h.result.Orphans, func(item Item) bool { return item.Status != "kept" })
}

// removed reports whether something was.
func (h *hostRun) removed() bool {
	return slices.ContainsFunc(h.result.Orphans, func(item Item) bool { return item.Status == "removed" })
}

// closing runs everything once more by itself: what the bundle no longer has is
// removed only when all is asked for.
func (h *hostRun) closing() bool {
	h.result.Orphans = nil
	end, err := h.execute(Request{Operation: Apply})
	switch {
	case err != nil:
		h.broken(err)
	case end.Status == "ok", end.Status == "changed", end.Status == "held":
		return true
	default:
		h.failed(end)
	}
	return false
}

// segments cuts the host's steps before each that waits for another host, and
// around each that is done once per cluster or runs on another host.
func (h *hostRun) segments() [][]string {
	var all [][]string
	cut := true
	for _, step := range h.todo {
		_, alone := h.engine.founds[step]
		alone = alone || h.engine.isAbout(step)
		if cut || alone || h.waits([]string{step}) {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], step)
		cut = alone
	}
	return all
}

// waits reports whether a segment begins with a step that waits for others, or
// runs on one of them.
func (h *hostRun) waits(segment []string) bool {
	if _, once := h.engine.founds[segment[0]]; once || h.engine.isAbout(segment[0]) {
		return true
	}
	step := h.engine.steps[segment[0]]
	return step != nil && len(step.Needs) > 0
}

// needs waits for other hosts.
func (h *hostRun) needs(name string) bool {
	step := h.engine.steps[name]
	if step == nil {
		return true
	}
	for _, need := range step.Needs {
		if !h.engine.gates.open(need) {
			h.phase(PhaseWaiting, need.Step)
		}
		err := h.engine.park(func() bool { return h.engine.gates.open(need) }, func() error { return h.engine.gates.wait(h.engine.soft, need) })
		if err != nil {
			h.unmet(name, err)
			return false
		}
	}
	h.phase(PhaseRunning, "")
	return true
}

// lostRuns is how often a run may vanish, as it does when its host restarts.
const lostRuns = 3

// stillUp is how often a run is begun on a host that is going down: it ends with the host.
const stillUp = 12

// segment runs steps until they are done: again with a token when an act was
// held, and again with the values that were asked for.
//
// look says to plan first: for a host that has one segment only, and so has not
// been looked at.
func (h *hostRun) segment(steps []string, look bool) bool {
	e := h.engine
	token, lost, up := false, 0, 0
	given := map[string]int{}
	for {
		left := h.remaining(steps)
		if len(left) == 0 {
			left = steps
		}
		end, err := h.execute(Request{Operation: Apply, Token: token, Steps: h.named(left), Look: look})
		if err != nil {
			h.broken(err)
			return false
		}
		look, h.acted = false, true
		switch end.Status {
		case "ok", "changed":
			h.cleared = !h.at.about && len(h.named(left)) == 0
			for _, step := range steps {
				h.finishStep(step)
			}
			return h.release(steps)
		case "held":
		case "lost":
			if h.seen.restarts && up < stillUp {
				for _, step := range steps {
					delete(h.done, step) // each gives its token back when a run of it ends well
				}
				if up++; !h.seen.back {
					h.pause(min(time.Duration(up)*time.Second, 10*time.Second))
				}
				continue
			}
			if lost++; lost <= lostRuns {
				continue
			}
			h.failed(end)
			return false
		default:
			h.failed(end)
			return false
		}
		if e.soft.Err() != nil {
			h.stopped()
			return false
		}
		if len(h.seen.live) > 0 {
			if !h.provide(given) {
				return false
			}
			continue
		}
		if token {
			h.left(HostFailed, diag.StepFailed, "asks for a token though it has one; this is a bug in sprayc", "")
			return false
		}
		if token = h.token(h.next(steps)); !token {
			return false
		}
		if h.at.about && !h.takeOut(left[0]) {
			return false
		}
	}
}

// pause lets a host that restarts go down.
func (h *hostRun) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-h.engine.soft.Done():
	}
}

// next is the first of these steps that is not done.
func (h *hostRun) next(steps []string) string {
	if left := h.remaining(steps); len(left) > 0 {
		return left[0]
	}
	return steps[0]
}

// handOvers is how often one step gets a value: another run on the host takes what it
// finds there when it begins.
const handOvers = 5

// provide hands over the values that were asked for.
func (h *hostRun) provide(given map[string]int) bool {
	names := make([]string, 0, len(h.seen.live))
	for name := range h.seen.live {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if given[name]++; given[name] > handOvers {
			h.left(HostFailed, diag.NoLiveValue, fmt.Sprintf("asks for %s again, though it was handed over %d times", name, handOvers), "")
			return false
		}
		err := h.engine.lives.give(h.engine.work, h.at.session, name)
		if unlinked(err) {
			h.broken(err)
			return false
		}
		if err != nil {
			h.left(HostFailed, diag.NoLiveValue, err.Error(), "")
			return false
		}
	}
	return true
}

// token waits until the host may be taken down.
func (h *hostRun) token(step string) bool {
	e := h.engine
	h.phase(PhaseBudget, step)
	e.census(e.work, h.host.Name)
	w := e.budgets.ask(h.host.Name)
	if err := e.park(w.answered, func() error { return e.budgets.wait(e.soft, w) }); err != nil {
		h.unmet(step, err)
		return false
	}
	h.phase(PhaseRunning, "")
	return true
}
