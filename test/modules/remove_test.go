package modules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

// gone is a block that declares a host absent.
func gone(host string) string {
	return "host \"" + host + "\" {\n  state  = \"absent\"\n  reason = \"sold\"\n}\n"
}

func departure(t *testing.T, operation, text string) (*ir.Plan, diag.List) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "cluster.hcl"), text)
	def, diags := lang.Load([]string{dir}, lang.Options{Operation: operation})
	lib, more := lang.LoadLibrary(stdlib.FS)
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	return compiler.Compile(def, lib)
}

const external = `
hosts "etcd[1-3]" {
  roles   = ["etcd"]
  address = cidrhost("10.0.2.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
}
etcd "hosts" {
  events = true
}
`

// What is done about a host that leaves, and nothing is done on hosts that stay.
func TestRemoveOrder(t *testing.T) {
	three := strings.NewReplacer(`hosts "cp1"`, `hosts "cp[1-4]"`, `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`).Replace(base)
	etcd := strings.Replace(base, `["control_plane", "etcd"]`, `["control_plane"]`, 1) + strings.Replace(external, "[1-3]", "[1-4]", 1)
	for _, test := range []struct{ name, text, host, want string }{
		{"a control plane", three + gone("cp1") + "kubernetes \"kubernetes\" {}\n", "cp1", "kubernetes/leave kubernetes/forget"},
		{"a worker", base + gone("worker2") + "kubernetes \"kubernetes\" {}\n", "worker2", "kubernetes/leave kubernetes/forget"},
		{"a host of etcd", etcd + gone("etcd1") + "kubernetes \"kubernetes\" {}\n", "etcd1", "etcd-hosts/leave"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, diags := departure(t, "remove", test.text)
			if diags.HasErrors() {
				t.Fatal(labels(diags))
			}
			about := map[string]bool{}
			for _, step := range plan.Steps {
				about[step.Name] = step.About
			}
			for _, class := range plan.Classes {
				var steps []string
				for _, use := range class.Steps {
					if about[use.Step] {
						steps = append(steps, use.Step)
					}
				}
				want := ""
				if class.Hosts[0] == test.host {
					want = test.want
				}
				if got := strings.Join(steps, " "); got != want {
					t.Errorf("%s: got %q, want %q", class.Hosts, got, want)
				}
			}
		})
	}
}

// Who takes nobody out, or everybody, is told so when it is compiled.
func TestRemoveRefused(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nobody leaves", base, `no host leaves: write state = "absent" in the host block of each that is to, with a reason`},
		{"all control planes leave", strings.Replace(base, `["control_plane", "etcd"]`, `["control_plane"]`, 1) + external + gone("cp1"),
			"no control plane would be left: sprayc reset takes a whole cluster away"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, diags := departure(t, "remove", test.text+"kubernetes \"kubernetes\" {}\n"); !strings.Contains(labels(diags), test.want) {
				t.Errorf("got %s", labels(diags))
			}
		})
	}
}

// etcd's quorum comes first, on hosts that stay; then the API servers, and then what is done
// about the hosts that are lost.
func TestRecoverOrder(t *testing.T) {
	stacked := strings.NewReplacer(`hosts "cp1"`, `hosts "cp[1-3]"`, `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`).Replace(base)
	elsewhere := strings.Replace(base, `["control_plane", "etcd"]`, `["control_plane"]`, 1) + external
	for _, test := range []struct {
		name, text string
		steps      map[string]string
		waits      []string
	}{
		{"a quorum on control planes", stacked + gone("cp1") + gone("cp2"),
			map[string]string{"cp3": "kubernetes/quorum kubernetes/serves", "cp1": "kubernetes/leave kubernetes/reset kubernetes/forget", "worker1": ""},
			[]string{"kubernetes/serves<kubernetes/quorum", "kubernetes/leave<kubernetes/serves"}},
		{"one of three", stacked + gone("cp2"),
			map[string]string{"cp1": "kubernetes/quorum kubernetes/serves", "cp2": "kubernetes/leave kubernetes/reset kubernetes/forget"},
			[]string{"kubernetes/leave<kubernetes/serves"}},
		{"a quorum on hosts of its own", elsewhere + gone("etcd1") + gone("etcd3"),
			map[string]string{"cp1": "kubernetes/serves", "etcd2": "etcd-hosts/quorum", "etcd3": "etcd-hosts/leave etcd-hosts/reset"},
			[]string{"kubernetes/serves<etcd-hosts/quorum", "etcd-hosts/leave<etcd-hosts/quorum"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, diags := departure(t, "recover", test.text+"kubernetes \"kubernetes\" {}\n")
			if diags.HasErrors() {
				t.Fatal(labels(diags))
			}
			got := map[string]string{}
			for _, class := range plan.Classes {
				var steps []string
				for _, use := range class.Steps {
					if strings.HasPrefix(use.Step, "kubernetes/") || strings.HasPrefix(use.Step, "etcd-hosts/") {
						steps = append(steps, use.Step)
					}
				}
				for _, host := range class.Hosts {
					got[host] = strings.Join(steps, " ")
				}
			}
			for host, want := range test.steps {
				if got[host] != want {
					t.Errorf("%s: got %q, want %q", host, got[host], want)
				}
			}
			waits := map[string]bool{}
			for _, step := range plan.Steps {
				for _, need := range step.Needs {
					if need.Gate == "runner" {
						waits[step.Name+"<"+need.Step] = true
					}
				}
			}
			for _, want := range test.waits {
				if !waits[want] {
					t.Errorf("%s is not waited for; there are %v", want, waits)
				}
			}
		})
	}
}
