package runner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// No more hosts of a role are down at once than its budget says, whatever fails:
// hosts that cannot be reached, steps that fail before, in and after the act,
// links that go and do not come back, marks of an earlier run, and hosts that were
// down before. Each seed is another world, run twice.
func TestBudgetsHold(t *testing.T) {
	budgets := []string{"1", "2", "10%", "34%", ""}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		n := 1 + random.IntN(24)
		workers, masters := names("w", n), names("cp", 1+random.IntN(5))
		if random.IntN(2) == 0 {
			workers = append(workers, masters[0]) // of both roles
		}
		plan := fakePlan([]bundle.Role{
			{Name: "control_plane", Hosts: masters, MaxUnavailable: budgets[random.IntN(len(budgets))]},
			{Name: "worker", Hosts: workers, MaxUnavailable: budgets[random.IntN(len(budgets))]},
		}, []bundle.Step{
			{Name: "a/files", Roles: []string{"control_plane", "worker"}},
			{Name: "b/restart", Roles: []string{"control_plane", "worker"}, Disruptive: true},
			{Name: "c/join", Roles: []string{"worker"}, Needs: []bundle.Need{{Step: "b/restart", Gate: []string{"ready", "runner"}[random.IntN(2)]}}},
			{Name: "d/restart", Roles: []string{"control_plane", "worker"}, Disruptive: true},
		})
		w := newWorld(plan)
		often := 4 + random.IntN(40)
		for _, host := range plan.Hosts {
			h := w.hosts[host.Name]
			for _, step := range plan.Steps {
				h.fails[step.Name] = random.IntN(often) == 0
				h.dies[step.Name] = random.IntN(often) == 0
				h.reboots[step.Name] = random.IntN(often) == 0
			}
			h.away = random.IntN(often) == 0
			if random.IntN(often) == 0 {
				h.marks = []string{"service:x"}
				h.down = random.IntN(2) == 0
			}
		}
		options := Options{Dialer: w}
		for range 2 {
			if random.IntN(3) == 0 {
				options.Only = "role:worker"
			}
			if result := runBundle(t, &bundle.Bundle{Plan: *plan}, options); result.Count(HostStopped) > 0 {
				t.Fatalf("seed %d: hosts wait for each other: %s", seed, statuses(result))
			}
		}
		if len(w.broken) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, w.broken, strings.Join(w.executed, "\n"))
		}
	}
}

// Thousands of hosts, one after the other through a budget of one, and all but
// those that fail are done.
func TestManyHosts(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("w", 3000), MaxUnavailable: "10%"}}, []bundle.Step{
		{Name: "a/files", Roles: []string{"worker"}},
		{Name: "b/restart", Roles: []string{"worker"}, Disruptive: true},
	})
	w := newWorld(plan)
	w.hosts["w0007"].away = true
	w.hosts["w0100"].fails["b/restart"] = true
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
	want(t, "counts", fmt.Sprint(result.Count(HostChanged), result.Count(HostFailed), result.Count(HostUnreachable), w.broken), "2998 1 1 []")
	if result.Code() != ExitError {
		t.Errorf("code %d", result.Code())
	}
}
