package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// selection is what takes part in a run.
type selection struct {
	hosts   []bundle.Host // by name
	steps   map[string]bool
	partial bool // not all steps
}

// choose applies --only, --steps and --until.
func choose(plan *bundle.Plan, o Options) (selection, error) {
	s := selection{steps: map[string]bool{}}
	for _, host := range plan.Hosts {
		if host.State == "absent" || host.State == "maintenance" {
			continue
		}
		if o.Only == "" || matchesHost(plan, host, o.Only) {
			s.hosts = append(s.hosts, host)
		}
	}
	if o.Only != "" && len(s.hosts) == 0 {
		return s, fmt.Errorf("no host of the bundle matches %q", o.Only)
	}
	last := len(plan.Stages)
	if o.Until != "" {
		if last = slices.Index(plan.Stages, o.Until); last < 0 {
			return s, fmt.Errorf("the bundle has no stage %q; it has %s", o.Until, strings.Join(plan.Stages, ", "))
		}
	}
	for _, step := range plan.Steps {
		if slices.Index(plan.Stages, step.Stage) <= last && (o.Steps == "" || matchesStep(step, o.Steps)) {
			s.steps[step.Name] = true
		}
	}
	if len(s.steps) == 0 && len(plan.Steps) > 0 {
		return s, fmt.Errorf("no step of the bundle matches %q", o.Steps)
	}
	s.partial = len(s.steps) < len(plan.Steps)
	return s, nil
}

// stepsOf returns a host's steps in this run, in order.
func (s selection) stepsOf(plan *bundle.Plan, host bundle.Host) []string {
	class := plan.Class(host.Class)
	if class == nil {
		return nil
	}
	var steps []string
	for _, use := range class.Steps {
		if s.steps[use.Step] {
			steps = append(steps, use.Step)
		}
	}
	return steps
}

// has reports whether a host runs a step at all.
func (s selection) has(plan *bundle.Plan, host bundle.Host, step string) bool {
	class := plan.Class(host.Class)
	return class != nil && slices.ContainsFunc(class.Steps, func(use bundle.StepUse) bool { return use.Step == step })
}

func matchesHost(plan *bundle.Plan, host bundle.Host, text string) bool {
	for _, term := range strings.Split(text, ",") {
		if role, ok := strings.CutPrefix(strings.TrimSpace(term), "role:"); ok {
			for _, r := range plan.Roles {
				if r.Name == role && slices.Contains(r.Hosts, host.Name) {
					return true
				}
			}
		} else if strings.TrimSpace(term) == host.Name {
			return true
		}
	}
	return false
}

func matchesStep(step bundle.Step, text string) bool {
	for _, term := range strings.Split(text, ",") {
		switch key, value, ok := strings.Cut(strings.TrimSpace(term), ":"); {
		case !ok && key == step.Name,
			ok && key == "step" && value == step.Name,
			ok && key == "stage" && value == step.Stage,
			ok && key == "module" && value == step.Module:
			return true
		}
	}
	return false
}
