//go:build e2e

package clusters

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// A cluster of the minor version before goes to the catalog's default: a run refuses that and
// changes nothing, an upgrade does it, once.
func TestUpgrade(t *testing.T) {
	newest := newestVersion(t)
	w := newWorldOf(t, fleet.Options{Debian: 2, Kubernetes: []string{kubernetes.Older[0], newest}}, "nftables", "")
	w.on(0, "run")
	w.upgraded(kubernetes.Older[0], newest, "cp1", "w1")
}

// The same from a patch level to the next, of the same sources: what changes is the version
// alone.
func TestPatchUpgrade(t *testing.T) {
	newest := newestVersion(t)
	older := before(t, newest)
	w := newWorldOf(t, fleet.Options{Debian: 2, Kubernetes: []string{older, newest}}, "nftables", "")
	w.on(0, "run")
	w.upgraded(older, newest, "cp1", "w1")
}

// Three control planes and two workers go through two minor versions, with a Deployment that has
// a disruption budget, and a client that asks the API all the while: through the endpoint no
// request fails for longer than ten seconds, never two control planes or two workers are away at
// once, and the Deployment has all the while as many pods as its budget wants. From the oldest
// to the newest at once is refused, with the way.
func TestUpgradeOfThreeControlPlanes(t *testing.T) {
	newest := newestVersion(t)
	oldest, older := kubernetes.Older[1], kubernetes.Older[0]
	// Images of three versions on five hosts are more than fits into the memory for them, and the
	// machine's disk is shared by all.
	w := newWorldOf(t, fleet.Options{Debian: 5, Servers: 3, Disk: true, Kubernetes: []string{oldest, older, newest}}, "nftables", "\nendpoint \"local\" {}\n")
	w.change(map[string]string{"kubelet": `evictionHard = { "memory.available" = "100Mi", "nodefs.available" = "1Gi", "imagefs.available" = "1Gi" }`})
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1", "w2")
	w.sh("cp1", budgeted)

	before := w.processes()
	w.raise(oldest, newest)
	w.forUpgrade()
	if said := w.on(1, "upgrade", "upgrade"); !strings.Contains(said, older) {
		t.Errorf("the way from %s to %s is not told:\n%s", oldest, newest, said)
	}
	w.equal("processes after an upgrade that may not be", w.processes(), before)
	w.raise(newest, oldest)
	w.minor(oldest, older)
	w.minor(older, newest)
	w.serves("w1", "w2")
}

// minor upgrades a cluster of three control planes under a client.
func (w *world) minor(older, newest string) {
	w.t.Helper()
	w.raise(older, newest)
	w.forUpgrade()
	if gap, refused := w.upgradesGently("w1"); gap > 10*time.Second {
		w.t.Errorf("no answer of the API for %v:\n%s", gap, strings.Join(refused, "\n"))
	}
	w.runs(newest, "cp1", "cp2", "cp3", "w1", "w2")
	w.works("cp1", "cp2", "cp3", "w1", "w2")
}

// upgradesGently upgrades under a client that asks through a host: no two workers and no two
// control planes are away at once, and budgeted has the pods that its budget wants. It returns the
// longest time without an answer of the API, and when there was none.
func (w *world) upgradesGently(host string) (gap time.Duration, refused []string) {
	w.t.Helper()
	t := w.t
	w.sh("cp1", "rm -f /run/upgraded /run/few")
	o := w.watch(host)
	// When it has another number of pods; and how all is when they are too few.
	available := w.meanwhile("cp1", `before=
	while ! [ -e /run/upgraded ]; do
		if now=$(kubectl get deployment web --output 'jsonpath={.status.availableReplicas}' 2>/dev/null) && [ "$now" != "$before" ]; then
			before=$now
			printf '%s %s\n' "$(date +%T)" "$now"
			case $now in
			2 | 3) ;;
			*) { date +%T; kubectl get nodes; kubectl get pods --output wide; kubectl get events; } >>/run/few 2>&1 ;;
			esac
		fi
		sleep 0.5
	done >/run/available`)
	said := w.on(0, "upgrade", "upgrade")
	w.sh("cp1", "touch /run/upgraded")
	available()
	gap, broken := o.end()
	t.Logf("the longest time without an answer of the API: %v; workers away, and how often seen: %v", gap, o.workers)
	for workers := range o.workers {
		if strings.Contains(workers, " ") {
			t.Errorf("workers were away together: %s", workers)
		}
	}
	if len(broken) > 0 {
		t.Errorf("control planes were down together: %v", broken)
	}
	times := w.sh("cp1", "cat /run/available")
	if few := w.sh("cp1", "cat /run/few 2>/dev/null || :"); few != "" {
		t.Errorf("the Deployment's budget wants 2 pods, and it had fewer:\n%s\nits pods:\n%s\nworkers away:\n%s\nthe upgrade:\n%s", few, times, strings.Join(o.away, "\n"), said)
	}
	return gap, o.refused
}

// budgeted is a Deployment on the workers, of which one pod may be away.
const budgeted = `kubectl apply -f - <<'END'
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
  "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [{"name": "pod", "image": "registry.example.com/sprayc/pod:1"}]}}}}
---
{"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}}}
END
kubectl rollout status deployment/web --timeout=300s`

// upgraded goes from a version to the next, on a first control plane and workers.
func (w *world) upgraded(older, newest string, nodes ...string) {
	w.t.Helper()
	w.works(nodes...)
	w.serves(nodes...)
	w.sh("cp1", "kubectl delete pod --all")

	before := w.processes()
	w.raise(older, newest)
	for _, command := range []string{"plan", "run"} {
		said := w.on(1, command)
		for _, part := range append([]string{older, newest, "sprayc build --operation upgrade", "sprayc upgrade"}, nodes...) {
			if !strings.Contains(said, part) {
				w.t.Errorf("%s does not say %q:\n%s", command, part, said)
			}
		}
	}
	if after := w.processes(); !maps.Equal(before, after) {
		w.t.Errorf("before the run that was refused %v, after it %v", before, after)
	}

	w.forUpgrade()
	w.t.Logf("%s", w.on(2, "plan", "upgrade"))
	w.t.Logf("%s", w.on(0, "upgrade", "upgrade"))
	w.runs(newest, nodes...)
	w.works(nodes...)
	w.serves(nodes...)
	w.sh("cp1", "test -s /var/lib/sprayc/snapshots/before-"+newest+".db")

	w.idles()
}

// idles: an upgrade, a run and a plan find nothing to do.
func (w *world) idles() {
	w.t.Helper()
	before, boots := w.processes(), w.boots()
	w.on(0, "upgrade", "upgrade")
	w.on(0, "run")
	w.on(0, "plan")
	w.equal("processes", w.processes(), before)
	w.equal("boots", w.boots(), boots)
}

// boots are the boot ids of all hosts, a line each.
func (w *world) boots() string {
	w.t.Helper()
	all := ""
	for _, host := range w.fleet.Names() {
		all += w.sh(host, "cat /proc/sys/kernel/random/boot_id")
	}
	return all
}

func newestVersion(t *testing.T) string {
	t.Helper()
	version, err := kubernetes.Default()
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// before is the patch level before a version.
func before(t *testing.T, version string) string {
	t.Helper()
	at := strings.LastIndexByte(version, '.') + 1
	patch, err := strconv.Atoi(version[at:])
	if err != nil || patch == 0 {
		t.Fatalf("there is no patch level before %s", version)
	}
	return version[:at] + strconv.Itoa(patch-1)
}

// raise builds the definition with another version.
func (w *world) raise(from, to string) {
	w.t.Helper()
	w.text = strings.Replace(w.text, `"`+from+`"`, `"`+to+`"`, 1)
	w.change(nil)
}

// forUpgrade builds the bundle of the operation beside the other.
func (w *world) forUpgrade() {
	w.t.Helper()
	w.must(0, "build", "--operation", "upgrade", "-o", "upgrade", "cluster.hcl", "hosts.hcl")
}

// runs checks the versions of the API servers and kubelets, and that the nodes take pods and
// bear no trace of having been drained.
func (w *world) runs(version string, nodes ...string) {
	w.t.Helper()
	for _, node := range nodes {
		got := w.sh("cp1", `kubectl get node `+node+` --output 'jsonpath={.status.nodeInfo.kubeletVersion} {.spec.unschedulable}{.metadata.annotations.sprayc/cordon}{.metadata.annotations.sprayc/drained}{.metadata.annotations.sprayc/os}'`)
		w.equal("node "+node, got, "v"+version+" ")
	}
	got := w.sh("cp1", `kubectl -n kube-system get pods -l tier=control-plane --output 'jsonpath={range .items[*]}{.spec.containers[0].image}{"\n"}{end}' | grep -v /etcd: | sed 's/.*://' | sort -u`)
	w.equal("images of the control plane", got, "v"+version+"\n")
	got = w.sh("cp1", `kubectl -n kube-system get daemonset kube-proxy --output 'jsonpath={.spec.template.spec.containers[0].image}' | sed 's/.*://'`)
	w.equal("image of kube-proxy", strings.TrimSpace(got), "v"+version)
	got = w.sh("cp1", `for s in $(kubectl get nodes -l node-role.kubernetes.io/control-plane --output 'jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}'); do kubectl --server "https://$s:6443" get --raw /version | sed -n 's/.*"gitVersion": "\(.*\)".*/\1/p'; done | sort -u`)
	w.equal("versions of the API servers", got, "v"+version+"\n")
}
