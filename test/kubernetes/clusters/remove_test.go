//go:build e2e

package clusters

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// From one control plane and one worker to three and two, to one of each, and back: the first
// control plane leaves, and one that is dead, and a worker that is. A client asks the API all the
// while, the Deployment is never without a pod, and the authorities stay those that there were.
func TestRemove(t *testing.T) {
	w := newWorld(t, 3, 2, "nftables", "\nendpoint \"local\" {}\n")
	w.alone("cp1", "w1")
	w.on(0, "run")
	w.works("cp1", "w1")
	w.sh("cp1", budgeted)
	w.change(nil)
	grown := w.watch("w1")
	w.on(0, "run")
	gap, _ := grown.end()
	t.Logf("from 1+1 to 3+2: the longest time without an answer of the API: %v", gap)
	w.works("cp1", "cp2", "cp3", "w1", "w2")
	available := w.meanwhile("cp3", `while ! [ -e /run/done ]; do kubectl get deployment web --output 'jsonpath={.status.availableReplicas}{"\n"}' 2>/dev/null; sleep 0.5; done | sort -n | uniq -c >/run/available`)
	w.front = "cp3"
	authorities := w.sh("cp3", "cd /etc/kubernetes/pki && sha256sum ca.crt front-proxy-ca.crt etcd/ca.crt sa.pub")

	// A worker that is only gone from the definition stays.
	w.alone("cp1", "cp2", "cp3", "w1")
	before := w.processes()
	if said := w.on(1, "run"); !strings.Contains(said, "w2") || !strings.Contains(said, "sprayc remove") {
		t.Errorf("a run of a definition without w2 says:\n%s", said)
	}
	w.equal("processes after it", w.processes(), before)
	w.change(nil)

	w.unplug("cp2", "w2")
	w.waits("cp3", `[ "$(kubectl get nodes cp2 w2 -o jsonpath='{.items[*].status.conditions[?(@.type=="Ready")].status}')" = 'Unknown Unknown' ]`)
	w.change(map[string]string{"cp1": gone, "cp2": gone, "w2": gone})
	w.must(0, "build", "--operation", "remove", "-o", "remove", "cluster.hcl", "hosts.hcl")
	planned := w.on(2, "plan", "remove")
	for _, part := range []string{"cp1", "cp2", "w2", "its pods are here, and it leaves the cluster", "at https://" + w.address("cp2") + ":2380", "the cluster has node w2"} {
		if !strings.Contains(planned, part) {
			t.Errorf("the plan does not say %q:\n%s", part, planned)
		}
	}
	w.stays("cp1 True cp2 Unknown cp3 True w1 True w2 Unknown", "cp1 cp2 cp3") // a plan changes nothing

	o := w.watch("w1")
	t.Logf("%s", w.on(0, "remove", "remove", "--accept", "real"))
	gap, _ = o.end()
	t.Logf("the longest time without an answer of the API: %v", gap)
	if gap > 10*time.Second {
		t.Errorf("no answer of the API for %v:\n%s", gap, strings.Join(o.refused, "\n"))
	}
	w.stays("cp3 True w1 True", "cp3")
	// The folder of etcd's data is a mount of the test hosts.
	if left := w.sh("cp1", "find /etc/kubernetes 2>/dev/null; find /var/lib/etcd -mindepth 1; pgrep -l 'kube|etcd|containerd' || :"); left != "" {
		t.Errorf("left on cp1:\n%s", left)
	}
	t.Logf("%s", w.on(0, "run")) // nobody knows the others' addresses any more
	w.sh("cp3", "kubectl rollout status deployment/web --timeout=120s")

	// Who was dead answers again: only now it can be cleaned.
	w.replug("cp2", "w2")
	t.Logf("%s", w.on(0, "remove", "remove", "--accept", "real"))
	w.stays("cp3 True w1 True", "cp3")
	w.on(0, "remove", "remove", "--accept", "real")

	w.change(map[string]string{"cp1": "", "cp2": "", "w2": ""})
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1", "w2")
	w.stays("cp1 True cp2 True cp3 True w1 True w2 True", "cp1 cp2 cp3")
	w.serves("w1", "w2")
	w.sh("cp3", "touch /run/done")
	available()
	pods := w.sh("cp3", "cat /run/available")
	t.Logf("how often the Deployment had so many pods:\n%s", pods)
	for line := range strings.Lines(pods) {
		if f := strings.Fields(line); len(f) != 2 || f[1] == "0" {
			t.Errorf("the Deployment was without a pod: %q", line)
		}
	}
	for _, host := range []string{"cp1", "cp2", "cp3"} {
		if got := w.sh(host, "cd /etc/kubernetes/pki && sha256sum ca.crt front-proxy-ca.crt etcd/ca.crt sa.pub"); got != authorities {
			t.Errorf("the authorities of %s are\n%s, and were\n%s", host, got, authorities)
		}
	}
}

// alone builds the definition of some hosts, as if there were no others.
func (w *world) alone(hosts ...string) {
	w.t.Helper()
	w.write("hosts.hcl", w.hostsHCL(hosts...))
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
}

// gone declares a host absent.
const gone = "state = \"absent\"\n  reason = \"it goes\""

// unplug takes hosts off the network, which is all that others see of one that is dead.
func (w *world) unplug(hosts ...string) {
	w.t.Helper()
	for _, host := range hosts {
		w.sh(host, "systemd-run --collect $(tr '\\0' ' ' </proc/$(pgrep -of sshd_config)/cmdline | sed 's/^sshd: //; s/ \\[listener\\].*//') -p 2222 && systemd-run --collect sh -c 'sleep 1; "+unplugged+"'")
	}
}

func (w *world) replug(hosts ...string) {
	w.t.Helper()
	for _, host := range hosts {
		ssh := exec.Command("ssh", "-F", w.fleet.SSHConfig(), "-p", "2222", host, replugged)
		if out, err := ssh.CombinedOutput(); err != nil {
			w.t.Fatalf("%s: %v\n%s", host, err, out)
		}
	}
}

// unplugged keeps all from a host and of it, but for the tests' own way there; replugged lets
// it again.
const (
	unplugged = `for chain in INPUT OUTPUT; do iptables -I $chain -s 10.77.0.0/24 -j DROP; iptables -I $chain -d 10.77.0.0/24 -j DROP; done
iptables -I INPUT -p tcp --dport 2222 -j ACCEPT; iptables -I OUTPUT -p tcp --sport 2222 -j ACCEPT; iptables -I INPUT -i lo -j ACCEPT; iptables -I OUTPUT -o lo -j ACCEPT`
	replugged = `iptables -D INPUT -p tcp --dport 2222 -j ACCEPT; iptables -D OUTPUT -p tcp --sport 2222 -j ACCEPT; iptables -D INPUT -i lo -j ACCEPT; iptables -D OUTPUT -o lo -j ACCEPT
for chain in INPUT OUTPUT; do iptables -D $chain -s 10.77.0.0/24 -j DROP; iptables -D $chain -d 10.77.0.0/24 -j DROP; done`
)

// stays: these are the nodes with their Ready conditions, and these have members of etcd.
func (w *world) stays(nodes, members string) {
	w.t.Helper()
	got := w.sh(w.front, `kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status} {end}'`)
	if strings.TrimSpace(got) != nodes {
		w.t.Errorf("the nodes are %s, not %s", got, nodes)
	}
	list := w.sh(w.front, `kubectl -n kube-system exec etcd-`+w.front+` -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key member list | awk -F ', ' '{ print $3 }' | sort | tr '\n' ' '`)
	if strings.TrimSpace(list) != members {
		w.t.Errorf("etcd's members are %s, not %s", list, members)
	}
}

// waits until a condition holds on a host.
func (w *world) waits(host, condition string) {
	w.t.Helper()
	w.sh(host, fmt.Sprintf("n=0; until %s; do n=$((n + 1)); [ $n -lt 240 ] || exit 1; sleep 0.5; done", condition))
}
