//go:build e2e

package clusters

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// The older minor versions: a first control plane and a worker that joins, once of the RHEL
// family, and a second run that changes nothing.
func TestOlderVersions(t *testing.T) {
	for _, older := range []struct {
		version, mode, worker string
		hosts                 fleet.Options
	}{
		{kubernetes.Older[0], "nftables", "w1", fleet.Options{Debian: 2}},
		{kubernetes.Older[1], "iptables", "r1", fleet.Options{Debian: 1, Rocky: 1}},
	} {
		t.Run(older.version, func(t *testing.T) {
			older.hosts.Kubernetes = []string{older.version}
			w := newWorldOf(t, older.hosts, older.mode, "")
			w.on(0, "run")
			w.works("cp1", older.worker)
			if got, want := w.sh("cp1", `kubectl get nodes -o jsonpath='{range .items[*]}{.status.nodeInfo.kubeletVersion}{" "}{end}'`), strings.Repeat("v"+older.version+" ", 2); got != want {
				t.Errorf("the kubelets are %q, not %q", got, want)
			}
			w.serves("cp1", older.worker)
			w.again()
		})
	}
}
