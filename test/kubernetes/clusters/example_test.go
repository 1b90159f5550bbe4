//go:build e2e

package clusters

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// The example of Kubernetes on a control plane and a worker of the RHEL family: what comes of
// it there is what audit has listed.
func TestExample(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 1, Rocky: 1}, "nftables", "\nendpoint \"external\" {}\n")
	w.define(w.example("../../../examples/kubernetes/cluster.hcl"))
	w.observed()
	w.works("cp1", "r1")
	w.again()
}

// example puts what an example says into the parts of the definition, and returns its settings
// of kubernetes. The cluster, its hosts and their sizes are those of the test.
func (w *world) example(path string) (settings string) {
	w.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	file, diags := hclwrite.ParseConfig(text, path, hcl.InitialPos)
	if diags.HasErrors() {
		w.t.Fatal(diags)
	}
	for _, block := range file.Body().Blocks() {
		body := block.Body()
		inside := func() string { return strings.TrimSpace(string(body.BuildTokens(nil).Bytes())) }
		switch name := strings.Join(append([]string{block.Type()}, block.Labels()...), " "); name {
		case "cluster prod", "ssh", "role control_plane", "role worker", "hosts cp[1-3]", "hosts worker[01-20]":
		case "endpoint external", "network flannel", "dns coredns": // the test's definition has them
			if inside() != "" {
				w.t.Errorf("%s says %s", name, inside())
			}
		case "hosts gpu[1-2]":
			for _, own := range []string{"roles", "address", "os", "arch"} {
				body.RemoveAttribute(own)
			}
			w.parts["r1"] = inside()
		case "kubernetes kubernetes":
			if mode := body.RemoveAttribute("kube_proxy_mode"); strings.TrimSpace(string(mode.Expr().BuildTokens(nil).Bytes())) != `"nftables"` {
				w.t.Error("kube-proxy has another mode than the test's")
			}
			settings = inside()
		case "etcd stacked":
			arguments := string(body.GetAttribute("extra_args").Expr().BuildTokens(nil).Bytes())
			w.parts["etcd"] = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(arguments), "{"), "}")
		default:
			w.t.Errorf("the test does not know %s", name)
		}
	}
	return settings
}
