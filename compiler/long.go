package compiler

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
)

// longContent is the path in the bundle of a content that is too long for a
// line of the host's .env.
func longContent(host, variable string) string {
	return path.Join("hosts", host, strings.TrimPrefix(variable, "h_"))
}

// splitLong gives the hosts some of whose contents are payloads of their own
// classes and scripts of their own, which read those instead of variables. It
// depends on nothing but the host's own contents, so that a host with a long one
// changes no other.
func splitLong(plan *ir.Plan) {
	long := map[string]string{} // by host: base names, one a line
	for _, h := range plan.Hosts {
		if h == nil {
			continue // an error, so there is no plan
		}
		var names []string
		for _, file := range h.Payloads {
			names = append(names, path.Base(file.Path))
		}
		sort.Strings(names)
		if len(names) > 0 {
			long[h.Name] = strings.Join(names, "\n")
		}
	}
	if len(long) == 0 {
		return
	}
	steps := map[string]*ir.Step{}
	for _, s := range plan.Steps {
		steps[s.Name] = s
	}
	var classes []*ir.Class
	classOf := map[string]string{}
	for _, cls := range plan.Classes {
		for _, part := range splitClass(cls, long) {
			part.useLong(steps, long)
			for _, name := range part.Hosts {
				classOf[name] = part.Name
			}
			classes = append(classes, part.Class)
		}
	}
	sort.Slice(classes, func(i, j int) bool { return classes[i].Name < classes[j].Name })
	plan.Classes = classes
	for _, h := range plan.Hosts {
		if h != nil {
			h.Class = classOf[h.Name]
		}
	}
	dropUnused(plan)
}

// longClass is those of a class with the same long contents.
type longClass struct{ *ir.Class }

// splitClass returns the parts of a class, those without long contents under
// its name.
func splitClass(cls *ir.Class, long map[string]string) []longClass {
	var parts []longClass
	byNames := map[string]*ir.Class{}
	for _, host := range cls.Hosts {
		names := long[host]
		part := byNames[names]
		if part == nil {
			clone := *cls
			part = &clone
			part.Hosts, part.Steps = nil, slices.Clone(cls.Steps)
			if names != "" {
				part.Name += ".long_" + shortHash(names)
			}
			byNames[names] = part
			parts = append(parts, longClass{part})
		}
		part.Hosts = append(part.Hosts, host)
	}
	return parts
}

// useLong gives a class the variants that read its long contents.
func (cls longClass) useLong(steps map[string]*ir.Step, long map[string]string) {
	names := strings.Split(long[cls.Hosts[0]], "\n")
	for i, use := range cls.Steps {
		s := steps[use.Step]
		cls.Steps[i].Variant = longVariant(s, use.Variant, names)
	}
}

// longVariant returns the index of the variant that is like another but for the
// long contents. It is made if there is none yet.
func longVariant(s *ir.Step, index int, names []string) int {
	v := *s.Variants[index]
	var used []string
	v.Resources = nil
	for _, r := range s.Variants[index].Resources {
		clone := *r
		clone.Args = slices.Clone(r.Args)
		for i, arg := range clone.Args {
			name := strings.TrimPrefix(arg.Value.Text, "h_")
			if arg.Value.Kind == ir.HostVar && slices.Contains(names, name) {
				used = append(used, name)
				clone.Args[i].Name = payloadName(arg.Name)
				clone.Args[i].Value = ir.Value{Kind: ir.HostPayload, Text: name}
			}
		}
		v.Resources = append(v.Resources, &clone)
	}
	if used == nil {
		return index
	}
	sort.Strings(used)
	if v.Suffix != "" {
		v.Suffix += "."
	}
	v.Suffix += "long_" + shortHash(strings.Join(slices.Compact(used), "\n"))
	for i, other := range s.Variants {
		if other.Suffix == v.Suffix {
			return i
		}
	}
	s.Variants = append(s.Variants, &v)
	return len(s.Variants) - 1
}

// dropUnused removes the variants that no class uses any more.
func dropUnused(plan *ir.Plan) {
	for _, s := range plan.Steps {
		used := map[int]bool{}
		each := func(do func(*ir.StepUse)) {
			for _, cls := range plan.Classes {
				for i := range cls.Steps {
					if cls.Steps[i].Step == s.Name {
						do(&cls.Steps[i])
					}
				}
			}
		}
		each(func(use *ir.StepUse) { used[use.Variant] = true })
		index := map[int]int{}
		var kept []*ir.Variant
		for i, v := range s.Variants {
			if used[i] {
				index[i] = len(kept)
				kept = append(kept, v)
			}
		}
		s.Variants = kept
		each(func(use *ir.StepUse) { use.Variant = index[use.Variant] })
	}
}
