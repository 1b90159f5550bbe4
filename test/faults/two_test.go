//go:build e2e

package faults

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// Two people run the same bundle at once: both come to the end, and nothing is done
// twice.
func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	for _, at := range []struct {
		name string
		moment
	}{
		{"from the start", nth(1)},
		{"in an act", on("w1", runner.StepBegins, "site/work")},
		{"while it waits", on("w1", runner.Phase, runner.PhaseWaiting)},
	} {
		t.Run(at.name, func(t *testing.T) {
			w.t = t
			w.restore("bare")
			leader := w.hosts["a1"]
			leader.Exec(t, ": >/srv/hold") // so that the others come to wait
			second := w.command("run", "1")
			var said bytes.Buffer
			second.Stdout, second.Stderr = &said, &said
			o := w.disturb("1", at.moment, func(*exec.Cmd) {
				if err := second.Start(); err != nil {
					t.Fatal(err)
				}
				leader.Exec(t, "rm /srv/hold")
			})
			if err := second.Wait(); err != nil || o.code != 0 {
				t.Errorf("the first ended with %d, the second with %v:\n%s\n%s", o.code, err, o.said, &said)
			}
			w.same(want, o.said+said.String())
		})
	}
	w.t = t
}

// A worker is lost while it restarts its service: no other worker restarts until it
// is back.
func TestBudgetOfALostHost(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("one", "2")
	w.restore("one")
	w1, w2 := w.hosts["w1"], w.hosts["w2"]
	w1.Exec(t, ": >/srv/hold.restart")
	w2.Exec(t, ": >/srv/hold")
	o := w.disturb("2", second(on("w1", runner.StepBegins, "site/serve")), func(*exec.Cmd) {
		w1.until(t, "[ -e /srv/restarting ]")
		w1.link.set(linkDown)
		w2.Exec(t, "rm /srv/hold")
	}, "--patience", "500ms")
	w.check(o, 1, "a1 changed",
		"w1 lost: the link was lost in site/serve and did not come back within 500ms: connect to ADDRESS: dial tcp ADDRESS: connect: connection refused; run RUN goes on there by itself, if the host is up; left: site/serve site/join",
		"w2 blocked: site/serve: at most 1 of role worker may be down at once, and w1 is at work without a link; left: site/serve site/join")
	if got := w2.Exec(t, "cat /srv/count/service /srv/running.conf"); got != "start release = 1\nrelease = 1\n" {
		t.Errorf("w2 was restarted while w1 was down:\n%s", got)
	}
	w1.Exec(t, "rm /srv/hold.restart")
	w1.link.set(linkUp)
	w.again("2", want)
}
