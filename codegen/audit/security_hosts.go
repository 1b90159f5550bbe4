package audit

import (
	"regexp"
	"slices"
	"strings"
)

// security says what an effect means for the hosts' security; "" is nothing. What a kind or a
// module declares of it comes first, see classify. Where a path, a mode or an owner is each
// host's own, each host is looked at.
func (a *auditor) security(e *Effect) string {
	own := ownNames(e)
	if len(own) == 0 {
		return strings.Join(notes(e), "; ")
	}
	known := map[string][]string{} // by the values
	hosts, on := 0, map[string]int{}
	for i := range a.values.hosts {
		values, ok := a.values.hosts[i].all(own)
		if !ok {
			continue // it has no such step
		}
		key := strings.Join(values, "\x00")
		if _, ok := known[key]; !ok {
			known[key] = notes(e.with(own, values))
		}
		hosts++
		for _, why := range known[key] {
			on[why]++
		}
	}
	var said []string
	for _, why := range sortedKeys(on) {
		if on[why] < hosts {
			why = "on some hosts " + why
		}
		said = append(said, why)
	}
	return strings.Join(said, "; ")
}

// ownName is the name of a value of the hosts' own where a subject has it.
var ownName = regexp.MustCompile(`\{(h_[A-Za-z0-9_]+)\}`)

// ownNames are the values of the hosts' own that tell something about security: in the
// effect's subject, and in some of its fields.
func ownNames(e *Effect) []string {
	var names []string
	for _, m := range ownName.FindAllStringSubmatch(e.Subject, -1) {
		names = append(names, m[1])
	}
	for _, f := range e.Fields {
		if f.By != "" && slices.Contains([]string{"mode", "owner", "group", "groups", "shell", "uid"}, f.Name) {
			names = append(names, f.By)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// all are a host's own values of these names, if it has them.
func (h *hostValues) all(names []string) ([]string, bool) {
	values := make([]string, len(names))
	for i, name := range names {
		text, ok := h.own[name]
		if !ok {
			return nil, false
		}
		values[i] = h.form(text)
	}
	return values, true
}

// with is an effect as it is where these values are those.
func (e *Effect) with(names, values []string) *Effect {
	one := *e
	one.Fields = slices.Clone(e.Fields)
	for i, name := range names {
		one.Subject = strings.ReplaceAll(one.Subject, "{"+name+"}", values[i])
		for j := range one.Fields {
			if one.Fields[j].By == name {
				one.Fields[j].Value = values[i]
			}
		}
	}
	return &one
}
