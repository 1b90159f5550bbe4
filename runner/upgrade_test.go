package runner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// upgrades is a cluster in the order of an upgrade: control planes one at a time, and when
// all of them are done, each node drained, its kubelet replaced, and brought back; then what
// asks the node once more.
func upgrades(masters, workers []string, budget string) *bundle.Plan {
	node := []string{"control_plane", "worker"}
	needs := []bundle.Need{{Step: "b/control-plane", Gate: "runner", Roles: []string{"control_plane"}}}
	return fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: masters, MaxUnavailable: "1"},
		{Name: "worker", Hosts: workers, MaxUnavailable: budget},
	}, []bundle.Step{
		{Name: "a/files", Roles: node},
		{Name: "b/control-plane", Roles: []string{"control_plane"}, Disruptive: true},
		{Name: "c/drain", Roles: node, About: true, Executor: "role:control_plane", Disruptive: true, Needs: needs, Source: "m.hcl:2:1"},
		{Name: "d/kubelet", Roles: node, Needs: needs},
		{Name: "e/uncordon", Roles: node, About: true, Executor: "role:control_plane"},
		{Name: "f/settings", Roles: node, About: true, Executor: "role:control_plane"},
	})
}

// No node is drained and no kubelet replaced before every control plane is done; each
// disruptive step of a host is done once, however often a run is broken off and begun again;
// no more hosts of a role are out of service than may be, from the drain to the end of the
// steps about the host; and no host waits for ever.
func TestUpgradeOrder(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 3))
		masters, workers := names("cp", 1+random.IntN(3)), names("w", 1+random.IntN(8))
		if random.IntN(4) == 0 {
			workers = append(workers, masters[0]) // of both roles
		}
		plan := upgrades(masters, workers, []string{"1", "2", "34%"}[random.IntN(3)])
		w := newWorld(plan)
		often := 3 + random.IntN(30)
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
			for _, host := range plan.Hosts { // what broke is mended, one after the other
				for _, step := range plan.Steps {
					w.hosts[host.Name].fails[step.Name] = w.hosts[host.Name].fails[step.Name] && run < 10 && random.IntN(2) == 0
					w.hosts[host.Name].dies[step.Name] = w.hosts[host.Name].dies[step.Name] && run < 10 && random.IntN(2) == 0
				}
			}
		}
		if len(w.broken) > 0 {
			t.Fatalf("seed %d: %v\n%s", seed, w.broken, strings.Join(w.executed, "\n"))
		}
		done, first := map[string]int{}, len(w.executed)
		for i, text := range w.executed {
			fields := strings.Fields(text)
			step, _, _ := strings.Cut(fields[1], "@")
			if step == "b/control-plane" {
				done[fields[0]] = i // the last time: until it went well
			}
			if (step == "c/drain" || step == "d/kubelet") && i < first {
				first = i
			}
		}
		for _, host := range masters {
			if at, ok := done[host]; !ok || at > first {
				t.Fatalf("seed %d: a node is drained before %s is done\n%s", seed, host, strings.Join(w.executed, "\n"))
			}
		}
	}
}

// A run that is broken off while a node is drained goes on with that node: the pods are away,
// so nothing is drained again, and the next node's turn comes when it is back.
func TestUpgradeGoesOn(t *testing.T) {
	plan := upgrades(names("cp", 1), names("w", 3), "1")
	w := newWorld(plan)
	w.hosts["w0002"].fails["d/kubelet"] = true
	options := Options{Dialer: w, Only: "w0002"}
	runBundle(t, &bundle.Bundle{Plan: *plan}, options)
	options.Only = ""
	if !w.hosts["w0002"].drained {
		t.Fatal("w0002 is not drained")
	}
	w.hosts["w0002"].fails["d/kubelet"] = false
	before := len(w.executed)
	want(t, "result", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, options)), "cp0001 changed; w0001 changed; w0002 changed; w0003 changed")
	var later []string
	for _, text := range w.executed[before:] {
		if fields := strings.Fields(text); fields[0][0] == 'w' {
			later = append(later, strings.Join(fields, " "))
		}
	}
	all := strings.Join(later, "; ")
	if strings.Contains(all, "w0002 c/drain") {
		t.Errorf("w0002 is drained again: %s", all)
	}
	back := strings.Index(all, "w0002 f/settings")
	for _, host := range []string{"w0001", "w0003"} {
		if next := strings.Index(all, host+" c/drain@cp0001 true"); back < 0 || next < back {
			t.Errorf("%s is drained before w0002 is back: %s", host, all)
		}
	}
	want(t, "broken", fmt.Sprint(w.broken), "[]")
}
