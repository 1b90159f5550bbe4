package modules_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

// A bundle for the rotation of keys has the steps of those that the definition has in another
// generation, on control planes, and nothing else; those that start an API server anew have a
// token each. A run has none of them, and looks whether the key is the definition's.
func TestRotation(t *testing.T) {
	const tokens = "kubernetes/rotation kubernetes/service-account-key kubernetes/service-account-key-known kubernetes/service-account-key-all-know kubernetes/service-account-key-signs kubernetes/service-account-key-all-sign kubernetes/service-account-key-only"
	const encryption = "kubernetes/encryption-key kubernetes/encryption kubernetes/encryption-readable kubernetes/encryption-first kubernetes/encryption-rewrite kubernetes/encryption-only"
	for _, test := range []struct{ name, settings, want string }{
		{"service accounts", "service_account_key = { generation = 2 }", tokens},
		{"encryption", "encryption = { generation = 2 }", "kubernetes/rotation " + encryption},
		{"both", "service_account_key = { generation = 3 }\n  encryption = {}", ""},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {\n  "+test.settings+"\n}\nnetwork \"flannel\" {}\n")
		plan := forOperation(t, dir, "rotate-keys")
		for _, class := range plan.Classes {
			var steps []string
			for _, use := range class.Steps {
				steps = append(steps, use.Step)
			}
			got := strings.Join(steps, " ")
			switch {
			case class.Hosts[0] == "worker1" && got != "":
				t.Errorf("%s: a worker has %s", test.name, got)
			case class.Hosts[0] == "cp1" && test.want != "" && got != test.want:
				t.Errorf("%s: cp1 has\n%s, not\n%s", test.name, got, test.want)
			case class.Hosts[0] == "cp1" && len(steps) != len(strings.Fields(tokens+" "+encryption)) && test.want == "":
				t.Errorf("%s: cp1 has %s", test.name, got)
			}
		}
		for _, step := range plan.Steps {
			restarts := strings.HasSuffix(step.Name, "-key-known") || strings.HasSuffix(step.Name, "-key-signs") || strings.HasSuffix(step.Name, "-key-only")
			if step.Disruptive != restarts {
				t.Errorf("%s: %s is disruptive: %v", test.name, step.Name, step.Disruptive)
			}
		}
	}
	var told []string
	for _, step := range must(t, base+"kubernetes \"kubernetes\" {\n  service_account_key = { generation = 2 }\n}\nnetwork \"flannel\" {}\n").Steps {
		if strings.HasPrefix(step.Name, "kubernetes/service-account") || step.Name == "kubernetes/rotation" {
			told = append(told, step.Name)
		}
	}
	if got := strings.Join(told, " "); got != "kubernetes/service-account-key-told" {
		t.Errorf("a run has %s", got)
	}
}

// How long tokens of the key of before are taken is what the API server issues them for, unless
// it is said.
func TestOldKeyHours(t *testing.T) {
	for settings, want := range map[string]string{
		"": "8761",
		"api_server = { extra_args = { \"service-account-extend-token-expiration\" = \"true\" } }":                          "8761",
		"api_server = { extra_args = { \"service-account-extend-token-expiration\" = \"false\" } }":                         "25",
		"api_server = { extra_args = { \"service-account-extend-token-expiration\" = \"false\" } }\n  # old_key_hours = 40": "40",
		"# old_key_hours = 1": "1",
	} {
		hours := ""
		if _, said, found := strings.Cut(settings, "# old_key_hours"); found {
			hours = ", old_key_hours" + said
		}
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {\n  "+settings+"\n  service_account_key = { generation = 2"+hours+" }\n}\nnetwork \"flannel\" {}\n")
		if got := args(variant(t, forOperation(t, dir, "rotate-keys"), "cp1", "kubernetes/service-account-key-only"), "exec", "only")["env.HOURS"]; got != want {
			t.Errorf("%q: %s hours, not %s", settings, got, want)
		}
	}
}

// What has nothing to rotate, or a key that is somebody else's, is refused.
func TestRotationIsRefused(t *testing.T) {
	for _, test := range []struct{ operation, settings, want string }{
		{"rotate-keys", "", "there is no key to rotate: write service_account_key = { generation = 2 }, or another generation of encryption"},
		{"rotate-keys", "service_account_key = { generation = 2 }", ""},
		{"rotate-keys", "encryption = {}", ""},
		{"converge", "service_account_key = { generation = 0 }", "generation of service_account_key is a whole number from 1"},
		{"converge", "service_account_key = { generation = 1.5 }", "generation of service_account_key is a whole number from 1"},
		{"converge", "service_account_key = { old_key_hours = 0 }", "old_key_hours of service_account_key is a whole number from 1 to 87600"},
		{"converge", "service_account_key = { generation = 2 }\n  controller_manager = { extra_args = { \"service-account-private-key-file\" = \"/etc/k\" } }", "service_account_key has no other generation while service-account-private-key-file in extra_args of controller_manager names a key of yours"},
		{"converge", "service_account_key = { generation = 2 }\n  api_server = { extra_args = { \"service-account-signing-endpoint\" = \"/run/s\" } }", "service_account_key has no other generation while service-account-signing-endpoint in extra_args of api_server signs tokens"},
		{"converge", "controller_manager = { extra_args = { \"service-account-private-key-file\" = \"/etc/k\" } }", ""},
		{"rotate-ca", "", "there is no CA to rotate: write ca = { generation = 2 }"},
		{"forget-ca", "", "there is no CA to rotate: write ca = { generation = 2 }"},
		{"rotate-ca", "ca = { generation = 2 }", ""},
		{"converge", "ca = { generation = 1.5 }", "generation of ca is a whole number from 1"},
		{"converge", "ca = { generation = 2 }\n  controller_manager = { extra_args = { \"root-ca-file\" = \"/etc/k\" } }", "ca has no other generation while root-ca-file in extra_args of controller_manager names files of yours"},
		{"converge", "ca = { generation = 2 }\n  controller_manager = { extra_args = { \"cluster-signing-duration\" = \"24h\" } }", ""},
		{"converge", "ca = { generation = 2 }\n  api_server = { extra_args = { \"kubelet-certificate-authority\" = \"/etc/k\" } }", "ca has no other generation while kubelet-certificate-authority in extra_args of api_server"},
		{"converge", "ca = { generation = 2 }\n  kubelet = { serverTLSBootstrap = true }", "ca has no other generation while the cluster's CA signs what kubelets show"},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {\n  "+test.settings+"\n}\nnetwork \"flannel\" {}\n")
		def, diags := lang.Load([]string{dir}, lang.Options{Operation: test.operation})
		lib, more := lang.LoadLibrary(stdlib.FS)
		if diags = append(diags, more...); diags.HasErrors() {
			t.Fatal(labels(diags))
		}
		_, diags = compiler.Compile(def, lib)
		if got := labels(diags); diags.HasErrors() != (test.want != "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %s: got %q, want %q", test.operation, test.settings, got, test.want)
		}
	}
}

// A bundle for another CA has control planes trust it, then kubelets, then pods, before it signs;
// one that forgets the old CA begins with what is not known by the new one yet. A run has none of
// it, and looks whether the CA is the definition's.
func TestCARotation(t *testing.T) {
	dir := t.TempDir()
	const text = base + "kubernetes \"kubernetes\" {\n  ca = { generation = 2 }\n}\nnetwork \"flannel\" {}\n"
	write(t, filepath.Join(dir, "cluster.hcl"), text)
	for operation, want := range map[string]map[string]string{
		"rotate-ca": {"cp1": "rotation made trusted all-trust nodes-trust pods signs all-sign nodes-sign", "worker1": "nodes-trust nodes-sign"},
		"forget-ca": {"cp1": "rotation all-sign nodes-sign alone all-alone nodes-alone", "worker1": "nodes-sign nodes-alone"},
	} {
		plan := forOperation(t, dir, operation)
		for _, class := range plan.Classes {
			var steps []string
			for _, use := range class.Steps {
				steps = append(steps, strings.TrimPrefix(use.Step, "kubernetes/ca-"))
			}
			if got := strings.Join(steps, " "); got != want[class.Hosts[0]] {
				t.Errorf("%s: %s has\n%s, not\n%s", operation, class.Hosts[0], got, want[class.Hosts[0]])
			}
		}
		for _, step := range plan.Steps {
			all := map[string]bool{"ca-rotation": true, "ca-made": true, "ca-all-trust": true, "ca-pods": true, "ca-all-sign": true, "ca-all-alone": true}
			if name := strings.TrimPrefix(step.Name, "kubernetes/"); step.Disruptive == all[name] {
				t.Errorf("%s: %s is disruptive: %v", operation, name, step.Disruptive)
			}
		}
	}
	var told []string
	for _, step := range must(t, text).Steps {
		if strings.HasPrefix(step.Name, "kubernetes/ca-") {
			told = append(told, step.Name)
		}
	}
	if got := strings.Join(told, " "); got != "kubernetes/ca-told" {
		t.Errorf("a run has %s", got)
	}
}
