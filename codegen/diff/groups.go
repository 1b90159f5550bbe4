package diff

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// groups puts each host that differs into one group with those that differ in the
// same settings.
func (c *comparison) groups() []Group {
	byChange := map[string][]string{}
	for i := range c.new.Plan.Hosts {
		name := c.new.Plan.Hosts[i].Name
		if h := c.hosts[name]; h != nil && c.old.Plan.Host(name) != nil {
			if key := h.key(c); key != "" {
				byChange[key] = append(byChange[key], name)
			}
		}
	}
	var groups []Group
	for _, names := range byChange {
		groups = append(groups, c.group(names))
	}
	sort.Slice(groups, func(i, j int) bool {
		if len(groups[i].Hosts) != len(groups[j].Hosts) {
			return len(groups[i].Hosts) > len(groups[j].Hosts)
		}
		return groups[i].Hosts[0] < groups[j].Hosts[0]
	})
	groups = append(groups, c.others("new", c.new, c.old)...)
	return append(groups, c.others("gone", c.old, c.new)...)
}

// key is the same for hosts that differ in the same. A host of which only checks
// differ has nothing to do.
func (h *hostChange) key(c *comparison) string {
	ids := slices.Clone(h.settings)
	slices.Sort(ids)
	var parts []string
	acts := false
	for _, id := range slices.Compact(ids) {
		parts = append(parts, strconv.Itoa(id))
		acts = acts || !isAside(c.settings[id].of.kind)
	}
	if !acts {
		return ""
	}
	parts = append(parts, sortedKeys(h.reacts)...)
	parts = append(parts, sortedKeys(h.runs)...)
	return strings.Join(append(parts, fmt.Sprint(h.token, h.reboot)), "\x00")
}

// others are the hosts that one bundle has and another has not, by class.
func (c *comparison) others(state string, has, lacks *side) []Group {
	byClass := map[string][]string{}
	for i := range has.Plan.Hosts {
		h := &has.Plan.Hosts[i]
		if lacks.Plan.Host(h.Name) == nil {
			byClass[h.Class] = append(byClass[h.Class], h.Name)
		}
	}
	var groups []Group
	for _, class := range unionKeys(byClass, nil) {
		names := byClass[class]
		g := Group{Who: has.who(names), Set: bundle.HostSet(names), Hosts: names, State: state}
		if state == "gone" {
			g.Happens = []string{"gone from the bundle; left as it is"}
		} else {
			g.Happens = []string{"new, of class " + class}
		}
		groups = append(groups, g)
	}
	return groups
}

// mostChanges is how many changes the line of a group names.
const mostChanges = 5

func (c *comparison) group(names []string) Group {
	h := c.hosts[names[0]]
	g := Group{Who: c.new.who(names), Set: bundle.HostSet(names), Hosts: names, Token: h.token, Reboot: h.reboot}
	g.Restarts = sortedKeys(h.reacts)
	g.Happens = slices.Clone(g.Restarts)
	if len(h.runs) > 0 {
		g.Happens = append(g.Happens, "may run "+byStep(sortedKeys(h.runs)))
	}
	g.Changes = c.headlines(h.settings, names)
	if len(g.Changes) > mostChanges {
		g.More = len(g.Changes) - mostChanges + 1
		g.Changes = g.Changes[:mostChanges-1]
	}
	if len(h.reacts)+len(h.runs) == 0 {
		g.Spared = append(g.Spared, "no restart")
	}
	reboot := c.reboots(names[0])
	switch {
	case h.token:
		g.Happens = append(g.Happens, "waits for its turn as "+c.budgets(names))
	case reboot == nil || reboot.arg("disruptive") != "true":
		g.Spared = append(g.Spared, "no waiting for a turn")
	}
	if reboot != nil {
		g.Happens = append(g.Happens, "may restart the host, if the system asks for it")
	} else if !h.reboot {
		g.Spared = append(g.Spared, "no reboot")
	}
	if !c.drains(names[0]) {
		g.Spared = append(g.Spared, "no drain")
	}
	return g
}

// byStep lists "STEP: NAME" with each step once.
func byStep(runs []string) string {
	var steps []string
	names := map[string][]string{}
	for _, run := range runs {
		step, name, _ := strings.Cut(run, ": ")
		if names[step] == nil {
			steps = append(steps, step)
		}
		names[step] = append(names[step], name)
	}
	for i, step := range steps {
		if all := strings.Join(names[step], ", "); !strings.HasSuffix(step, "/"+all) {
			steps[i] += " (" + all + ")"
		}
	}
	return strings.Join(steps, ", ")
}

// budgets are the roles of hosts with how many of each may be down.
func (c *comparison) budgets(hosts []string) string {
	has := map[string]bool{}
	for _, host := range hosts {
		for _, role := range c.new.views[c.new.Plan.Host(host).Class].class.Roles {
			has[role] = true
		}
	}
	var parts []string
	for _, role := range c.new.Plan.Roles {
		if has[role.Name] {
			parts = append(parts, role.Name+" ("+atOnce(role.MaxUnavailable)+")")
		}
	}
	return joinAnd(parts)
}

// reboots returns what restarts the host when the system asks for it, as it may
// after any change.
func (c *comparison) reboots(host string) *call {
	for _, call := range c.new.views[c.new.Plan.Host(host).Class].calls {
		if c.restartsHost(call.kind) && call.arg("if_required") == "true" {
			return call
		}
	}
	return nil
}

// drains reports whether a step about the host that interrupts what it serves may
// run: its probe decides, and no bundle says what it will say.
func (c *comparison) drains(host string) bool {
	for _, name := range c.new.views[c.new.Plan.Host(host).Class].steps {
		if step := c.new.Plan.Step(name); step != nil && step.About && step.Disruptive {
			return true
		}
	}
	return false
}
