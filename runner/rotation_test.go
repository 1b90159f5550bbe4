package runner

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// rotates is a cluster in the order of a rotation: each control plane takes what the new key
// signs, then, noted once, each signs with it, then, noted once, each forgets the old one.
func rotates(masters []string) *bundle.Plan {
	roles := []string{"control_plane"}
	needs := func(step string) []bundle.Need {
		return []bundle.Need{{Step: step, Gate: "runner", Roles: roles}}
	}
	return fakePlan([]bundle.Role{{Name: "control_plane", Hosts: masters, MaxUnavailable: "1"}}, []bundle.Step{
		{Name: "a/key", Roles: roles, OncePer: "cluster"},
		{Name: "b/known", Roles: roles, Disruptive: true, Needs: needs("a/key")},
		{Name: "c/all-know", Roles: roles, OncePer: "cluster"},
		{Name: "d/signs", Roles: roles, Disruptive: true, Needs: needs("c/all-know")},
		{Name: "e/all-sign", Roles: roles, OncePer: "cluster"},
		{Name: "f/only", Roles: roles, Disruptive: true, Needs: needs("e/all-sign")},
	})
}

// No control plane signs before all know the key, however often a run is broken off and begun
// again, nor is the old one forgotten before all sign; no more of them are down than may be;
// and no host waits for ever.
func TestRotationOrder(t *testing.T) {
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 5))
		plan := rotates(names("cp", 1+random.IntN(4)))
		w := newWorld(plan)
		often := 3 + random.IntN(20)
		for _, host := range plan.Hosts {
			for _, step := range plan.Steps {
				w.hosts[host.Name].fails[step.Name] = random.IntN(often) == 0
				w.hosts[host.Name].dies[step.Name] = random.IntN(often) == 0
			}
		}
		for run := 0; ; run++ {
			result := runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
			if result.Count(HostStopped) > 0 {
				t.Fatalf("seed %d: hosts wait for each other: %s", seed, statuses(result))
			}
			if result.Count(HostOK)+result.Count(HostChanged) == len(plan.Hosts) {
				break
			}
			if run == 20 {
				t.Fatalf("seed %d: never done: %s", seed, statuses(result))
			}
			for _, host := range plan.Hosts {
				for _, step := range plan.Steps {
					w.hosts[host.Name].fails[step.Name] = w.hosts[host.Name].fails[step.Name] && run < 10 && random.IntN(2) == 0
					w.hosts[host.Name].dies[step.Name] = w.hosts[host.Name].dies[step.Name] && run < 10 && random.IntN(2) == 0
				}
			}
		}
		if len(w.broken) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, w.broken, strings.Join(w.executed, "\n"))
		}
		first := map[string]int{} // STEP, and HOST STEP
		for i, text := range w.executed {
			host, rest, _ := strings.Cut(text, " ")
			step, acted, _ := strings.Cut(strings.TrimSpace(rest), " ")
			for _, name := range []string{step, host + " " + step} {
				if _, seen := first[name]; !seen && acted == "true" {
					first[name] = i
				}
			}
		}
		for _, pair := range [][2]string{{"b/known", "d/signs"}, {"d/signs", "f/only"}} {
			for _, host := range plan.Hosts {
				if at, acted := first[host.Name+" "+pair[0]]; !acted || at > first[pair[1]] {
					t.Fatalf("seed %d: %s is begun before %s has done %s\n%s", seed, pair[1], host.Name, pair[0], strings.Join(w.executed, "\n"))
				}
			}
		}
	}
}

// While one cannot take what the new key signs, none signs with it; while one does not sign,
// none forgets the old key.
func TestRotationStops(t *testing.T) {
	for at, after := range map[string]string{"b/known": "d/signs", "d/signs": "f/only"} {
		plan := rotates(names("cp", 3))
		w := newWorld(plan)
		w.hosts["cp0002"].fails[at] = true
		for range 2 {
			runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w})
		}
		if w.acts(at) == "" || w.acts(after) != "" {
			t.Errorf("%s failed on a host, and these did %s: %s", at, after, w.acts(after))
		}
	}
}
