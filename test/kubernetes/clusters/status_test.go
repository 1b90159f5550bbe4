//go:build e2e

package clusters

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// One control plane and a worker: all is well; then a node that takes no pods, a kubelet that
// is stopped, a worker that is away, and a control plane whose processes are gone are each told
// of, with what to do, and are the status. Nothing is changed by it.
func TestStatus(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1}, "nftables", "\nendpoint \"local\" {}\n")
	w.on(0, "run")
	w.works("cp1", "w1")
	ready := func() {
		w.t.Helper()
		w.sh("cp1", "n=0; until kubectl --request-timeout 5s wait --for=condition=Ready node --all --timeout=5s && kubectl -n kube-system wait --for=condition=Ready pods --all --timeout=5s; do n=$((n + 1)); [ $n -lt 60 ] || exit 1; sleep 1; done")
	}
	ready()
	processes := w.processes()
	text := w.on(0, "status")
	t.Logf("well:\n%s", text)
	for _, row := range []string{"host          cp1, w1  reachable\n", "API server    cp1      ok\n", "node          cp1, w1  Ready, v", "etcd member   cp1      https://10.77.0.11:2380, leader, ", "kubelet       cp1, w1  active\n",
		"endpoint      cp1, w1  ok\n", "Services      cp1, w1  ok\n", "CoreDNS       cp1      ok\n", "DNS           cp1, w1  ok\n", "network       cp1, w1  ok\n", "drift         cp1, w1  nothing differs from the bundle\n",
		"certificates  cp1      ", "\nreal: 2 of 2 hosts answer; all is well\n"} {
		if !strings.Contains(text, row) {
			t.Errorf("there is no %q", row)
		}
	}
	// CoreDNS may have both its pods on one host, and the other then none to ask from.
	if !regexp.MustCompile(`pod to pod {4}(cp1, w1  reached|cp1 +no pod of [^\n]*\n +w1 +reached|cp1 +reached\n +w1 +no pod of [^\n]*)\n`).MatchString(text) {
		t.Errorf("pods are not told to reach each other")
	}
	if now := w.processes(); now["cp1"] != processes["cp1"] || now["w1"] != processes["w1"] {
		t.Errorf("other processes run than before:\n%s\n%s", now["cp1"], now["w1"])
	}
	w.on(0, "plan")

	says := func(name string, code int, lines ...string) string {
		w.t.Helper()
		text := w.on(code, "status")
		t.Logf("%s:\n%s", name, text)
		for _, line := range lines {
			if !strings.Contains("\n"+text, "\n"+line) {
				t.Errorf("%s: there is no %q", name, line)
			}
		}
		return text
	}
	w.sh("cp1", "kubectl cordon w1")
	says("cordoned", 3, "warn  node of w1: Ready, v", "      fix: when it may take pods again: kubectl uncordon\n")
	w.sh("cp1", "kubectl uncordon w1")

	w.sh("w1", "systemctl stop kubelet")
	says("no kubelet", 1, "bad   kubelet of w1: kubelet.service is inactive\n", "bad   drift of w1: ")
	w.sh("cp1", "n=0; while kubectl get node w1 | grep -q ' Ready '; do n=$((n + 1)); [ $n -lt 120 ] || exit 1; sleep 1; done")
	says("no kubelet for long", 1, "bad   node of w1: NotReady since ", "bad   kubelet of w1: kubelet.service is inactive\n")
	w.sh("w1", "systemctl start kubelet")
	ready()

	w.sh("cp1", halted)
	says("no control plane", 1, "bad   API server of cp1: the API server does not answer at 10.77.0.11:6443\n", "bad   etcd member of cp1: it does not answer at https://127.0.0.1:2379: ", "bad   kubelet of cp1: kubelet.service is inactive\n",
		"bad   endpoint of cp1, w1: nothing answers at https://")
	var report struct {
		Code  int `json:"exit_code"`
		Lines []struct{ What, Host, Status string }
	}
	if err := json.Unmarshal([]byte(w.on(1, "status", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.Code != 1 || !slices.Contains(report.Lines, struct{ What, Host, Status string }{"kubelet", "w1", "ok"}) {
		t.Errorf("as JSON: %+v", report)
	}
	w.sh("cp1", resumed)
	ready()
	for _, host := range w.fleet.Names() { // a Service goes on to a pod that has ended for a moment
		w.sh(host, "n=0; until curl --silent --fail --max-time 2 --output /dev/null http://10.96.0.10:9153/metrics; do n=$((n + 1)); [ $n -lt 60 ] || exit 1; sleep 1; done")
	}
	w.on(0, "status")
}
