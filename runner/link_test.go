package runner

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// slow is a step that says it has begun and then waits for a file.
func slow(name string) step {
	return step{bundle.Step{Name: name, Source: "m.hcl:1:1"}, `
if [ -e /root/done ]; then return 0; fi
[ "$op" = apply ] || return 11
echo begun >>/root/begun
while [ ! -e /root/go ]; do sleep 0.05; done
: >/root/done
printf 'res\tSTEP\texec\tx\tchanged\tm.hcl:2:3\t\n' | sed "s,STEP,$step,"
return 10
`}
}

// when calls act once, when an event is seen for which it is true.
type when struct {
	is   func(Event) bool
	act  func()
	once sync.Once
	all  []Event
}

func (w *when) Begin(Overview) {}
func (w *when) Event(e Event) {
	w.all = append(w.all, e)
	if w.is(e) {
		w.once.Do(func() { go w.act() })
	}
}
func (w *when) End(Result) {}

func begins(step string) func(Event) bool {
	return func(e Event) bool { return e.Type == StepBegins && e.Step == step }
}

const cutLinks = `for p in /proc/[0-9]*; do case $(tr '\0' ' ' <$p/cmdline 2>/dev/null) in "sshd: root@"*) kill -9 ${p#/proc/};; esac; done; sleep 0.2; : >/root/go`

// The link is cut in the middle of a step: the work goes on, the runner attaches
// again, no event is lost or seen twice, and the step has run once.
func TestCutLink(t *testing.T) {
	servers := startServers(t, "w1")
	b := testBundle(t, servers, convergent("a/before"), slow("b/slow"), convergent("c/after"))
	cut := &when{is: begins("b/slow"), act: func() { servers[0].Exec(t, cutLinks) }}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{cut}})
	want(t, "result", statuses(result), "w1 changed")
	want(t, "the step ran", servers[0].Exec(t, "cat /root/begun"), "begun\n")
	var seen []string
	for _, e := range cut.all {
		switch e.Type {
		case StepBegins, StepEnds, RunBegins, RunEnds:
			seen = append(seen, strings.TrimSpace(string(e.Type)+" "+e.Step+" "+e.Status))
		case Phase:
			if e.Status == PhaseReattaching {
				seen = append(seen, e.Status)
			}
		}
	}
	want(t, "events", strings.Join(seen, ", "), "run, step a/before, step-end a/before changed, step b/slow, reattaching, "+
		"step-end b/slow changed, step c/after, step-end c/after changed, end  changed")
}

// The runner itself is told to leave: the work goes on, and the result says so.
func TestLeave(t *testing.T) {
	servers := startServers(t, "w1")
	b := testBundle(t, servers, slow("b/slow"))
	leave := make(chan struct{})
	sink := &when{is: begins("b/slow"), act: func() { close(leave) }}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{sink}, Leave: leave})
	if result.Hosts[0].Status != HostLost || result.Code() != ExitError {
		t.Fatalf("%s", statuses(result))
	}
	want(t, "kinds", kinds(result.Diagnostics), "link-lost prod.hcl:1")
	servers[0].Exec(t, ": >/root/go; while [ ! -e /root/done ]; do sleep 0.05; done")
	want(t, "again", statuses(runBundle(t, b, Options{SSH: sshOptions(t, servers)})), "w1 ok")
}

// The first interrupt asks the host to stop after the act under way.
func TestStop(t *testing.T) {
	servers := startServers(t, "w1")
	b := realBundle(t, servers,
		step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, file("/root/one", "1\n") + "\twhile [ $SPRAY_MODE = apply ] && [ ! -e $SPRAY_RUN/stop ]; do sleep 0.05; done\n"},
		step{bundle.Step{Name: "b/two", Source: "m.hcl:2:1"}, file("/root/two", "2\n")})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stop := &when{is: begins("a/one"), act: cancel}
	result, err := Run(ctx, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{stop}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "result", statuses(result), "w1 stopped (the run was interrupted)")
	want(t, "files", servers[0].Exec(t, "ls /root"), "one\n")
}

// The host dies in the middle of a run and comes back: what was done is found
// done, and the rest is done.
func TestHostRestarts(t *testing.T) {
	servers := startServers(t, "w1")
	b := realBundle(t, servers,
		step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, file("/root/one", "1\n")},
		step{bundle.Step{Name: "b/two", Source: "m.hcl:2:1"}, "\twhile [ $SPRAY_MODE = apply ] && [ ! -e /root/back ]; do sleep 0.05; done\n" + file("/root/two", "2\n")})
	crash := &when{is: begins("b/two"), act: func() {
		servers[0].Close()
		if err := os.WriteFile(servers[0].Dir+"/root/back", nil, 0o644); err != nil {
			t.Error(err)
		}
		servers[0].Restart(t, sshdtest.Options{})
	}}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{crash}})
	want(t, "result", statuses(result), "w1 changed")
	want(t, "files", servers[0].Exec(t, "cat /root/one /root/two"), "1\n2\n")
}

// Another run is at work on the host: it is followed to its end, then ours runs.
func TestBusy(t *testing.T) {
	servers := startServers(t, "w1")
	b := realBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"},
		"\twhile [ $SPRAY_MODE = apply ] && [ ! -e /root/go ]; do sleep 0.05; done\n" + file("/root/one", "1\n")})
	leave := make(chan struct{})
	first := &when{is: begins("a/one"), act: func() { close(leave) }}
	options := Options{SSH: sshOptions(t, servers), Sinks: []Sink{first}, Leave: leave}
	if lost := runBundle(t, b, options); lost.Hosts[0].Status != HostLost {
		t.Fatalf("%s", statuses(lost))
	}
	var notices []string
	second := &when{is: func(e Event) bool {
		if e.Type == Notice {
			notices = append(notices, e.Text)
		}
		return e.Type == Notice
	}, act: func() { servers[0].Exec(t, ": >/root/go") }}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{second}})
	want(t, "result", statuses(result), "w1 changed")
	if len(notices) != 2 || !strings.Contains(notices[0], "is at work here") || !strings.HasSuffix(notices[1], "ended: changed") {
		t.Errorf("notices: %q", notices)
	}
}

// The link of a host at work goes and does not come back. Who reads that at night knows
// which host, in which step, what state it is in and what to type; and that the link of a
// plan says nothing about work, as there is none.
func TestHostGoesAway(t *testing.T) {
	servers := startServers(t, "w1")
	b := testBundle(t, servers, convergent("a/before"), slow("b/slow"))
	var plain bytes.Buffer
	gone := &when{is: begins("b/slow"), act: servers[0].Close}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{gone, NewPlain(&plain)}, Patience: time.Millisecond})
	known := strings.NewReplacer(result.Hosts[0].Run, "RUN", b.Plan.Hosts[0].Digest, "DIGEST", fmt.Sprintf("127.0.0.1:%d", servers[0].Port), "ADDRESS")
	const refused = "connect to ADDRESS: dial tcp ADDRESS: connect: connection refused"
	want(t, "apply", known.Replace(statuses(result)), "w1 lost (the link was lost in b/slow and did not come back within 1ms: "+refused+"; run RUN goes on there by itself, if the host is up)")
	want(t, "fix", known.Replace(result.Diagnostics[0].Fix),
		"when w1 answers again, run sprayc again: it finds the run and its result; or look there: sudo sh /var/lib/sprayc/bundles/DIGEST/run.sh status RUN")
	if said := plain.String(); !strings.Contains(said, "\nw1  lost the link in b/slow; the work there goes on, connecting again\n") {
		t.Errorf("it said\n%s", said)
	}

	servers[0].Restart(t, sshdtest.Options{})
	plain.Reset()
	gone = &when{is: begins("b/slow"), act: servers[0].Close}
	b = testBundle(t, servers, convergent("a/before"), step{bundle.Step{Name: "b/slow", Source: "m.hcl:1:1"}, "while :; do sleep 0.05; done\n"})
	result = runBundle(t, b, Options{SSH: sshOptions(t, servers), Operation: Plan, Sinks: []Sink{gone, NewPlain(&plain)}, Patience: time.Millisecond})
	want(t, "plan", known.Replace(statuses(result)), "w1 lost (the link was lost and did not come back within 1ms: "+refused+"; nothing is at work there)")
	want(t, "fix of the plan", result.Diagnostics[0].Fix, "when w1 answers again, run sprayc again")
	if said := plain.String(); !strings.Contains(said, "\nw1  lost the link, connecting again\n") && !strings.HasPrefix(said, "w1  lost the link, connecting again\n") {
		t.Errorf("it said\n%s", said)
	}
}

// The link comes back: that is said too.
func TestLinkIsBack(t *testing.T) {
	servers := startServers(t, "w1")
	b := testBundle(t, servers, slow("b/slow"))
	cut := &when{is: begins("b/slow"), act: func() { servers[0].Exec(t, cutLinks) }}
	var plain bytes.Buffer
	want(t, "result", statuses(runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{cut, NewPlain(&plain)}})), "w1 changed")
	want(t, "said", strings.Join(strings.Split(plain.String(), "\n")[1:4], "\n"),
		"w1  lost the link in b/slow; the work there goes on, connecting again\nw1  has the link again\nw1  changed  b/slow: exec x")
}

// A host that restarts again and again under its work is not tried for ever, and the
// message says what to look for.
func TestWorkVanishes(t *testing.T) {
	servers := startServers(t, "w1")
	b := testBundle(t, servers, step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, "kill -9 $$\n"})
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers)})
	want(t, "result", statuses(result), "w1 failed (the work vanished without a word at a/one)")
	want(t, "fix", result.Diagnostics[0].Fix, "find out whether w1 restarts, or what kills processes there (last -x; journalctl -k), then run again: what is done is found done")
}

// restarts is a step whose act restarts the host; what its act calls for that says that it was
// called and, as it stops all processes there, ends.
func restarts(name string) step {
	return step{bundle.Step{Name: name, Source: "m.hcl:2:1", Disruptive: true}, "\tresource reboot kernel m.hcl:3:1 name=kernel if_required=false disruptive=true\n"}
}

// restartSetup makes a host whose reboot leaves a file.
const restartSetup = `mount -t tmpfs tmpfs /usr/local/sbin
mkdir -p /run/systemd/system
cat >/usr/local/sbin/systemctl <<'EOT'
#!/bin/sh
echo "$*" >>/root/restarted
EOT
chmod 755 /usr/local/sbin/systemctl`

// A step restarts its host: the runner waits for it and says so, goes on where it was, and the
// host is restarted once.
func TestStepRestartsHost(t *testing.T) {
	sshdtest.Needs(t, "nsenter")
	options := sshdtest.Options{Setup: restartSetup}
	servers := []*sshdtest.Server{sshdtest.Start(t, "w1", options)}
	change := step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1", Disruptive: true}, strings.TrimSuffix(file("/root/one", "1\n"), "\n") + " notify=reboot:kernel\n" +
		"\tresource exec x m.hcl:1:3 name=x probe=\"$SPRAY_STEPS/probe.sh\" act=\"$SPRAY_STEPS/act.sh\" disruptive=true\n"}
	b := realBundle(t, servers, change, restarts("b/restart"), step{bundle.Step{Name: "c/after", Source: "m.hcl:4:1"}, file("/root/after", "2\n")})
	b.Files["steps/probe.sh"] = bundle.File{Data: []byte("[ -e /root/x ] || differs new\nok\n")}
	b.Files["steps/act.sh"] = bundle.File{Data: []byte(": >/root/x\n")}
	seal(b)
	var plain bytes.Buffer
	down := &when{is: func(e Event) bool { return e.Type == Restarts }, act: func() {
		servers[0].Exec(t, "while [ ! -e /root/restarted ]; do sleep 0.05; done")
		servers[0].Close()
		servers[0].Restart(t, options)
	}}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{down, NewPlain(&plain)}})
	want(t, "result", statuses(result), "w1 changed")
	want(t, "restarted", servers[0].Exec(t, "cat /root/restarted"), "reboot\n")
	want(t, "files", servers[0].Exec(t, "cat /root/one /root/after"), "1\n2\n")
	want(t, "marks", servers[0].Exec(t, "ls /var/lib/sprayc/marks"), "")
	if said := plain.String(); !strings.Contains(said, "w1  restarts in b/restart; waiting for it to come back\nw1  is back\n") {
		t.Errorf("said:\n%s", said)
	}
}

// One that does not come back within the time for that: the message says what to look at.
func TestRestartedHostStaysAway(t *testing.T) {
	sshdtest.Needs(t, "nsenter")
	servers := []*sshdtest.Server{sshdtest.Start(t, "w1", sshdtest.Options{Setup: restartSetup})}
	change := step{bundle.Step{Name: "a/one", Source: "m.hcl:1:1"}, strings.TrimSuffix(file("/root/one", "1\n"), "\n") + " notify=reboot:kernel\n"}
	b := realBundle(t, servers, change, restarts("b/restart"))
	down := &when{is: func(e Event) bool { return e.Type == Restarts }, act: func() { servers[0].Close() }}
	result := runBundle(t, b, Options{SSH: sshOptions(t, servers), Sinks: []Sink{down}, Patience: time.Second})
	if got := statuses(result); !strings.HasPrefix(got, "w1 lost (w1 was restarted in b/restart and did not come back within 1s") {
		t.Errorf("result: %s", got)
	}
	if fix := result.Diagnostics[0].Fix; !strings.HasPrefix(fix, "look at its console: whether it boots") {
		t.Errorf("fix: %s", fix)
	}
}

// How long a host is away already is said again and again.
func TestStillAway(t *testing.T) {
	p := &Plain{width: 2}
	for status, line := range map[string]string{PhaseRestarting: "waiting for w1 to come back, 40s", PhaseReattaching: "has no link for 40s, connecting again"} {
		want(t, status, p.line(Event{Type: Phase, Host: "w1", Status: status, Text: "b/restart", How: "40s"}), line)
	}
}
