package modules_test

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// podSpec is what a static pod of kube-vip has for a host, of which the tests look at
// everything that the inputs decide.
type podSpec struct {
	Containers []struct {
		Image string
		Args  []string
		Env   []struct {
			Name, Value string
			ValueFrom   any
		}
		SecurityContext any
		VolumeMounts    []map[string]any
	}
	HostAliases []map[string]any
	HostNetwork bool
	Volumes     []map[string]any
}

// kubeVIP is the pod of a definition with that block, and its settings by name.
func kubeVIP(t *testing.T, endpoint, block string) (podSpec, map[string]string) {
	t.Helper()
	plan := must(t, withEndpoint(endpoint, block+"\nkubernetes \"kubernetes\" {}"))
	pod := documents(t, plan, "cp1", "kube-vip")["Pod"]
	var spec podSpec
	if err := json.Unmarshal([]byte(jsonOf(t, pod.GetAttr("spec"))), &spec); err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, e := range spec.Containers[0].Env {
		settings[e.Name] = e.Value
	}
	return spec, settings
}

// The pod says what the inputs do, by kube-vip's names, and no more.
func TestKubeVIP(t *testing.T) {
	spec, settings := kubeVIP(t, "10.0.0.9:6443", `endpoint "kube-vip" { interface = "eth1" }`)
	common := map[string]string{"address": "10.0.0.9", "port": "6443", "vip_subnet": "32", "cp_enable": "true", "cp_namespace": "kube-system",
		"vip_ddns": "false", "prometheus_server": "127.0.0.1:2112", "vip_nodename": ""}
	with := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{common, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	want := with(map[string]string{"vip_arp": "true", "vip_interface": "eth1", "vip_leaderelection": "true", "vip_leasename": "plndr-cp-lock",
		"vip_leaseduration": "5", "vip_renewdeadline": "3", "vip_retryperiod": "1"})
	if diff := cmp.Diff(want, settings); diff != "" {
		t.Errorf("arp (-want +got):\n%s", diff)
	}
	c := spec.Containers[0]
	if c.Image != "ghcr.io/kube-vip/kube-vip:v1.0.3" || !reflect.DeepEqual(c.Args, []string{"manager"}) || !spec.HostNetwork {
		t.Errorf("image %s, arguments %v, the host's network: %v", c.Image, c.Args, spec.HostNetwork)
	}
	rights := map[string]any{"allowPrivilegeEscalation": false, "capabilities": map[string]any{"add": []any{"NET_ADMIN", "NET_RAW"}, "drop": []any{"ALL"}}}
	if diff := cmp.Diff(any(rights), c.SecurityContext); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
	// The file must be there: the kubelet is not to make one in kubeadm's place.
	volumes := []map[string]any{{"name": "kubeconfig", "hostPath": map[string]any{"path": "/etc/kubernetes/admin.conf", "type": "File"}}}
	if diff := cmp.Diff(volumes, spec.Volumes); diff != "" {
		t.Errorf("volumes (-want +got):\n%s", diff)
	}

	_, settings = kubeVIP(t, "api.example.com:6443", `endpoint "kube-vip" {
  address = "10.0.0.9"
  mode    = "bgp"
  bgp     = { as = 64512, peers = [{ address = "10.0.0.1", as = 65001 }, { address = "2001:db8::1", multihop = true }] }
}`)
	want = with(map[string]string{"vip_arp": "false", "vip_interface": "lo", "bgp_enable": "true", "bgp_routerid": "10.0.0.11", "bgp_as": "64512",
		"bgp_peers": "10.0.0.1:65001::false,[2001:db8::1]:65000::true"})
	if diff := cmp.Diff(want, settings); diff != "" {
		t.Errorf("bgp (-want +got):\n%s", diff)
	}

	spec, settings = kubeVIP(t, "[2001:db8::9]:6443", `endpoint "kube-vip" {
  load_balancer  = true
  forward_method = "masquerade"
  services       = true
  node_labels    = true
  extra_settings = { vip_leaseduration = "15", egress_withnftables = "true" }
}`)
	want = with(map[string]string{"vip_arp": "true", "address": "2001:db8::9", "vip_subnet": "128", "vip_leaderelection": "true", "vip_leasename": "plndr-cp-lock",
		"vip_leaseduration": "15", "vip_renewdeadline": "3", "vip_retryperiod": "1", "svc_enable": "true", "svc_leasename": "plndr-svcs-lock", "svc_election": "false",
		"lb_enable": "true", "lb_port": "6443", "lb_fwdmethod": "masquerade", "enable_node_labeling": "true", "egress_withnftables": "true"})
	if diff := cmp.Diff(want, settings); diff != "" {
		t.Errorf("more (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(any(map[string]any{"privileged": true}), spec.Containers[0].SecurityContext); diff != "" {
		t.Errorf("rights (-want +got):\n%s", diff)
	}
}

// A password is a part of the manifest on the host, and of no file of the bundle.
func TestKubeVIPPassword(t *testing.T) {
	plan := must(t, withEndpoint("10.0.0.9:6443", `endpoint "kube-vip" {
  mode               = "bgp"
  bgp                = { peers = [{ address = "10.0.0.1" }] }
  bgp_authentication = true
  bgp_password       = secret("env:PASSWORD")
}
kubernetes "kubernetes" {}`))
	for step, path := range map[string]string{"prepare": "/etc/sprayc/endpoint/kube-vip.yaml", "pod": "/etc/kubernetes/manifests/kube-vip.yaml"} {
		got := args(variant(t, plan, "cp1", "endpoint-kube-vip/"+step), "file", path)
		if parts := strings.Split(got["parts"], ","); len(parts) != 3 || parts[1] != "secret_env_PASSWORD" || got["mode"] != "0600" {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// The first control plane starts the pod while it is made, the others have it after they
// joined; a worker has none.
func TestKubeVIPOrder(t *testing.T) {
	plan := must(t, withEndpoint("10.0.0.9:6443", "endpoint \"kube-vip\" {}\nkubernetes \"kubernetes\" {}"))
	if got := args(variant(t, plan, "cp1", "kubernetes/init"), "exec", "init")["env.POD"]; got != "/etc/sprayc/endpoint/kube-vip.yaml" {
		t.Errorf("init starts %q", got)
	}
	if got := stepOf(t, plan, "endpoint-kube-vip/pod").After; !reflect.DeepEqual(got, []string{"endpoint-kube-vip/prepare", "kubernetes/join-control-plane"}) {
		t.Errorf("the pod comes after %v", got)
	}
	if variant(t, plan, "worker1", "endpoint-kube-vip/pod") != nil {
		t.Error("a worker has the pod")
	}
	other := must(t, base+"kubernetes \"kubernetes\" {}")
	if got := args(variant(t, other, "cp1", "kubernetes/init"), "exec", "init")["env.POD"]; got != "" {
		t.Errorf("without kube-vip init starts %q", got)
	}
}

// It is upgraded by itself, as the endpoint, and says before what is there.
func TestKubeVIPIsAComponent(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "cluster.hcl"), withEndpoint("10.0.0.9:6443", "endpoint \"kube-vip\" {}\nkubernetes \"kubernetes\" {}"))
	plan := forOperation(t, dir, "upgrade")
	if step := stepOf(t, plan, "endpoint-kube-vip/versions"); !reflect.DeepEqual(step.Components, []string{"endpoint"}) || step.Stage != "preflight" {
		t.Errorf("its version is told of %v, in %s", step.Components, step.Stage)
	}
	if blocks := variant(t, plan, "cp1", "endpoint-kube-vip/versions").Verifies; len(blocks) != 2 || blocks[0].Reports != "" || blocks[1].Reports != "versions" {
		t.Errorf("it is judged and told by %v", blocks)
	}
	if got := stepOf(t, plan, "endpoint-kube-vip/pod").Components; !reflect.DeepEqual(got, []string{"endpoint"}) {
		t.Errorf("the pod is of %v", got)
	}
}

func TestKubeVIPRefuses(t *testing.T) {
	for _, c := range []struct{ endpoint, block, kubernetes, want string }{
		{"10.0.0.9:8443", `endpoint "kube-vip" {}`, "", "they are the same"},
		{"10.0.0.11:6443", `endpoint "kube-vip" {}`, "", "a control plane's own address"},
		{"api.example.com:6443", `endpoint "kube-vip" {}`, "", "the virtual address"},
		{"10.0.0.9:6443", `endpoint "kube-vip" { address = "10.0.0.8" }`, "", "leave address out"},
		{"10.0.0.9:6443", `endpoint "kube-vip" { mode = "ospf" }`, "", "mode is arp or bgp"},
		{"10.0.0.9:6443", `endpoint "kube-vip" { mode = "bgp" }`, "", "announced to peers"},
		{"10.0.0.9:6443", `endpoint "kube-vip" { lease_duration = 3 }`, "", "lease_duration is longer"},
		{"10.0.0.9:6443", `endpoint "kube-vip" { bgp_authentication = true }`, "", "there is one peer"},
		{"10.0.0.9:6443", `endpoint "kube-vip" {}`, `kube_proxy_mode = "ipvs"`, "strictARP = true"},
		{"10.0.0.9:6443", `endpoint "kube-vip" {}`, "kube_proxy_mode = \"ipvs\"\nkube_proxy = { ipvs = { strictARP = false } }", "strictARP = true"},
	} {
		_, diags := compile(t, withEndpoint(c.endpoint, c.block+"\nkubernetes \"kubernetes\" {\n"+c.kubernetes+"\n}"))
		if !strings.Contains(labels(diags), c.want) || len(diags) != 1 {
			t.Errorf("%s %s: got\n%s", c.block, c.kubernetes, labels(diags))
		}
	}
	must(t, withEndpoint("10.0.0.9:6443", "endpoint \"kube-vip\" {}\nkubernetes \"kubernetes\" {\nkube_proxy_mode = \"ipvs\"\nkube_proxy = { ipvs = { strictARP = true } }\n}"))
}
