package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

func build(t testing.TB, plan *ir.Plan) *bundle.Bundle {
	t.Helper()
	b, diags := codegen.Build(plan, sample.Library())
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	return b
}

// thousand is two bundles of a thousand workers, each of which has a value of its
// own that changes.
func thousand(t testing.TB) (old, new *bundle.Bundle) {
	t.Helper()
	node := func(pods int) *ir.Plan {
		plan := sample.Plan(1000)
		for _, host := range plan.Hosts {
			if host.Name[0] == 'w' {
				host.Env[0].Text = fmt.Sprintf("name: %s\nmaxPods: %d\n", host.Name, pods)
			}
		}
		plan.Steps[1].Variants[0].Resources[2].Notifies = []ir.Address{{Kind: "service", Name: "containerd.service"}}
		return plan
	}
	return build(t, node(110)), build(t, node(250))
}

// A thousand hosts of a class that change alike are one change, said once.
func TestThousandHosts(t *testing.T) {
	report, err := diff.Between(thousand(t))
	if err != nil {
		t.Fatal(err)
	}
	want := `1000 workers: containerd.service restarts; maxPods 110 -> 250; no waiting for a turn, no reboot, no drain
  w[0001-1000]

Resources
  ~ containerd/install: file /etc/node on w[0001-1000]
      ~ maxPods: 110 -> 250
      > containerd.service restarts

--- containerd/install: file /etc/node
@@ -1,2 +1,2 @@
 name: w0001
-maxPods: 110
+maxPods: 250
`
	if d := cmp.Diff(want, report.Text(diff.DefaultLines)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func BenchmarkThousandHosts(b *testing.B) {
	old, new := thousand(b)
	for b.Loop() {
		if _, err := diff.Between(old, new); err != nil {
			b.Fatal(err)
		}
	}
}

// What is not a definition's: another sprayc's library, a file that some script may
// read, a script in no known form.
func TestFiles(t *testing.T) {
	old := build(t, sample.Plan(2))
	for _, c := range []struct{ name, path, data, want string }{
		{"a comment of the library", "lib/core.sh", "# another\nspray_step=''\n", ""},
		{"the library", "lib/core.sh", "# core\nspray_step='x'\n", `The shell library changes; no resource does.

Shell library
  ~ lib/core.sh

--- lib/core.sh
@@ -1,2 +1,2 @@
 # core
-spray_step=''
+spray_step='x'
`},
		{"run.sh", "run.sh", "#!/bin/sh\nexit 1\n", `The shell library changes; no resource does.

Shell library
  ~ run.sh

--- run.sh
@@ -1,2 +1,2 @@
 #!/bin/sh
-# run
+exit 1
`},
		{"an unnamed file", "steps/os/files/words.awk", "1\n", `Scripts of modules
  + steps/os/files/words.awk

--- steps/os/files/words.awk
@@ -0,0 +1,1 @@
+1
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := diff.Between(old, with(old, c.path, []byte(c.data)))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, report.Text(diff.DefaultLines)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
	_, err := diff.Between(old, with(old, "steps/containerd/install.sh", []byte("if (\n")))
	if err == nil || !strings.HasPrefix(err.Error(), "the new bundle: read steps/containerd/install.sh: ") {
		t.Errorf("a script that is no shell: %v", err)
	}
	_, err = diff.Between(with(old, "hosts/w0001.env", []byte("h_node=1; reboot\n")), old)
	if err == nil || !strings.HasPrefix(err.Error(), "the old bundle: read hosts/w0001.env: ") {
		t.Errorf("values that are none: %v", err)
	}
}

// Another version of sprayc is said when something differs, and is no difference.
func TestVersion(t *testing.T) {
	old, plan := build(t, sample.Plan(2)), sample.Plan(2)
	new := build(t, plan)
	new.Plan.Version = "9.9.9"
	report, err := diff.Between(old, new)
	if err != nil || !report.Empty() {
		t.Errorf("differs: %v, %v", report, err)
	}
	plan.Roles[1].MaxUnavailable = "2"
	new = build(t, plan)
	new.Plan.Version = "9.9.9"
	if report, err = diff.Between(old, new); err != nil {
		t.Fatal(err)
	}
	want := "sprayc " + old.Plan.Version + " -> 9.9.9\n\nCluster\n  ~ budget of worker: 10% down at once -> 2 down at once\n"
	if d := cmp.Diff(want, report.Text(diff.DefaultLines)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
