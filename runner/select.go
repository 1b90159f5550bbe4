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
	meansStep, err := matchSteps(o.Steps)
	if err != nil {
		return s, err
	}
	for _, host := range plan.Hosts {
		if host.State == "absent" || host.State == "maintenance" {
			continue
		}
		if meansHost(host) {
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
		if slices.Index(plan.Stages, step.Stage) <= last && meansStep(step) {
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

// hostTarget is what a selector may say of a host.
type hostTarget struct {
	host  bundle.Host
	class *bundle.Class
	roles []string
}

// Values are the host's values for a key.
func (t hostTarget) Values(key string) []string {
	switch key {
	case "host":
		return []string{t.host.Name}
	case "role":
		return t.roles
	case "class":
		return []string{t.host.Class}
	case "os":
		return []string{t.class.OS, t.class.Family}
	case "arch":
		return []string{t.class.Arch}
	}
	return nil
}

// stepTarget is what a selector may say of a step.
type stepTarget struct{ step bundle.Step }

// Values are the step's values for a key.
func (t stepTarget) Values(key string) []string {
	switch key {
	case "step":
		return []string{t.step.Name}
	case "module":
		return []string{t.step.Module}
	case "stage":
		return []string{t.step.Stage}
	case "role":
		return t.step.Roles
	}
	return nil
}

// matchHosts returns whether each host is meant.
func matchHosts(plan *bundle.Plan, text string) (func(bundle.Host) bool, error) {
	if text == "" {
		return func(bundle.Host) bool { return true }, nil
	}
	expr, err := parse(text, "host", "host", "role", "class", "os", "arch")
	if err != nil {
		return nil, fmt.Errorf("--only %w", err)
	}
	roles := map[string][]string{}
	for _, role := range plan.Roles {
		for _, host := range role.Hosts {
			roles[host] = append(roles[host], role.Name)
		}
	}
	return func(host bundle.Host) bool {
		class := plan.Class(host.Class)
		if class == nil {
			class = &bundle.Class{}
		}
		return expr.Match(hostTarget{host: host, class: class, roles: append(roles[host.Name], class.Roles...)})
	}, nil
}

// matchSteps returns whether each step is meant.
func matchSteps(text string) (func(bundle.Step) bool, error) {
	if text == "" {
		return func(bundle.Step) bool { return true }, nil
	}
	expr, err := parse(text, "step", "step", "module", "stage", "role")
	if err != nil {
		return nil, fmt.Errorf("--steps %w", err)
	}
	return func(step bundle.Step) bool { return expr.Match(stepTarget{step}) }, nil
}
