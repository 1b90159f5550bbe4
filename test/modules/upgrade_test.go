package modules_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

// forOperation compiles a folder for an operation.
func forOperation(t *testing.T, dir, operation string) *ir.Plan {
	t.Helper()
	def, diags := lang.Load([]string{dir}, lang.Options{Operation: operation})
	lib, more := lang.LoadLibrary(stdlib.FS)
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	plan, diags := compiler.Compile(def, lib)
	if diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	return plan
}

// The order of an upgrade, on a control plane and on a worker, and what waits for others.
func TestUpgradeOrder(t *testing.T) {
	const system = "os \"os\" {\n  upgrade_packages = \"all\"\n  reboot = \"when-needed\"\n}\n"
	for _, test := range []struct{ settings, control, worker, waits string }{
		{"}\n" + system + "locals {", "versions budgets os/announce snapshot programs documents images mounted control-plane kube-proxy certificates certificate-list kube-proxy-runs cluster-status node-status host-due drain os/system os/restart host-back os/end kubelet-program kubelet ready uncordon settings",
			"versions os/announce programs documents certificate-list kube-proxy-runs node-status host-due drain os/system os/restart host-back os/end kubelet-program kubelet ready uncordon settings",
			"kube-proxy<control-plane kube-proxy-runs<kube-proxy drain<control-plane"},
		{"drain_timeout = 0\n}\n" + system + "locals {", "versions os/announce snapshot programs documents images mounted control-plane kube-proxy os/system os/restart certificates certificate-list kube-proxy-runs cluster-status node-status host-back os/end kubelet-program kubelet ready settings",
			"versions os/announce programs documents os/system os/restart certificate-list kube-proxy-runs node-status host-back os/end kubelet-program kubelet ready settings",
			"kube-proxy<control-plane kube-proxy-runs<kube-proxy kubelet-program<control-plane"},
		{"", "versions budgets snapshot programs documents images mounted control-plane kube-proxy certificates certificate-list kube-proxy-runs cluster-status node-status drain kubelet-program kubelet ready uncordon settings",
			"versions programs documents certificate-list kube-proxy-runs node-status drain kubelet-program kubelet ready uncordon settings",
			"kube-proxy<control-plane kube-proxy-runs<kube-proxy drain<control-plane"},
		{"drain_timeout = 0", "versions snapshot programs documents images mounted control-plane kube-proxy certificates certificate-list kube-proxy-runs cluster-status node-status kubelet-program kubelet ready settings",
			"versions programs documents certificate-list kube-proxy-runs node-status kubelet-program kubelet ready settings",
			"kube-proxy<control-plane kube-proxy-runs<kube-proxy kubelet-program<control-plane"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {\n  "+test.settings+"\n}\nnetwork \"flannel\" {}\n")
		plan := forOperation(t, dir, "upgrade")
		order := map[string][]string{}
		for _, class := range plan.Classes {
			for _, use := range class.Steps {
				if name, ours := strings.CutPrefix(use.Step, "kubernetes/"); ours || strings.HasPrefix(name, "os/") && !slices.Contains([]string{"os/packages", "os/kernel", "os/swap", "os/names"}, name) {
					order[class.Hosts[0]] = append(order[class.Hosts[0]], name)
				}
			}
		}
		var waits []string
		for _, step := range plan.Steps {
			for _, need := range step.Needs {
				if strings.HasPrefix(step.Name, "kubernetes/") && need.Gate == "runner" {
					waits = append(waits, strings.ReplaceAll(step.Name+"<"+need.Step, "kubernetes/", ""))
				}
			}
		}
		for what, pair := range map[string][2]string{
			"cp1":     {strings.Join(order["cp1"], " "), test.control},
			"worker1": {strings.Join(order["worker1"], " "), test.worker},
			"waits":   {strings.Join(waits, " "), test.waits},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s\n got %s\nwant %s", what, test.settings, pair[0], pair[1])
			}
		}
	}
}

// A step of one's own stands between two of the library's by after and before: while a node is
// drained, and before its kubelet is another; and after it takes pods again. It waits for no
// other host, also where not all that run the next step run it.
func TestUpgradeHooks(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "hooks/module.hcl"), `module { summary = "hooks" }
step "drained" {
  roles      = ["worker"]
  stage      = "finish"
  operations = ["upgrade"]
  after      = ["kubernetes/drain"]
  before     = ["kubernetes/kubelet-program"]
  directory "/srv/drained" {}
}
step "again" {
  roles      = ["worker"]
  stage      = "finish"
  operations = ["upgrade"]
  after      = ["kubernetes/uncordon"]
  directory "/srv/again" {}
}
`)
	write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {}\nnetwork \"flannel\" {}\nmodule \"./hooks\" {}\n")
	plan := forOperation(t, dir, "upgrade")
	order := map[string]int{}
	for i, step := range plan.Steps {
		order[step.Name] = i
		if step.Name == "kubernetes/kubelet-program" && len(step.Needs) > 0 {
			t.Errorf("it waits for %v", step.Needs)
		}
	}
	names := []string{"kubernetes/drain", "hooks/drained", "kubernetes/kubelet-program", "kubernetes/uncordon", "hooks/again"}
	for i, name := range names[1:] {
		if order[names[i]] >= order[name] {
			t.Errorf("%s does not come before %s", names[i], name)
		}
	}
	write(t, filepath.Join(dir, "hooks/module.hcl"), "module { summary = \"hooks\" }\nstep \"s\" {\n  roles = [\"worker\"]\n  stage = \"finish\"\n  before = [\"kubernetes/redy\"]\n  directory \"/srv\" {}\n}\n")
	_, diags := compileDir(t, dir)
	if got := labels(diags); !strings.Contains(got, `no step is named "kubernetes/redy"`) {
		t.Errorf("a name that is none: %s", got)
	}
}
