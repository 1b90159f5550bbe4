package diff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// clusterFacts compares what is no host's: budgets, order, live values.
func (c *comparison) clusterFacts() []Fact {
	old, new := &c.old.Plan, &c.new.Plan
	var facts []Fact
	one := func(what, x, y string) {
		if x != y {
			facts = append(facts, fact(what, x, y))
		}
	}
	one("name", old.Cluster, new.Cluster)
	one("operation", old.Operation, new.Operation)
	one("endpoint", old.Endpoint, new.Endpoint)
	one("ssh", sshText(old.SSH), sshText(new.SSH))
	one("stages", strings.Join(old.Stages, ", "), strings.Join(new.Stages, ", "))
	facts = append(facts, keyed(old.Roles, new.Roles, func(r bundle.Role) (string, string) {
		return "budget of " + r.Name, atOnce(r.MaxUnavailable)
	})...)
	facts = append(facts, keyed(old.Outputs, new.Outputs, func(o bundle.Output) (string, string) { return "output " + o.Name, outputText(o) })...)
	facts = append(facts, keyed(old.Secrets, new.Secrets, secretText)...)
	return append(facts, c.stepFacts()...)
}

func fact(what, old, new string) Fact {
	switch {
	case old == "":
		return Fact{What: what, Op: added, New: new}
	case new == "":
		return Fact{What: what, Op: removed, Old: old}
	}
	return Fact{What: what, Op: changed, Old: old, New: new}
}

// keyed compares two lists whose entries have a name and a text.
func keyed[T any](old, new []T, key func(T) (name, text string)) []Fact {
	gather := func(list []T) map[string]string {
		all := map[string]string{}
		for _, entry := range list {
			name, text := key(entry)
			all[name] = text
		}
		return all
	}
	before, after := gather(old), gather(new)
	var facts []Fact
	for _, name := range unionKeys(before, after) {
		if before[name] != after[name] {
			facts = append(facts, fact(name, before[name], after[name]))
		}
	}
	return facts
}

func sshText(s bundle.SSH) string {
	text := orElse(s.User, "as ssh has it")
	if s.Port != 0 {
		text += " port " + strconv.Itoa(s.Port)
	}
	return "user " + text
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func atOnce(budget string) string {
	if budget == "" {
		return "no limit"
	}
	return budget + " down at once"
}

func outputText(o bundle.Output) string {
	text := fmt.Sprintf("matches %s, made on %s", o.Pattern, strings.Join(o.Roles, ", "))
	if o.TTL > 0 {
		text += fmt.Sprintf(", good for %d s", o.TTL)
	}
	if o.Secret {
		text += ", secret"
	}
	if o.Revoke {
		text += ", taken back after use"
	}
	if o.Members {
		text += ", lists the cluster's hosts"
	}
	if o.Refuses != "" {
		text += ", says why nothing can be run, and then: " + o.Refuses
	}
	if o.Copy.To != "" {
		text += fmt.Sprintf(", copied to %s for %s", o.Copy.To, strings.Join(o.Copy.Recipients, ", "))
	}
	return text
}

// stepFacts compares the steps: their order, what they wait for, how they run.
func (c *comparison) stepFacts() []Fact {
	var facts []Fact
	for _, name := range unionKeys(stepNames(&c.old.Plan), stepNames(&c.new.Plan)) {
		x, y := c.old.Plan.Step(name), c.new.Plan.Step(name)
		switch {
		case x == nil:
			facts = append(facts, fact("step "+name, "", strings.Join(clauses(y), ", ")))
		case y == nil:
			facts = append(facts, fact("step "+name, strings.Join(clauses(x), ", "), ""))
		default:
			before, after := clauses(x), clauses(y)
			gone, come := without(before, after), without(after, before)
			if len(gone)+len(come) > 0 {
				facts = append(facts, Fact{What: "step " + name, Op: changed, Old: strings.Join(gone, ", "), New: strings.Join(come, ", ")})
			}
		}
	}
	return facts
}

func stepNames(p *bundle.Plan) map[string]bool {
	names := map[string]bool{}
	for _, s := range p.Steps {
		names[s.Name] = true
	}
	return names
}

// clauses says all of a step that is not in its scripts.
func clauses(s *bundle.Step) []string {
	list := []string{"in stage " + s.Stage, "on " + strings.Join(s.Roles, " and ")}
	for _, after := range s.After {
		list = append(list, "after "+after)
	}
	for _, need := range s.Needs {
		text := fmt.Sprintf("waits for %s on %s (gate %s)", need.Step, strings.Join(need.Roles, " and "), need.Gate)
		if need.Output != "" {
			text += " and its output " + need.Output
		}
		list = append(list, text)
	}
	for _, name := range s.Outputs {
		list = append(list, "reads "+name)
	}
	if s.OncePer != "" {
		list = append(list, "once per "+s.OncePer)
	}
	if s.Disruptive {
		list = append(list, "takes a token")
	}
	if s.About {
		list = append(list, "about one host")
	}
	if s.Executor != "" {
		list = append(list, "run on "+s.Executor)
	}
	if len(s.Components) > 0 {
		list = append(list, "also of "+strings.Join(s.Components, ", ")+" alone")
	}
	return list
}

// hostFacts compares what hosts are and how they are reached.
func (c *comparison) hostFacts() {
	for i := range c.new.Plan.Hosts {
		y := &c.new.Plan.Hosts[i]
		x := c.old.Plan.Host(y.Name)
		if x == nil {
			continue
		}
		before, after := c.old.facts(x), c.new.facts(y)
		if slices.Equal(before, after) {
			continue
		}
		of := &call{kind: hostCall}
		var deltas []delta
		for i := range before {
			if before[i] != after[i] {
				deltas = append(deltas, delta{field: factNames()[i], op: changed, old: before[i], new: after[i]})
			}
		}
		c.gather(of, changed, deltas, nil, c.new.views[y.Class], []string{y.Name})
	}
}

// hostCall is the kind of what hosts themselves are.
const hostCall = "host"

// none stands for what a host is not said to have.
const none = "none"

func factNames() []string {
	return []string{"address", "state", "reason", "roles", "system", "architecture", "ssh_address", "ssh_user", "ssh_port"}
}

func (s *side) facts(h *bundle.Host) []string {
	port, state := none, orElse(h.State, "present")
	if h.SSHPort != 0 {
		port = strconv.Itoa(h.SSHPort)
	}
	class := s.Plan.Class(h.Class)
	if class == nil {
		class = &bundle.Class{}
	}
	roles := slices.Sorted(slices.Values(class.Roles))
	return []string{h.Address, state, orElse(h.Reason, none), strings.Join(roles, " and "), class.OS, class.Arch, orElse(h.SSHAddress, none), orElse(h.SSHUser, none), port}
}

func secretText(s bundle.Secret) (name, text string) {
	text = "read from " + s.Ref
	if s.File {
		text += ", when a host asks"
	}
	if s.Identity != "" {
		text += ", opened with " + s.Identity
	}
	return "secret " + s.ID, text
}
