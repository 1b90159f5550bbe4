package runner

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// drains is a cluster whose workers are drained and uncordoned by control planes.
func drains(masters, workers []string, budget string) *bundle.Plan {
	about := []string{"worker"}
	return fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: masters},
		{Name: "worker", Hosts: workers, MaxUnavailable: budget},
	}, []bundle.Step{
		{Name: "a/files", Roles: []string{"control_plane", "worker"}},
		{Name: "b/drain", Roles: about, About: true, Executor: "role:control_plane", Disruptive: true, Source: "m.hcl:2:1"},
		{Name: "c/restart", Roles: []string{"worker"}, Disruptive: true},
		{Name: "d/uncordon", Roles: about, About: true, Executor: "role:control_plane"},
	})
}

// A step about a host runs on the first that may run it and can be reached, each
// host's on another first, never two at once there, and on the host itself only when
// there is no other.
func TestAbout(t *testing.T) {
	for _, test := range []struct {
		name    string
		arrange func(w *world, o *Options)
		order   string
		result  string
	}{
		{"all are there", func(*world, *Options) {},
			"w0001 b/drain@cp0001 true; w0001 c/restart false; w0001 d/uncordon@cp0001 false; " +
				"w0002 b/drain@cp0002 true; w0002 c/restart false; w0002 d/uncordon@cp0002 false",
			"cp0001 changed; cp0002 changed; w0001 changed; w0002 changed"},
		{"the first is away", func(w *world, _ *Options) { w.hosts["cp0001"].away = true },
			"w0001 b/drain@cp0002 true; w0001 c/restart false; w0001 d/uncordon@cp0002 false; " +
				"w0002 b/drain@cp0002 true; w0002 c/restart false; w0002 d/uncordon@cp0002 false",
			"cp0001 unreachable (no route to host); cp0002 changed; w0001 changed; w0002 changed"},
		{"all are away", func(w *world, o *Options) {
			w.hosts["cp0001"].away, w.hosts["cp0002"].away = true, true
			o.Only = "w0001"
		}, "", "w0001 blocked (b/drain cannot be run for it: no host is there to do it: cp0001 no route to host; cp0002 no route to host)"},
		{"only a worker takes part", func(_ *world, o *Options) { o.Only = "w0002" },
			"w0002 b/drain@cp0002 true; w0002 c/restart false; w0002 d/uncordon@cp0002 false", "w0002 changed"},
		{"it fails", func(w *world, o *Options) {
			w.hosts["w0001"].fails["b/drain"] = true
			o.Only = "w0001"
		}, "w0001 b/drain@cp0001 true", "w0001 failed (b/drain on cp0001: exec x: it broke)"},
		{"the step after it fails", func(w *world, o *Options) {
			w.hosts["w0001"].fails["c/restart"] = true
			o.Only = "w0001"
		}, "w0001 b/drain@cp0001 true; w0001 c/restart false", "w0001 failed (c/restart: exec x: it broke)"},
		{"they need a value", func(w *world, o *Options) {
			o.Only = "role:worker"
			w.plan.Secrets = []bundle.Secret{{ID: "key", Ref: "env:KEY"}}
			w.plan.Steps[1].Outputs = []string{"key"}
			o.Getenv = func(string) (string, bool) { return "hush", true }
			for _, host := range names("w", 2) {
				w.hosts[host].needs["b/drain"] = "key"
			}
		}, "w0001 b/drain@cp0001 true; w0001 c/restart false; w0001 d/uncordon@cp0001 false; " +
			"w0002 b/drain@cp0002 true; w0002 c/restart false; w0002 d/uncordon@cp0002 false", "w0001 changed; w0002 changed"},
		{"one step only", func(_ *world, o *Options) { o.Only, o.Steps = "w0001", "b/drain" }, "w0001 b/drain@cp0001 true",
			"w0001 blocked (a/files comes first and is not done)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := drains(names("cp", 2), names("w", 2), "1")
			w := newWorld(plan)
			options := Options{Dialer: w}
			test.arrange(w, &options)
			if test.name == "one step only" {
				plan.Steps[1].After = []string{"a/files"}
				test.order = ""
			}
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, options)
			want(t, "result", statuses(result), test.result)
			want(t, "order", w.turns(), test.order)
			want(t, "broken", fmt.Sprint(w.broken), "[]")
		})
	}
}

// turns lists by host, in order, what was executed beyond a/files; what was
// held first is there once, as it was granted.
func (w *world) turns() string {
	var all []string
	for _, host := range w.plan.Hosts {
		for i, text := range w.executed {
			fields := strings.Fields(text)
			if fields[0] != host.Name || fields[1] == "a/files" {
				continue
			}
			again := false
			for _, later := range w.executed[i+1:] {
				again = again || strings.HasPrefix(later, fields[0]+" "+fields[1]+" ")
			}
			if !again {
				all = append(all, strings.Join(fields, " "))
			}
		}
	}
	return strings.Join(all, "; ")
}

// The second run asks each host, and for each worker a control plane about it, and
// does nothing; plan and verify ask as often.
func TestAboutAgain(t *testing.T) {
	plan := drains(names("cp", 2), names("w", 2), "1")
	w := newWorld(plan)
	options := Options{Dialer: w, Operation: Plan}
	want(t, "plan", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, options)), "cp0001 differs; cp0002 differs; w0001 differs; w0002 differs")
	options.Operation = Apply
	runBundle(t, &bundle.Bundle{Plan: *plan}, options)
	w.executed = nil
	for _, operation := range []Operation{Apply, Plan, Verify} {
		for _, h := range w.hosts {
			h.starts = 0
		}
		options.Operation = operation
		result := runBundle(t, &bundle.Bundle{Plan: *plan}, options)
		want(t, string(operation), statuses(result), "cp0001 ok; cp0002 ok; w0001 ok; w0002 ok")
		want(t, "asked", fmt.Sprint(w.hosts["cp0001"].starts, w.hosts["cp0002"].starts, w.hosts["w0001"].starts, w.hosts["w0002"].starts), "3 3 1 1")
		if operation != Apply { // which does not count what a look before it found
			want(t, "counted", fmt.Sprint(result.Hosts[0].OK, result.Hosts[2].OK), "1 4")
		}
	}
	want(t, "broken", fmt.Sprint(w.broken), "[]")
}

// However drains, restarts and executors fail, no more workers are out of service
// than the budget says, in one run and in those after it; no host waits for ever,
// and no two runs meet on a host.
func TestAboutBudgetsHold(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 2))
		masters, workers := names("cp", 1+random.IntN(3)), names("w", 1+random.IntN(12))
		if random.IntN(3) == 0 {
			workers = append(workers, masters[0]) // of both roles
		}
		plan := drains(masters, workers, []string{"1", "2", "34%"}[random.IntN(3)])
		w := newWorld(plan)
		often := 4 + random.IntN(40)
		for _, host := range plan.Hosts {
			h := w.hosts[host.Name]
			for _, step := range plan.Steps {
				h.fails[step.Name] = random.IntN(often) == 0
				h.reboots[step.Name] = random.IntN(often) == 0
				h.dies[step.Name] = random.IntN(often) == 0
			}
			h.away = random.IntN(often) == 0
		}
		options := Options{Dialer: w}
		for range 3 {
			if result := runBundle(t, &bundle.Bundle{Plan: *plan}, options); result.Count(HostStopped) > 0 {
				t.Fatalf("seed %d: hosts wait for each other: %s", seed, statuses(result))
			}
			for _, host := range plan.Hosts { // some are mended
				h := w.hosts[host.Name]
				for _, step := range []string{"a/files", "b/drain", "c/restart", "d/uncordon"} {
					h.fails[step] = h.fails[step] && random.IntN(2) == 0
					h.dies[step] = h.dies[step] && random.IntN(2) == 0
				}
			}
			if options.Only = ""; random.IntN(3) == 0 {
				options.Only = "role:worker"
			}
		}
		if len(w.broken) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, w.broken, strings.Join(w.executed, "\n"))
		}
	}
}

// A mark that this run has left is no news; one of an earlier run is told of.
func TestOwnMarksAreNoNews(t *testing.T) {
	for _, test := range []struct{ earlier, want string }{{"", ""}, {"token:b%drain", "w0001 token:b%drain"}} {
		plan := drains(names("cp", 2), names("w", 2), "1")
		w := newWorld(plan)
		if test.earlier != "" {
			w.hosts["w0001"].marks = []string{test.earlier}
		}
		told := &marksTold{all: map[string]bool{}}
		want(t, "result", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Sinks: []Sink{told}})), "cp0001 changed; cp0002 changed; w0001 changed; w0002 changed")
		want(t, "told", strings.Join(slices.Sorted(maps.Keys(told.all)), ", "), test.want)
	}
}

type marksTold struct{ all map[string]bool }

func (m *marksTold) Event(e Event) {
	if e.Type == MarkFound {
		m.all[e.Host+" "+e.Name] = true
	}
}

func (*marksTold) Begin(Overview) {}
func (*marksTold) End(Result)     {}
