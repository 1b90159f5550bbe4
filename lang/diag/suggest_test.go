package diag

import (
	"slices"
	"testing"
)

// names are real ones: blocks, attributes, modules, roles.
var names = []string{
	"cluster", "ssh", "hosts", "host", "role", "mirror", "catalog", "variable", "locals", "addon", "module", "runtime", "network", "endpoint", "etcd", "dns",
	"preflight", "kubernetes", "kubernetes_version", "control_plane_endpoint", "pod_subnets", "service_subnets", "domain", "address", "ssh_address", "ssh_user",
	"ssh_port", "roles", "arch", "state", "labels", "taints", "containerd", "cilium", "calico", "coredns", "control_plane", "worker", "max_unavailable",
	"kube_proxy_replacement", "registry", "files", "content", "mode", "owner", "group", "source", "parts", "template", "summary", "description", "default",
}

// Of single-letter mistakes (a letter dropped, added, or swapped with its
// neighbour) nine in ten are understood.
func TestSuggestFindsSingleMistakes(t *testing.T) {
	tried, right := 0, 0
	try := func(wrong, name string) {
		if slices.Contains(names, wrong) || wrong == "" {
			return
		}
		tried++
		if Suggest(wrong, names) == name {
			right++
		} else {
			t.Logf("%q gives %q, not %q", wrong, Suggest(wrong, names), name)
		}
	}
	for _, name := range names {
		for i := range name {
			try(name[:i]+name[i+1:], name)
			for _, c := range "aemtx_" {
				try(name[:i]+string(c)+name[i:], name)
			}
			if i+1 < len(name) && name[i] != name[i+1] {
				try(name[:i]+string(name[i+1])+string(name[i])+name[i+2:], name)
			}
		}
	}
	if right*10 < tried*9 {
		t.Errorf("%d of %d", right, tried)
	}
	t.Logf("%d of %d", right, tried)
}

func TestSuggest(t *testing.T) {
	for name, want := range map[string]string{
		"etdc":                 "etcd",
		"podSubnets":           "pod_subnets",
		"pod-subnets":          "pod_subnets",
		"POD_SUBNETS":          "pod_subnets",
		"max_unavail":          "max_unavailable",
		"zzz":                  "",
		"":                     "",
		"x":                    "",
		"kubeproxyreplacement": "kube_proxy_replacement",
		"replacement":          "",
		"kube_control_plane":   "control_plane",
		"kube-master":          "control_plane",
		"kube_node":            "worker",
		"kube_version":         "kubernetes_version",
		"kube_pods_subnet":     "pod_subnets",
		"ansible_host":         "ssh_address",
		"ip":                   "address",
	} {
		if got := Suggest(name, names); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", name, got, want)
		}
	}
}

// What others call a thing is no hint where that thing cannot stand.
func TestSuggestElsewhere(t *testing.T) {
	for _, c := range []struct {
		name  string
		among []string
		want  string
	}{
		{"kube_node", []string{"etcd", "all"}, ""},
		{"kube_version", []string{"version", "root"}, ""},
		{"version", []string{"versions", "root"}, "versions"},
	} {
		if got := Suggest(c.name, c.among); got != c.want {
			t.Errorf("Suggest(%q, %q) = %q, want %q", c.name, c.among, got, c.want)
		}
	}
}
