package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
)

// own adds a module's own script, and the programs that it may run beside those
// that every host has.
func (a *auditor) own(script, use string, env []Arg, s scope, origin Origin) error {
	commands, err := shell.Commands(a.bundle.Files[script].Data)
	if err != nil {
		return fmt.Errorf("read %s: %w", script, err)
	}
	usual := shell.Utilities()
	commands = slices.DeleteFunc(commands, func(name string) bool { return slices.Contains(usual, name) })
	e := Effect{Category: "script", Action: "run", Subject: script, Fields: []Field{{Name: "use", Value: use}}}
	if len(commands) > 0 {
		e.Fields = append(e.Fields, Field{Name: "runs", Value: strings.Join(commands, ", ")})
	}
	a.add(e, s.on, origin)
	return nil
}
