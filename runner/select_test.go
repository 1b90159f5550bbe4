package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// What --only, --steps and --until mean.
func TestChoose(t *testing.T) {
	plan, _ := cluster()
	plan.Stages = []string{"prepare", "join"}
	for i := range plan.Steps {
		plan.Steps[i].Module, _, _ = strings.Cut(plan.Steps[i].Name, "/")
	}
	plan.Steps[2].Stage = "join"
	plan.Hosts[4].State = "maintenance"
	for _, test := range []struct{ only, steps, until, want string }{
		{"", "", "", "[cp0001 cp0002 cp0003 w0001] [kubernetes/init kubernetes/join os/base]"},
		{"cp0002", "", "", "[cp0002] [kubernetes/init kubernetes/join os/base]"},
		{"cp0002,w0001", "", "", "[cp0002 w0001] [kubernetes/init kubernetes/join os/base]"},
		{"host:cp000[1-2] | role:worker", "", "", "[cp0001 cp0002 w0001] [kubernetes/init kubernetes/join os/base]"},
		{"role:control_plane & !cp0003", "", "", "[cp0001 cp0002] [kubernetes/init kubernetes/join os/base]"},
		{"", "os/base", "", "[cp0001 cp0002 cp0003 w0001] [os/base]"},
		{"", "module:kubernetes & !kubernetes/init", "", "[cp0001 cp0002 cp0003 w0001] [kubernetes/join]"},
		{"", "stage:prepare", "", "[cp0001 cp0002 cp0003 w0001] [kubernetes/init os/base]"},
		{"", "", "prepare", "[cp0001 cp0002 cp0003 w0001] [kubernetes/init os/base]"},
		{"role:node & !role:worker", "", "", "[cp0001 cp0002 cp0003] [kubernetes/init kubernetes/join os/base]"},
		{"", "role:worker", "", "[cp0001 cp0002 cp0003 w0001] [kubernetes/join os/base]"},
		{"w0002", "", "", `--only "w0002": w0002 has the state "maintenance", so nothing is run on it`},
		{"cp0001 & w0001", "", "", `no host of the bundle matches "cp0001 & w0001"`},
		{"cp0001,w001", "", "", `--only: the bundle has no host "w001"; did you mean "w0001"?`},
		{"cp000[1-9]", "", "", "[cp0001 cp0002 cp0003] [kubernetes/init kubernetes/join os/base]"},
		{"x[1-9]", "", "", `--only: the bundle has no host "x[1-9]"; use one of cp0001, cp0002, cp0003, w0001, w0002`},
		{"!role:wroker", "", "", `--only: the bundle has no role "wroker"; did you mean "worker"?`},
		{"", "os/bsae", "", `--steps: the bundle has no step "os/bsae"; did you mean "os/base"?`},
		{"", "module:kubernetes | stage:jion", "", `--steps: the bundle has no stage "jion"; did you mean "join"?`},
		{"", "module:kubernets", "", `--steps: the bundle has no module "kubernets"; did you mean "kubernetes"?`},
		{"", "role:lb", "", `--steps: the bundle has no role "lb"; use one of control_plane, worker`},
		{"", "", "prepair", `--until: the bundle has no stage "prepair"; did you mean "prepare"?`},
		{"rack:1", "", "", `--only "rack:1": there is no key "rack"; use one of host, role, class, os, arch`},
		{"role:worker and cp0001", "", "", `--only "role:worker and cp0001": this is not an operator; write &`},
	} {
		chosen, err := choose(plan, Options{Only: test.only, Steps: test.steps, Until: test.until})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			var hosts []string
			for _, host := range chosen.hosts {
				hosts = append(hosts, host.Name)
			}
			got = fmt.Sprint(hosts, " ", sortedKeys(chosen.steps))
		}
		want(t, fmt.Sprintf("%q %q %q", test.only, test.steps, test.until), got, test.want)
	}
}

// A step is not run when one that it comes after is not done.
func TestEarlierNotDone(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("w", 1)}}, []bundle.Step{
		{Name: "a/one", Roles: []string{"worker"}},
		{Name: "b/two", Roles: []string{"worker"}, After: []string{"a/one"}, Source: "m.hcl:9:1"},
	})
	w := newWorld(plan)
	o := Options{Dialer: w, Steps: "b/two"}
	result := runBundle(t, &bundle.Bundle{Plan: *plan}, o)
	want(t, "before", statuses(result)+" "+kinds(result.Diagnostics), "w0001 blocked (a/one comes first and is not done) not-done-before m.hcl:9")
	w.hosts["w0001"].done["a/one"] = true
	want(t, "after", statuses(runBundle(t, &bundle.Bundle{Plan: *plan}, o)), "w0001 changed")
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
