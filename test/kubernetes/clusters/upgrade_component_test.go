//go:build e2e

package clusters

import (
	"maps"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// One component alone, with another raised in the definition too: etcd on its host goes to the
// next patch level and back, Kubernetes stays until it is its turn. A run does neither.
func TestUpgradeComponent(t *testing.T) {
	const older, newer = "3.6.8", "3.6.14"
	kube, newest := kubernetes.Older[0], newestVersion(t)
	w := newWorldOf(t, fleet.Options{Debian: 2, Kubernetes: []string{kube, newest}, More: []artifacts.Want{{Name: "etcd", Version: older}}}, "nftables", `
etcd "hosts" { version = "`+older+`" }
`)
	w.on(0, "run")
	w.works("cp1", "w1")
	w.serves("cp1", "w1")
	w.equal("etcd", w.etcd(), older)

	w.raise(kube, newest)
	w.raise(older, newer)
	before := w.processes()
	for _, command := range []string{"plan", "run"} {
		said := w.on(1, command)
		for _, part := range []string{older, newer, kube, newest, "sprayc upgrade etcd", "sprayc build --operation upgrade"} {
			if !strings.Contains(said, part) {
				t.Errorf("%s does not say %q:\n%s", command, part, said)
			}
		}
	}
	w.forUpgrade()
	if said := w.must(1, "upgrade", "ectd", "upgrade"); !strings.Contains(said, "did you mean etcd? there are etcd, kubernetes, network, runtime") {
		t.Errorf("what is no component is not refused:\n%s", said)
	}
	if said := w.on(2, "plan", "--component", "etcd", "upgrade"); strings.Contains(said, "/usr/local/bin/kube") || !strings.Contains(said, "/usr/local/bin/etcd") {
		t.Errorf("a plan for etcd:\n%s", said)
	}
	if after := w.processes(); !maps.Equal(before, after) {
		t.Errorf("before what was refused %v, after it %v", before, after)
	}

	said := w.on(0, "upgrade", "etcd", "upgrade")
	if left := "left: kubernetes " + kube + " to " + newest + "; sprayc upgrade kubernetes"; !strings.Contains(said, left) {
		t.Errorf("it does not say %q:\n%s", left, said)
	}
	t.Logf("%s", said)
	w.equal("etcd", w.etcd(), newer)
	w.runs(kube, "cp1", "w1")
	w.serves("cp1", "w1")
	w.sh("cp1", "test -s /var/lib/sprayc/snapshots/before-"+newest+"-etcd-"+newer+".db")
	w.others(before)

	// Back to the patch level from before; further is refused.
	before = w.processes()
	w.raise(newer, older)
	w.forUpgrade()
	if said := w.on(1, "run"); !strings.Contains(said, "sprayc upgrade etcd") {
		t.Errorf("a run goes back:\n%s", said)
	}
	w.on(0, "upgrade", "etcd", "upgrade")
	w.equal("etcd", w.etcd(), older)
	w.serves("cp1", "w1")
	w.others(before)

	// Now Kubernetes alone, and then nothing is left to do.
	w.sh("cp1", "kubectl delete pod --all")
	w.on(0, "upgrade", "kubernetes", "upgrade")
	w.runs(newest, "cp1", "w1")
	w.equal("etcd", w.etcd(), older)
	w.works("cp1", "w1")
	before = w.processes()
	w.on(0, "upgrade", "upgrade")
	w.on(0, "run")
	w.on(0, "plan")
	if after := w.processes(); !maps.Equal(before, after) {
		t.Errorf("after the upgrades %v, after another and a run %v", before, after)
	}
}

// etcd is the version that the member on cp1 tells.
func (w *world) etcd() string {
	w.t.Helper()
	return strings.TrimSpace(w.sh("cp1", `curl -sS --cacert /etc/etcd/pki/ca.crt --cert /etc/etcd/pki/client.crt --key /etc/etcd/pki/client.key https://127.0.0.1:2379/version | sed 's/.*"etcdserver":"\([^"]*\)".*/\1/'`))
}

// others checks that only etcd is another process than before. What asks the API may have
// ended with it.
func (w *world) others(before map[string]string) {
	w.t.Helper()
	only := func(all map[string]string) map[string]string {
		kept := map[string]string{}
		for host, text := range all {
			for line := range strings.Lines(text) {
				if name, _, _ := strings.Cut(line, " "); name == "kubelet" || name == "containerd" {
					kept[host] += line
				}
			}
		}
		return kept
	}
	if before, after := only(before), only(w.processes()); !maps.Equal(before, after) {
		w.t.Errorf("kubelets and runtimes: before %v, after %v", before, after)
	}
}
