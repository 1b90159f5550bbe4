package compiler

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// resolveSlots makes what `slot` is in modules: for each slot an object with what the
// module in it provides, null for what it does not, and for an empty slot all null; filled
// says whether there is one. So
// modules know of each other by what a slot may provide, never by name.
func (c *compiler) resolveSlots() {
	c.slots = map[string]*binding{}
	for _, slot := range c.lib.Slots {
		c.slots[slot.Name] = &binding{title: "slot." + slot.Name, name: slot.Name, value: provided(slot, nil, c.filled(slot.Name))}
	}
	for _, m := range c.modules {
		var slot *lang.Slot
		for _, s := range c.lib.Slots {
			if s.Name == m.decl.Slot && (m.call == nil || m.call.Slot == s.Name) {
				slot = s
			}
		}
		exprs := map[string]hcl.Expression{}
		for _, p := range m.decl.Provides {
			if len(p.Labels) != 1 || p.Attrs["value"] == nil {
				continue
			}
			switch name := p.Labels[0]; {
			case m.decl.Slot == "":
				c.err(diag.WrongSlot, p.LabelSpan[0], "only the module in a slot provides something", `write slot = "..." in its module block`)
			case slot != nil && !contains(slot.Provides, name):
				fix := didYouMean(diag.Suggest(name, slot.Provides))
				if fix == "" && len(slot.Provides) > 0 {
					fix = "use one of " + strings.Join(slot.Provides, ", ")
				}
				c.err(diag.UnknownName, p.LabelSpan[0], fmt.Sprintf("the slot %s provides no %q", slot.Name, name), fix)
			case slot != nil:
				exprs[name] = p.Attrs["value"].Expr
			}
		}
		if len(exprs) > 0 {
			c.slots[slot.Name] = c.providing(m, slot, exprs)
		}
	}
}

// providing is the binding of a slot whose module provides something: it is as late as
// the latest of that.
func (c *compiler) providing(m *module, slot *lang.Slot, exprs map[string]hcl.Expression) *binding {
	b := &binding{title: "slot." + slot.Name, name: slot.Name, scope: m.scope, span: m.span, least: bound{ok: true}}
	for _, name := range sortedKeys(exprs) {
		b.deps = append(b.deps, exprs[name])
	}
	b.build = func(at *point) (cty.Value, bool) {
		values := map[string]cty.Value{}
		for _, name := range sortedKeys(exprs) {
			v, ok := c.eval(exprs[name], m.scope, at)
			if !ok {
				return cty.DynamicVal, false
			}
			values[name] = v
		}
		return provided(slot, values, cty.True), true
	}
	return b
}

// filled says whether a module is in a slot.
func (c *compiler) filled(slot string) cty.Value {
	for _, m := range c.modules {
		if m.decl.Slot == slot && (m.call == nil || m.call.Slot == slot) {
			return cty.True
		}
	}
	return cty.False
}

// provided is a slot's object.
func provided(slot *lang.Slot, values map[string]cty.Value, filled cty.Value) cty.Value {
	attrs := map[string]cty.Value{"filled": filled}
	for _, name := range slot.Provides {
		attrs[name] = cty.NullVal(cty.DynamicPseudoType)
		if v, ok := values[name]; ok {
			attrs[name] = v
		}
	}
	return cty.ObjectVal(attrs)
}
