//go:build e2e

package faults

import (
	"fmt"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// The program is killed after each event of a run: the next run comes to the same
// end as one that nobody disturbed, no act is done twice, and no lock stays.
func TestProgramKilledAfterEachEvent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ from, release string }{
		"first run": {"bare", "1"},
		"upgrade":   {"one", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			var next, tried atomic.Int64
			t.Run("lanes", func(t *testing.T) {
				for lane := range 2 {
					t.Run(fmt.Sprintf("lane %d", lane), func(t *testing.T) {
						t.Parallel()
						w := prepared(t)
						want := w.undisturbed(test.from, test.release)
						for {
							n := 1 + int(next.Add(1)-1)*(*every)
							w.restore(test.from)
							o := w.disturb(test.release, nth(n), func(cmd *exec.Cmd) { _ = cmd.Process.Kill() })
							if !o.found {
								return
							}
							tried.Add(1)
							w.again(test.release, want)
						}
					})
				}
			})
			t.Logf("killed at %d moments", tried.Load())
			if tried.Load() == 0 {
				t.Error("no moment was tried")
			}
		})
	}
}

// A plan that is killed after any event leaves the hosts as they were, with nothing
// in memory either.
func TestPlanKilledAfterEachEvent(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	w.restore("one")
	before := w.state()
	tried := 0
	for n := 1; ; n += *every {
		o := w.drive(w.command("plan", "2", "--events", "json"), nth(n), func(cmd *exec.Cmd) { _ = cmd.Process.Kill() })
		for _, name := range w.names {
			w.hosts[name].until(t, quiet)
		}
		w.same(before, o.said)
		if !o.found {
			break
		}
		tried++
	}
	t.Logf("killed at %d moments", tried)
	if tried == 0 {
		t.Error("no moment was tried")
	}
}

// A plan that is killed when a host has its bundle and has not said so yet: nobody is
// there who could have it removed, so the host does.
func TestPlanKilledOnceSent(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	w.restore("one")
	before := w.state()
	h := w.hosts["w1"]
	h.Exec(t, `tar=$(command -v tar); cat >/usr/local/sbin/tar <<EOT
#!/bin/sh
$tar "\$@" || exit
: >/run/unpacked
while [ ! -e /run/go ]; do sleep 0.05; done
EOT
chmod 755 /usr/local/sbin/tar`)
	o := w.drive(w.command("plan", "2", "--events", "json"), on("w1", runner.Phase, runner.PhaseSending), func(cmd *exec.Cmd) {
		h.until(t, "[ -e /run/unpacked ]")
		_ = cmd.Process.Kill()
	})
	if !o.found {
		t.Errorf("no bundle was sent:\n%s", o.said)
	}
	h.until(t, strings.ReplaceAll(quiet, " | *[s]prayc*", ""))
	h.Exec(t, ": >/run/go")
	for _, name := range w.names {
		w.hosts[name].until(t, quiet)
	}
	w.same(before, o.said)
}

// prepared is a world with the states "bare" and "one", after release 1.
func prepared(t *testing.T) *world {
	w := newWorld(t)
	w.save("bare")
	w.run(0, "1")
	w.save("one")
	return w
}
