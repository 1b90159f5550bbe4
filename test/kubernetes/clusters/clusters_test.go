//go:build e2e

package clusters

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Three control planes with stacked etcd and two workers. The first run is killed in the
// middle of kubeadm init; the next makes one cluster of it, with the same CA.
func TestThreeControlPlanesAndTwoWorkers(t *testing.T) {
	w := newWorld(t, 3, 2, "nftables", "")

	t.Run("killed in the middle of init", func(t *testing.T) {
		w.t = t
		killed := make(chan error, 1)
		go func() {
			_, err := w.try("cp1", "until grep -qs 'kubeadm init phase control-plane' /var/lib/sprayc/runs/*/events; do sleep 0.02; done; pkill -9 -f run[.]sh; pkill -9 kubeadm; rm -f /var/lib/sprayc/runs/*/events")
			killed <- err
		}()
		w.on(1, "run")
		if err := <-killed; err != nil {
			t.Fatal(err)
		}
		ca := w.sh("cp1", "cat /etc/kubernetes/pki/ca.crt")
		w.on(0, "run")
		for _, host := range w.fleet.Names() {
			if w.sh(host, "cat /etc/kubernetes/pki/ca.crt") != ca {
				t.Errorf("%s has another CA", host)
			}
		}
	})

	w.t = t
	w.works("cp1", "cp2", "cp3", "w1", "w2")
	w.serves("w1", "w2")
	w.again()

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

	t.Run("changed flags reach the processes", func(t *testing.T) {
		w.t = t
		w.define(`
  api_server         = { cert_sans = ["other.example.com"], extra_args = { "event-ttl" = "2h0m0s" } }
  controller_manager = { extra_args = { "terminated-pod-gc-threshold" = "50" } }
  scheduler          = { extra_args = { "profiling" = "false" } }
  kubelet            = { maxPods = 99 }
`)
		w.on(2, "plan")
		w.on(0, "run")
		for _, host := range []string{"cp1", "cp2", "cp3"} {
			for process, flag := range map[string]string{"kube-apiserver": "--event-ttl=2h0m0s", "kube-controller-manager": "--terminated-pod-gc-threshold=50", "kube-scheduler": "--profiling=false"} {
				w.sh(host, fmt.Sprintf(`for p in /proc/[0-9]*; do tr '\0' '\n' <"$p/cmdline" 2>/dev/null | awk 'NR == 1 && $0 != "%s" { exit } $0 == "%s" { print "has it" }'; done | grep -q 'has it'`, process, flag))
			}
			w.sh(host, "curl --silent --fail --cacert /etc/kubernetes/pki/ca.crt --resolve other.example.com:6443:$(getent hosts "+host+" | awk '{ print $1; exit }') https://other.example.com:6443/readyz")
		}
		want := strings.Repeat("99\n", 5)
		if got := w.sh("cp1", `kubectl get nodes -o jsonpath='{range .items[*]}{.status.capacity.pods}{"\n"}{end}'`); got != want {
			t.Errorf("the nodes take so many pods:\n%s", got)
		}
		w.on(0, "plan")
		w.on(0, "verify")
	})
}

// One host is everything; kube-proxy with iptables.
func TestAllInOne(t *testing.T) {
	w := newWorld(t, 1, 0, "iptables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	w.on(0, "run")
	w.works("cp1")
	w.serves("cp1")
	w.again()
}

// works: these are the nodes, and all are Ready.
func (w *world) works(nodes ...string) {
	w.t.Helper()
	got := w.sh("cp1", `kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}'`)
	if want := strings.Join(nodes, " True\n") + " True\n"; got != want {
		w.t.Fatalf("the nodes are:\n%s", got)
	}
	w.on(0, "verify")
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
	before := w.processes()
	out := w.on(0, "run")
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
