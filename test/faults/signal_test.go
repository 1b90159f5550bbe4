//go:build e2e

package faults

import (
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// Interrupted after any event, by hand or by the system, a run ends by itself with
// every act done or not begun; the next one goes on where it ended.
func TestInterruptedAfterEachEvent(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	var tried, stopped atomic.Int64
	for n := 1; ; n += *every {
		w.restore("bare")
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}[(n / *every)%2]
		o := w.disturb("1", nth(n), func(cmd *exec.Cmd) { _ = cmd.Process.Signal(signal) })
		if !o.found {
			break
		}
		tried.Add(1)
		for _, name := range w.names {
			w.hosts[name].Exec(t, idle+" || { cat /run/sprayc/lock; exit 1; }")
		}
		done := o.hosts == "a1 changed\nw1 changed\nw2 changed\n"
		if done != (o.code == 0) || o.code > 1 {
			t.Errorf("event %d, %v: ended with %d:\n%s\n%s", n, signal, o.code, o.hosts, o.said)
		}
		for line := range strings.Lines(o.hosts) {
			host, how, _ := strings.Cut(strings.TrimSpace(line), " ")
			if how == "changed" {
				continue
			}
			if !strings.HasPrefix(how, "stopped: the run was interrupted; left: ") {
				t.Errorf("event %d, %v: %s is %s\n%s", n, signal, host, how, o.said)
			}
			stopped.Add(1)
		}
		w.again("1", want)
	}
	t.Logf("interrupted at %d moments, %d hosts stopped", tried.Load(), stopped.Load())
	if tried.Load() == 0 || stopped.Load() == 0 {
		t.Error("nothing was tried")
	}
}

// Interrupted in an act, each host ends it and begins no other; interrupted twice,
// the program leaves at once, and what it has begun goes on.
func TestInterruptedInAnAct(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	release := func() {
		for _, name := range w.names {
			w.hosts[name].Exec(t, "rm /srv/hold")
		}
	}
	for _, test := range []struct {
		name  string
		twice bool
		reply string
	}{
		{"once", false, " stopped: the run was interrupted; left: site/serve "},
		{"twice", true, " lost: the runner has left in site/work; run RUN goes on there by itself; left: site/work site/serve "},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.t = t
			w.restore("bare")
			for _, name := range w.names {
				w.hosts[name].Exec(t, ": >/srv/hold")
			}
			begun := map[string]bool{}
			all := func(_ int, e runner.Event) bool {
				if e.Type == runner.StepBegins && e.Step == "site/work" {
					begun[e.Host] = true
				}
				return len(begun) == len(w.names)
			}
			o := w.disturb("1", all, func(cmd *exec.Cmd) {
				for _, name := range w.names {
					w.hosts[name].until(t, "[ -e /srv/count/work ]") // the step has begun, now the act has
				}
				_ = cmd.Process.Signal(syscall.SIGINT)
				for _, name := range w.names {
					w.hosts[name].until(t, "[ -e /var/lib/sprayc/runs/*/stop ]")
				}
				if test.twice {
					_ = cmd.Process.Signal(syscall.SIGINT)
					return
				}
				release()
			})
			w.check(o, 1, "a1"+test.reply+"site/found", "w1"+test.reply+"site/join", "w2"+test.reply+"site/join")
			if test.twice {
				release()
			}
			for _, name := range w.names {
				w.hosts[name].until(t, idle)
			}
			w.again("1", want)
		})
	}
	w.t = t
}
