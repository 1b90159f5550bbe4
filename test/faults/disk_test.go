//go:build e2e

package faults

import (
	"os/exec"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// A full disk is said to be one, wherever it is met, and stops nobody else; once
// there is room the next run completes.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	h := w.hosts["w1"]
	const (
		small = "mount -t tmpfs -o mode=$(stat -c %a $d),size="
		fill  = `; cat /dev/zero >"$d"/.filler 2>/dev/null || :; rm -f /srv/hold`
		// What is on the small disk goes to the one below it.
		grow = `; rm -f "$d"/.filler; cp -a "$d" /run/kept; umount "$d"; cp -a /run/kept/. "$d"; rm -r /run/kept`
	)
	for _, test := range []struct {
		name   string
		before string // makes a small disk
		moment
		during string // fills it
		after  string // makes room again
		want   string
	}{
		{"for the bundle", "d=/var/lib/sprayc; " + small + "100k tmpfs $d", nth(1), ":", "d=/var/lib/sprayc" + grow,
			"w1 failed: the bundle did not arrive whole: tar: FILE: Cannot write: No space left on device; left: site/files site/work site/serve site/join"},
		{"for a file", "d=/srv; " + small + "100k tmpfs $d", nth(1), ":", "d=/srv" + grow,
			"w1 failed: site/files: file /srv/app/data: cannot write /srv/app/data: is the disk full? (what was there is still there); left: site/files site/work site/serve site/join"},
		{"for what a run writes", "d=/var/lib/sprayc; " + small + "1m tmpfs $d; : >/srv/hold", on("w1", runner.StepBegins, "site/work"), "d=/var/lib/sprayc" + fill, "d=/var/lib/sprayc" + grow,
			"w1 failed: site/work: exec work: its probe: cannot write /var/lib/sprayc/runs/RUN/verdicts: is the disk full?; left: site/work site/serve site/join"},
		{"for an act", "d=/srv; " + small + "1m tmpfs $d; : >/srv/hold", on("w1", runner.StepBegins, "site/work"), "d=/srv" + fill, "d=/srv" + grow,
			"w1 failed: site/work: exec work: its act ended with exit status 1; the log says more; left: site/work site/serve site/join"},
		{"for a value", ":", on("w1", runner.Phase, runner.PhaseWaiting), "d=/run" + fill, "rm /run/.filler",
			"w1 failed: run.sh did not run to its end: sprayc: cannot write /run/sprayc/lock: is the disk full?; left: site/join"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.t = t
			w.restore("bare")
			h.Exec(t, test.before)
			o := w.disturb("1", test.moment, func(*exec.Cmd) { h.Exec(t, test.during) })
			w.check(o, 1, "a1 changed", test.want, "w2 changed")
			h.until(t, idle)
			h.Exec(t, test.after)
			said := o.said + w.run(0, "1")
			equal(t, "full disk", repeats(want), repeats(w.state()), said)
		})
	}
	w.t = t
}
