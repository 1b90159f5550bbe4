package modules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/compiler/ir"
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// documents are the YAML documents of a host-time value whose text has a word, by kind.
func documents(t *testing.T, plan *ir.Plan, host, word string) map[string]cty.Value {
	t.Helper()
	found := map[string]cty.Value{}
	for _, h := range plan.Hosts {
		var texts []string
		for _, v := range h.Env {
			texts = append(texts, v.Text)
		}
		for _, file := range h.Payloads { // what is long is a file
			texts = append(texts, string(file.Data))
		}
		for _, all := range texts {
			if h.Name != host || !strings.Contains(all, word) {
				continue
			}
			for _, text := range strings.Split(all, "---\n") {
				ty, err := ctyyaml.Standard.ImpliedType([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				value, err := ctyyaml.Standard.Unmarshal([]byte(text), ty)
				if err != nil {
					t.Fatal(err)
				}
				found[value.GetAttr("kind").AsString()] = value
			}
		}
	}
	return found
}

// The documents have what the inputs say, by kubeadm's names, and no more.
func TestKubernetesDocuments(t *testing.T) {
	docs := documents(t, must(t, base+`
kubernetes "kubernetes" {
  feature_gates = { ContextualLogging = true, APIResponseCompression = false }
  api_server    = { extra_args = { "event-ttl" = "2h" }, cert_sans = ["a.example.com"], extra_volumes = [{ name = "x", host_path = "/x", mount_path = "/y" }] }
  kube_proxy    = { bindAddress = "0.0.0.0" }
}
etcd "stacked" {
  extra_args = { "quota-backend-bytes" = "8589934592" }
}
`), "cp1", "InitConfiguration")
	text := func(ss ...string) cty.Value {
		var all []cty.Value
		for _, s := range ss {
			all = append(all, cty.StringVal(s))
		}
		return cty.TupleVal(all)
	}
	object := func(kv ...any) cty.Value {
		attrs := map[string]cty.Value{}
		for i := 0; i < len(kv); i += 2 {
			switch v := kv[i+1].(type) {
			case string:
				attrs[kv[i].(string)] = cty.StringVal(v)
			case cty.Value:
				attrs[kv[i].(string)] = v
			}
		}
		return cty.ObjectVal(attrs)
	}
	gates := object("name", "feature-gates", "value", "APIResponseCompression=false,ContextualLogging=true")
	want := object("apiVersion", "kubeadm.k8s.io/v1beta4", "kind", "ClusterConfiguration", "clusterName", "test", "kubernetesVersion", "v1.36.3",
		"controlPlaneEndpoint", "api.example.com:6443",
		"networking", object("dnsDomain", "cluster.local", "podSubnet", "10.233.64.0/18", "serviceSubnet", "10.233.0.0/18"),
		"apiServer", object("certSANs", text("localhost", "127.0.0.1", "a.example.com"),
			"extraArgs", cty.TupleVal([]cty.Value{object("name", "event-ttl", "value", "2h"), gates, object("name", "shutdown-watch-termination-grace-period", "value", "10s")}),
			"extraVolumes", cty.TupleVal([]cty.Value{object("name", "x", "hostPath", "/x", "mountPath", "/y", "readOnly", cty.True, "pathType", "")})),
		"controllerManager", object("extraArgs", cty.TupleVal([]cty.Value{gates})),
		"scheduler", object("extraArgs", cty.TupleVal([]cty.Value{gates})),
		"etcd", object("local", object("dataDir", "/var/lib/etcd", "extraArgs", cty.TupleVal([]cty.Value{object("name", "quota-backend-bytes", "value", "8589934592")}))))
	if got := docs["ClusterConfiguration"]; !got.RawEquals(want) {
		t.Errorf("ClusterConfiguration is\n%#v\nnot\n%#v", got, want)
	}
	want = object("apiVersion", "kubeproxy.config.k8s.io/v1alpha1", "kind", "KubeProxyConfiguration", "mode", "nftables", "bindAddress", "0.0.0.0",
		"featureGates", object("ContextualLogging", cty.True, "APIResponseCompression", cty.False))
	if got := docs["KubeProxyConfiguration"]; !got.RawEquals(want) {
		t.Errorf("KubeProxyConfiguration is\n%#v\nnot\n%#v", got, want)
	}
}

// etcd on hosts is known to kubeadm without a word about it in the kubernetes block; an
// empty slot is kubeadm's own etcd.
func TestKubernetesHasTheEtcdOfItsSlot(t *testing.T) {
	for block, want := range map[string]string{
		"":                `{"local":{"dataDir":"/var/lib/etcd"}}`,
		`etcd "hosts" {}`: `{"external":{"caFile":"/etc/etcd/client/ca.crt","certFile":"/etc/etcd/client/client.crt","endpoints":["https://10.0.0.11:2379"],"keyFile":"/etc/etcd/client/client.key"}}`,
	} {
		docs := documents(t, must(t, base+block+"\nkubernetes \"kubernetes\" {}\n"), "cp1", "InitConfiguration")
		if diff := cmp.Diff(want, jsonOf(t, docs["ClusterConfiguration"].GetAttr("etcd"))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", block, diff)
		}
	}
}

// A host's own kubelet settings are in its drop-in alone, over those of all.
func TestKubeletSettings(t *testing.T) {
	plan := must(t, base+`
host "worker2" { kubelet = { maxPods = 7 } }
kubernetes "kubernetes" {
  max_pods = 99
  kubelet  = { seccompDefault = true }
}
`)
	for host, want := range map[string]int64{"worker1": 99, "worker2": 7, "cp1": 99} {
		kubelet := documents(t, plan, host, "systemReserved")["KubeletConfiguration"]
		if !kubelet.GetAttr("maxPods").RawEquals(cty.NumberIntVal(want)) || !kubelet.GetAttr("seccompDefault").True() {
			t.Errorf("%s has %#v", host, kubelet)
		}
		for _, reserved := range []string{"kubeReserved", "systemReserved"} {
			if !kubelet.Type().HasAttribute(reserved) || kubelet.GetAttr(reserved).LengthInt() == 0 {
				t.Errorf("%s keeps nothing by %s", host, reserved)
			}
		}
	}
}

// What cannot become a cluster is refused, each with one error that says what to write.
func TestKubernetesRefuses(t *testing.T) {
	const endpoint, roles = `control_plane_endpoint = "api.example.com:6443"`, `["control_plane", "etcd"]`
	for _, c := range []struct{ old, new, block, want string }{
		{`"1.36.3"`, `"1.33.1"`, ``, `unknown-version: the catalog has no Kubernetes "1.33.1"`},
		{endpoint, ``, ``, "the cluster block needs control_plane_endpoint"},
		{roles, `["control_plane"]`, ``, `kubeadm makes a member of etcd on each control plane: cp1 needs the role etcd too, or the members are elsewhere: etcd "hosts" {}`},
		{roles, `["control_plane"]`, `etcd "hosts" {}`, "no host has the role etcd, on which its members would be: give it to one, three or five"},
		{``, ``, `kubernetes "kubernetes" { encryption = { resources = ["secret", "widgets.example.com"] } }`, "resources of encryption names secret, and of those without a group"},
		{``, ``, `kubernetes "kubernetes" { api_server = { extra_args = { "enable-admission-plugins" = "AlwaysPullImages" } } }`,
			"enable-admission-plugins in extra_args of api_server: admission = { enable = [...], disable = [...] } says it"},
		{``, ``, `kubernetes "kubernetes" { controller_manager = { extra_args = { "cluster-cidr" = "10.1.0.0/16" } } }`,
			"cluster-cidr in extra_args of controller_manager: pod_subnets of the cluster block says it"},
		{``, ``, `kubernetes "kubernetes" {
			encryption     = {}
			encryption_key = "c2VjcmV0"
		}`, "plain-secret: encryption_key is a secret; written here it would stand in the bundle"},
		{endpoint, strings.Replace(endpoint, "6443", "8443", 1), `endpoint "local" { bind_port = 6444 }`,
			"the API servers listen on 6443 (bind_port of the kubernetes block), and bind_port here is 6444: they are the same"},
	} {
		text := strings.Replace(base, c.old, c.new, 1) + c.block + "\n"
		if !strings.Contains(c.block, "kubernetes ") {
			text += "kubernetes \"kubernetes\" {}\n"
		}
		_, diags := compile(t, text)
		if !strings.Contains(labels(diags), c.want) || len(diags) != 1 {
			t.Errorf("%s %s: got\n%s", c.new, c.block, labels(diags))
		}
	}
}

func jsonOf(t *testing.T, v cty.Value) string {
	t.Helper()
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
