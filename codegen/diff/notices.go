package diff

import (
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"golang.org/x/sync/errgroup"
)

// notices finds what stands out: the effects that audit puts apart and that are
// not in both bundles alike.
func (c *comparison) notices(r *Report) error {
	var before, after map[string]standing
	var both errgroup.Group
	both.Go(func() (err error) { before, err = standOut(c.old.Bundle); return err })
	both.Go(func() (err error) { after, err = standOut(c.new.Bundle); return err })
	if err := both.Wait(); err != nil {
		return err
	}
	pairUp(before, after)
	for _, key := range unionKeys(before, after) {
		x, had := before[key]
		y, has := after[key]
		if had && has && x.what == y.what && x.on == y.on {
			continue
		}
		e := y
		what := "~ " + y.what
		switch {
		case !had:
			what = "+ " + y.what
		case !has:
			e, what = x, "- "+x.what
		case x.subject != y.subject:
			what = "~ " + y.what + ", instead of " + x.subject
		}
		notice := Notice{What: what, Why: e.why, Set: e.on}
		if e.section == audit.Security {
			r.Security = append(r.Security, notice)
		} else if has {
			r.Irreversible = append(r.Irreversible, notice)
		}
	}
	c.settingNotices(r)
	c.digests(r)
	return nil
}

// standing is an effect that stands apart.
type standing struct {
	section                audit.Section
	category, action       string
	subject, what, why, on string
}

func (s *standing) key() string {
	return strings.Join([]string{string(s.section), s.category, s.subject, s.action}, "\x00")
}

// pairUp gives an effect that is gone the key of the one that has come in its place:
// of the same sort, for the same reason, on the same hosts, and the only one each.
func pairUp(before, after map[string]standing) {
	alone := func(in, other map[string]standing) map[standing]string {
		keys := map[standing]string{}
		for _, key := range unionKeys(in, nil) {
			if _, both := other[key]; both {
				continue
			}
			of := in[key]
			of.subject, of.what = "", ""
			if _, again := keys[of]; again {
				key = ""
			}
			keys[of] = key
		}
		return keys
	}
	come := alone(after, before)
	for of, key := range alone(before, after) {
		if now := come[of]; key != "" && now != "" {
			before[now] = before[key]
			delete(before, key)
		}
	}
}

// standOut are the effects of a bundle that audit puts apart, by what they are of.
func standOut(b *bundle.Bundle) (map[string]standing, error) {
	report, err := audit.Of(b)
	if err != nil {
		return nil, err
	}
	all := map[string]standing{}
	for i := range report.Effects {
		e := &report.Effects[i]
		if e.Section != audit.Security && e.Section != audit.Irreversible {
			continue
		}
		what := strings.TrimSpace(e.Category+" "+e.Subject) + strings.TrimRight(" "+e.Action, " ")
		var fields, roles []string
		for _, f := range e.Fields {
			fields = append(fields, f.Name+"="+mask(f.Name, f.Value))
		}
		for _, on := range e.On {
			roles = append(roles, on.Role)
		}
		sort.Strings(roles)
		if len(fields) > 0 {
			what += ": " + strings.Join(fields, ", ")
		}
		why := e.Security
		if e.Section == audit.Irreversible {
			why = e.Irreversible
		}
		found := standing{e.Section, e.Category, e.Action, e.Subject, visible(what), why, strings.Join(slices.Compact(roles), ", ")}
		all[found.key()] = found
	}
	return all, nil
}

// digests notes downloads of the same version, for the same architecture, that are
// other bytes.
func (c *comparison) digests(r *Report) {
	for _, ch := range c.ordered {
		if slices.ContainsFunc(ch.settings, func(s *setting) bool { return s.field == "artifact.version" }) {
			continue
		}
		for _, s := range ch.settings {
			if s.field != "artifact.sha256" || s.op != changed {
				continue
			}
			hosts := slices.DeleteFunc(uniqueHosts(ch.hosts), c.otherArch)
			if len(hosts) == 0 {
				continue
			}
			r.Security = append(r.Security, Notice{
				What: "~ " + s.title() + " " + s.common(hosts), Set: bundle.HostSet(hosts),
				Why: "the same version is another file than before",
			})
		}
	}
}

// otherArch reports whether a host has another architecture than before.
func (c *comparison) otherArch(host string) bool {
	x, y := c.old.Plan.Host(host), c.new.Plan.Host(host)
	if x == nil || y == nil {
		return false
	}
	before, after := c.old.Plan.Class(x.Class), c.new.Plan.Class(y.Class)
	return before != nil && after != nil && before.Arch != after.Arch
}
