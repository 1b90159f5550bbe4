//go:build e2e

package clusters

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Three control planes with stacked etcd and two workers, each node with a balancer of its
// own: founded among faults, changed while it runs, and without each of its control planes.
// Each part can be run alone.
func TestThreeControlPlanesAndTwoWorkers(t *testing.T) {
	w := newWorld(t, 3, 2, "nftables", "\nendpoint \"local\" {}\n")
	t.Run("founded among faults", w.founded)
	w.t = t
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1", "w2")

	t.Run("pods and Services", func(t *testing.T) {
		w.t = t
		w.serves("w1", "w2")
	})
	t.Run("a second run", func(t *testing.T) {
		w.t = t
		w.again()
	})
	t.Run("members of etcd", func(t *testing.T) {
		w.t = t
		members := w.sh("cp1", `kubectl -n kube-system exec etcd-cp1 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key member list | awk -F ', ' '{ print $2, $3, $4, $6 }' | sort`)
		want := "started cp1 https://10.77.0.11:2380 false\nstarted cp2 https://10.77.0.12:2380 false\nstarted cp3 https://10.77.0.13:2380 false\n"
		if diff := cmp.Diff(want, members); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("nothing is left of the joins", func(t *testing.T) {
		w.t = t
		w.nothingLeft()
	})
	t.Run("hosts blocks in another order", func(t *testing.T) {
		w.t = t
		w.reordered()
	})
	w.t = t
	t.Run("changed", w.changed)
	w.t = t
	t.Run("without", w.without)
}

// One host is everything; kube-proxy with iptables.
func TestAllInOne(t *testing.T) {
	w := newWorld(t, 1, 0, "iptables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	w.observed()
	w.works("cp1")
	w.serves("cp1")
	w.again()
}

// reordered builds the definition with its blocks the other way round: the same bundle.
func (w *world) reordered() {
	w.t.Helper()
	for _, name := range []string{"hosts.hcl", "cluster.hcl"} {
		text, err := os.ReadFile(filepath.Join(w.folder, name))
		if err != nil {
			w.t.Fatal(err)
		}
		blocks := strings.SplitAfter(string(text), "\n}\n")
		slices.Reverse(blocks)
		w.write(name, strings.Join(blocks, "\n"))
	}
	w.must(0, "build", "-o", "turned", "cluster.hcl", "hosts.hcl")
	diff, err := exec.Command("diff", "-r", filepath.Join(w.folder, "out"), filepath.Join(w.folder, "turned")).CombinedOutput()
	if err != nil {
		w.t.Errorf("another bundle: %v\n%s", err, diff)
	}
	w.change(nil)
}

// works: these are the nodes, and all are Ready; then the pods of the cluster's own, so that
// one that comes late does not look as if it was restarted.
func (w *world) works(nodes ...string) {
	w.t.Helper()
	got := w.sh(w.front, `kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}'`)
	if want := strings.Join(nodes, " True\n") + " True\n"; got != want {
		w.t.Fatalf("the nodes are:\n%s", got)
	}
	w.podsReady()
	w.on(0, "verify")
}

func (w *world) podsReady() {
	w.t.Helper()
	w.sh(w.front, "kubectl --cache-dir /run/sprayc/kubectl -n kube-system wait --for=condition=Ready pods --all --timeout=300s")
}

// serves: a pod on each of these nodes is reached by the name of its Service from the pod
// on the next.
func (w *world) serves(nodes ...string) {
	w.t.Helper()
	for _, node := range nodes {
		w.sh("cp1", fmt.Sprintf(`kubectl apply -f - <<'END'
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-%[1]s", "labels": {"app": "web-%[1]s"}},
  "spec": {"nodeName": "%[1]s", "containers": [{"name": "pod", "image": "registry.example.com/sprayc/pod:1"}]}}
---
{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web-%[1]s"},
  "spec": {"selector": {"app": "web-%[1]s"}, "ports": [{"port": 80, "targetPort": 8080}]}}
END
kubectl wait --for=condition=Ready pod/web-%[1]s --timeout=120s`, node))
	}
	for i, node := range nodes {
		next := nodes[(i+1)%len(nodes)]
		got := w.sh("cp1", fmt.Sprintf("n=0; until kubectl exec web-%s -- /pod get http://web-%s.default.svc.cluster.local/hostname 2>/dev/null; do n=$((n + 1)); [ $n -lt 120 ] || exit 1; sleep 0.5; done", node, next))
		if strings.TrimSpace(got) != "web-"+next {
			w.t.Errorf("from %s the Service of %s answers %q", node, next, got)
		}
	}
}

// again: a second run changes nothing and restarts nothing, and plan agrees.
func (w *world) again() {
	w.t.Helper()
	w.podsReady()
	before := w.processes()
	begun := time.Now()
	out := w.on(0, "run")
	w.t.Logf("the second run took %v", time.Since(begun).Round(10*time.Millisecond))
	n := len(w.fleet.Names())
	hosts := fmt.Sprintf("%d hosts: %d ok", n, n)
	if n == 1 {
		hosts = "1 host: 1 ok"
	}
	if !strings.Contains(out, hosts) {
		w.t.Errorf("the second run says:\n%s", out)
	}
	if diff := cmp.Diff(before, w.processes()); diff != "" {
		w.t.Errorf("the second run restarted something (-before +after):\n%s", diff)
	}
	w.on(0, "plan")
}
