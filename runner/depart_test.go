package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// leave is a bundle by which hosts leave the cluster.
func leave(masters, workers []string, absent ...string) *bundle.Plan {
	plan := fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: masters, MaxUnavailable: "1"},
		{Name: "worker", Hosts: workers, MaxUnavailable: "1"},
		{Name: "gone", Hosts: absent},
	}, []bundle.Step{
		{Name: "a/leave", Roles: []string{"gone"}, About: true, Executor: "role:control_plane"},
		{Name: "b/clean", Roles: []string{"gone"}, After: []string{"a/leave"}},
		{Name: "c/forget", Roles: []string{"gone"}, About: true, Executor: "role:control_plane", After: []string{"b/clean"}},
	})
	plan.Operation = bundle.Remove
	for i, host := range plan.Hosts {
		for _, name := range absent {
			if host.Name == name {
				plan.Hosts[i].State = "absent"
			}
		}
	}
	return plan
}

// refusing lets nobody in on some hosts, which are there.
type refusing struct {
	*world
	hosts map[string]bool
}

func (r refusing) Dial(ctx context.Context, host bundle.Host) (Session, error) {
	if r.hosts[host.Name] {
		return nil, errors.New("ssh: unable to authenticate")
	}
	return r.world.Dial(ctx, host)
}

// Hosts leave one at a time, those that do not answer first, and hosts that stay do what is
// about them, never one that leaves.
func TestDepart(t *testing.T) {
	for _, test := range []struct {
		name    string
		absent  []string
		arrange func(w *world, o *Options)
		order   string
		result  string
	}{
		{"a worker", []string{"w0001"}, func(*world, *Options) {},
			"w0001 a/leave@cp0001 false, w0001 b/clean false, w0001 c/forget@cp0001 false",
			"cp0001 ok; cp0002 ok; cp0003 ok; w0001 changed; w0002 ok"},
		{"the first control plane", []string{"cp0001"}, func(*world, *Options) {},
			"cp0001 a/leave@cp0002 false, cp0001 b/clean false, cp0001 c/forget@cp0002 false",
			"cp0001 changed; cp0002 ok; cp0003 ok; w0001 ok; w0002 ok"},
		{"two, of which the later is dead", []string{"cp0001", "cp0003"}, func(w *world, _ *Options) { w.hosts["cp0003"].away = true },
			"cp0003 a/leave@cp0002 false, cp0003 c/forget@cp0002 false, cp0001 a/leave@cp0002 false, cp0001 b/clean false, cp0001 c/forget@cp0002 false",
			"cp0001 changed; cp0002 ok; cp0003 changed; w0001 ok; w0002 ok"},
		{"one that lets nobody in", []string{"w0001"}, func(w *world, o *Options) { o.Dialer = refusing{w, map[string]bool{"w0001": true}} },
			"w0001 a/leave@cp0001 false, w0001 c/forget@cp0001 false",
			"cp0001 ok; cp0002 ok; cp0003 ok; w0001 unreachable (the cluster is without it, and nothing was taken away on it: ssh: unable to authenticate); w0002 ok"},
		{"what is about it fails", []string{"w0001"}, func(w *world, _ *Options) { w.hosts["w0001"].fails["a/leave"] = true },
			"w0001 a/leave@cp0001 false",
			"cp0001 ok; cp0002 ok; cp0003 ok; w0001 failed (a/leave on cp0001: exec x: it broke); w0002 ok"},
		{"nobody stays who could do it", []string{"w0001"}, func(w *world, _ *Options) {
			for _, host := range names("cp", 3) {
				w.hosts[host].away = true
			}
		}, "", "cp0001 ok; cp0002 ok; cp0003 ok; w0001 blocked (a/leave cannot be run for it: no host is there to do it: cp0001 no route to host; cp0002 no route to host; cp0003 no route to host); w0002 ok"},
		{"a plan", []string{"w0001", "w0002"}, func(w *world, o *Options) {
			w.hosts["w0002"].away = true
			o.Operation = Plan
		}, "", "cp0001 ok; cp0002 ok; cp0003 ok; w0001 differs; w0002 differs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan := leave(names("cp", 3), names("w", 2), test.absent...)
			w := newWorld(plan)
			options := Options{Dialer: w}
			test.arrange(w, &options)
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, options)
			want(t, "result", statuses(result), test.result)
			var order []string
			for _, text := range w.executed {
				order = append(order, strings.TrimSpace(text))
			}
			want(t, "order", strings.Join(order, ", "), test.order)
			want(t, "broken", fmt.Sprint(w.broken), "[]")
			if len(result.Away) > 0 {
				t.Errorf("left out: %v", result.Away)
			}
		})
	}
}

// Who has left already costs a question, and a run in which all have changes nothing.
func TestDepartAgain(t *testing.T) {
	plan := leave(names("cp", 3), names("w", 2), "cp0001", "w0002")
	w := newWorld(plan)
	w.hosts["w0002"].away = true
	for _, expect := range []string{"cp0001 changed; cp0002 ok; cp0003 ok; w0001 ok; w0002 changed", "cp0001 ok; cp0002 ok; cp0003 ok; w0001 ok; w0002 ok"} {
		want(t, "result", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})), expect)
	}
	want(t, "executed", fmt.Sprint(len(w.executed)), "5")
	want(t, "broken", fmt.Sprint(w.broken), "[]")
}
