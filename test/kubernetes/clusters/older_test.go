//go:build e2e

package clusters

import (
	"testing"

	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// The older minor versions: a first control plane and a worker that joins, and a second
// run that changes nothing.
func TestOlderVersions(t *testing.T) {
	for version, mode := range map[string]string{"1.34.10": "iptables", "1.35.8": "nftables"} {
		t.Run(version, func(t *testing.T) {
			w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1, Kubernetes: []string{version}}, mode, "")
			w.on(0, "run")
			w.works("cp1", "w1")
			if got, want := w.sh("cp1", `kubectl get nodes -o jsonpath='{range .items[*]}{.status.nodeInfo.kubeletVersion}{" "}{end}'`), "v"+version+" v"+version+" "; got != want {
				t.Errorf("the kubelets are %q, not %q", got, want)
			}
			w.serves("w1", "w1")
			w.again()
		})
	}
}
