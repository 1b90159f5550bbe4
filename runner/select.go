package runner

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/selector"
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
	meansHost, err := matchHosts(plan, o.Only)
	if err != nil {
		return s, err
	}
	meansStep, err := matchSteps(plan, o.Steps)
	if err != nil {
		return s, err
	}
	for _, host := range plan.Hosts {
		if !plan.TakesPart(&host) {
			continue
		}
		if meansHost(host) {
			s.hosts = append(s.hosts, host)
		}
	}
	if o.Only != "" && len(s.hosts) == 0 {
		return s, noHost(plan, o.Only, meansHost)
	}
	last := len(plan.Stages)
	if o.Until != "" {
		if last = slices.Index(plan.Stages, o.Until); last < 0 {
			return s, &unknownError{"--until", "stage", o.Until, plan.Stages}
		}
	}
	isOf, err := ofComponents(plan, o.Components)
	if err != nil {
		return s, err
	}
	for _, step := range plan.Steps {
		if isOf(&step) && slices.Index(plan.Stages, step.Stage) <= last && meansStep(step) && (o.Reports == "" || slices.Contains(step.Reports, o.Reports)) {
			s.steps[step.Name] = true
		}
	}
	if len(s.steps) == 0 && o.Reports != "" {
		return s, fmt.Errorf("no step of the bundle tells of %s: it has no module that does, or was built by a sprayc that was older; build it again", o.Reports)
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

// parse reads a selector in which a bare word stands for key:word, and a comma
// for any of.
func parse(text, key string, keys ...string) (*selector.Expr, error) {
	words := regexp.MustCompile(`[^\s&|!()]+`)
	full := words.ReplaceAllStringFunc(text, func(word string) string {
		switch {
		case word == "and" || word == "or" || word == "not" || strings.ContainsAny(word, ":="):
			return word
		case strings.Contains(word, ",") && !strings.ContainsAny(word, "[]{}"):
			return "(" + key + ":" + strings.ReplaceAll(word, ",", " | "+key+":") + ")"
		}
		return key + ":" + word
	})
	expr, err := selector.Parse(full, keys...)
	if err != nil {
		var wrong *selector.Error
		if errors.As(err, &wrong) && wrong.Fix != "" {
			return nil, fmt.Errorf("%q: %s; %s", text, wrong.Message, wrong.Fix)
		}
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return expr, nil
}
