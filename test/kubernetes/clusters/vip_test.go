//go:build e2e

package clusters

import (
	"strings"
	"testing"
)

// Control planes behind an address that moves, and a DNS cache on each node. kube-vip and
// the cache's program are stand-ins (test/hosts/images): they show that the address is
// there when kubeadm asks at it, with the rights that the pod's file has by then, and that
// pods ask the cache, which is a real CoreDNS with the module's Corefile.
func TestKubeVIP(t *testing.T) {
	w := newWorld(t, 3, 1, "nftables", "")
	w.text = strings.Replace(w.text, "api.real.example.com:6443", "10.77.0.9:6443", 1) + "\nendpoint \"kube-vip\" {\n  interface = \"eth0\"\n  lease_duration = 60\n  renew_deadline = 30\n}\nnode_dns \"nodelocaldns\" {}\n"
	w.define("")
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1")
	w.serves("w1")
	if got := w.sh("cp1", "kubectl exec web-w1 -- cat /etc/resolv.conf"); !strings.HasPrefix(got, "search default.svc.cluster.local ") || !strings.Contains(got, "\nnameserver 169.254.25.10\n") {
		t.Errorf("pods have\n%s", got)
	}
	w.again()

	// The address moves when its holder is gone; the API answers there.
	holder := ""
	for _, host := range []string{"cp1", "cp2", "cp3"} {
		if strings.Contains(w.sh(host, "ip -o address show dev eth0"), " 10.77.0.9/32 ") {
			if holder != "" {
				t.Errorf("both %s and %s have the address", holder, host)
			}
			holder = host
		}
	}
	if holder == "" {
		t.Fatal("nobody has the address")
	}
	w.sh(holder, "systemctl stop kubelet.service && for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = kube-vip ]; then kill ${p#/proc/}; fi; done")
	w.sh("w1", "n=0; until curl --silent --insecure --max-time 5 https://10.77.0.9:6443/readyz | grep -qx ok; do n=$((n + 1)); [ $n -lt 300 ] || exit 1; sleep 1; done")
	if strings.Contains(w.sh(holder, "ip -o address show dev eth0"), " 10.77.0.9/32 ") {
		t.Errorf("%s still has the address", holder)
	}
	w.sh(holder, "systemctl start kubelet.service")
	w.works("cp1", "cp2", "cp3", "w1")
}
