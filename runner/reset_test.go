package runner

import (
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// A reset takes away what is ours on every host: one without a step, one whose steps are run in
// parts, and one on which they have nothing to do; but not where only some steps are run.
func TestReset(t *testing.T) {
	both := []string{"control_plane", "worker"}
	plan := fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: []string{"cp1"}}, {Name: "worker", Hosts: []string{"w1"}}, {Name: "etcd", Hosts: []string{"e1"}},
	}, []bundle.Step{
		{Name: "a/pods", Roles: both},
		{Name: "b/rest", Roles: []string{"control_plane"}, Needs: []bundle.Need{{Step: "a/pods", Gate: "runner", Roles: both}}},
	})
	plan.Operation = bundle.Reset
	w := newWorld(plan)
	arrange := func() {
		for _, h := range w.hosts {
			h.orphan = "/ours"
		}
	}
	left := func() string { return w.hosts["cp1"].orphan + w.hosts["w1"].orphan + w.hosts["e1"].orphan }
	run := func(o Options) Result {
		o.Dialer = w
		return runBundle(t, &bundle.Bundle{Plan: *plan}, o)
	}
	arrange()
	want(t, "a plan", statuses(run(Options{Operation: Plan})), "cp1 differs; e1 differs; w1 differs")
	run(Options{Steps: "a/pods"})
	want(t, "left by a part", left(), "/ours/ours/ours")
	want(t, "the run", statuses(run(Options{})), "cp1 changed; e1 changed; w1 changed")
	want(t, "left", left(), "")
	arrange()
	want(t, "where steps have nothing to do", statuses(run(Options{})), "cp1 changed; e1 changed; w1 changed")
	want(t, "left", left(), "")
	want(t, "again", statuses(run(Options{})), "cp1 ok; e1 ok; w1 ok")
}
