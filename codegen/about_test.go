package codegen_test

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

// withDrain is the sample with a step about its workers that control planes run.
func withDrain(workers int) *ir.Plan {
	plan := sample.Plan(workers)
	env := []ir.Arg{{Name: "NODE", Value: ir.Value{Kind: ir.HostVar, Text: "h_node"}, Source: sample.Span("site/drain.hcl", 8, 5)}}
	drain := &ir.Step{
		Name: "site/drain", Module: "site", Summary: "no pods", Stage: "runtime", Roles: []string{"worker"}, Operations: []string{"converge"},
		Source: sample.Span("site/drain.hcl", 3, 1), About: true, Executor: "role:control_plane", Disruptive: true,
		Variants: []*ir.Variant{{Resources: []*ir.Resource{{
			Kind: "exec", Label: "drain", Name: sample.Literal("drain"), Source: sample.Span("site/drain.hcl", 5, 3),
			Args:  []ir.Arg{{Name: "disruptive", Value: sample.Literal("true"), Source: sample.Span("site/drain.hcl", 9, 5)}},
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

// A step about a host: its script is with those that may run it, it is no step of
// theirs, and PLAN.md says how to run it by hand.
func TestAbout(t *testing.T) {
	golden(t, "about", "A step about workers that control planes run.", mustBuild(t, withDrain(2)), func(path string) bool {
		return strings.HasPrefix(path, "classes/") || strings.HasPrefix(path, "steps/site") || path == bundle.ReadmeFile
	})
}

// One worker more, about which the step is too, changes no other host.
func TestAboutOneMore(t *testing.T) {
	before, after := mustBuild(t, withDrain(2)), mustBuild(t, withDrain(3))
	for _, host := range before.Plan.Hosts {
		if got := after.Plan.Host(host.Name).Digest; got != host.Digest {
			t.Errorf("%s is %s, and was %s", host.Name, got, host.Digest)
		}
	}
}
