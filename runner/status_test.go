package runner

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
)

var statusNow = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// statusLineOf is a line of events.
func statusLineOf(t *testing.T, step, what, word, about, text, fix string) Event {
	t.Helper()
	return eventOf(t, strings.Join([]string{"status", step, "m.hcl:1:1", what, word, about, text, fix}, "\t"))
}

// statusPlan is of two control planes and two workers.
func statusPlan() *bundle.Plan {
	return fakePlan([]bundle.Role{{Name: "control_plane", Hosts: []string{"cp1", "cp2"}}, {Name: "worker", Hosts: []string{"w1", "w2"}}}, []bundle.Step{
		{Name: "k/install", Roles: []string{"control_plane", "worker"}},
		{Name: "k/status", Roles: []string{"control_plane"}, Reports: []string{"status"}},
		{Name: "e/status", Roles: []string{"control_plane", "worker"}, Reports: []string{"status"}},
		{Name: "k/list", Roles: []string{"control_plane", "worker"}, Reports: []string{"certificates"}},
	})
}

// statusOf runs status on a cluster in which all is well, but for what more says.
func statusOf(t *testing.T, plan *bundle.Plan, more func(*world)) (*StatusReport, *world) {
	t.Helper()
	w := newWorld(plan)
	for name, host := range w.hosts {
		for _, step := range plan.Steps {
			host.done[step.Name] = true
		}
		host.tells = []Event{eventOf(t, certificateLineOf("k/list", "file", "apiserver", "/etc/a.crt", "", statusNow, 24*300)), statusLineOf(t, "e/status", "endpoint", "ok", name, "", "")}
		if strings.HasPrefix(name, "cp") {
			for _, node := range []string{"w1", "cp1", "w2", "cp2"} {
				host.tells = append(host.tells, statusLineOf(t, "k/status", "node", "ok", node, "Ready, v1.36.4", ""))
			}
			host.tells = append(host.tells, statusLineOf(t, "k/status", "API", "ok", "", "12 groups", ""))
		}
	}
	more(w)
	gathered := &StatusSink{Days: 30, Now: func() time.Time { return statusNow }}
	runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: Status, Within: time.Hour, Sinks: []Sink{gathered}})
	if len(w.executed) > 0 || len(w.broken) > 0 {
		t.Errorf("it has changed something: %v %v", w.executed, w.broken)
	}
	return gathered.Report, w
}

// What is well stands in one table, in the order of the steps, and what is the same of several
// hosts there once; what several tell just so is told once.
func TestStatusWell(t *testing.T) {
	report, w := statusOf(t, statusPlan(), func(*world) {})
	const want = `WHAT          HOSTS             STANDS
host          cp1, cp2, w1, w2  reachable
API                             12 groups
node          cp1, cp2, w1, w2  Ready, v1.36.4
endpoint      cp1, cp2, w1, w2  ok
drift         cp1, cp2, w1, w2  nothing differs from the bundle
certificates  cp1               apiserver ends first, in 300 days

test: 4 of 4 hosts answer; all is well
`
	if diff := cmp.Diff(want, report.Text(Paper{})); diff != "" || report.Code != 0 {
		t.Errorf("code %d\n%s", report.Code, diff)
	}
	for name, host := range w.hosts {
		if host.opened != 1 {
			t.Errorf("%d connections to %s", host.opened, name)
		}
	}
	data, err := json.Marshal(report.Lines[5])
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != `{"what":"node","host":"cp1","status":"ok","text":"Ready, v1.36.4","by":["cp1","cp2"],"step":"k/status"}` {
		t.Errorf("got %s", data)
	}
	if report.First == nil || *report.First.DaysLeft != 300 {
		t.Errorf("the certificate that ends first is %+v", report.First)
	}
}

// Each thing that is not well is named first, with what to do, and is the status; what can be
// asked of others is asked.
func TestStatusNotWell(t *testing.T) {
	tell := func(host string, events ...Event) func(*world) {
		return func(w *world) { w.hosts[host].tells = append(w.hosts[host].tells, events...) }
	}
	both := func(all ...func(*world)) func(*world) {
		return func(w *world) {
			for _, f := range all {
				f(w)
			}
		}
	}
	away := func(w *world) { w.hosts["cp1"].away = true }
	lost := both(away, func(w *world) {
		events := w.hosts["cp2"].tells
		for i := range events {
			if events[i].About == "cp1" && events[i].Name == "node" {
				events[i].Status, events[i].Text, events[i].Fix = "bad", "NotReady", "look there"
			}
		}
	})
	certificate := func(hours int) func(*world) {
		return tell("w1", eventOf(t, certificateLineOf("k/list", "file", "kubelet", "/etc/k.crt", "", statusNow, hours)))
	}
	for _, c := range []struct {
		name string
		more func(*world)
		code int
		text string // of the problems
		sum  string
	}{
		{"a node", tell("w1", statusLineOf(t, "e/status", "kubelet", "bad", "w1", "kubelet.service is dead", "systemctl start kubelet")), 1,
			"bad   kubelet of w1: kubelet.service is dead\n      fix: systemctl start kubelet\n", "4 of 4 hosts answer; 1 thing is not well"},
		{"a host is away", away, 4, "away  cp1 cannot be reached: no route to host\n", "3 of 4 hosts answer"},
		{"and others tell of it", lost, 1, "bad   node of cp1: NotReady\n      fix: look there\naway  cp1 cannot be reached: no route to host\n", "3 of 4 hosts answer; 1 thing is not well"},
		{"they do not agree", func(w *world) {
			tells := w.hosts["cp2"].tells
			tells[2].Status, tells[2].Text = "bad", "NotReady" // w1
		}, 1, "bad   node of w1: NotReady, as cp2 says\n", "4 of 4 hosts answer; 1 thing is not well"},
		{"of the cluster", tell("cp1", statusLineOf(t, "k/status", "etcd", "warn", "", "no room soon", "")), 3, "warn  etcd: no room soon\n", "4 of 4 hosts answer; 1 thing is not to stay well"},
		{"drift", func(w *world) { w.hosts["w2"].done["k/install"] = false }, 1, "bad   drift of w2: 1 resource differs: exec x\n      fix: sprayc plan shows each, sprayc run brings it back\n", "4 of 4 hosts answer; 1 thing is not well"},
		{"what is left over", func(w *world) { w.hosts["w2"].orphan = "/etc/old" }, 1, "bad   drift of w2: 1 resource differs: file /etc/old, which is no longer in the bundle\n      fix: sprayc plan shows each, sprayc run brings it back\n", "4 of 4 hosts answer; 1 thing is not well"},
		{"a certificate ends soon", certificate(24 * 29), 3, "warn  certificates of w1: kubelet ends in 29 days (/etc/k.crt)\n      fix: sprayc certificates shows all, sprayc certificates renew makes them anew\n", "4 of 4 hosts answer; 1 thing is not to stay well"},
		{"and a host is away", both(away, certificate(24*29)), 4, "away  cp1 cannot be reached: no route to host\nwarn  certificates of w1: kubelet ends in 29 days (/etc/k.crt)\n      fix: sprayc certificates shows all, sprayc certificates renew makes them anew\n", "3 of 4 hosts answer; 1 thing is not to stay well"},
		{"a certificate has ended", certificate(-1), 1, "bad   certificates of w1: kubelet ended at 2026-11-22 02:00Z (/etc/k.crt)\n      fix: sprayc certificates shows all, sprayc certificates renew makes them anew\n", "4 of 4 hosts answer; 1 thing is not well"},
		{"none is shown", tell("cp1", eventOf(t, "certificate\tk/list\tm.hcl:1:1\tserved\tkube-scheduler\t127.0.0.1:10259\tnothing is shown there\t")), 1, "bad   certificates of cp1: none is shown by kube-scheduler at 127.0.0.1:10259\n      fix: sprayc certificates says why\n", "4 of 4 hosts answer; 1 thing is not well"},
		{"a step fails", func(w *world) {
			w.hosts["w1"].done["k/list"], w.hosts["w1"].fails["k/list"] = false, true
			w.hosts["w1"].world.complaint = "no such file"
		}, 1, "bad   status of w1: not known: k/list: exec x: no such file\nbad   drift of w1: 1 resource differs: exec x\n      fix: sprayc plan shows each, sprayc run brings it back\n", "4 of 4 hosts answer; 2 things are not well"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, _ := statusOf(t, statusPlan(), c.more)
			problems, rest, _ := strings.Cut(report.Text(Paper{}), "\n\nWHAT ")
			if diff := cmp.Diff(c.text, problems+"\n"); diff != "" || report.Code != c.code {
				t.Errorf("code %d, not %d\n%s", report.Code, c.code, diff)
			}
			if sum := rest[strings.LastIndex(rest, "\n\n")+2:]; sum != "test: "+c.sum+"\n" {
				t.Errorf("in sum: %s", sum)
			}
		})
	}
}

// A host that is declared not to be there is not asked, and nothing that is told of it is a
// problem; one of the cluster that the definition does not have is.
func TestStatusDeclared(t *testing.T) {
	plan := statusPlan()
	for i := range plan.Hosts {
		if plan.Hosts[i].Name == "w2" {
			plan.Hosts[i].State, plan.Hosts[i].Reason = "maintenance", "new disk"
		}
	}
	report, w := statusOf(t, plan, func(w *world) {
		for _, name := range []string{"cp1", "cp2"} {
			tells := w.hosts[name].tells
			tells[4].Status, tells[4].Text = "bad", "NotReady"
		}
	})
	const want = `WHAT          HOSTS         STANDS
host          cp1, cp2, w1  reachable
              w2            maintenance: new disk
API                         12 groups
node          cp1, cp2, w1  Ready, v1.36.4
              w2            NotReady, as it may be
endpoint      cp1, cp2, w1  ok
drift         cp1, cp2, w1  nothing differs from the bundle
certificates  cp1           apiserver ends first, in 300 days

test: 3 of 3 hosts answer, 1 declared away; all is well
`
	if diff := cmp.Diff(want, report.Text(Paper{})); diff != "" || report.Code != 0 || w.hosts["w2"].opened > 0 {
		t.Errorf("code %d, %d connections\n%s", report.Code, w.hosts["w2"].opened, diff)
	}

	plan = statusPlan()
	plan.Outputs = []bundle.Output{{Name: "k/members", Pattern: "[a-z0-9 ]*", Roles: []string{"control_plane"}, Members: true}}
	report, _ = statusOf(t, plan, func(w *world) {
		for _, name := range []string{"cp1", "cp2"} {
			w.hosts[name].members = "cp1 cp2 w1 w2 w9"
		}
	})
	if text := report.Text(Paper{}); !strings.HasPrefix(text, "bad   w9: in the cluster, and not in the definition\n      fix: declare it ") || report.Code != 1 {
		t.Errorf("code %d\n%s", report.Code, text)
	}
}

// A host that begins to answer and does not end is left; the others are told of.
func TestStatusHangs(t *testing.T) {
	w := newWorld(statusPlan())
	for _, host := range w.hosts {
		for _, step := range w.plan.Steps {
			host.done[step.Name] = true
		}
	}
	w.hosts["cp1"].hangs = true
	gathered := &StatusSink{Days: 30, Now: func() time.Time { return statusNow }}
	runBundle(t, &bundle.Bundle{Plan: *w.plan}, Options{Dialer: w, Operation: Status, Within: time.Millisecond, Sinks: []Sink{gathered}})
	if text := gathered.Report.Text(Paper{}); !strings.Contains(text, "of cp1: not known: it has not answered within 1ms\n") || gathered.Report.Code != 1 {
		t.Errorf("code %d\n%s", gathered.Report.Code, text)
	}
}

// A bundle in which nothing tells of the status has hosts and drift all the same, and one of
// very many hosts has a text that a person can read.
func TestStatusOfMany(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("w", 500)}}, []bundle.Step{{Name: "k/install", Roles: []string{"worker"}}})
	report, _ := statusOf(t, plan, func(w *world) { w.hosts["w0007"].away = true })
	const want = `away  w0007 cannot be reached: no route to host

WHAT   HOSTS                                   STANDS
host   w[0001-0006], w[0008-0500] (499 hosts)  reachable
drift  w[0001-0006], w[0008-0500] (499 hosts)  nothing differs from the bundle

test: 499 of 500 hosts answer
`
	if diff := cmp.Diff(want, report.Text(Paper{})); diff != "" || report.Code != 4 {
		t.Errorf("code %d\n%s", report.Code, diff)
	}
	for line := range strings.Lines(report.Text(Paper{Width: 60})) {
		if len(line) > 61 {
			t.Errorf("too long for a terminal: %q", line)
		}
	}
}

// What a host says of the status is not believed when it cannot be, and shows no secret and
// nothing that a terminal would take for a command.
func TestStatusEvents(t *testing.T) {
	if _, err := ParseEvent("status\tk/s\tm.hcl:1:1\tnode\tok\tw1"); err == nil || !strings.Contains(err.Error(), "has 6 fields, not 8") {
		t.Error(err)
	}
	said := told{begun: true, asked: asked{host: "cp1"}}
	if err := said.take(statusLineOf(t, "k/s", "node", "fine", "w1", "", ""), false); err == nil || err.Error() != `there is no status "fine"` {
		t.Error(err)
	}
	if err := said.take(statusLineOf(t, "k/s", "node", "warn", "w1", "", ""), false); err != nil {
		t.Error(err)
	}
	e := statusLineOf(t, "k/s", "node", "bad", `hunter2`, `a\x1b[2Jb`, "say hunter2")
	s := &sinks{redact: &redactor{}}
	s.redact.add([]byte("hunter2"))
	s.clean(&e)
	if e.About != "***" || e.Fix != "say ***" || strings.Contains(e.Text, "\x1b") {
		t.Errorf("%q %q %q", e.About, e.Fix, e.Text)
	}
}
