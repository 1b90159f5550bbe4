package runner

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// cluster is a small cluster: three control planes, one of which founds it, and
// two workers that join with a token.
func cluster() (*bundle.Plan, *world) {
	all := []string{"control_plane", "worker"}
	plan := fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: names("cp", 3)},
		{Name: "worker", Hosts: names("w", 2)},
	}, []bundle.Step{
		{Name: "os/base", Roles: all},
		{Name: "kubernetes/init", Roles: all[:1], OncePer: "cluster"},
		{Name: "kubernetes/join", Roles: all[1:], Outputs: []string{"kubernetes/token"},
			Needs: []bundle.Need{{Step: "kubernetes/init", Output: "kubernetes/token", Roles: all[:1], Gate: "ready"}}},
	})
	plan.Outputs = []bundle.Output{{Name: "kubernetes/token", Step: "kubernetes/init", Pattern: "token-of-[a-z0-9]+", Roles: all[:1], Revoke: true, Secret: true}}
	w := newWorld(plan)
	for _, name := range names("w", 2) {
		w.hosts[name].needs["kubernetes/join"] = "kubernetes.token"
	}
	return plan, w
}

// acts lists what was executed for steps with a prefix, by host.
func (w *world) acts(prefix string) string {
	var all []string
	for _, text := range w.executed {
		fields := strings.Fields(text)
		if strings.HasPrefix(fields[1], prefix) {
			all = append(all, fields[0]+" "+fields[1])
		}
	}
	sort.Strings(all)
	return strings.Join(all, ", ")
}

func kinds(l diag.List) string {
	var all []string
	for _, d := range l {
		all = append(all, fmt.Sprintf("%s %s:%d", d.Kind.ID, d.Span.File, d.Span.Start.Line))
	}
	sort.Strings(all)
	return strings.Join(all, ", ")
}

// A host whose probe fails says why, and nobody founds.
func TestFoundersProbeFails(t *testing.T) {
	plan, w := cluster()
	w.hosts["cp0002"].present["kubernetes/init"], w.complaint = "no answer", "there is a cluster already"
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "who founds", w.acts("kubernetes/init"), "")
	if got := result.Hosts[1]; got.Status != HostFailed || got.Reason != "kubernetes/init: there is a cluster already" {
		t.Errorf("%s: %s, %s", got.Host, got.Status, got.Reason)
	}
}

// The lowest name founds the cluster, one token serves both workers, is revoked,
// and a second run does nothing.
func TestFound(t *testing.T) {
	plan, w := cluster()
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "first run", statuses(result), "cp0001 changed; cp0002 changed; cp0003 changed; w0001 changed; w0002 changed")
	want(t, "who founds", w.acts("kubernetes/init"), "cp0001 kubernetes/init")
	want(t, "tokens", fmt.Sprint(w.minted, w.revoked, w.hosts["w0001"].inputs, w.hosts["w0002"].inputs),
		"1 [cp0001 kubernetes/token] map[kubernetes.token:token-of-cp0001] map[kubernetes.token:token-of-cp0001]")
	w.hosts["cp0002"].present["kubernetes/init"], w.hosts["cp0003"].present["kubernetes/init"] = Present, Present
	w.executed = nil
	for _, h := range w.hosts {
		h.starts = 0
	}
	again := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "second run", statuses(again), "cp0001 ok; cp0002 ok; cp0003 ok; w0001 ok; w0002 ok")
	want(t, "executed", w.acts(""), "")
	for name, h := range w.hosts {
		if h.starts != 1 {
			t.Errorf("%s was asked %d times, not once", name, h.starts)
		}
	}
}

// What only an older bundle had goes in the run that brings the newer one, also where a
// host's steps are run in parts.
func TestOrphansOfAnOlderBundle(t *testing.T) {
	plan, w := cluster()
	runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	w.hosts["cp0002"].present["kubernetes/init"], w.hosts["cp0003"].present["kubernetes/init"] = Present, Present
	for _, h := range w.hosts {
		h.another, h.starts = true, 0
	}
	w.hosts["cp0002"].orphan, w.hosts["w0002"].orphan = "/old", "/old"
	w.hosts["w0002"].done["os/base"] = false
	w.executed = nil
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "the run", statuses(result), "cp0001 ok; cp0002 changed; cp0003 ok; w0001 ok; w0002 changed")
	want(t, "executed", w.acts("os/"), "w0002 os/base")
	want(t, "left", w.hosts["cp0002"].orphan+w.hosts["w0002"].orphan, "")
}

// A second cluster is never founded: what is begun is finished where it was begun,
// and who cannot be asked might have begun.
func TestWhoFounds(t *testing.T) {
	for _, test := range []struct {
		name    string
		arrange func(w *world, o *Options)
		acts    string
		result  string
		kinds   string
	}{
		{"a claim", func(w *world, _ *Options) { w.hosts["cp0003"].present["kubernetes/init"] = Partial },
			"cp0003 kubernetes/init", "cp0001 changed; cp0002 changed; cp0003 changed; w0001 changed; w0002 changed", ""},
		{"one is away", func(w *world, _ *Options) { w.hosts["cp0003"].away = true }, "",
			"cp0001 blocked (kubernetes/init cannot decide who does kubernetes/init: cp0003 cannot be reached); " +
				"cp0002 blocked (kubernetes/init cannot decide who does kubernetes/init: cp0003 cannot be reached); " +
				"cp0003 unreachable (no route to host); " +
				"w0001 blocked (kubernetes/join needs kubernetes/init on cp0001, cp0002, cp0003, which is blocked itself); " +
				"w0002 blocked (kubernetes/join needs kubernetes/init on cp0001, cp0002, cp0003, which is blocked itself)",
			"cannot-decide prod.hcl:1, host-blocked prod.hcl:1, host-unreachable prod.hcl:1"},
		{"one is away, but the cluster is there", func(w *world, _ *Options) {
			w.hosts["cp0003"].away = true
			w.hosts["cp0002"].present["kubernetes/init"] = Present
		}, "", "cp0001 changed; cp0002 changed; cp0003 unreachable (no route to host); w0001 changed; w0002 changed",
			"host-unreachable prod.hcl:1"},
		{"two began", func(w *world, _ *Options) {
			w.hosts["cp0001"].present["kubernetes/init"] = Partial
			w.hosts["cp0002"].present["kubernetes/init"] = Partial
		}, "", "", "host-blocked prod.hcl:1, two-founders prod.hcl:1"},
		{"only one takes part, another has the cluster", func(w *world, o *Options) {
			o.Only = "cp0001"
			w.hosts["cp0002"].present["kubernetes/init"] = Present
		}, "", "cp0001 changed", ""},
		{"only one takes part, another is away", func(w *world, o *Options) {
			o.Only = "cp0001"
			w.hosts["cp0002"].away = true
		}, "", "cp0001 blocked (kubernetes/init cannot decide who does kubernetes/init: cp0002 cannot be reached)", "cannot-decide prod.hcl:1"},
		{"founding fails", func(w *world, _ *Options) { w.hosts["cp0001"].fails["kubernetes/init"] = true }, "cp0001 kubernetes/init",
			"cp0001 failed (kubernetes/init: exec x: it broke); " +
				"cp0002 blocked (kubernetes/init needs kubernetes/init on cp0001, which failed); " +
				"cp0003 blocked (kubernetes/init needs kubernetes/init on cp0001, which failed); " +
				"w0001 blocked (kubernetes/join needs kubernetes/init on cp0001, cp0002, cp0003, which failed); " +
				"w0002 blocked (kubernetes/join needs kubernetes/init on cp0001, cp0002, cp0003, which failed)",
			"host-blocked prod.hcl:1, host-blocked prod.hcl:1, step-failed m.hcl:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, w := cluster()
			options := Options{Dialer: w}
			test.arrange(w, &options)
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, options)
			want(t, "acts", w.acts("kubernetes/init"), test.acts)
			want(t, "kinds", kinds(result.Diagnostics), test.kinds)
			if test.result != "" {
				want(t, "result", statuses(result), test.result)
			}
		})
	}
}

// What will not stay well ends verify with a status of its own, but no run.
func TestWarning(t *testing.T) {
	for operation, code := range map[Operation]int{Verify: ExitWarning, Apply: ExitDone} {
		plan, w := cluster()
		runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
		w.hosts["cp0002"].warns = map[string]string{"os/base": "it ends soon"}
		result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: operation})
		if got := fmt.Sprint(result.Hosts[1].Warnings, result.Code()); got != fmt.Sprintf("[it ends soon] %d", code) {
			t.Errorf("%s: %s", operation, got)
		}
	}
}

// A worker that is away is skipped, said so with a status of its own, and nobody
// waits for it.
func TestSkip(t *testing.T) {
	plan, w := cluster()
	w.hosts["w0002"].away = true
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "result", statuses(result), "cp0001 changed; cp0002 changed; cp0003 changed; w0001 changed; w0002 unreachable (no route to host)")
	if result.Code() != ExitSkipped {
		t.Errorf("code %d, not %d", result.Code(), ExitSkipped)
	}
	want(t, "left", fmt.Sprint(result.Hosts[4].Left), "[os/base kubernetes/join]")
}

// A value that does not match its pattern is not handed on, and not shown.
func TestWrongValue(t *testing.T) {
	plan, w := cluster()
	plan.Outputs[0].Pattern = "[0-9]+"
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Only: "w0001"})
	want(t, "kinds", kinds(result.Diagnostics), "no-live-value prod.hcl:1")
	if text := fmt.Sprint(result); strings.Contains(text, "token-of-") {
		t.Errorf("the value is shown: %s", text)
	}
}

// --only one worker, with the cluster there: the token is minted on a control
// plane that takes no part otherwise.
func TestAddWorker(t *testing.T) {
	plan, w := cluster()
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Only: "w0002"})
	want(t, "result", statuses(result), "w0002 changed")
	want(t, "token", fmt.Sprint(w.hosts["w0002"].inputs, w.revoked), "map[kubernetes.token:token-of-cp0001] [cp0001 kubernetes/token]")
	opened := map[string]int{}
	for name, host := range w.hosts {
		if host.opened > 0 {
			opened[name] = host.opened
		}
	}
	want(t, "connections", fmt.Sprint(opened), "map[cp0001:1 w0002:1]")
}

// The first interrupt starts nothing new.
func TestInterrupt(t *testing.T) {
	plan, w := cluster()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	result, err := Run(ctx, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	if err != nil {
		t.Fatal(err)
	}
	if result.Count(HostStopped) != 5 || result.Code() != ExitError {
		t.Errorf("%s, code %d", statuses(result), result.Code())
	}
}

// What is marked is finished first, and what is only asked for waits for it.
func TestMarkedFirst(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("w", 4), MaxUnavailable: "1"}}, []bundle.Step{
		{Name: "a/restart", Roles: []string{"worker"}, Disruptive: true}})
	w := newWorld(plan)
	w.hosts["w0003"].marks = []string{"service:x"}
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "result", statuses(result), "w0001 changed; w0002 changed; w0003 changed; w0004 changed")
	var order []string
	for _, text := range w.executed {
		if strings.Contains(text, " true ") { // with a token
			order = append(order, text[:5])
		}
	}
	first := order[0]
	slices.Sort(order) // the others go as they come to it
	want(t, "order", first+": "+strings.Join(order, " "), "w0003: w0001 w0002 w0003 w0004")
}
