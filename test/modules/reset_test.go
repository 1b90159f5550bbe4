package modules_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// What pods leave on a host comes from the modules that bring them; data that nobody asks to
// go stay, and a worker has none.
func TestResetLeaves(t *testing.T) {
	sum := sha256.Sum256([]byte(manifestText))
	manifest := fmt.Sprintf("network \"manifest\" {\n  manifests = { net = { content = file(\"net.yaml\"), sha256 = %q } }\n  leaves = { %%s }\n}\n", hex.EncodeToString(sum[:]))
	for name, test := range map[string]struct {
		more, host string
		want       map[string]string
	}{
		"flannel, a cache and kube-vip": {"kubernetes \"kubernetes\" {}\nnetwork \"flannel\" { vni = 7 }\nnode_dns \"nodelocaldns\" {}\nendpoint \"kube-vip\" { address = \"10.0.0.9\" }\n", "cp1", map[string]string{
			"INTERFACES": "cni0 kube-ipvs0 flannel.7 flannel-v6.7 flannel-wg flannel-wg-v6 nodelocaldns", "ADDRESSES": "10.0.0.9", "CHAINS": "KUBE- CNI- FLANNEL-",
			"TABLES": "kube-proxy flannel-ipv4 flannel-ipv6", "RULES": "NodeLocal DNS Cache: ", "PROCESSES": "flanneld node-cache", "DATA": "/var/lib/etcd", "ASKED": "", "SUBNETS": "10.233.64.0/18",
		}},
		"a network of others": {"kubernetes \"kubernetes\" { reset_data = true }\n" + fmt.Sprintf(manifest, `interfaces = ["x0"], chains = ["X-"], rules = ["by x", "for x"], files = ["/opt/x"]`), "cp1", map[string]string{
			"INTERFACES": "cni0 kube-ipvs0 x0", "CHAINS": "KUBE- CNI- X-", "RULES": "by x\nfor x", "FILES": "/opt/x", "ASKED": "yes", "ADDRESSES": "",
		}},
		"no network, a worker": {"kubernetes \"kubernetes\" {}\nnetwork \"none\" {}\n", "worker1", map[string]string{"INTERFACES": "cni0 kube-ipvs0", "TABLES": "kube-proxy", "DATA": ""}},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "net.yaml"), manifestText)
		write(t, filepath.Join(dir, "cluster.hcl"), base+test.more)
		got := args(variant(t, forOperation(t, dir, "reset"), test.host, "kubernetes/reset"), "exec", "kubernetes")
		for key, want := range test.want {
			if got["env."+key] != want {
				t.Errorf("%s: %s is %q, not %q", name, key, got["env."+key], want)
			}
		}
	}
	for leaves, want := range map[string]string{
		`files = ["/opt/../etc"]`:  "invalid-value: files of leaves are absolute paths",
		`files = ["opt"]`:          "invalid-value: files of leaves are absolute paths",
		`interfaces = ["a b"]`:     "invalid-value: interfaces, chains, tables and processes of leaves are names",
		`chains = [""]`:            "invalid-value: interfaces, chains, tables and processes of leaves are names",
		`addresses = ["10.0.0.1"]`: "wrong-type",
	} {
		if _, diags := withNetwork(t, manifestText, "leaves = { "+leaves+" }"); !strings.HasPrefix(labels(diags), want) {
			t.Errorf("%s: got\n%s", leaves, labels(diags))
		}
	}
}
