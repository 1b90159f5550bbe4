package sample

import "github.com/sprayc/sprayc/compiler/ir"

// WithDrain is the sample with a step about its workers that control planes run.
func WithDrain(workers int) *ir.Plan {
	plan := Plan(workers)
	env := []ir.Arg{{Name: "NODE", Value: ir.Value{Kind: ir.HostVar, Text: "h_node"}, Source: Span("site/drain.hcl", 8, 5)}}
	drain := &ir.Step{
		Name: "site/drain", Module: "site", Summary: "no pods", Stage: "runtime", Roles: []string{"worker"},
		Source: Span("site/drain.hcl", 3, 1), About: true, Executor: "role:control_plane", Disruptive: true,
		Variants: []*ir.Variant{{Resources: []*ir.Resource{{
			Kind: "exec", Label: "drain", Name: Literal("drain"), Source: Span("site/drain.hcl", 5, 3),
			Args:  []ir.Arg{{Name: "disruptive", Value: Literal("true"), Source: Span("site/drain.hcl", 9, 5)}},
			Probe: &ir.Script{Payload: "steps/site/files/drain.probe.sh", Env: env},
			Act:   &ir.Script{Payload: "steps/site/files/drain.act.sh"},
		}}}},
	}
	for _, name := range []string{"probe", "act"} {
		plan.Files = append(plan.Files, &ir.File{Path: "steps/site/files/drain." + name + ".sh", Data: []byte(": \"$NODE\"\n")})
	}
	plan.Steps = append(plan.Steps[:1:1], append([]*ir.Step{drain}, plan.Steps[1:]...)...)
	for _, class := range plan.Classes {
		if class.Roles[0] == "worker" {
			class.Steps = append(class.Steps[:1:1], append([]ir.StepUse{{Step: drain.Name, Role: "worker"}}, class.Steps[1:]...)...)
		} else {
			class.Executes = []ir.StepUse{{Step: drain.Name}}
		}
	}
	return plan
}
