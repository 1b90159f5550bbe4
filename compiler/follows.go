package compiler

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// wrong is what of the definition is reported as an error already. What depends on it
// is not evaluated: whatever it came to would be said of a value that nobody wrote.
type wrong struct {
	cluster map[string]bool // attributes of the cluster block
	slots   map[string]bool // whose block names no module that could fill them
	hosts   bool            // some host's name, roles, os or arch: lists of hosts are not whole
}

// meantAs reports whether a block has, instead of the attribute of that name, one that is
// most likely a misspelling of it: then it is that one that is reported, and not that the
// attribute is missing.
func meantAs(attrs lang.Attrs, name string, known []string) bool {
	for other := range attrs {
		if !contains(known, other) && diag.Suggest(other, known) == name {
			return true
		}
	}
	return false
}

// checkRequired reports the modules that others require and that are not there, each once.
func (c *compiler) checkRequired() {
	by := map[string][]*module{}
	places := map[string][]diag.Note{}
	for _, m := range c.modules {
		for _, r := range m.decl.Requires {
			if c.otherModule(r.Name) == nil {
				by[r.Name] = append(by[r.Name], m)
				places[r.Name] = append(places[r.Name], diag.Note{Span: r.Span, Label: "required here"})
			}
		}
	}
	for _, name := range sortedKeys(by) {
		slot := c.slotOf(name)
		if slot != "" && c.wrong.slots[slot] {
			continue // a module is named there, and it is said that there is none of that name
		}
		var names []string
		at := 0
		for i, m := range by[name] {
			names = append(names, m.decl.Name)
			if m.call != nil && by[name][at].call == nil {
				at = i
			}
		}
		verb := "requires"
		if len(names) > 1 {
			verb = "require"
		}
		span := by[name][at].span
		if by[name][at].call == nil && c.def.Cluster != nil {
			span = c.def.Cluster.Span
		}
		c.err(diag.ModuleRequires, span, fmt.Sprintf("%s %s the module %s", strings.Join(names, ", "), verb, name), "write "+c.blockOf(name, slot), places[name][at])
	}
}

// lacks reports whether a step is of a module that m requires and that is not there, which is
// an error of its own.
func (c *compiler) lacks(m *module, step string) bool {
	name, _, _ := strings.Cut(step, "/")
	for _, r := range m.decl.Requires {
		if r.Name == name {
			return c.otherModule(name) == nil
		}
	}
	return false
}
