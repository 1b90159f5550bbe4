package modules_test

import (
	"path/filepath"
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
	for _, test := range []struct{ settings, control, worker, waits string }{
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
				if name, ours := strings.CutPrefix(use.Step, "kubernetes/"); ours {
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
