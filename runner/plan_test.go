package runner

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// planned is a plan of three members of etcd, which are control planes too, and four
// workers: a file that differs in another way on w0002, and restarts of all.
func planned(t *testing.T, options Options) (*world, Result) {
	t.Helper()
	plan := fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: names("cp", 3), MaxUnavailable: "1"},
		{Name: "etcd", Hosts: names("cp", 3), MaxUnavailable: "2"},
		{Name: "worker", Hosts: names("w", 4), MaxUnavailable: "50%"},
	}, []bundle.Step{{Name: "m/s", Roles: []string{"control_plane", "worker"}}})
	plan.Secrets = []bundle.Secret{{ID: "key", Ref: "env:KEY"}}
	plan.Steps[0].Outputs = []string{"key"}
	w := newWorld(plan)
	for name, host := range w.hosts {
		text := "@@ -1 +1 @@\n-a\n+b"
		if name == "w0002" {
			text = "@@ -1 +1 @@\n-\x1b[2Jthe KEYVALUE here\n+b"
		}
		host.foresee = []Event{
			{Type: FileDiffers, Step: "m/s", Kind: "exec", Name: "x", Status: "shown", Path: "/etc/x", Text: text},
			{Type: FileDiffers, Step: "m/s", Kind: "exec", Name: "x", Status: "withheld", Path: "/etc/y", Text: "it is no text"},
			{Type: Reacts, Step: "m/s", Kind: "exec", Name: "x", Status: "differs", Text: "restart", Disruptive: true},
		}
	}
	w.hosts["w0004"].away = true
	w.hosts["cp0001"].took = map[string]string{"m/s": "120 90 300"}
	options.Dialer, options.Operation = w, Plan
	options.Getenv = func(string) (string, bool) { return "KEYVALUE", true }
	return w, runBundle(t, &bundle.Bundle{Plan: *plan}, options)
}

// A plan says what differs in files, what is restarted and what that means for the
// cluster; it starts each host once, and nothing that a host sends is obeyed.
func TestPlanReport(t *testing.T) {
	var plain, report, page bytes.Buffer
	w, result := planned(t, Options{Sinks: []Sink{NewPlain(&plain), NewReport(&report, "json"), NewReport(&page, "markdown")}})
	result.Duration = 0
	want(t, "text", Summary(result, Paper{}), `cp0001, cp0002, cp0003, w0001, w0002, w0003:
  m/s
    will  exec x
    then  restarts x (in turn, within the budgets)

  /etc/x on w0002:
    @@ -1 +1 @@
    -<U+001B>[2Jthe *** here
    +b
  /etc/x on cp0001, cp0002, cp0003, w0001, w0003:
    @@ -1 +1 @@
    -a
    +b
  /etc/y: not shown, it is no text

Down at once of role control_plane: 1 of 3 hosts (3 to be interrupted, max_unavailable 1)
Down at once of role etcd: 1 of 3 hosts (3 to be interrupted, max_unavailable 2)
Down at once of role worker: 2 of 4 hosts (3 to be interrupted, 1 down already, max_unavailable 50%)
etcd: 3 members, 1 may be down, 1 at once: not one more may fail meanwhile
Time: about 35 s, or 1 min 30 s if each step takes the longest it has taken (from 3 earlier runs of 1 step, which the hosts have kept)

Left:
  w0004  unreachable: no route to host
7 hosts: 6 would change, 1 skipped (unreachable), in 0.0 s
`)
	for name, host := range w.hosts {
		if host.starts > 1 || len(host.inputs) > 0 || w.minted > 0 {
			t.Errorf("%s: %d runs, %v, minted %d", name, host.starts, host.inputs, w.minted)
		}
	}
	var got PlanReport
	if err := json.Unmarshal(report.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want(t, "json", keyOf(got), keyOf(*planOf(result)))
	want(t, "exit code", keyOf(got.Code, got.Forecast.Etcd.Margin()), "[4,0]")
	for _, text := range []string{plain.String(), report.String(), page.String()} {
		if strings.Contains(text, "KEYVALUE") || strings.Contains(text, "\x1b") {
			t.Errorf("a secret, or what a terminal obeys:\n%q", text)
		}
	}
	want(t, "markdown", page.String(), planPage)
}

const planPage = "# Plan of test\n\n" +
	`Down at once of role control\_plane: 1 of 3 hosts (3 to be interrupted, max\_unavailable 1)\
Down at once of role etcd: 1 of 3 hosts (3 to be interrupted, max\_unavailable 2)\
Down at once of role worker: 2 of 4 hosts (3 to be interrupted, 1 down already, max\_unavailable 50%)\
etcd: 3 members, 1 may be down, 1 at once: not one more may fail meanwhile\
Time: about 35 s, or 1 min 30 s if each step takes the longest it has taken (from 3 earlier runs of 1 step, which the hosts have kept)

## cp0001, cp0002, cp0003, w0001, w0002, w0003

| | Step | Resource | Why | Then |
|---|---|---|---|---|
| will | m/s | exec x |  | restarts x (in turn, within the budgets) |

/etc/x on w0002

` + "```diff\n@@ -1 +1 @@\n-<U+001B>[2Jthe *** here\n+b\n```\n\n/etc/x on cp0001, cp0002, cp0003, w0001, w0003\n\n```diff\n@@ -1 +1 @@\n-a\n+b\n```\n\n/etc/y: not shown, it is no text\n\n" +
	"## Left\n\n| Host | | Why |\n|---|---|---|\n| w0004 | unreachable | no route to host |\n\n"

// Nothing to do, and nothing is said of roles.
func TestPlanNothing(t *testing.T) {
	plan, w := cluster()
	for _, host := range w.hosts {
		for _, step := range plan.Steps {
			host.done[step.Name] = true
		}
	}
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: Plan})
	report := planOf(result)
	want(t, "text", report.Text(Paper{}), "")
	want(t, "json", keyOf(report), `[{"schema":1,"cluster":"test","exit_code":0,"hosts":5,"groups":[],"left":[],"forecast":{"roles":[]}}]`)
	want(t, "markdown", report.Markdown(), "# Plan of test\n\nNothing to do on 5 hosts.\n\n")
}

// Hosts that the definition leaves out are named with why, unless others were chosen.
func TestAway(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("w", 4)}}, nil)
	plan.Host("w0001").State, plan.Host("w0001").Reason = "maintenance", "a new disk"
	plan.Host("w0002").State, plan.Host("w0002").Reason = "maintenance", "a new disk"
	plan.Host("w0003").State = "absent"
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: newWorld(plan), Operation: Apply})
	result.Duration = time.Second
	want(t, "summary", Summary(result, Paper{}), "Left out, as the definition says:\n  w0001, w0002  maintenance: a new disk\n  w0003  absent\n1 host: 1 ok, in 1.0 s\n")
	want(t, "markdown", planOf(result).Markdown(), "# Plan of test\n\nNothing to do on 1 host.\n\n## Left out, as the definition says\n\n"+
		"| Host | | Why |\n|---|---|---|\n| w0001 | maintenance | a new disk |\n| w0002 | maintenance | a new disk |\n| w0003 | absent |  |\n\n")
	if only := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: newWorld(plan), Operation: Apply, Only: "w0004"}); only.Away != nil {
		t.Errorf("w0004 alone: %v", only.Away)
	}
}

// What counts as down: maintenance, marks, and who cannot be reached; absent hosts do not.
func TestForecast(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "etcd", Hosts: names("e", 6), MaxUnavailable: "1"}, {Name: "other", Hosts: names("o", 3)}}, nil)
	plan.Host("e0001").State, plan.Host("e0002").State = "absent", "maintenance"
	interrupts := []Reaction{{What: "restart", Disruptive: true}}
	got := newForecaster(plan, []HostResult{{Host: "e0003", Reactions: interrupts}, {Host: "e0004", Marks: []string{"service:x"}, Reactions: interrupts},
		{Host: "e0005", Reactions: []Reaction{{What: "start"}}}, {Host: "o0001", Reactions: interrupts}, {Host: "o0002", Reactions: interrupts}}).sum()
	want(t, "lines", strings.Join(got.lines(), "\n"), `Down at once of role etcd: 2 of 5 hosts (2 to be interrupted, 2 down already, max_unavailable 1, no other is taken down before those are back)
Down at once of role other: 2 of 3 hosts (2 to be interrupted, no max_unavailable)
etcd: 5 members, 2 may be down, 2 at once: not one more may fail meanwhile`)
	want(t, "no quorum", (&EtcdForecast{Members: 1, AtOnce: 1}).line(), "etcd: 1 member, 0 may be down, 1 at once: no quorum meanwhile")
	want(t, "down already", (&EtcdForecast{Members: 3, MayBeDown: 1}).line(), "etcd: 3 members, 1 may be down, 0 at once")
}
