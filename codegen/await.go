package codegen

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/compiler/ir"
)

// awaits writes what a step waits for on other hosts: the ready script of each
// producer, so that a host that runs by itself, by hand or at its first boot,
// gets the order right. What has gate = "runner" no host can tell by itself. A step that
// is needed itself and by its outputs is waited for once.
func (b *build) awaits(s *script) {
	awaited := map[string]bool{}
	for i, need := range sortedNeeds(s.step.Needs) {
		ready := readyOf(b.steps[need.Step])
		if need.Gate == "runner" || ready == nil || awaited[need.Step] {
			continue
		}
		awaited[need.Step] = true
		label := "await_" + strconv.Itoa(i+1)
		if len(ready.Env) > 0 {
			s.data.WriteByte('\n')
		}
		c := &call{words: []string{"await"}}
		c.add(s.quote("the name of a step", need.Step, ready.Source))
		c.add(s.quote("the source", place(ready.Source), ready.Source))
		path, err := s.payload(ready.Payload)
		if err != nil {
			s.fail(ready.Source, err)
		}
		c.add(path)
		timeout := ready.Timeout
		if timeout == 0 {
			timeout = 300
		}
		c.add(shell.Constant(strconv.Itoa(timeout)))
		for _, arg := range ready.Env {
			name := strings.TrimPrefix(arg.Name, "env.")
			s.named(c, name, s.value(label, name, arg.Value, arg.Source), arg.Source)
		}
		s.logic.WriteString(c.text())
	}
}

// readyOf returns the script by which another host can tell that a step is
// done; nil when there is none, or when it is given values that only the
// producer's own host has.
func readyOf(step *ir.Step) *ir.Script {
	if step == nil {
		return nil
	}
	for _, variant := range step.Variants {
		for _, r := range variant.Resources {
			if r.Ready == nil {
				continue
			}
			foreign := func(arg ir.Arg) bool { return arg.Value.Kind != ir.Literal && arg.Value.Kind != ir.Payload }
			if !slices.ContainsFunc(r.Ready.Env, foreign) {
				return r.Ready
			}
		}
	}
	return nil
}
