package bundle

import "slices"

// nodeRoles are the roles whose hosts run a kubelet: the set "node".
var nodeRoles = []string{"control_plane", "worker"}

// InRole reports whether a host with these roles is in a role or a role set;
// node and all are built in.
func InRole(roles []string, set string) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return within(role, set) }) || set == "all"
}

// RolesOf returns the roles of a host with the role sets that it is in.
func RolesOf(roles []string) []string {
	all := slices.Clone(roles)
	for _, set := range []string{"node", "all"} {
		if InRole(roles, set) && !slices.Contains(all, set) {
			all = append(all, set)
		}
	}
	return all
}

// rolesOf returns the roles of a host of the plan, with the sets.
func (p *Plan) rolesOf(h *Host) []string {
	class := p.Class(h.Class)
	if class == nil {
		return nil
	}
	return RolesOf(class.Roles)
}

// BringsStep reports whether a role brings a step to its hosts: it is one of the
// step's roles, or within a role set that is.
func BringsStep(role string, stepRoles []string) bool {
	return slices.ContainsFunc(stepRoles, func(set string) bool { return within(role, set) })
}

// within reports whether every host of a role is in a role set.
func within(role, set string) bool {
	return role == set || set == "all" || set == "node" && slices.Contains(nodeRoles, role)
}
