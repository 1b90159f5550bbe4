//go:build e2e

package clusters

import (
	"bufio"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// A budget that cannot be met stops an upgrade before anything is down. Then the program is killed each time that a step has ended which changed something,
// and run again: the cluster comes to the new version, and no host does anything twice.
func TestUpgradeKilled(t *testing.T) {
	newest, older := newestVersion(t), kubernetes.Older[0]
	w := newWorldOf(t, fleet.Options{Debian: 2, Kubernetes: []string{older, newest}}, "nftables", "")
	w.on(0, "run")
	w.works("cp1", "w1")
	w.sh("cp1", budgeted+` && kubectl patch poddisruptionbudget web --type merge --patch '{"spec":{"minAvailable":3}}'`)
	w.define("drain_timeout = 20")
	w.raise(older, newest)
	w.forUpgrade()
	before := w.processes()
	if said := w.on(1, "upgrade", "upgrade"); !strings.Contains(said, "default/web: 3 of its 3 pods are well, and 3 must be") {
		t.Errorf("it does not say which budget cannot be met:\n%s", said)
	}
	w.equal("processes after an upgrade that may not be", w.processes(), before)
	w.equal("nodes that take no pods", w.sh("cp1", "kubectl get nodes -o jsonpath='{.items[*].spec.unschedulable}'"), "")
	w.sh("cp1", "kubectl delete poddisruptionbudget web") // there is no other worker
	w.define("")
	w.forUpgrade()
	for _, host := range w.fleet.Names() {
		w.sh(host, "touch /run/before-the-upgrade")
	}

	ended := map[string]bool{}
	for {
		step := w.killedAfterStep(ended)
		if step == "" {
			break
		}
		t.Logf("killed after %s", step)
	}
	if len(ended) < 6 {
		t.Errorf("it was killed only after %v", ended)
	}
	w.runs(newest, "cp1", "w1")
	w.works("cp1", "w1")
	w.serves("w1")
	for _, host := range w.fleet.Names() {
		// What is about nodes is done once for each, by the control plane.
		twice := w.sh(host, `find /var/lib/sprayc/runs -name events -newer /run/before-the-upgrade -exec awk -F '\t' '$1 == "res" && $5 == "changed" { print $2, $3, $4 }' {} + | sort | uniq -c | awk '$1 > ($2 ~ /^kubernetes.(drain|uncordon)$/ ? 2 : 1)'`)
		if twice != "" {
			t.Errorf("on %s this was done more than once:\n%s", host, twice)
		}
		if w.sh(host, `find /var/lib/sprayc/runs -name events -newer /run/before-the-upgrade -exec grep -l 'kubelet.service.changed' {} +`) == "" {
			t.Errorf("the runs of %s do not say that its kubelet has changed", host)
		}
	}
	before = w.processes()
	w.on(0, "upgrade", "upgrade")
	w.on(0, "run")
	w.equal("processes after another upgrade", w.processes(), before)
}

// killedAfterStep runs the upgrade until a step of a host has ended that is not among those
// that have, and kills it then. It is nothing when the upgrade comes to its end.
func (w *world) killedAfterStep(ended map[string]bool) string {
	w.t.Helper()
	cmd := exec.Command(w.sprayc, "upgrade", "-F", w.fleet.SSHConfig(), "--events", "json", "upgrade")
	cmd.Dir = w.folder
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var event runner.Event
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			continue // the first line and the last are no events
		}
		step := event.Step + " of " + event.Host
		if event.Type != runner.StepEnds || event.Status != "changed" || ended[step] {
			continue
		}
		ended[step] = true
		if err := cmd.Process.Kill(); err != nil {
			w.t.Fatal(err)
		}
		cmd.Wait()
		return step
	}
	if err := cmd.Wait(); err != nil {
		w.t.Fatalf("the upgrade ended with %v after %v", err, ended)
	}
	return ""
}
