package diff

import (
	"slices"
	"strconv"
	"strings"
)

// pair is the classes that hosts were and are in.
type pair struct {
	old, new string
}

// match is a call in the one, the other or both of two classes.
type match struct {
	old, new *call
}

// matchCalls matches the calls of two classes: by step, kind and name; what is
// left by kind and name, as a resource may move to another step.
func matchCalls(old, new []*call) []match {
	byName := map[string]*call{}
	for key, c := range keys(old, true) {
		byName[key] = c
	}
	var matches []match
	var rest []*call
	taken := map[*call]bool{}
	ordered, names := orderedKeys(new, true)
	for i, c := range ordered {
		if before := byName[names[i]]; before != nil {
			matches = append(matches, match{before, c})
			taken[before] = true
		} else {
			rest = append(rest, c)
		}
	}
	var left []*call
	for _, c := range old {
		if !taken[c] {
			left = append(left, c)
		}
	}
	moved := keys(left, false)
	ordered, names = orderedKeys(rest, false)
	for i, c := range ordered {
		before := moved[names[i]]
		if before != nil {
			taken[before] = true
		}
		matches = append(matches, match{before, c})
	}
	for _, c := range left {
		if !taken[c] {
			matches = append(matches, match{c, nil})
		}
	}
	return matches
}

func keys(calls []*call, step bool) map[string]*call {
	all := map[string]*call{}
	ordered, names := orderedKeys(calls, step)
	for i, c := range ordered {
		all[names[i]] = c
	}
	return all
}

// orderedKeys names calls; a name that comes again, in another state, is counted.
func orderedKeys(calls []*call, step bool) ([]*call, []string) {
	count := map[string]int{}
	var names []string
	for _, c := range calls {
		key := c.kind + "\x00" + stable(c.name)
		if step {
			key = c.step + "\x00" + key
		}
		count[key]++
		names = append(names, key+"\x00"+strconv.Itoa(count[key]))
	}
	return calls, names
}

// stable is a name without the number that tells variables of hosts apart.
func stable(name string) string {
	if strings.HasPrefix(name, "$h_") {
		return strings.TrimRight(name, "_0123456789")
	}
	return name
}

// pairs returns the hosts that both bundles have, by their classes, and the pairs
// in the order of their first hosts.
func (c *comparison) pairs() (map[pair][]string, []pair) {
	hosts := map[pair][]string{}
	var order []pair
	for i := range c.new.Plan.Hosts {
		y := &c.new.Plan.Hosts[i]
		x := c.old.Plan.Host(y.Name)
		if x == nil {
			continue
		}
		p := pair{x.Class, y.Class}
		if hosts[p] == nil {
			order = append(order, p)
		}
		hosts[p] = append(hosts[p], y.Name)
	}
	return hosts, order
}

// calls compares what the hosts of each pair of classes run.
func (c *comparison) calls() {
	hosts, order := c.pairs()
	for _, p := range order {
		x, y := c.old.views[p.old], c.new.views[p.new]
		if x == nil || y == nil {
			continue // the plan names a class that it has not; reading refuses that
		}
		matches := matchCalls(x.calls, y.calls)
		for _, m := range matches {
			c.match(m, y, hosts[p])
		}
		c.order(matches, x, y, hosts[p])
	}
}

// match compares a call on the hosts of a pair of classes: host by host when a
// host's own values are in it, else once.
func (c *comparison) match(m match, v *view, hosts []string) {
	if (m.old == nil || !m.old.own) && (m.new == nil || !m.new.own) {
		c.onHosts(m, v, hosts, hosts[0])
		return
	}
	for i := range hosts {
		c.onHosts(m, v, hosts[i:i+1], hosts[i])
	}
}

// onHosts compares a call on hosts that have the same of it as one of them has.
func (c *comparison) onHosts(m match, v *view, hosts []string, like string) {
	var before, after map[string][]value
	if m.old != nil {
		before = c.old.params(c.old.Plan.Host(like), m.old)
	}
	if m.new != nil {
		after = c.new.params(c.new.Plan.Host(like), m.new)
	}
	had, has := m.old != nil && wanted(before), m.new != nil && wanted(after)
	delete(before, "when")
	delete(after, "when")
	switch {
	case !had && !has:
	case !had:
		c.gather(m.new, added, c.whole(m.new, after), c.newTexts(m.new, after), v, hosts)
	case !has:
		c.gather(m.old, removed, nil, nil, v, hosts)
	default:
		deltas, texts := c.argDeltas(m.old, m.new, before, after)
		if m.old.step != m.new.step {
			deltas = append(deltas, delta{field: "step", op: changed, old: m.old.step, new: m.new.step})
		}
		if len(deltas) > 0 {
			c.gather(m.new, changed, deltas, texts, v, hosts)
		}
	}
}

// wanted reports whether a call does anything on a host.
func wanted(params map[string][]value) bool {
	when := params["when"]
	return len(when) == 0 || when[0].text == "true"
}

// order notes steps and resources that come in another order than before.
func (c *comparison) order(matches []match, x, y *view, hosts []string) {
	if moved := reordered(x.steps, y.steps); len(moved) > 0 {
		c.gather(&call{kind: orderCall}, changed, []delta{{field: "order", op: moving, new: strings.Join(moved, ", ")}}, nil, y, hosts)
	}
	places := map[*call]int{}
	for i, call := range x.calls {
		places[call] = i
	}
	var before, after []string
	byStep := map[string][]match{}
	for _, m := range matches {
		if m.old != nil && m.new != nil && m.old.step == m.new.step {
			byStep[m.new.step] = append(byStep[m.new.step], m)
		}
	}
	for _, step := range unionKeys(byStep, nil) {
		before, after = nil, nil
		for _, m := range byStep[step] {
			after = append(after, m.new.kind+" "+m.new.name)
		}
		sorted := slices.Clone(byStep[step])
		slices.SortStableFunc(sorted, func(a, b match) int { return places[a.old] - places[b.old] })
		for _, m := range sorted {
			before = append(before, m.new.kind+" "+m.new.name)
		}
		if moved := reordered(before, after); len(moved) > 0 {
			c.gather(&call{kind: orderCall, step: step}, changed, []delta{{field: "order", op: moving, new: strings.Join(moved, ", ")}}, nil, y, hosts)
		}
	}
}

// orderCall is the kind of what says that calls come in another order.
const orderCall = "order"

// reordered returns what of two lists that both have comes in another order: all
// but the longest run that both have alike.
func reordered(old, new []string) []string {
	place := map[string]int{}
	for i, name := range old {
		place[name] = i
	}
	var common []string
	for _, name := range new {
		if _, ok := place[name]; ok {
			common = append(common, name)
		}
	}
	best, from := make([]int, len(common)), make([]int, len(common))
	last := -1
	for i := range common {
		best[i], from[i] = 1, -1
		for j := range i {
			if place[common[j]] < place[common[i]] && best[j]+1 > best[i] {
				best[i], from[i] = best[j]+1, j
			}
		}
		if last < 0 || best[i] > best[last] {
			last = i
		}
	}
	kept := map[int]bool{}
	for i := last; i >= 0; i = from[i] {
		kept[i] = true
	}
	var moved []string
	for i, name := range common {
		if !kept[i] {
			moved = append(moved, name)
		}
	}
	return moved
}
