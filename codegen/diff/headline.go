package diff

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// headlines says each change of hosts in a few words: first what is a setting,
// then what but follows from others.
func (c *comparison) headlines(ids []int, hosts []string) []string {
	var first, come, then, last []string
	seen := map[string]bool{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		s := c.settings[id]
		if isAside(s.of.kind) || s.op == given {
			continue
		}
		line := s.headline(hosts)
		if seen[line] {
			continue
		}
		seen[line] = true
		switch {
		case c.derived(s):
			last = append(last, line)
		case s.op == text || s.op == layout || s.op == moving:
			then = append(then, line)
		case s.op == added || s.op == removed:
			come = append(come, line)
		default:
			first = append(first, line)
		}
	}
	if all := slices.Concat(first, come, then); len(all) > 0 {
		return all
	}
	return last
}

// derived reports whether a setting follows from another: the digest of something,
// the place of a download of a new version or for another architecture.
func (c *comparison) derived(s *setting) bool {
	if s.op != changed {
		return false
	}
	if strings.HasPrefix(s.field, "artifact.") && !slices.ContainsFunc(s.of.hosts, func(host string) bool { return !c.otherArch(host) }) {
		return true
	}
	if strings.HasPrefix(s.field, "artifact.") && s.field != "artifact.version" {
		return s.field == "artifact.size" || slices.ContainsFunc(s.of.settings, func(other *setting) bool { return other.field == "artifact.version" })
	}
	for _, v := range s.values {
		if !isDigest(v.Old) || !isDigest(v.New) {
			return false
		}
	}
	return !strings.HasPrefix(s.field, "artifact.")
}

// headline says a setting that differs in a few words.
func (s *setting) headline(hosts []string) string {
	name, value := s.title(), s.common(hosts)
	if s.older() {
		value += " (older)"
	}
	if s.field == "artifact.url" && s.op == changed {
		return s.place(hosts)
	}
	switch s.op {
	case text:
		return name + " changes"
	case layout:
		return name + ": only comments and layout"
	case moving:
		if s.of.kind == orderCall {
			return name + " differs"
		}
		return name + " in another order"
	case added:
		if s.field == "" {
			return "+ " + name
		}
		return "+ " + name + " " + value
	case removed:
		return "- " + strings.TrimSpace(name+" "+valueOf(s.entry, value))
	}
	return name + " " + value
}

// place says where a download comes from, by its server.
func (s *setting) place(hosts []string) string {
	v := Value{}
	for i, u := range []*string{&v.Old, &v.New} {
		parsed, err := url.Parse([]string{s.values[0].Old, s.values[0].New}[i])
		if err != nil || len(s.values) > 1 {
			return s.title() + " " + s.common(hosts)
		}
		*u = parsed.Host
	}
	if v.Old == v.New {
		return s.title() + " comes from another place on " + visible(v.New)
	}
	return "downloads from " + from(&v)
}

// older reports whether a version goes back.
func (s *setting) older() bool {
	return s.field == "artifact.version" && s.op == changed && slices.ContainsFunc(s.values, func(v *Value) bool {
		return semver.Compare("v"+strings.TrimPrefix(v.New, "v"), "v"+strings.TrimPrefix(v.Old, "v")) < 0 && semver.IsValid("v"+strings.TrimPrefix(v.New, "v"))
	})
}

func valueOf(entry, value string) string {
	if entry == "" {
		return ""
	}
	return value
}

// title names a setting so that it is known without its resource.
func (s *setting) title() string {
	of := strings.TrimSpace(s.of.kind + " " + visible(s.of.name))
	switch {
	case s.field == "":
		return of
	case s.of.kind == hostCall:
		return s.field
	case s.of.kind == orderCall:
		return orderOf(s.of.step)
	case s.field == "artifact.version":
		return orElse(s.of.call.arg("artifact.component"), of)
	case s.field == "value" && s.path == "":
		return visible(s.of.name)
	case s.path != "" && s.field == "content":
		return visible(s.path)
	case s.path != "":
		return visible(s.of.name + " " + s.path)
	case s.field == "content":
		return of
	}
	return of + " " + visible(s.field)
}

// common is what a setting was and is on all of these hosts.
func (s *setting) common(hosts []string) string {
	if len(s.values) == 1 {
		return from(s.values[0])
	}
	in := map[string]bool{}
	for _, host := range hosts {
		in[host] = true
	}
	var found []*Value
	for _, v := range s.values {
		if slices.ContainsFunc(v.hosts, func(host string) bool { return in[host] }) {
			found = append(found, v)
		}
	}
	switch {
	case len(found) == 1:
		return from(found[0])
	case len(found) <= 3:
		var parts []string
		for _, v := range found {
			parts = append(parts, from(v))
		}
		return strings.Join(parts, " or ")
	}
	return "differs by host"
}
