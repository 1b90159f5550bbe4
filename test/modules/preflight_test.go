package modules_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler/ir"
)

func checksOf(v *ir.Variant) map[string]map[string]string {
	found := map[string]map[string]string{}
	for _, s := range v.Verifies {
		found[strings.TrimSuffix(s.Payload[strings.LastIndex(s.Payload, "/")+1:], ".sh")] = argMap(s.Env)
	}
	return found
}

func TestPreflightByRole(t *testing.T) {
	plan := must(t, base)
	cp, worker := checksOf(variant(t, plan, "cp1", "preflight/host")), checksOf(variant(t, plan, "worker1", "preflight/host"))
	for _, c := range []struct{ got, want string }{
		{one(cp["ports"]), "10248=kubelet 10250=kubelet 10256=kube-proxy 10257=kube-controller-manager 10259=kube-scheduler 2379=etcd 2380=etcd 6443=kube-apiserver"},
		{one(worker["ports"]), "10248=kubelet 10250=kubelet 10256=kube-proxy"},
		{one(cp["memory"]), "1700"}, {one(worker["memory"]), "900"},
		{one(cp["disk"]), "/var/lib=10"}, {one(cp["kernel"]), "5.4"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if len(cp) != 11 || len(worker) != 11 {
		t.Errorf("%d and %d checks", len(cp), len(worker))
	}
}

func one(m map[string]string) string {
	for _, v := range m {
		return v
	}
	return ""
}

func TestPreflightSkip(t *testing.T) {
	v := variant(t, must(t, base+`
preflight "preflight" {
  skip  = ["clock", "machine-id", "init"]
  ports = { "10256" = "", "9100" = "node_exporter" }
}
`), "worker1", "preflight/host")
	got := checksOf(v)
	var left []string
	for _, name := range []string{"init", "kernel", "cgroup", "address", "hostname", "machine-id", "commands", "memory", "disk", "ports", "clock"} {
		if got[name] == nil {
			left = append(left, name)
		}
	}
	if !reflect.DeepEqual(left, []string{"init", "machine-id", "clock"}) {
		t.Errorf("left out: %v", left)
	}
	if ports := one(got["ports"]); ports != "10248=kubelet 10250=kubelet 9100=node_exporter" {
		t.Errorf("ports %q", ports)
	}
}

// The mirror's time is the reference, if nothing else is named.
func TestPreflightClockReference(t *testing.T) {
	v := variant(t, must(t, base+`
mirror {
  files = "http://artifacts.example.com"
}
`), "worker1", "preflight/host")
	found := false
	for _, text := range checksOf(v)["clock"] {
		found = found || text == "http://artifacts.example.com"
	}
	if !found {
		t.Errorf("the clock is compared with %v", checksOf(v)["clock"])
	}
}
