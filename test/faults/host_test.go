//go:build e2e

package faults

import (
	"os/exec"
	"sync/atomic"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// A host that is frozen before a run is skipped, and the others finish; thawed, it
// is done by the next run.
func TestFrozenBefore(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	w.restore("bare")
	w.hosts["w1"].Freeze(t)
	o := w.disturb("1", nth(1), func(*exec.Cmd) {}, "-F", w.quick)
	w.check(o, 4, "a1 changed", "w1 unreachable: connect to ADDRESS: no answer within 2s; left: site/files site/work site/serve site/join", "w2 changed")
	w.hosts["w1"].Thaw(t)
	w.again("1", want)
}

// A host that freezes in the middle of a run is left; what it was doing it does
// when it thaws, and the next run finds it.
func TestFrozenInTheMiddle(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	h := w.hosts["w1"]
	for _, at := range []struct {
		name string
		moment
		hold string // a file of what is not to end before
		in   string
		want string
	}{
		{"while the bundle is sent", on("w1", runner.Phase, runner.PhaseSending), "", "", "; nothing is at work there; left: site/files site/work site/serve site/join"},
		{"in an act", on("w1", runner.StepBegins, "site/work"), "/srv/hold", " in site/work", "; run RUN goes on there by itself, if the host is up; left: site/work site/serve site/join"},
		{"in its last act", second(on("w1", runner.StepBegins, "site/join")), "/srv/hold.join", " in site/join", "; run RUN goes on there by itself, if the host is up; left: site/join"},
	} {
		t.Run(at.name, func(t *testing.T) {
			w.t = t
			w.restore("bare")
			act := func(*exec.Cmd) { h.Freeze(t) }
			if at.hold == "" {
				act = h.midway(func() { h.Freeze(t) })
			} else {
				h.Exec(t, ": >"+at.hold)
			}
			o := w.disturb("1", at.moment, act, "-F", w.quick, "--patience", "500ms")
			w.check(o, 1, "a1 changed", "w1 lost: the link was lost"+at.in+" and did not come back within 500ms: connect to ADDRESS: no answer within 2s"+at.want, "w2 changed")
			h.Thaw(t)
			if at.hold != "" {
				h.Exec(t, "rm "+at.hold)
			}
			w.again("1", want)
		})
	}
	t.Run("and thaws", func(t *testing.T) {
		w.t = t
		w.restore("bare")
		h.Exec(t, ": >/srv/hold")
		frozen := false
		o := w.disturb("1", func(n int, e runner.Event) bool {
			switch {
			case !frozen && on("w1", runner.StepBegins, "site/work")(n, e):
				h.Freeze(t)
				frozen = true
			case frozen && e.Host == "w1" && e.Status == runner.PhaseReattaching:
				h.Thaw(t)
				h.Exec(t, "rm /srv/hold")
				return true
			}
			return false
		}, func(*exec.Cmd) {}, "-F", w.quick)
		w.check(o, 0, "a1 changed", "w1 changed", "w2 changed")
		w.same(want, o.said)
	})
	w.t = t
}

// A host that loses power after any event and comes back: the run finishes it, or
// the next one does. An act that was cut off may be repeated; nothing else differs.
func TestHostRestartsAfterEachEvent(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := repeats(w.undisturbed("bare", "1"))
	var tried, finished atomic.Int64
	for n := 1; ; n += *every {
		w.restore("bare")
		h := w.hosts[w.names[(n / *every)%len(w.names)]]
		o := w.disturb("1", nth(n), func(*exec.Cmd) {
			h.Close()
			h.Restart(t, h.setup)
		})
		if !o.found {
			break
		}
		tried.Add(1)
		if o.code == 0 {
			finished.Add(1)
		}
		said := o.said + w.run(0, "1")
		equal(t, "killed host", want, repeats(w.state()), said)
	}
	t.Logf("restarted at %d moments, %d of the runs finished by themselves", tried.Load(), finished.Load())
	if tried.Load() == 0 {
		t.Error("nothing was tried")
	}
}
