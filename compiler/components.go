package compiler

import "github.com/sprayc/sprayc/lang"

// everyComponent is what a step says that belongs to the upgrade of any.
const everyComponent = "all"

// component is what the module is upgraded as: the slot that it fills, or its name.
func (m *module) component() string {
	if m.decl.Slot != "" {
		return m.decl.Slot
	}
	return m.decl.Name
}

// componentNames are those that a step may name: all slots, also one that nothing fills, and
// the other modules.
func (c *compiler) componentNames() []string {
	names := []string{everyComponent}
	for _, slot := range c.lib.Slots {
		names = append(names, slot.Name)
	}
	for _, m := range c.modules {
		if m.decl.Slot == "" {
			names = append(names, m.decl.Name)
		}
	}
	return names
}

// componentsOf are the components whose upgrade alone has the step, its module's own first;
// none where the operation is not done by components.
func (c *compiler) componentsOf(s *step) []string {
	if !lang.OperationOf(c.def.Operation).Components {
		return nil
	}
	return append([]string{s.module.component()}, s.components...)
}
