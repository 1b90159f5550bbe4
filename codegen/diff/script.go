package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// call is one call of the library in a script: a resource, a verify, an await or
// an output.
type call struct {
	step   string
	kind   string
	name   string
	source string
	args   []arg
	own    bool // a host's own values are in it
}

// arg is one argument of a call, with the value that the script gives it; a
// host's own value is $h_NAME.
type arg struct {
	name, value string
}

func (c *call) arg(name string) string {
	for _, a := range c.args {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// Kinds of calls that are no resources.
const (
	verifyCall = "verify"
	reportCall = "report"
	statusCall = "report_status"
	awaitCall  = "await"
	outputCall = "output"
)

// side is one of two bundles while they are compared.
type side struct {
	*bundle.Bundle
	scripts map[string][]*call
	envs    map[string]map[string]string
	views   map[string]*view
	used    map[string]bool // files that some call names
	err     error           // the first of a host's values that cannot be read
}

// view is what the hosts of a class run, in order.
type view struct {
	class *bundle.Class
	steps []string
	calls []*call
}

func newSide(b *bundle.Bundle) (*side, error) {
	s := &side{Bundle: b, scripts: map[string][]*call{}, envs: map[string]map[string]string{}, views: map[string]*view{}, used: map[string]bool{}}
	for i := range b.Plan.Classes {
		class := &b.Plan.Classes[i]
		v := &view{class: class}
		for _, use := range class.Steps {
			calls, err := s.script(use.Step, use.Script)
			if err != nil {
				return nil, err
			}
			v.steps = append(v.steps, use.Step)
			v.calls = append(v.calls, calls...)
		}
		for line := range strings.Lines(string(b.Files[bundle.OutputsPath(class.Name)].Data)) {
			name, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			calls, err := s.script(name, path)
			if err != nil {
				return nil, err
			}
			v.calls = append(v.calls, calls...)
		}
		s.views[class.Name] = v
	}
	return s, nil
}

// script reads a generated script back.
func (s *side) script(step, path string) ([]*call, error) {
	if calls, ok := s.scripts[path]; ok {
		return calls, nil
	}
	made, err := shell.Calls(s.Files[path].Data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var calls []*call
	for _, c := range made {
		if read := readCall(step, c.Words); read != nil {
			calls = append(calls, read)
			s.note(read)
		}
	}
	s.scripts[path] = calls
	s.used[path] = true
	return calls, nil
}

func readCall(step string, words []string) *call {
	c := &call{step: step, kind: words[0]}
	var rest []string
	switch {
	case words[0] == "step" || words[0] == "step_end":
		return nil
	case words[0] == "resource" && len(words) >= 4:
		c.kind, c.name, c.source, rest = words[1], words[2], words[3], words[4:]
	case (words[0] == verifyCall || words[0] == reportCall || words[0] == statusCall) && len(words) >= 4:
		c.name, c.source, rest = words[1], words[2], named(words[4:], "script="+words[3])
	case words[0] == awaitCall && len(words) >= 5:
		c.name, c.source, rest = words[1], words[2], named(words[5:], "ready="+words[3], "timeout="+words[4])
	case words[0] == outputCall && len(words) >= 3:
		c.name, c.source, rest = words[1], words[2], words[3:]
	default: // a call that this package does not know of is compared word by word
		for i, word := range words[1:] {
			rest = append(rest, fmt.Sprintf("%d=%s", i+1, word))
		}
	}
	for _, word := range rest {
		name, value, _ := strings.Cut(word, "=")
		c.args = append(c.args, arg{name, value})
		c.own = c.own || isOwn(value)
	}
	c.own = c.own || isOwn(c.name)
	return c
}

func named(words []string, more ...string) []string { return append(slices.Clone(more), words...) }

// ownPayload is where a host's payloads are.
const ownPayload = "$SPRAY_BUNDLE/hosts/$SPRAY_HOST/"

func isOwn(value string) bool {
	return strings.HasPrefix(value, "$h_") || strings.HasPrefix(value, ownPayload)
}

// note remembers which files of the bundle a call names.
func (s *side) note(c *call) {
	for _, a := range c.args {
		if path, ok := sharedPath(a.value); ok {
			s.used[path] = true
		}
	}
}

// sharedPath is the path in the bundle of a file, the same for all hosts, that an
// argument names.
func sharedPath(value string) (string, bool) {
	if strings.HasPrefix(value, ownPayload) {
		return "", false
	}
	if below, ok := strings.CutPrefix(value, "$SPRAY_STEPS/"); ok {
		return "steps/" + below, true
	}
	return strings.CutPrefix(value, "$SPRAY_BUNDLE/")
}

// env returns a host's own values.
func (s *side) env(host string) map[string]string {
	if values, ok := s.envs[host]; ok {
		return values
	}
	values, err := shell.Assignments(s.Files[bundle.EnvPath(host)].Data)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("read %s: %w", bundle.EnvPath(host), err)
	}
	s.envs[host] = values
	return values
}
