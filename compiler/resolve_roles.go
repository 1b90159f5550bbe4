package compiler

import (
	"regexp"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// role is a role that hosts may have.
type role struct {
	name           string
	maxUnavailable string
	span           diag.Span
}

// builtinRoles are the roles that need no declaration.
var builtinRoles = []string{"control_plane", "etcd", "worker"}

// nodeRoles are the roles whose hosts run a kubelet: the set "node".
var nodeRoles = []string{"control_plane", "worker"}

var budgetPattern = regexp.MustCompile(`^([1-9][0-9]*|([1-9]|[1-9][0-9]|100)%)$`)

// defaultBudgets are how many hosts of the built-in roles may be down at once
// where the definition does not say: a quorum stays, and most of the work.
var defaultBudgets = map[string]string{"control_plane": "1", "etcd": "1", "worker": "10%"}

// roleAttrs are the attributes of a role block with their types.
var roleAttrs = lang.ArgumentsOf("definition", "role")

// resolveRoles reads the role blocks.
func (c *compiler) resolveRoles() {
	c.roles = map[string]*role{}
	for _, name := range builtinRoles {
		c.roles[name] = &role{name: name, maxUnavailable: defaultBudgets[name]}
	}
	for _, b := range c.def.Roles {
		if len(b.Labels) != 1 {
			continue
		}
		r := c.roles[b.Labels[0]]
		if r == nil {
			r = &role{name: b.Labels[0]}
			c.roles[r.name] = r
		}
		r.span = b.Span
		for _, name := range sortedKeys(b.Attrs) {
			a := b.Attrs[name]
			if _, ok := roleAttrs[name]; !ok {
				lang.ReportUnknown(c.report, a, "role", sortedKeys(roleAttrs))
				continue
			}
			v, ok := c.evalAttr(a, cty.String, c.scope, &point{}, Cluster)
			if !ok || v.IsNull() {
				continue
			}
			r.maxUnavailable = v.AsString()
			if !budgetPattern.MatchString(r.maxUnavailable) {
				c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), "max_unavailable is a number of hosts or a percentage", `write "1" or "10%"`)
			}
		}
	}
}

// knownRoles are the roles a hosts block may have, sorted.
func (c *compiler) knownRoles() []string { return sortedKeys(c.roles) }

// inRole reports whether a host's roles include a role or role set.
func inRole(roles []string, name string) bool {
	switch name {
	case "all":
		return true
	case "node":
		for _, r := range nodeRoles {
			if contains(roles, r) {
				return true
			}
		}
		return false
	}
	return contains(roles, name)
}
