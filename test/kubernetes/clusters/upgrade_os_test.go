//go:build e2e

package clusters

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/hosts/packages"
)

// A new version of a package asks for a restart on both workers: they are drained, upgraded,
// restarted and taken back one after the other, and the control plane, where nothing is due, goes
// on. Then the control plane is restarted alone.
func TestUpgradeOS(t *testing.T) {
	files, err := packages.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, fleet.Options{Debian: 3, Files: files}, "nftables", "")
	w.change(map[string]string{"os": w.parts["os"] + "\n  upgrade_packages = \"all\"\n  reboot = \"when-needed\""})
	w.on(0, "run")
	w.works("cp1", "w1", "w2")
	w.sh("cp1", budgeted)
	for _, host := range []string{"w1", "w2"} {
		w.sh(host, packages.Debian+" && apt-get -qq -y install greeting=1.0 kept=1.0 && apt-mark hold kept")
	}
	processes, before := w.processes(), strings.Fields(w.boots())
	w.on(0, "run") // which never upgrades
	w.equal("processes after a run", w.processes(), processes)

	w.forUpgrade()
	plan := w.on(2, "plan", "upgrade")
	for _, part := range []string{"greeting 1.0 to 2.0 (on w1, w2)", "may reboot the host"} {
		if !strings.Contains(plan, part) {
			t.Errorf("the plan does not say %q:\n%s", part, plan)
		}
	}
	w.upgradesGently("cp1")
	w.runs(newestVersion(t), "cp1", "w1", "w2")
	w.works("cp1", "w1", "w2")
	w.serves("w1", "w2")
	for _, host := range []string{"w1", "w2"} {
		got := w.sh(host, "dpkg-query -W -f '${Package} ${Version} ' greeting kept; test -e /run/reboot-required || echo restarted")
		w.equal("packages of "+host, got, "greeting 2.0 kept 1.0 restarted\n")
	}
	after := strings.Fields(w.boots())
	if after[0] != before[0] || after[1] == before[1] || after[2] == before[2] {
		t.Errorf("boots of cp1, w1 and w2: before %v, after %v", before, after)
	}
	w.equal("processes of cp1", w.processes()["cp1"], processes["cp1"])
	w.idles()

	w.sh("cp1", "touch /run/reboot-required")
	w.on(0, "upgrade", "upgrade")
	w.runs(newestVersion(t), "cp1", "w1", "w2")
	w.works("cp1", "w1", "w2")
	w.serves("w1", "w2")
	last := strings.Fields(w.boots())
	if last[0] == after[0] || last[1] != after[1] || last[2] != after[2] {
		t.Errorf("boots of cp1, w1 and w2: before %v, after %v", after, last)
	}
	w.idles()
}
