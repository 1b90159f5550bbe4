package audit_test

import (
	"flag"
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
// is another than a control plane's.
func TestGolden(t *testing.T) {
	plan := sample.Plan(3)
	plan.Files[2].Data = []byte("kubeadm join --config \"$JOIN\" | tee /run/x\n")
	plan.Steps[3].Variants[0].Commands = []string{"kubeadm"}
	report, err := audit.Of(build(t, plan))
	if err != nil {
		t.Fatal(err)
	}
	const path = "testdata/cluster.txt"
	if *update {
		if err := os.WriteFile(path, []byte(report.Text()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), report.Text()); diff != "" {
		t.Errorf("-%s +got (go test -update takes it over):\n%s", path, diff)
	}
}

// A step about workers that control planes run is with the workers, and says who.
func TestAside(t *testing.T) {
	report, err := audit.Of(build(t, sample.WithDrain(2)))
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range report.Roles {
		var want []audit.Aside
		if role.Name == "worker" {
			want = []audit.Aside{{Step: "site/drain", Hosts: []string{"cp0001"}}}
		}
		if diff := cmp.Diff(want, role.Aside); diff != "" {
			t.Errorf("%s: -want +got:\n%s", role.Name, diff)
		}
	}
	if text := report.Text(); !strings.Contains(text, "\n  run for its hosts by another\n    site/drain  on one of cp0001\n") {
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
