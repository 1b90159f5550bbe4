package diff

import (
	"bytes"
	"slices"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// resource makes what is shown of a change.
func (c *comparison) resource(ch *change) Resource {
	hosts := uniqueHosts(ch.hosts)
	r := Resource{
		Step: ch.step, Kind: ch.kind, Name: visible(ch.name), Op: ch.op, Source: ch.call.source,
		Hosts: hosts, Set: bundle.HostSet(hosts), Follows: ch.follows, Notes: c.notes(ch),
	}
	for _, s := range ch.settings {
		if s.field == "" { // the resource itself
			continue
		}
		shown := Setting{Field: s.field, Path: s.path, Op: s.op, Derived: c.derived(s)}
		if s.op == given {
			shown.Op = added
		}
		for _, v := range s.values {
			value := *v
			if on := uniqueHosts(v.hosts); len(on) < len(hosts) {
				value.Set = bundle.HostSet(on)
			}
			shown.Values = append(shown.Values, value)
		}
		r.Settings = append(r.Settings, shown)
	}
	for _, t := range ch.texts {
		shown := Text{Field: t.field, Diff: t.diff, Others: t.others}
		if t.others > 0 {
			shown.Host = t.host
		}
		r.Texts = append(r.Texts, shown)
	}
	return r
}

func uniqueHosts(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// notes say what becomes of what leaves the bundle, as its kind declares it.
func (c *comparison) notes(ch *change) []string {
	if ch.op == changed && slices.ContainsFunc(ch.settings, (*setting).older) {
		return []string{"an older version than before"}
	}
	if ch.op != removed || isCheck(ch.kind) || ch.kind == outputCall {
		return nil
	}
	if ch.call.arg("act") != "" {
		return []string{"what it did stays"}
	}
	if kind := c.kind(ch.kind); kind != nil {
		for _, e := range kind.Effects {
			if e.Stays != "" {
				return []string{"stays: " + e.Stays}
			}
		}
	}
	if c.removable(ch.call) {
		return []string{"removed if it still is as we left it; an original comes back"}
	}
	return nil
}

// removable reports whether the library removes what a resource that has left the
// bundle made: it has a function for its kind, or for the files that it wrote.
func (c *comparison) removable(of *call) bool {
	library := c.new.Files["lib/remove.sh"].Data
	if bytes.Contains(library, []byte("\nremove_is_"+of.kind+"()")) {
		return true
	}
	kind := c.kind(of.kind)
	return kind != nil && slices.ContainsFunc(kind.Effects, func(e bundle.KindEffect) bool {
		return e.Category == "file" && e.When != "" && of.arg(e.When) != ""
	})
}

// kind is what a kind declares of its effects, in the bundle that has it.
func (c *comparison) kind(name string) *bundle.Kind {
	if kind := c.new.Plan.Kind(name); kind != nil {
		return kind
	}
	return c.old.Plan.Kind(name)
}
