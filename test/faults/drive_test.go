//go:build e2e

package faults

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/runner"
)

// limit is how long a disturbed run may take: it must end by itself.
const limit = 90 * time.Second

// moment says at which event of a run something is done; n counts from 1.
type moment func(n int, e runner.Event) bool

// nth is the n-th event, whatever it is.
func nth(n int) moment { return func(have int, _ runner.Event) bool { return have >= n } }

// on is an event of one host: a phase or the beginning or end of a step.
func on(host string, kind runner.Type, what string) moment {
	return func(_ int, e runner.Event) bool {
		return e.Host == host && e.Type == kind && (e.Step == what || e.Status == what)
	}
}

// second is when it comes for the second time: a step that asks for a value begins
// again with it.
func second(at moment) moment {
	seen := 0
	return func(n int, e runner.Event) bool {
		if at(n, e) {
			seen++
		}
		return seen == 2
	}
}

// outcome is what a run came to.
type outcome struct {
	code  int
	found bool   // the moment came
	hosts string // status, reason and what is still to do, one host a line
	said  string // all that was said
}

// disturb runs a release's bundle and acts once, at a moment.
func (w *world) disturb(release string, at moment, act func(*exec.Cmd), args ...string) outcome {
	w.t.Helper()
	return w.drive(w.command("run", release, append(args, "--events", "json")...), at, act)
}

// drive is disturb for a command that writes its events.
func (w *world) drive(cmd *exec.Cmd, at moment, act func(*exec.Cmd)) outcome {
	w.t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	var said, errors strings.Builder
	cmd.Stderr = &errors
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	late := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() })
	var o outcome
	scanner := bufio.NewScanner(pipe)
	scanner.Buffer(nil, 1<<20)
	for n := 1; scanner.Scan(); n++ {
		said.WriteString(scanner.Text() + "\n")
		var line struct {
			runner.Event
			Hosts json.RawMessage
		}
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			w.t.Fatalf("%q: %v", scanner.Text(), err)
		}
		if line.Type == "result" {
			o.hosts = w.hostLines(line.Hosts)
		}
		if !o.found && at(n, line.Event) {
			o.found = true
			act(cmd)
		}
	}
	_ = cmd.Wait() // its status is looked at
	o.code, o.said = cmd.ProcessState.ExitCode(), said.String()+errors.String()
	if !late.Stop() {
		w.t.Fatalf("the run did not end within %s:\n%s", limit, o.said)
	}
	return o
}

// midway is an act in the middle of the next upload to a host: nothing moves
// meanwhile.
func (h *host) midway(act func()) func(*exec.Cmd) {
	reached, over := make(chan struct{}), make(chan struct{})
	h.link.after(80_000, func() {
		close(reached)
		<-over
	})
	return func(*exec.Cmd) {
		<-reached
		act()
		close(over)
	}
}

var varying = regexp.MustCompile(`\d{8}T\d{6}-[0-9a-f]{8}-\d+(\.look)?|127\.0\.0\.1:\d+|tar: \S+:`)

// hostLines is the hosts of a result, without what differs from run to run.
func (w *world) hostLines(text json.RawMessage) string {
	w.t.Helper()
	var hosts []runner.HostResult
	if err := json.Unmarshal(text, &hosts); err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	var b strings.Builder
	for _, host := range hosts {
		line := fmt.Sprintf("%s %s: %s; left: %s", host.Host, host.Status, host.Reason, strings.Join(host.Left, " "))
		line = strings.TrimSuffix(strings.TrimSuffix(line, "; left: "), ": ")
		b.WriteString(varying.ReplaceAllStringFunc(line, func(text string) string {
			switch text[:3] {
			case "127":
				return "ADDRESS"
			case "tar":
				return "tar: FILE:"
			}
			return "RUN"
		}) + "\n")
	}
	return b.String()
}

// check fails unless a run came to that, at that moment.
func (w *world) check(o outcome, code int, hosts ...string) {
	w.t.Helper()
	want := strings.Join(hosts, "\n") + "\n"
	if !o.found || o.code != code || o.hosts != want {
		w.t.Errorf("the moment came: %v; the run ended with %d, not %d (-want +got):\n%s\n%s", o.found, o.code, code,
			cmp.Diff(strings.Split(want, "\n"), strings.Split(o.hosts, "\n")), o.said)
	}
}

// same fails unless the hosts are as they should be.
func (w *world) same(want, said string) {
	w.t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(w.state(), "\n")); diff != "" {
		w.t.Errorf("the end is another (-undisturbed +disturbed):\n%s\n%s", diff, said)
	}
}

// again runs the bundle once more, which must come to the undisturbed end.
func (w *world) again(release, want string) {
	w.t.Helper()
	w.same(want, w.run(0, release))
}

// undisturbed is the state of the hosts after a run of a release from a saved state.
func (w *world) undisturbed(from, release string) string {
	w.t.Helper()
	w.restore(from)
	w.run(0, release)
	return w.state()
}

// until waits until a shell command succeeds on a host.
func (h *host) until(t *testing.T, condition string) {
	t.Helper()
	h.Exec(t, "n=0; until "+condition+"; do n=$((n + 1)); [ $n -lt 1200 ] || exit 1; sleep 0.05; done")
}

// quiet is when neither a session nor anything that one has started is left.
const quiet = `{ left=0; for p in /proc/[0-9]*; do case $(tr '\0' ' ' <$p/cmdline 2>/dev/null) in "sshd: root"* | "sshd: ["* | *[s]prayc*) left=1 ;; esac; done; [ $left = 0 ]; }`

// idle is when nothing is at work on a host.
const idle = "[ ! -e /run/sprayc/lock ]"

var repeated = regexp.MustCompile(`(srv/count/(?:work|join|found|service) \S+ ").*"`)

// repeats is a state without how often an act was begun.
func repeats(state string) string { return repeated.ReplaceAllString(state, "${1}...\"") }

// equal fails unless two texts are the same.
func equal(t *testing.T, what, want, got, said string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s\n%s", what, diff, said)
	}
}
