package modules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

const outside = "certificates \"own\" {\n  ca_crt        = secret(\"file:ca.crt\")\n  apiserver_crt = secret(\"file:${host.name}/apiserver.crt\")\n  REQUESTS\n}\n"

// A bundle for requests has kubeadm and the requests on control planes, reads no certificate
// that was signed, and nothing is disruptive in it.
func TestRequests(t *testing.T) {
	for _, test := range []struct{ name, more, signed string }{
		{"stacked", "", "admin_crt apiserver_crt apiserver_etcd_client_crt apiserver_kubelet_client_crt controller_manager_crt etcd_healthcheck_client_crt etcd_peer_crt etcd_server_crt front_proxy_client_crt kubelet_crt scheduler_crt super_admin_crt"},
		{"etcd on hosts", "etcd \"hosts\" {}\n", "admin_crt apiserver_crt apiserver_kubelet_client_crt controller_manager_crt front_proxy_client_crt kubelet_crt scheduler_crt super_admin_crt"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {}\nnetwork \"flannel\" {}\n"+test.more+strings.Replace(outside, "REQUESTS", "", 1))
		plan := forOperation(t, dir, "requests")
		for _, class := range plan.Classes {
			var steps []string
			for _, use := range class.Steps {
				steps = append(steps, use.Step)
			}
			want := map[string]string{"cp1": "certificates-own/requests-check kubernetes/requests-program certificates-own/requests certificates-own/request-list"}[class.Hosts[0]]
			if got := strings.Join(steps, " "); got != want {
				t.Errorf("%s: %s has\n%s, not\n%s", test.name, class.Hosts[0], got, want)
			}
		}
		for _, step := range plan.Steps {
			if step.Disruptive {
				t.Errorf("%s: %s is disruptive", test.name, step.Name)
			}
		}
		for _, secret := range plan.Secrets {
			if secret.Ref != "file:ca.crt" {
				t.Errorf("%s: it reads %s", test.name, secret.Ref)
			}
		}
		var signed []string
		for _, h := range plan.Hosts {
			for _, v := range h.Env {
				if h.Name == "cp1" && strings.HasPrefix(v.Text, "admin_crt ") {
					for line := range strings.Lines(v.Text) {
						signed = append(signed, strings.Fields(line)[0])
					}
				}
			}
		}
		if got := strings.Join(signed, " "); got != test.signed {
			t.Errorf("%s: it asks for\n%s, not\n%s", test.name, got, test.signed)
		}
	}
}

// Without a CA from outside there is nothing to ask for, and no certificate of another name.
func TestRequestsAreRefused(t *testing.T) {
	for _, test := range []struct{ more, want string }{
		{"", "this cluster's CA signs by itself, so there is nothing to request: sprayc certificates renew"},
		{strings.Replace(outside, "REQUESTS", `requests = ["apiserver_crt"]`, 1), ""},
		{strings.Replace(outside, "REQUESTS", `requests = ["apiserver"]`, 1), "there is no certificate apiserver to request"},
		{strings.Replace(outside, "REQUESTS", `requests = ["etcd_peer_crt"]`, 1) + "etcd \"hosts\" {}\n", "etcd has a CA of its own on hosts of its own"},
		{strings.Replace(outside, "REQUESTS", "requests_days = 1.5", 1), "requests_days is a whole number, 0 or more"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {}\nnetwork \"flannel\" {}\n"+test.more)
		def, diags := lang.Load([]string{dir}, lang.Options{Operation: "requests"})
		lib, more := lang.LoadLibrary(stdlib.FS)
		if diags = append(diags, more...); diags.HasErrors() {
			t.Fatal(labels(diags))
		}
		_, diags = compiler.Compile(def, lib)
		if got := labels(diags); diags.HasErrors() != (test.want != "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.more, got, test.want)
		}
	}
}
