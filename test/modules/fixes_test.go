package modules_test

import (
	"strings"
	"testing"
)

// A mistake of somebody who begins is one error, at a line of the definition, with a fix
// that can be typed as it stands.
func TestFixes(t *testing.T) {
	const modules = "kubernetes \"kubernetes\" {}\nnetwork \"flannel\" {}\n"
	for _, c := range []struct{ old, new, at, fix string }{
		{`kubernetes_version `, `kube_version `, `kube_version`, `did you mean "kubernetes_version"?`},
		{`"control_plane"`, `"kube_control_plane"`, `"kube_control_plane"`, `did you mean "control_plane"?`},
		{`"debian-12"`, `"debian-99"`, `"debian-99"`, `did you mean "debian-11"?`},
		{`"amd64"`, `"x86_64"`, `"x86_64"`, `did you mean "amd64"?`},
		{`["10.233.64.0/18"]`, `"10.233.64.0/18"`, `"10.233.64.0/18"`, `write pod_subnets = ["10.233.64.0/18"]`},
		{`"api.example.com:6443"`, `"https://api.example.com/"`, `"https://api.example.com/"`, `write "api.example.com:6443"`},
		{`"api.example.com:6443"`, `"localhost"`, `"localhost"`, `write "localhost:8443"`},
		{`"api.example.com:6443"`, `"2001:db8::1"`, `"2001:db8::1"`, `write "[2001:db8::1]:6443"`},
		{modules, `network "flannel" {}`, `network "flannel"`, `write kubernetes "kubernetes" {}`},
		{`network "flannel" {}`, `network "coredns" {}`, `"coredns"`, `write dns "coredns"; network takes flannel, manifest, none`},
		{`network "flannel" {}`, `network "calico" {}`, `"calico"`, `use one of flannel, manifest, none; or a folder of your own, by a path that begins with ./`},
		{modules, modules + `endpoint "kube_vip" {}`, `"kube_vip"`, `did you mean "kube-vip"?`},
		{modules, modules + `addon "flanel" {}`, `"flanel"`, `did you mean the block network "flannel" {}?`},
		{modules, modules + `host "worker02" { labels = { a = "b" } }`, `"worker02"`, `did you mean "worker2"?`},
		{modules, modules + `host "x9" { labels = { a = "b" } }`, `"x9"`, `write the name of one of its hosts, or roles, address, os, arch for a host of its own`},
		{modules, modules + "mirror {\n  registry \"docker.io\" { endpoints = [] }\n}", `endpoints`, `did you mean "endpoint"?`},
		{modules, modules + `container_manager = "docker"`, `container_manager`, `the block runtime "containerd" {} says it`},
		{`kubernetes "kubernetes" {}`, `kubernetes "kubernetes" { audit = true }`, `true`, `write audit = {}`},
		{`kubernetes "kubernetes" {}`, `kubernetes "kubernetes" { encryption = { provider = "aescbcc" } }`, `provider = "aescbcc"`, `did you mean "aescbc"?`},
		{`kubernetes "kubernetes" {}`, `kubernetes "kubernetes" { encryption = { provder = "aescbc" } }`, `provder = "aescbc"`, `did you mean "provider"?`},
		{`kubernetes "kubernetes" {}`, `kubernetes "kubernetes" { oidc = "https://x" }`, `"https://x"`, `write oidc = { client_id = "...", issuer_url = "..." }`},
		{`kubernetes "kubernetes" {}`, `kubernetes "kubernetes" { fail_swap_on = "false" }`, `"false"`, `write fail_swap_on = false, without quotes`},
		{`["worker"]`, `"worker"`, `"worker"`, `write roles = ["worker"]`},
		{`["worker"]`, "[\"worker\"]\n  taints = [\"a=b:NoSchedule\"]", `"a=b:NoSchedule"`, `write { effect = "...", key = "..." }`},
		{`["worker"]`, "[\"worker\"]\n  taints = [{ key = \"a\" }]", `{ key = "a" }`, `write effect = "..." in it`},
		{`["worker"]`, "[\"worker\"]\n  labels = [\"a=b\"]", `["a=b"]`, `write labels = { "NAME" = "..." }`},
	} {
		text := strings.Replace(base+modules, c.old, c.new, 1)
		if c.new != "" && text == base+modules {
			t.Fatalf("%q is not in the definition", c.old)
		}
		_, diags := compile(t, text)
		if len(diags) != 1 {
			t.Errorf("%s: %d errors:\n%s", c.new, len(diags), labels(diags))
			continue
		}
		d := diags[0]
		if at := text[min(d.Span.Start.Byte, len(text)):min(d.Span.End.Byte, len(text))]; at != c.at || d.Fix != c.fix {
			t.Errorf("%s: the error is at %q (%s) with the fix %q, not at %q with %q", c.new, at, d.Label, d.Fix, c.at, c.fix)
		}
	}
}
