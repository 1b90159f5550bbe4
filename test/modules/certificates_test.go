package modules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is brought from outside is looked at before anything changes and put before init;
// it is a live value all the way, and a host's own goes to no other host.
func TestOwnCertificates(t *testing.T) {
	text := strings.Replace(base, `hosts "cp1" {`, `hosts "cp[1-3]" {`, 1)
	text = strings.Replace(text, `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`, 1)
	plan := must(t, text+`
kubernetes "kubernetes" { api_server = { cert_sans = ["other.example.com"] } }
certificates "own" {
  ca_crt        = secret("file:pki/ca.crt")
  ca_key        = secret("file:pki/ca.key")
  apiserver_crt = secret("file:pki/${host.name}.crt")
  apiserver_key = secret("file:pki/${host.name}.key")
}`)
	stages := map[string]string{}
	for _, s := range plan.Steps {
		stages[s.Name] = s.Stage
	}
	for step, want := range map[string]string{"certificates-own/check": "preflight", "certificates-own/tools": "prepare", "certificates-own/files": "etcd", "kubernetes/init": "control_plane"} {
		if stages[step] != want {
			t.Errorf("%s is in stage %q", step, stages[step])
		}
	}
	for _, host := range []string{"cp1", "cp2", "cp3"} {
		check := argMap(variant(t, plan, host, "certificates-own/check").Verifies[0].Env)
		files := args(variant(t, plan, host, "certificates-own/files"), "exec", "files")
		for name, want := range map[string]string{"CA_CRT": "secret_file_pki_ca_crt", "CA_KEY": "secret_file_pki_ca_key", "APISERVER_CRT": "secret_file_pki_" + host + "_crt", "APISERVER_KEY": "secret_file_pki_" + host + "_key", "SA_KEY": ""} {
			if check[name] != want || files["env."+name] != want {
				t.Errorf("%s: %s is %q in the check and %q in the files", host, name, check[name], files["env."+name])
			}
		}
	}
	var names []string
	for _, h := range plan.Hosts {
		for _, v := range h.Env {
			if h.Name == "cp1" && strings.Contains(v.Name, "NAMES") && strings.Contains(v.Text, "kubernetes.default.svc.") {
				names = append(names, v.Text)
			}
		}
	}
	want := []string{"api.example.com 10.0.0.11 cp1 kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local 10.233.0.1 localhost 127.0.0.1 other.example.com"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names of the API server (-want +got):\n%s", diff)
	}
}
