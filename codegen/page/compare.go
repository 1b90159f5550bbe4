package page

import (
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// compare marks the effects that are new since the older bundle and those that have changed,
// and returns those that are no more.
func compare(sections []section, now, before *audit.Report, b, old *bundle.Bundle) []effect {
	had, was := map[string]bool{}, map[string]bool{}
	for i := range before.Effects {
		had[whole(&before.Effects[i])] = true
		was[identity(&before.Effects[i])] = true
	}
	n := 0
	for i := range sections {
		for j := range sections[i].Rows {
			e := &now.Effects[n]
			n++
			switch {
			case had[whole(e)]:
			case was[identity(e)]:
				sections[i].Rows[j].Since = "changed"
				sections[i].Changed++
			default:
				sections[i].Rows[j].Since = "new"
				sections[i].New++
			}
		}
	}
	return gone(now, before, b, old)
}

// gone are the effects of the older bundle that are no more: those that a class of hosts had
// and that its hosts no longer have, whatever else is said of them now.
func gone(now, before *audit.Report, b, old *bundle.Bundle) []effect {
	has := map[string]map[string]bool{} // by identity, the classes of the bundle
	for i := range now.Effects {
		e := &now.Effects[i]
		if has[identity(e)] == nil {
			has[identity(e)] = map[string]bool{}
		}
		for _, class := range classesWith(e, &b.Plan) {
			has[identity(e)][class] = true
		}
	}
	became := classesNow(&old.Plan, &b.Plan)
	var list []effect
	for i := range before.Effects {
		e := &before.Effects[i]
		had := classesWith(e, &old.Plan)
		var lost []string
		for _, class := range had {
			there := has[identity(e)]
			if into := became[class]; len(into) == 0 && len(there) == 0 || slices.ContainsFunc(into, func(c string) bool { return !there[c] }) {
				lost = append(lost, class)
			}
		}
		if len(lost) == 0 {
			continue
		}
		row := effectOf(e)
		if len(lost) < len(had) {
			row.On = line(strings.Join(lost, ", "))
		}
		list = append(list, row)
	}
	return list
}

// classesWith are the classes of a plan whose hosts have an effect.
func classesWith(e *audit.Effect, plan *bundle.Plan) []string {
	var list []string
	for i := range plan.Classes {
		class := &plan.Classes[i]
		if slices.ContainsFunc(e.On, func(on audit.On) bool {
			if len(on.Classes) > 0 && !slices.Contains(on.Classes, class.Name) {
				return false
			}
			return slices.ContainsFunc(class.Roles, func(role string) bool { return bundle.BringsStep(role, []string{on.Role}) })
		}) {
			list = append(list, class.Name)
		}
	}
	return list
}

// classesNow are, by class of the older plan, the classes in which its hosts are now.
func classesNow(old, plan *bundle.Plan) map[string][]string {
	now := map[string]string{}
	for i := range plan.Hosts {
		now[plan.Hosts[i].Name] = plan.Hosts[i].Class
	}
	became := map[string][]string{}
	for i := range old.Hosts {
		h := &old.Hosts[i]
		if class, ok := now[h.Name]; ok && !slices.Contains(became[h.Class], class) {
			became[h.Class] = append(became[h.Class], class)
		}
	}
	return became
}

// identity is what makes an effect the same one in another bundle, though something else may
// be said of it.
func identity(e *audit.Effect) string {
	return strings.Join([]string{e.Category, e.Action, e.Subject}, "\x00")
}

// whole is all that is said of an effect, but where it comes from.
func whole(e *audit.Effect) string {
	parts := []string{identity(e), e.Security, e.Irreversible, e.Stays, e.Whom()}
	for _, f := range e.Fields {
		parts = append(parts, f.Name, f.Value, f.SHA256)
	}
	return strings.Join(parts, "\x00")
}
