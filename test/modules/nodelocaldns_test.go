package modules_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// With a cache on the nodes each kubelet tells pods its address; without one it is
// kubeadm's choice.
func TestKubeletAsksTheNodesCache(t *testing.T) {
	for block, want := range map[string]cty.Value{
		"":                           cty.NilVal,
		`node_dns "nodelocaldns" {}`: cty.TupleVal([]cty.Value{cty.StringVal("169.254.25.10")}),
		`node_dns "nodelocaldns" { address = "169.254.20.10" }`: cty.TupleVal([]cty.Value{cty.StringVal("169.254.20.10")}),
	} {
		kubelet := documents(t, must(t, base+block+"\nkubernetes \"kubernetes\" {}\n"), "worker1", "systemReserved")["KubeletConfiguration"]
		got := cty.NilVal
		if kubelet.Type().HasAttribute("clusterDNS") {
			got = kubelet.GetAttr("clusterDNS")
		}
		if got != cty.NilVal && want == cty.NilVal || want != cty.NilVal && !got.RawEquals(want) {
			t.Errorf("%s: clusterDNS is %#v", block, got)
		}
	}
}

func TestNodeLocalDNSRefuses(t *testing.T) {
	for block, want := range map[string]string{
		`address = "10.0.0.1"`:                                                         "stays on the node",
		`upstreams = ["dns.example.com"]`:                                              "upstreams are addresses",
		`zones = [{ names = ["a"], servers = [] }]`:                                    "has names and servers",
		`zones = [{ names = ["a {"], servers = ["10.0.0.1"] }]`:                        "are plain",
		`zones = [{ names = ["a"], servers = ["10.0.0.1"], rewrite = {"b" = "c }"} }]`: "are plain",
		`metrics_port = 0`:                                                             "from 1 to 65535",
	} {
		_, diags := compile(t, base+"kubernetes \"kubernetes\" {}\nnode_dns \"nodelocaldns\" { "+block+" }\n")
		if !strings.Contains(labels(diags), want) || len(diags) != 1 {
			t.Errorf("%s: got\n%s", block, labels(diags))
		}
	}
}
