//go:build e2e

package faults

import (
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// The program is killed in a run of one release, and the next run is of another:
// what still goes on for the first counts for nothing in the second.
func TestKilledThenAnotherBundle(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := wanted(w.undisturbed("one", "2"))
	var tried atomic.Int64
	for n := 1; ; n += *every {
		w.restore("bare")
		o := w.disturb("1", nth(n), func(cmd *exec.Cmd) { _ = cmd.Process.Kill() })
		if !o.found {
			break
		}
		tried.Add(1)
		said := o.said + w.run(0, "2")
		equal(t, "another bundle", want, wanted(w.state()), said)
	}
	t.Logf("killed at %d moments", tried.Load())
	if tried.Load() == 0 {
		t.Error("nothing was tried")
	}
}

// The work of a killed run of another release dies while the next run follows it:
// what it had done by then is done anew, as the next run has it.
func TestAnotherBundleFollowsHalfARun(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := wanted(w.undisturbed("one", "2"))
	w.restore("bare")
	h := w.hosts["w1"]
	h.Exec(t, ": >/srv/hold")
	w.disturb("1", on("w1", runner.StepBegins, "site/work"), func(cmd *exec.Cmd) { _ = cmd.Process.Kill() })
	following := func(_ int, e runner.Event) bool {
		return e.Host == "w1" && e.Type == runner.Notice && strings.HasSuffix(e.Text, "following it")
	}
	o := w.disturb("2", following, func(*exec.Cmd) { h.Exec(t, "rm /srv/hold; "+killWork) })
	w.check(o, 0, "a1 changed", "w1 changed", "w2 changed")
	equal(t, "half a run", want, wanted(w.state()), o.said)
}

// wanted is what a bundle wants of the hosts, without what tells of former ones.
func wanted(state string) string {
	var b strings.Builder
	for line := range strings.Lines(repeats(state)) {
		if !strings.Contains(line, " state/bundles") && !strings.Contains(line, " state/before") && !strings.Contains(line, " srv/count/") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// The program or the host is killed while the bundle is sent, after any number of
// bytes: nothing of half a bundle is used, or stays.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	h := w.hosts["w1"]
	for _, bytes := range []int64{12_000, 40_000, 80_000, 120_000, 150_000} {
		for _, kill := range []string{"program", "host"} {
			w.restore("bare")
			reached, over := make(chan struct{}), make(chan struct{})
			h.link.after(bytes, func() {
				close(reached)
				<-over
			})
			o := w.disturb("1", on("w1", runner.Phase, runner.PhaseSending), func(cmd *exec.Cmd) {
				<-reached
				if kill == "program" {
					_ = cmd.Process.Kill()
				} else {
					h.Close()
					h.Restart(t, h.setup)
				}
				close(over)
			})
			if kill == "host" {
				w.check(o, 0, "a1 changed", "w1 changed", "w2 changed")
			}
			w.again("1", want)
		}
	}
}

// killWork kills what run.sh has detached.
const killWork = `for p in /proc/[0-9]*; do case $(tr '\0' ' ' <$p/cmdline 2>/dev/null) in */run.sh\ [w]ork\ *) kill -9 ${p#/proc/};; esac; done`

// The work itself is killed on a host after each event: the run begins it anew and
// comes to the end by itself, or the next one does.
func TestWorkKilledAfterEachEvent(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := repeats(w.undisturbed("bare", "1"))
	var tried, finished atomic.Int64
	for n := 1; ; n += *every {
		w.restore("bare")
		h := w.hosts[w.names[(n / *every)%len(w.names)]]
		o := w.disturb("1", nth(n), func(*exec.Cmd) {
			h.Exec(t, killWork)
		})
		if !o.found {
			break
		}
		tried.Add(1)
		if o.code == 0 {
			finished.Add(1)
		}
		said := o.said + w.run(0, "1")
		equal(t, "killed work", want, repeats(w.state()), said)
	}
	t.Logf("killed at %d moments, %d of the runs finished by themselves", tried.Load(), finished.Load())
	if tried.Load() == 0 {
		t.Error("nothing was tried")
	}
}
