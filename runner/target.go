package runner

import (
	"fmt"
	"maps"
	"slices"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/lang/selector"
)

// hostTarget is what a selector may say of a host.
type hostTarget struct {
	host  bundle.Host
	class bundle.Class
}

// Values are the host's values for a key.
func (t hostTarget) Values(key string) []string {
	switch key {
	case "host":
		return []string{t.host.Name}
	case "role":
		return bundle.RolesOf(t.class.Roles)
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
type stepTarget struct {
	step  bundle.Step
	roles []string // of those that hosts have and the sets that are built in, which bring it
}

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
		return t.roles
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
	targets := map[string]selector.Target{}
	for _, host := range plan.Hosts {
		target := hostTarget{host: host}
		if class := plan.Class(host.Class); class != nil {
			target.class = *class
		}
		targets[host.Name] = target
	}
	if err := checkTerms("--only", expr, targets); err != nil {
		return nil, err
	}
	return func(host bundle.Host) bool { return expr.Match(targets[host.Name]) }, nil
}

// matchSteps returns whether each step is meant.
func matchSteps(plan *bundle.Plan, text string) (func(bundle.Step) bool, error) {
	if text == "" {
		return func(bundle.Step) bool { return true }, nil
	}
	expr, err := parse(text, "step", "step", "module", "stage", "role")
	if err != nil {
		return nil, fmt.Errorf("--steps %w", err)
	}
	roles := map[string]bool{}
	for _, class := range plan.Classes {
		for _, role := range bundle.RolesOf(class.Roles) {
			roles[role] = true
		}
	}
	targets := map[string]selector.Target{}
	for _, step := range plan.Steps {
		target := stepTarget{step: step}
		for role := range roles {
			if bundle.BringsStep(role, step.Roles) {
				target.roles = append(target.roles, role)
			}
		}
		targets[step.Name] = target
	}
	if err := checkTerms("--steps", expr, targets); err != nil {
		return nil, err
	}
	return func(step bundle.Step) bool { return expr.Match(targets[step.Name]) }, nil
}

// unknownError is a name that nothing in the bundle has.
type unknownError struct {
	flag, key, name string
	names           []string
}

func (e *unknownError) Error() string {
	text := fmt.Sprintf("%s: the bundle has no %s %q", e.flag, e.key, e.name)
	if fix := diag.Meant(e.name, e.names); fix != "" {
		text += "; " + fix
	}
	return text
}

// checkTerms refuses a selector one of whose terms means nothing that there is:
// misspelt beside others, it would go unnoticed. Of a pattern it is enough that
// something matches.
func checkTerms(flag string, expr *selector.Expr, targets map[string]selector.Target) error {
	for _, term := range expr.Terms() {
		known := map[string]bool{}
		for _, target := range targets {
			for _, value := range target.Values(term.Key) {
				known[value] = true
			}
		}
		if !slices.ContainsFunc(term.Values, func(value string) bool { return known[value] }) {
			return &unknownError{flag, term.Key, term.Value, slices.Sorted(maps.Keys(known))}
		}
	}
	return nil
}

// noHost says why a selector whose terms are all known means no host.
func noHost(plan *bundle.Plan, text string, means func(bundle.Host) bool) error {
	for _, host := range plan.Hosts {
		if means(host) {
			return fmt.Errorf("--only %q: %s has the state %q, so nothing is run on it", text, host.Name, host.State)
		}
	}
	return fmt.Errorf("no host of the bundle matches %q", text)
}
