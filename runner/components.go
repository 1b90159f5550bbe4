package runner

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// ofComponents says which steps are those of some components alone: of all when none is named.
func ofComponents(plan *bundle.Plan, names []string) (func(*bundle.Step) bool, error) {
	for _, name := range names {
		if err := NoComponent(plan, name); err != nil {
			return nil, err
		}
	}
	return func(step *bundle.Step) bool {
		return len(names) == 0 || slices.ContainsFunc(names, step.Belongs)
	}, nil
}

// NoComponent is why a name is none of a component; nil when it is one.
func NoComponent(plan *bundle.Plan, name string) error {
	known := plan.Components()
	if slices.Contains(known, name) {
		return nil
	}
	if len(known) == 0 {
		if slices.ContainsFunc(plan.Steps, func(s bundle.Step) bool { return s.Component() != "" }) {
			return fmt.Errorf("no component is named %q: no module of this bundle tells its version", name)
		}
		return errors.New("this bundle is not one of components: only sprayc build --operation upgrade makes one")
	}
	there := "there are " + strings.Join(known, ", ")
	if with := plan.ComesWith(name); len(with) > 0 {
		return fmt.Errorf("%s has no version of its own here: it comes with %s; %s", name, strings.Join(with, ", "), there)
	}
	if near := diag.Suggest(name, known); near != "" {
		return fmt.Errorf("no component is named %q; did you mean %s? %s", name, near, there)
	}
	return fmt.Errorf("no component is named %q; %s", name, there)
}

// leftOut tells, once for each, what the definition raises beside the components of this run.
type leftOut struct {
	mu   sync.Mutex
	told map[string]bool
}

// askOthers asks the host which versions it has of the components that this run leaves alone,
// and says where the definition has others. A host that cannot tell is no reason to stop.
func (h *hostRun) askOthers() {
	e := h.engine
	class := e.plan.Class(h.host.Class)
	if len(e.options.Components) == 0 || class == nil || h.session == nil {
		return
	}
	var steps []string
	for _, use := range class.Steps {
		if step := e.steps[use.Step]; step != nil && step.TellsVersion() && !e.chosen.steps[step.Name] && !step.About {
			steps = append(steps, step.Name)
		}
	}
	if len(steps) == 0 {
		return
	}
	_, err := h.start(Request{Operation: Verify, Steps: steps, Elsewhere: e.options.Operation != Apply}, func(event Event) {
		if step := e.steps[event.Step]; event.Type == VersionRead && step != nil && event.Wanted != event.Found && event.Found != "" {
			e.leaves(step.Component(), event.Found, event.Wanted)
		}
	})
	if err != nil && e.soft.Err() == nil {
		e.sinks.event(Event{Time: e.options.Now(), Type: Notice, Host: h.host.Name, Text: "does not tell which versions it has of the other components"})
	}
}

// leaves says once that a component is left as it is.
func (e *engine) leaves(component, is, want string) {
	text := fmt.Sprintf("also changed in the definition, and left: %s %s to %s; sprayc upgrade %s", component, is, want, component)
	e.leftOut.mu.Lock()
	defer e.leftOut.mu.Unlock()
	if e.leftOut.told[text] {
		return
	}
	if e.leftOut.told == nil {
		e.leftOut.told = map[string]bool{}
	}
	e.leftOut.told[text] = true
	e.sinks.event(Event{Time: e.options.Now(), Type: Notice, Text: text})
}
