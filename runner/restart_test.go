package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// fleet is four hosts with a service that others rely on. All write to one file
// when they go down, as the service is restarted, and when they serve again, as its
// gate passes.
type fleet struct {
	dir     string
	servers []*sshdtest.Server
}

// fleetSetup makes a host's systemctl: the service is always there and runs.
const fleetSetup = `mount -t tmpfs tmpfs /usr/local/sbin
cat >/usr/local/sbin/systemctl <<'EOT'
#!/bin/sh
case $1 in
show) printf 'LoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nNeedDaemonReload=no\nStateChangeTimestampMonotonic=%s\n' "$(grep -c 'down NAME' DIR/log)" ;;
restart) printf 'down NAME\n' >>DIR/log ;;
esac
EOT
chmod 755 /usr/local/sbin/systemctl`

// fleetGate passes when the host is not broken. It takes a moment, as a service
// does: for as long it looks whether another goes down, as it would without budgets.
const fleetGate = `tries=0
while [ "$tries" -lt 6 ] && [ "$(tail -n 1 DIR/log)" = "down $NAME" ]; do
	sleep 0.1
	tries=$((tries + 1))
done
[ ! -e "DIR/broken.$NAME" ] || fail 'does not serve'
printf 'up %s\n' "$NAME" >>DIR/log
`

func startFleet(t *testing.T) *fleet {
	t.Helper()
	sshdtest.Needs(t, "nsenter")
	f := &fleet{dir: t.TempDir()}
	for _, name := range []string{"w1", "w2", "w3", "w4"} {
		setup := strings.NewReplacer("NAME", name, "DIR", f.dir).Replace(fleetSetup)
		f.servers = append(f.servers, sshdtest.Start(t, name, sshdtest.Options{Setup: setup}))
	}
	return f
}

// bundle has one step: a file that the service reads, the service, and its gate.
func (f *fleet) bundle(t *testing.T, content, budget string) *bundle.Bundle {
	t.Helper()
	b := realBundle(t, f.servers, step{bundle.Step{Name: "app/serve", Source: "m.hcl:1:1", Disruptive: true},
		strings.TrimSuffix(file("/root/app.conf", content), "\n") + " notify=service:app.service\n" +
			"\tresource service app.service m.hcl:8:3 name=app.service enabled=true running=true disruptive=true\n" +
			"\tverify 'it serves' m.hcl:9:3 \"$SPRAY_STEPS/gate.sh\" NAME=\"$SPRAY_HOST\"\n"})
	b.Files["steps/gate.sh"] = bundle.File{Data: []byte(strings.ReplaceAll(fleetGate, "DIR", f.dir))}
	seal(b)
	b.Plan.Roles[0].MaxUnavailable = budget
	return b
}

// took returns which hosts went down, in order, and how many were at once; down are
// those that were before. The file is begun anew.
func (f *fleet) took(t *testing.T, down ...string) (order string, most int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(f.dir, "log"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(f.dir, "log"))
	now := map[string]bool{}
	for _, host := range down {
		now[host] = true
	}
	most = len(now)
	var went []string
	for line := range strings.Lines(string(text)) {
		switch word, host, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "down":
			went = append(went, host)
			now[host] = true
			most = max(most, len(now))
		case "up":
			delete(now, host)
		}
	}
	return strings.Join(went, " "), most
}

func (f *fleet) breakHost(t *testing.T, host string, broken bool) {
	t.Helper()
	name := filepath.Join(f.dir, "broken."+host)
	if !broken {
		_ = os.Remove(name)
		return
	}
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// outcomes says how many hosts came out how.
func outcomes(r Result) string {
	return fmt.Sprintf("%d changed, %d ok, %d failed, %d blocked", r.Count(HostChanged), r.Count(HostOK), r.Count(HostFailed), r.Count(HostBlocked))
}

// A service that others rely on is restarted on no more hosts at once than the
// budget says: also while one does not pass its gate, in the run in which it fails
// and in each that follows, and it is finished first. Without a budget they go
// together, so this test would see it.
func TestRestartsUnderBudget(t *testing.T) {
	f := startFleet(t)
	options := Options{SSH: sshOptions(t, f.servers)}
	apply := func(content, budget string) Result {
		t.Helper()
		return runBundle(t, f.bundle(t, content, budget), options)
	}
	want(t, "no budget", outcomes(apply("1\n", "")), "4 changed, 0 ok, 0 failed, 0 blocked")
	if order, most := f.took(t); most < 2 || len(strings.Fields(order)) != 4 {
		t.Fatalf("%d were down at once without a budget, of %q: this test could see nothing", most, order)
	}

	want(t, "a budget of one", outcomes(apply("2\n", "1")), "4 changed, 0 ok, 0 failed, 0 blocked")
	order, most := f.took(t)
	want(t, "at once", fmt.Sprint(most, len(strings.Fields(order))), "1 4")
	want(t, "again", outcomes(apply("2\n", "1")), "0 changed, 4 ok, 0 failed, 0 blocked")
	order, most = f.took(t)
	want(t, "restarts", fmt.Sprint(order, most), "0")

	f.breakHost(t, "w2", true)
	first := apply("3\n", "1")
	order, most = f.took(t)
	went := strings.Fields(order)
	want(t, "with one that fails", fmt.Sprint(most, first.Count(HostFailed), first.Count(HostChanged)+first.Count(HostBlocked)), "1 1 3")
	want(t, "the last to go down", went[len(went)-1], "w2")
	want(t, "restarted", fmt.Sprint(len(went)), fmt.Sprint(first.Count(HostChanged)+1))

	second := apply("4\n", "1")
	order, most = f.took(t, "w2")
	want(t, "while it fails", fmt.Sprint(outcomes(second), "; ", most, " ", order), "0 changed, 0 ok, 1 failed, 3 blocked; 1 w2")
	want(t, "why", kinds(second.Diagnostics), "budget-exhausted m.hcl:1, verify-failed m.hcl:9")

	want(t, "with two", outcomes(apply("4\n", "2")), "3 changed, 0 ok, 1 failed, 0 blocked")
	_, most = f.took(t, "w2")
	want(t, "at once, of two", fmt.Sprint(most), "2")

	f.breakHost(t, "w2", false)
	want(t, "mended", outcomes(apply("5\n", "1")), "4 changed, 0 ok, 0 failed, 0 blocked")
	order, most = f.took(t, "w2")
	want(t, "order", fmt.Sprint(most, " ", order[:2], " ", len(strings.Fields(order))), "1 w2 4")
	want(t, "at the end", outcomes(apply("5\n", "1")), "0 changed, 4 ok, 0 failed, 0 blocked")
}

// aboutBundle has a service of each host that others drain before and bring back
// after; both hosts run that for each other.
func (f *fleet) aboutBundle(t *testing.T, content string) *bundle.Bundle {
	t.Helper()
	exec := func(name, more string) string {
		return "\tresource exec " + name + " m.hcl:3:3 name=" + name + more + " probe=\"$SPRAY_STEPS/" + name + ".probe.sh\" act=\"$SPRAY_STEPS/" + name +
			".act.sh\" env.NODE=\"$SPRAY_ABOUT\" env.VERSION='" + content + "'\n"
	}
	b := realBundle(t, f.servers,
		step{bundle.Step{Name: "site/drain", Source: "m.hcl:1:1", About: true, Executor: "role:worker", Disruptive: true}, exec("drain", " disruptive=true")},
		step{bundle.Step{Name: "app/serve", Source: "m.hcl:5:1"}, file("/root/app.conf", content) + "\tverify 'it serves' m.hcl:9:3 \"$SPRAY_STEPS/gate.sh\" NAME=\"$SPRAY_HOST\"\n"},
		step{bundle.Step{Name: "site/uncordon", Source: "m.hcl:11:1", About: true, Executor: "role:worker"}, exec("uncordon", "")})
	done := "DIR/done.$NODE.$VERSION"
	for path, text := range map[string]string{
		"steps/drain.probe.sh":    "if [ -e " + done + " ] || [ -e DIR/cordoned.$NODE ]; then ok; else differs serves; fi\n",
		"steps/drain.act.sh":      "while [ -e DIR/slow ]; do sleep 0.1; done\n: >DIR/cordoned.$NODE\nprintf 'down %s\\n' \"$NODE\" >>DIR/log\n",
		"steps/uncordon.probe.sh": "if [ -e DIR/cordoned.$NODE ]; then differs cordoned; else ok; fi\n",
		"steps/uncordon.act.sh":   ": >" + done + "\nrm DIR/cordoned.$NODE\nprintf 'up %s\\n' \"$NODE\" >>DIR/log\n",
		"steps/gate.sh":           "[ ! -e \"DIR/broken.$NAME\" ] || fail 'does not serve'\n",
		"classes/all.about":       "site/drain\tsteps/site/drain.sh\nsite/uncordon\tsteps/site/uncordon.sh\n",
		"classes/all.steps":       "app/serve\tsteps/app/serve.sh\tworker\n",
	} {
		b.Files[path] = bundle.File{Data: []byte(strings.ReplaceAll(text, "DIR", f.dir))}
	}
	seal(b)
	b.Plan.Classes[0].Executes = []bundle.StepUse{{Step: "site/drain"}, {Step: "site/uncordon"}}
	return b
}

// A host that was drained and not brought back, as what came between failed, holds
// its token in later runs; the mark of it goes as it is brought back.
func TestDrainedHoldsToken(t *testing.T) {
	sshdtest.Needs(t, "nsenter")
	f := &fleet{dir: t.TempDir(), servers: startServers(t, "w1", "w2")}
	options := Options{SSH: sshOptions(t, f.servers)}
	marks := func() string {
		return f.servers[0].Exec(t, "ls /var/lib/sprayc/marks") + f.servers[1].Exec(t, "ls /var/lib/sprayc/marks")
	}
	want(t, "first", statuses(runBundle(t, f.aboutBundle(t, "1"), options)), "w1 changed; w2 changed")
	order, most := f.took(t)
	want(t, "at once", fmt.Sprint(most, len(strings.Fields(order)), marks()), "1 2")

	f.breakHost(t, "w1", true)
	options.Only = "w1"
	want(t, "fails", kinds(runBundle(t, f.aboutBundle(t, "2"), options).Diagnostics), "verify-failed m.hcl:9")
	order, _ = f.took(t)
	want(t, "drained", order+" "+marks(), "w1 token:site%drain\n")

	options.Only = ""
	second := runBundle(t, f.aboutBundle(t, "2"), options)
	want(t, "the other waits", kinds(second.Diagnostics), "budget-exhausted m.hcl:1, verify-failed m.hcl:9")
	order, most = f.took(t, "w1")
	want(t, "at once, with one out", fmt.Sprint(most, " ", order), "1 ")

	f.breakHost(t, "w1", false)
	want(t, "mended", statuses(runBundle(t, f.aboutBundle(t, "2"), options)), "w1 changed; w2 changed")
	order, most = f.took(t, "w1")
	want(t, "after that", fmt.Sprint(most, " ", order, marks()), "1 w2")
	want(t, "again", statuses(runBundle(t, f.aboutBundle(t, "2"), options)), "w1 ok; w2 ok")
}

// A runner that leaves in the middle of a step about a host leaves it at work where
// it runs; the next one follows it to its end there, and does not do it again.
func TestAboutGoesOn(t *testing.T) {
	sshdtest.Needs(t, "nsenter")
	f := &fleet{dir: t.TempDir(), servers: startServers(t, "w1", "w2")}
	slow := filepath.Join(f.dir, "slow")
	if err := os.WriteFile(slow, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	leave, begun := make(chan struct{}), 0
	first := &when{is: func(e Event) bool {
		if e.Type == StepBegins && e.Step == "site/drain" {
			begun++
		}
		return begun == 2 // once held, once with a token
	}, act: func() { close(leave) }}
	options := Options{SSH: sshOptions(t, f.servers), Only: "w1", Sinks: []Sink{first}, Leave: leave}
	want(t, "left", kinds(runBundle(t, f.aboutBundle(t, "1"), options).Diagnostics), "link-lost prod.hcl:1")

	second := &when{is: func(e Event) bool { return e.Type == Notice }, act: func() { _ = os.Remove(slow) }}
	options = Options{SSH: sshOptions(t, f.servers), Only: "w1", Sinks: []Sink{second}}
	want(t, "goes on", statuses(runBundle(t, f.aboutBundle(t, "1"), options)), "w1 changed")
	order, most := f.took(t)
	want(t, "once", fmt.Sprint(most, " ", order, f.servers[0].Exec(t, "ls /var/lib/sprayc/marks")), "1 w1")
}
