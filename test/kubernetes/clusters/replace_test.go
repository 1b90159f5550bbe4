//go:build e2e

package clusters

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// From one control plane and one worker to three of each, every machine replaced by a bare one,
// one after another and the first one first, and back to one of each. The control planes' names
// and addresses begin alike: cp2 at .2, cp21 at .21, cp22 at .22, and only the one that is named
// goes. A Deployment keeps its pods, a client its answers, and the cluster its authorities.
func TestReplaceEveryMachine(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 6, Servers: 3, Numbers: []int{2, 21, 22}}, "nftables", "\nendpoint \"local\" {}\n")
	servers, workers := []string{"cp2", "cp21", "cp22"}, []string{"w1", "w2", "w3"}
	all := slices.Concat(servers, workers)
	w.alone("cp2", "w1")
	w.on(0, "run")
	w.works("cp2", "w1")
	w.sh("cp2", budgeted)
	const listed = "cd /etc/kubernetes/pki && sha256sum ca.crt front-proxy-ca.crt etcd/ca.crt sa.pub"
	authorities := w.sh("cp2", listed)
	w.change(nil)
	w.on(0, "run")
	w.works(all...)

	for i, host := range all {
		o := w.watch(workers[(i+1)%len(workers)]) // another than the one that goes
		w.front = servers[(i+1)%len(servers)]
		w.leave(host)
		w.stays(nodesReady(without(all, host)), strings.Join(without(servers, host), " "))
		w.change(map[string]string{host: ""})
		w.on(0, "run")
		w.stays(nodesReady(all), strings.Join(servers, " "))
		gap, broken := o.end()
		t.Logf("%s replaced: the longest time without an answer of the API: %v", host, gap)
		if gap > 10*time.Second || len(broken) > 0 {
			t.Errorf("%s replaced: no answer of the API for %v, control planes down together: %v\n%s", host, gap, broken, strings.Join(o.refused, "\n"))
		}
		w.sh(w.front, "kubectl rollout status deployment/web --timeout=120s")
	}
	w.works(all...)

	w.front = "cp22"
	w.leave("cp2", "cp21", "w1", "w2")
	w.stays("cp22 True w3 True", "cp22")
	w.on(0, "run")
	w.works("cp22", "w3")
	w.sh("cp22", "kubectl rollout status deployment/web --timeout=120s")
	w.equal("the authorities", w.sh("cp22", listed), authorities)
}

// leave removes hosts, and asks all the while how many pods the Deployment has.
func (w *world) leave(hosts ...string) {
	w.t.Helper()
	absent := map[string]string{}
	for _, host := range hosts {
		absent[host] = gone
	}
	w.change(absent)
	w.must(0, "build", "--operation", "remove", "-o", "remove", "cluster.hcl", "hosts.hcl")
	w.sh(w.front, "rm -f /run/left")
	available := w.meanwhile(w.front, `until [ -e /run/left ]; do kubectl get deployment web --output 'jsonpath={.status.availableReplicas}{"\n"}' 2>/dev/null; sleep 0.5; done | sort -n | uniq -c >/run/available`)
	w.on(0, "remove", "remove", "--accept", "real")
	w.sh(w.front, "touch /run/left")
	available()
	pods := map[string]bool{}
	for line := range strings.Lines(w.sh(w.front, "cat /run/available")) {
		pods[strings.Fields(line + " 0")[1]] = true
	}
	if pods["0"] || pods["1"] || len(pods) == 0 {
		w.t.Errorf("while %v left the Deployment had these numbers of pods: %v", hosts, slices.Sorted(maps.Keys(pods)))
	}
}

func without(all []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return name == one })
}

// nodesReady are these, Ready, as stays has them.
func nodesReady(names []string) string { return strings.Join(names, " True ") + " True" }
