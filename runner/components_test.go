package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// parts is a cluster in the order of an upgrade, done component by component: etcd has a
// snapshot, which Kubernetes' upgrade has too; DNS comes with Kubernetes.
func parts() *bundle.Plan {
	roles := []string{"control_plane", "worker"}
	return fakePlan([]bundle.Role{
		{Name: "control_plane", Hosts: names("cp", 3), MaxUnavailable: "1"},
		{Name: "worker", Hosts: names("w", 2), MaxUnavailable: "1"},
	}, []bundle.Step{
		{Name: "preflight/host", Roles: roles, Components: []string{"preflight", "all"}},
		{Name: "containerd/versions", Roles: roles, Components: []string{"runtime"}, Reports: []string{"versions"}},
		{Name: "etcd/versions", Roles: []string{"control_plane"}, Components: []string{"etcd"}, Reports: []string{"versions"}},
		{Name: "kubernetes/versions", Roles: roles, Components: []string{"kubernetes"}, Reports: []string{"versions"}},
		{Name: "etcd/snapshot", Roles: []string{"control_plane"}, Components: []string{"etcd", "kubernetes"}},
		{Name: "containerd/daemon", Roles: roles, Components: []string{"runtime"}, After: []string{"containerd/versions"}, Disruptive: true},
		{Name: "etcd/member", Roles: []string{"control_plane"}, Components: []string{"etcd"}, After: []string{"etcd/versions", "containerd/daemon"}, Disruptive: true},
		{Name: "kubernetes/control-plane", Roles: []string{"control_plane"}, Components: []string{"kubernetes"}, Disruptive: true},
		{Name: "coredns/addon", Roles: []string{"control_plane"}, Components: []string{"dns", "kubernetes"}},
		{Name: "os/base", Roles: roles, Components: []string{"os"}},
	})
}

// A component alone is its own steps, and those that say that they belong to it.
func TestComponents(t *testing.T) {
	plan := parts()
	for _, test := range []struct{ components, want string }{
		{"etcd", "[etcd/member etcd/snapshot etcd/versions preflight/host]"},
		{"runtime", "[containerd/daemon containerd/versions preflight/host]"},
		{"kubernetes", "[coredns/addon etcd/snapshot kubernetes/control-plane kubernetes/versions preflight/host]"},
		{"etcd runtime", "[containerd/daemon containerd/versions etcd/member etcd/snapshot etcd/versions preflight/host]"},
		{"dns", "dns has no version of its own here: it comes with kubernetes; there are etcd, kubernetes, runtime"},
		{"ectd", `no component is named "ectd"; did you mean etcd? there are etcd, kubernetes, runtime`},
		{"os", `no component is named "os"; there are etcd, kubernetes, runtime`},
		{"etcd nothing-near", `no component is named "nothing-near"; there are etcd, kubernetes, runtime`},
	} {
		chosen, err := choose(plan, Options{Components: strings.Fields(test.components)})
		got := fmt.Sprint(sortedKeys(chosen.steps))
		if err != nil {
			got = err.Error()
		}
		want(t, test.components, got, test.want)
	}
	for i := range plan.Steps {
		plan.Steps[i].Components, plan.Steps[i].Reports = nil, nil
	}
	_, err := choose(plan, Options{Components: []string{"etcd"}})
	want(t, "of another operation", fmt.Sprint(err), "this bundle is not one of components: only sprayc build --operation upgrade makes one")
}

// One component is upgraded alone: no step of another is run or waited for, never more hosts
// are down than may be, and what else the definition changes is said once.
func TestComponentAlone(t *testing.T) {
	plan := parts()
	w := newWorld(plan)
	for name, host := range w.hosts {
		host.tells = []Event{{Type: VersionRead, Step: "kubernetes/versions", Name: "version of the kubelet", Wanted: "1.36.4", Found: "1.35.8"}}
		if strings.HasPrefix(name, "cp") {
			host.tells = append(host.tells, Event{Type: VersionRead, Step: "etcd/versions", Name: "version of etcd", Wanted: "3.6.14", Found: "3.6.14"},
				Event{Type: VersionRead, Step: "containerd/versions", Name: "version of containerd", Wanted: "2.3.5", Found: "2.3.4"})
		}
	}
	w.hosts["w0001"].fails["kubernetes/versions"] = true // that is not what is run
	var notices []string
	sink := &when{is: func(e Event) bool {
		if e.Type == Notice {
			notices = append(notices, e.Text)
		}
		return false
	}}
	o := Options{Dialer: w, Components: []string{"etcd"}, Sinks: []Sink{sink}}
	for _, operation := range []Operation{Plan, Apply} {
		notices, o.Operation = nil, operation
		result := runBundle(t, &bundle.Bundle{Plan: *plan}, o)
		if got := statuses(result); strings.Contains(got, "(") {
			t.Errorf("%s: %s", operation, got)
		}
		slices.Sort(notices)
		want(t, string(operation), strings.Join(notices, "\n"), "also changed in the definition, and left: kubernetes 1.35.8 to 1.36.4; sprayc upgrade kubernetes\n"+
			"also changed in the definition, and left: runtime 2.3.4 to 2.3.5; sprayc upgrade runtime")
	}
	ran := map[string][]string{}
	for _, text := range w.executed {
		fields := strings.Fields(text)
		ran[fields[0]] = append(ran[fields[0]], fields[1])
	}
	for name := range w.hosts {
		steps := "preflight/host"
		if strings.HasPrefix(name, "cp") {
			steps = "etcd/member etcd/snapshot etcd/versions preflight/host"
		}
		slices.Sort(ran[name])
		got := strings.Join(slices.Compact(ran[name]), " ")
		if name != "cp0001" { // who makes the snapshot
			steps = strings.Replace(steps, "etcd/snapshot ", "", 1)
			got = strings.Replace(got, "etcd/snapshot ", "", 1)
		}
		want(t, name, got, steps)
	}
	want(t, "broken", fmt.Sprint(w.broken), "[]")
}
