package codegen

import (
	"slices"
	"sort"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler/ir"
)

// planJSON returns the plan for programs. Whatever the plan's slices' order,
// all but stages and steps are sorted by name.
func (b *build) planJSON(hosts []*host) bundle.Plan {
	p := bundle.Plan{
		Schema: bundle.Schema, Version: Version, Cluster: b.plan.Cluster, Operation: b.plan.Operation, Endpoint: b.plan.Endpoint,
		SSH: bundle.SSH(b.plan.SSH), Stages: b.plan.Stages,
		Roles: b.roles(), Classes: b.planClasses(), Steps: b.planSteps(), Outputs: b.planOutputs(),
		Modules: b.planModules(), Kinds: b.planKinds(), Declared: b.planDeclared(),
	}
	for _, h := range hosts {
		p.Hosts = append(p.Hosts, planHost(h))
	}
	for _, secret := range b.plan.Secrets {
		p.Secrets = append(p.Secrets, bundle.Secret{ID: secret.ID, Ref: secret.Ref, File: secret.File, Identity: secret.Identity})
	}
	sort.Slice(p.Secrets, func(i, j int) bool { return p.Secrets[i].ID < p.Secrets[j].ID })
	for _, artifact := range b.plan.Artifacts {
		a := bundle.Artifact(artifact)
		a.Steps = sortedCopy(a.Steps)
		p.Artifacts = append(p.Artifacts, a)
	}
	sort.Slice(p.Artifacts, func(i, j int) bool {
		x, y := p.Artifacts[i], p.Artifacts[j]
		return x.Component+"\x00"+x.Version+"\x00"+x.Arch+"\x00"+x.URL < y.Component+"\x00"+y.Version+"\x00"+y.Arch+"\x00"+y.URL
	})
	return p
}

// roles returns every role with its hosts.
func (b *build) roles() []bundle.Role {
	members := map[string][]string{}
	for _, h := range b.plan.Hosts {
		for _, role := range b.classes[h.Class].ir.Roles {
			members[role] = append(members[role], h.Name)
		}
	}
	var roles []bundle.Role
	seen := map[string]bool{}
	for _, role := range b.plan.Roles {
		seen[role.Name] = true
		roles = append(roles, bundle.Role{Name: role.Name, MaxUnavailable: role.MaxUnavailable, Hosts: b.membersOf(role.Name, members)})
	}
	for name := range members {
		if !seen[name] {
			roles = append(roles, bundle.Role{Name: name, Hosts: b.membersOf(name, members)})
		}
	}
	sort.Slice(roles, func(i, j int) bool { return roles[i].Name < roles[j].Name })
	return roles
}

func (b *build) membersOf(role string, members map[string][]string) []string {
	if role != "all" && role != "node" || len(members[role]) > 0 {
		return sortedCopy(members[role])
	}
	hosts := []string{}
	for _, h := range b.plan.Hosts {
		if bundle.InRole(b.classes[h.Class].ir.Roles, role) {
			hosts = append(hosts, h.Name)
		}
	}
	sort.Strings(hosts)
	return hosts
}

func (b *build) planClasses() []bundle.Class {
	var classes []bundle.Class
	for _, c := range b.plan.Classes {
		made := b.classes[c.Name]
		classes = append(classes, bundle.Class{
			Name: c.Name, OS: c.OS, Family: c.Family, Arch: c.Arch, Roles: sortedCopy(c.Roles),
			Steps: made.uses, Digest: made.digest, Executes: made.runs,
		})
	}
	sort.Slice(classes, func(i, j int) bool { return classes[i].Name < classes[j].Name })
	return classes
}

func planHost(h *host) bundle.Host {
	host := bundle.Host{
		Name: h.ir.Name, Address: h.ir.Address, SSHAddress: h.ir.SSHAddress, SSHUser: h.ir.SSHUser, SSHPort: h.ir.SSHPort,
		Class: h.ir.Class, State: h.ir.State, Reason: h.ir.Reason, Digest: h.digest, Source: oneLine(h.ir.Source.File), // no line: blocks in another order make the same bundle
	}
	if host.State == "present" {
		host.State = ""
	}
	for path := range h.payloads {
		host.Files = append(host.Files, path)
	}
	sort.Strings(host.Files)
	return host
}

func (b *build) planSteps() []bundle.Step {
	var steps []bundle.Step
	for _, step := range b.plan.Steps {
		made := bundle.Step{
			Name: step.Name, Module: step.Module, Stage: step.Stage, Summary: step.Summary,
			Roles: sortedCopy(step.Roles), Source: place(step.Source),
			After: sortedCopy(step.After), OncePer: step.OncePer, Disruptive: step.Disruptive,
			About: step.About, Executor: step.Executor, Components: step.Components,
		}
		for _, need := range sortedNeeds(step.Needs) {
			made.Needs = append(made.Needs, bundle.Need(need))
		}
		live := map[string]bool{}
		for _, variant := range step.Variants {
			for _, v := range variant.Verifies {
				if v.Reports != "" && !slices.Contains(made.Reports, v.Reports) {
					made.Reports = append(made.Reports, v.Reports)
				}
			}
			for _, id := range b.scripts[variant].live {
				live[id] = true
			}
		}
		for id := range live {
			made.Outputs = append(made.Outputs, id)
		}
		sort.Strings(made.Outputs)
		sort.Strings(made.Reports)
		steps = append(steps, made)
	}
	return steps
}

func (b *build) planOutputs() []bundle.Output {
	var outputs []bundle.Output
	for _, output := range b.plan.Outputs {
		made := bundle.Output{
			Name: output.Name, Step: stepBefore(output, b.steps), Pattern: output.Pattern, TTL: output.TTL,
			Secret: output.Secret, Revoke: output.Revoke != nil, Roles: sortedCopy(output.Roles), Members: output.Members, Refuses: output.Refuses,
		}
		if output.Copy != nil {
			made.Step, made.Copy = output.Copy.Step, bundle.Copy{To: output.Copy.To, Recipients: sortedCopy(output.Copy.Recipients)}
		}
		outputs = append(outputs, made)
	}
	sort.Slice(outputs, func(i, j int) bool { return outputs[i].Name < outputs[j].Name })
	return outputs
}

// stepBefore returns the step after which an output can be made: the one that
// consumers' needs name beside it.
func stepBefore(output *ir.Output, steps map[string]*ir.Step) string {
	found := ""
	for _, step := range steps {
		for _, need := range step.Needs {
			if need.Output == output.Name && (found == "" || need.Step < found) {
				found = need.Step
			}
		}
	}
	return found
}

// sortedNeeds returns the edges in one order, with their roles sorted.
func sortedNeeds(needs []ir.Need) []ir.Need {
	needs = append([]ir.Need{}, needs...)
	for i := range needs {
		needs[i].Roles = sortedCopy(needs[i].Roles)
	}
	sort.Slice(needs, func(i, j int) bool {
		if needs[i].Step != needs[j].Step {
			return needs[i].Step < needs[j].Step
		}
		return needs[i].Output < needs[j].Output
	})
	return needs
}

func sortedCopy(list []string) []string {
	if len(list) == 0 {
		return []string{}
	}
	list = append([]string{}, list...)
	sort.Strings(list)
	return list
}

// sortBy sorts a list by a key.
func sortBy[T any](list []T, key func(T) string) {
	sort.Slice(list, func(i, j int) bool { return key(list[i]) < key(list[j]) })
}
