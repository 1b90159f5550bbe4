package codegen_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

// Who goes by hand asks first which hosts the cluster has, of a host that can tell.
func TestByHandOfMembers(t *testing.T) {
	plan := sample.Plan(2)
	plan.Outputs = append(plan.Outputs, &ir.Output{
		Name: "kubernetes/members", Module: "kubernetes", Script: &ir.Script{Payload: "steps/kubernetes/files/join.sh"},
		Pattern: "[a-z0-9 ]*", Roles: []string{"control_plane"}, Members: true, Source: sample.Span("stdlib/modules/kubernetes/join.hcl", 30, 1),
	})
	b := mustBuild(t, plan)
	if o := b.Plan.Outputs[1]; o.Name != "kubernetes/members" || !o.Members || b.Plan.Outputs[0].Members {
		t.Errorf("plan.json has %+v", b.Plan.Outputs)
	}
	text := string(b.Files["PLAN.md"].Data)
	_, rest, found := strings.Cut(text, "\n### 2. ")
	part, rest, more := strings.Cut(rest, "\n\n### 3. ")
	if !found || !more || strings.Contains(rest, "\n### 3. ") {
		t.Fatalf("the parts are not numbered:\n%s", text)
	}
	want := "which hosts the cluster has\n\nOne of cp0001 that is in the cluster prints their names; one that is in none prints nothing. Where a host of the cluster is not among those above, go no further: declare it with `state = \"absent\"` and a reason, and let it leave by `sprayc remove` first. On cp0001:\n\n    sh run.sh output kubernetes.members"
	if diff := cmp.Diff(want, part); diff != "" {
		t.Errorf("by hand (-want +got):\n%s", diff)
	}
	if row := "| kubernetes/members | made on control_plane | the runner alone, before it changes anything |\n"; !strings.Contains(text, row) {
		t.Errorf("no line %q in\n%s", row, text)
	}
}

// Who goes by hand asks first whether the bundle is for the cluster that is there.
func TestByHandOfRefusals(t *testing.T) {
	plan := sample.Plan(2)
	plan.Outputs = append(plan.Outputs, &ir.Output{
		Name: "kubernetes/layout", Module: "kubernetes", Script: &ir.Script{Payload: "steps/kubernetes/files/join.sh"},
		Pattern: "[ -~]*", Roles: []string{"control_plane"}, Refuses: "sprayc migrate", Source: sample.Span("stdlib/modules/kubernetes/join.hcl", 30, 1),
	})
	b := mustBuild(t, plan)
	if o := b.Plan.Outputs[1]; o.Name != "kubernetes/layout" || o.Refuses != "sprayc migrate" {
		t.Errorf("plan.json has %+v", b.Plan.Outputs)
	}
	text := string(b.Files["PLAN.md"].Data)
	_, rest, _ := strings.Cut(text, "\n### 2. ")
	part, _, _ := strings.Cut(rest, "\n\n### 3. ")
	want := "whether this is for the cluster that is there\n\nOne of cp0001 that is in the cluster prints `-`, or what is wrong; one that is in none prints nothing. Where something is wrong, go no further: sprayc migrate. On cp0001:\n\n    sh run.sh output kubernetes.layout"
	if diff := cmp.Diff(want, part); diff != "" {
		t.Errorf("by hand (-want +got):\n%s", diff)
	}
	if row := "| kubernetes/layout | made on control_plane | the runner alone, before it changes anything |\n"; !strings.Contains(text, row) {
		t.Errorf("no line %q in\n%s", row, text)
	}
}
