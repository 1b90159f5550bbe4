//go:build e2e

package faults

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// killSessions is what ends a link from the host's side.
const killSessions = `for p in /proc/[0-9]*; do case $(tr '\0' ' ' <$p/cmdline 2>/dev/null) in "sshd: root@"*) kill -9 ${p#/proc/};; esac; done`

// A link that breaks and comes back costs nothing: the program attaches again,
// whatever was under way.
func TestLinkComesBack(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	h := w.hosts["w1"]
	for _, cut := range []struct {
		name string
		do   func()
	}{
		{"sessions killed", func() { h.Exec(w.t, killSessions) }},
		{"closed", func() { h.link.set(linkDown); h.link.set(linkUp) }},
	} {
		for _, at := range []struct {
			name string
			moment
		}{
			{"while the bundle is sent", on("w1", runner.Phase, runner.PhaseSending)},
			{"when a step begins", on("w1", runner.StepBegins, "site/files")},
			{"in an act", on("w1", runner.StepBegins, "site/work")},
			{"when a service starts", on("w1", runner.StepBegins, "site/serve")},
			{"while it waits", on("w1", runner.Phase, runner.PhaseWaiting)},
			{"while it asks for a value", on("w1", runner.LiveNeeded, "site/join")},
			{"in its last step", on("w1", runner.ResourceSeen, "site/join")},
		} {
			t.Run(cut.name+" "+at.name, func(t *testing.T) {
				w.t = t
				w.restore("bare")
				o := w.disturb("1", at.moment, func(*exec.Cmd) { cut.do() })
				w.check(o, 0, "a1 changed", "w1 changed", "w2 changed")
				w.same(want, o.said)
			})
		}
	}
	t.Run("in the middle of the bundle", func(t *testing.T) {
		w.t = t
		w.restore("bare")
		o := w.disturb("1", on("w1", runner.Phase, runner.PhaseSending), h.midway(func() { h.link.set(linkDown); h.link.set(linkUp) }))
		w.check(o, 0, "a1 changed", "w1 changed", "w2 changed")
		w.same(want, o.said)
	})
	w.t = t
}

// A link that stays cut leaves its host alone: the others finish, the closing list
// says what is left and why, the work on the host goes on, and the next run finds
// it done.
func TestLinkStaysCut(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	h := w.hosts["w1"]
	for _, cut := range []struct {
		name, reason string
		state        linkState
	}{
		{"closed", "connect to ADDRESS: dial tcp ADDRESS: connect: connection refused", linkDown},
		{"silent", "connect to ADDRESS: no answer within 2s", linkSilent},
	} {
		for _, at := range []struct {
			name string
			moment
			hold string // a file of what is not to end before
			in   string
			want string
		}{
			{"while the bundle is sent", on("w1", runner.Phase, runner.PhaseSending), "", "", "; nothing is at work there; left: site/files site/work site/serve site/join"},
			{"in a long act", on("w1", runner.StepBegins, "site/work"), "w1/srv/hold", " in site/work", "; run RUN goes on there by itself, if the host is up; left: site/work site/serve site/join"},
			{"while it asks for a value", on("w1", runner.RunEnds, "held"), "a1/srv/hold.key", "", "; nothing is at work there; left: site/join"},
			{"in its last act", second(on("w1", runner.StepBegins, "site/join")), "w1/srv/hold.join", " in site/join", "; run RUN goes on there by itself, if the host is up; left: site/join"},
		} {
			t.Run(cut.name+" "+at.name, func(t *testing.T) {
				w.t = t
				w.restore("bare")
				host, file, _ := strings.Cut(at.hold, "/")
				act := func(*exec.Cmd) { h.link.set(cut.state) }
				switch host {
				case "":
					act = h.midway(func() { h.link.set(cut.state) })
				case "a1":
					act = func(*exec.Cmd) {
						h.link.set(cut.state)
						w.hosts[host].Exec(t, "rm /"+file)
					}
				}
				if host != "" {
					w.hosts[host].Exec(t, ": >/"+file)
				}
				o := w.disturb("1", at.moment, act, "-F", w.quick, "--patience", "500ms")
				w.check(o, 1, "a1 changed", "w1 lost: the link was lost"+at.in+" and did not come back within 500ms: "+cut.reason+at.want, "w2 changed")
				if host == "w1" {
					h.Exec(t, "rm /"+file)
				}
				h.until(t, idle)
				if strings.Contains(at.want, "goes on") {
					h.until(t, "[ -e /srv/running.conf ] && grep -qx 'end.changed' /var/lib/sprayc/runs/*/events") // the lock goes first
				}
				h.link.set(linkUp)
				w.again("1", want)
			})
		}
	}
	w.t = t
}

// The link of the host that others wait for: they are blocked, and it says on what.
func TestLinkOfTheLeaderStaysCut(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	want := w.undisturbed("bare", "1")
	h := w.hosts["a1"]
	w.restore("bare")
	h.Exec(t, ": >/srv/hold")
	o := w.disturb("1", on("a1", runner.StepBegins, "site/work"), func(*exec.Cmd) { h.link.set(linkDown) }, "--patience", "500ms")
	w.check(o, 1, "a1 lost: the link was lost in site/work and did not come back within 500ms: connect to ADDRESS: dial tcp ADDRESS: connect: connection refused; run RUN goes on there by itself, if the host is up; left: site/work site/serve site/found",
		"w1 blocked: site/join needs site/found on a1, which was lost; left: site/join",
		"w2 blocked: site/join needs site/found on a1, which was lost; left: site/join")
	h.Exec(t, "rm /srv/hold")
	h.link.set(linkUp)
	w.again("1", want)
}

// What a person reads at the end.
func TestClosingList(t *testing.T) {
	t.Parallel()
	w := prepared(t)
	w.restore("bare")
	w.hosts["w1"].link.set(linkDown)
	w.hosts["w2"].Exec(t, "mkdir -p /srv/app/release/in-the-way")
	out := w.run(1, "1")
	_, out, _ = strings.Cut(out, "\nLeft:\n")
	out, _, _ = strings.Cut(out, ", in ")
	out = varying.ReplaceAllString(out, "ADDRESS")
	want := `  w1  unreachable: connect to ADDRESS: dial tcp ADDRESS: connect: connection refused
  w2  failed: site/files: file /srv/app/release: is a folder, which is not replaced; move it away first
    still to do: site/files, site/work, site/serve, site/join
To go on, run again: what is done is found done.
3 hosts: 1 changed, 1 failed, 1 skipped (unreachable)`
	if out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}
