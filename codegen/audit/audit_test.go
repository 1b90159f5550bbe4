package audit_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

var update = flag.Bool("update", false, "write testdata anew")

func build(t *testing.T, plan *ir.Plan) *bundle.Bundle {
	t.Helper()
	b, diags := codegen.Build(plan, sample.Library())
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	return b
}

// TestGolden: the whole report of a small cluster, in which a worker's package
// is another than a control plane's, in each of its forms.
func TestGolden(t *testing.T) {
	plan := sample.Plan(3)
	plan.Files[2].Data = []byte("kubeadm join --config \"$JOIN\" | tee /run/x\n")
	plan.Steps[3].Variants[0].Commands = []string{"kubeadm"}
	plan.Steps[3].Variants[0].Resources[0].Effects = []ir.Declared{{Command: "kubeadm join", Effects: []string{"connects the API server", "writes /etc/kubernetes/**"}, Source: sample.Span("stdlib/modules/kubernetes/join.hcl", 9, 17)}}
	plan.Modules[0].Call, plan.Modules[0].Source = `runtime "containerd"`, sample.Span("prod.hcl", 30, 1)
	report, err := audit.Of(build(t, plan))
	if err != nil {
		t.Fatal(err)
	}
	indented, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{"cluster.txt": report.Text(), "cluster.md": report.Markdown(), "cluster.json": string(indented) + "\n"} {
		golden(t, "testdata/"+name, got)
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-%s +got (go test -update takes it over):\n%s", path, diff)
	}
}

// A step about workers that control planes run is the workers', and says who.
func TestAside(t *testing.T) {
	report, err := audit.Of(build(t, sample.WithDrain(2)))
	if err != nil {
		t.Fatal(err)
	}
	var got [][]audit.On
	for _, e := range report.Effects {
		if e.Origins[0].Step == "site/drain" {
			got = append(got, e.On)
		}
	}
	on := []audit.On{{Role: "worker", By: "role:control_plane"}}
	if diff := cmp.Diff([][]audit.On{on, on}, got); diff != "" { // the probe and the act
		t.Errorf("-want +got:\n%s", diff)
	}
	if text := report.Text(); !strings.Contains(text, "\n  for each worker, done on role:control_plane\n") {
		t.Errorf("the text does not say who:\n%s", text)
	}
}

// A name with a newline or an escape sequence in it stays on its line.
func TestTextIsVisible(t *testing.T) {
	plan := sample.Plan(1)
	plan.Steps[1].Variants[0].Resources[1].Name.Text = "/etc/a\n  fake line\x1b[2J"
	report, err := audit.Of(build(t, plan))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Text() {
		if r == '\x1b' {
			t.Fatalf("an escape character in:\n%s", report.Text())
		}
	}
}

// A file of which the runner keeps a copy leaves its host: it is told who can read it.
func TestAuditOfACopy(t *testing.T) {
	plan := sample.Plan(1)
	copies := func() (list []string) {
		report, err := audit.Of(build(t, plan))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range report.Effects {
			if e.Category == "copy" {
				list = append(list, fmt.Sprintf("%s: %s, %s, %s %s; %s, once %v; %s", e.Section, e.Subject, e.Action, e.Field("to").Value, e.Field("for").Value, e.On[0].Role, e.On[0].Once, e.Origins[0].Script))
			}
		}
		return list
	}
	if got := copies(); got != nil {
		t.Errorf("without a copy: %q", got)
	}
	plan.Outputs[0].Copy = &ir.Copy{To: "backups", Step: "kubernetes/join", Recipients: []string{"age1b", "age1a"}}
	want := []string{"security: the file of kubernetes/join, leaves the host, encrypted, backups where sprayc runs age1a, age1b; control_plane, once true; steps/kubernetes/join.output.sh"}
	if diff := cmp.Diff(want, copies()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
