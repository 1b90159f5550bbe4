package runner

import (
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// earlierDone asks, when only some steps were chosen, whether those before them
// are done on the host: a step may count on them.
func (h *hostRun) earlierDone() bool {
	if h.engine.options.Steps == "" {
		return true
	}
	earlier := h.earlier()
	if len(earlier) == 0 {
		return true
	}
	var open []string
	ask := func(steps []string) bool {
		_, err := h.start(Request{Operation: Plan, Steps: steps}, func(event Event) {
			if event.Type == StepEnds && event.Status != "ok" {
				open = append(open, event.Step)
			}
		})
		if err != nil {
			h.broken(err)
		}
		return err == nil
	}
	if own := h.engine.own(earlier); len(own) > 0 && h.session != nil && !ask(own) {
		return false
	}
	for _, step := range earlier {
		if h.engine.isAbout(step) && !h.aside(step, func() bool { return ask([]string{step}) }) {
			return false
		}
	}
	if len(open) == 0 {
		return true
	}
	h.source = h.engine.steps[h.todo[0]].Source
	h.left(HostBlocked, diag.NotDoneBefore, strings.Join(open, ", ")+" comes first and is not done", "run without --steps, or name it too")
	return false
}

// earlier are the steps that the chosen ones come after, and those these come
// after, as far as the host has them and they are not chosen.
func (h *hostRun) earlier() []string {
	wanted := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if step := h.engine.steps[name]; step != nil {
			for _, before := range step.After {
				if !wanted[before] {
					wanted[before] = true
					follow(before)
				}
			}
		}
	}
	chosen := map[string]bool{}
	for _, name := range h.todo {
		chosen[name] = true
		follow(name)
	}
	var list []string
	if class := h.engine.plan.Class(h.host.Class); class != nil {
		for _, use := range class.Steps {
			if wanted[use.Step] && !chosen[use.Step] {
				list = append(list, use.Step)
			}
		}
	}
	return list
}
