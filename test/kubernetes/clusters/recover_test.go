//go:build e2e

package clusters

import (
	"strings"
	"testing"
	"time"
)

// Two of three control planes are lost, and etcd's quorum with them: the cluster goes on from
// the third, with every object and the same authorities. Both come back as new ones. Then one
// is lost alone, and nothing that stays starts anew.
func TestRecover(t *testing.T) {
	w := newWorld(t, 3, 1, "nftables", "\nendpoint \"local\" {}\n")
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1")
	w.front = "cp3"
	w.sh("cp3", `i=0; while [ $i -lt 20 ]; do kubectl create configmap "kept-$i" --from-literal "i=$i" >/dev/null; i=$((i + 1)); done
kubectl create deployment web --image registry.example.com/sprayc/pod:1 --replicas 2 && kubectl rollout status deployment/web --timeout 300s`)
	w.quorumLost()
	w.comeBack()
	w.oneLost()
}

func (w *world) quorumLost() {
	t := w.t
	objects := w.sh("cp3", objectsOfAll)
	before := w.sh("cp3", authorities)
	w.unplug("cp1", "cp2")
	w.waits("cp3", "! kubectl --server https://"+w.address("cp3")+":6443 --request-timeout 3s get --raw /readyz >/dev/null 2>&1")
	w.change(map[string]string{"cp1": gone, "cp2": gone})
	w.must(0, "build", "--operation", "recover", "-o", "recover", "cluster.hcl", "hosts.hcl")
	if planned := w.on(2, "plan", "recover"); !strings.Contains(planned, "etcd has lost its quorum: the member here goes on alone, with its data") {
		t.Errorf("the plan does not say that a quorum is lost:\n%s", planned)
	}
	begun := time.Now()
	t.Logf("%s", w.on(0, "recover", "recover", "--accept", "real"))
	t.Logf("recovered in %v", time.Since(begun))
	w.stays("cp3 True w1 True", "cp3")
	if after := w.sh("cp3", authorities); after != before {
		t.Errorf("other authorities than before:\n%snot\n%s", after, before)
	}
	now := w.sh("cp3", objectsOfAll)
	for _, object := range strings.Fields(objects) {
		lost := object == "node/cp1" || object == "node/cp2" || strings.HasPrefix(object, "pod/")
		if !lost && !strings.Contains(now, object+"\n") {
			t.Errorf("%s is not there", object)
		}
	}
	w.sh("cp3", "ls /var/lib/etcd.kept-*/wal/*.wal && [ ! -e /var/lib/sprayc/recovering ] && ! grep -q force /etc/kubernetes/manifests/etcd.yaml && kubectl rollout status deployment/web --timeout 300s")
	started := w.sh("cp3", "pidof etcd kube-apiserver kubelet")
	w.on(0, "recover", "recover", "--accept", "real")
	w.on(0, "run")
	w.on(0, "plan")
	w.equal("processes of cp3 after another recovery", w.sh("cp3", "pidof etcd kube-apiserver kubelet"), started)
}

// comeBack brings those that were lost in anew, of which one has the data of before.
func (w *world) comeBack() {
	w.replug("cp1", "cp2")
	w.t.Logf("%s", w.on(0, "recover", "recover", "--accept", "real"))
	w.sh("cp1", "ls /var/lib/etcd.kept-*/member/wal/*.wal && [ ! -e /var/lib/etcd/member ]")
	w.change(map[string]string{"cp1": "", "cp2": ""})
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1")
	w.stays("cp1 True cp2 True cp3 True w1 True", "cp1 cp2 cp3")
}

func (w *world) oneLost() {
	w.unplug("cp2")
	w.waits("cp3", `[ "$(kubectl get node cp2 -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}')" = Unknown ]`)
	w.change(map[string]string{"cp2": gone})
	w.must(0, "build", "--operation", "recover", "-o", "recover", "cluster.hcl", "hosts.hcl")
	started := map[string]string{}
	for _, host := range []string{"cp1", "cp3"} {
		started[host] = w.sh(host, "pidof etcd kube-apiserver kubelet")
	}
	o := w.watch("w1")
	w.t.Logf("%s", w.on(0, "recover", "recover", "--accept", "real"))
	gap, _ := o.end()
	w.t.Logf("the longest time without an answer of the API: %v", gap)
	if gap > 10*time.Second {
		w.t.Errorf("no answer of the API for %v", gap)
	}
	w.stays("cp1 True cp3 True w1 True", "cp1 cp3")
	for host, pids := range started {
		w.equal("processes of "+host, w.sh(host, "pidof etcd kube-apiserver kubelet"), pids)
	}
	w.on(0, "run")
}
