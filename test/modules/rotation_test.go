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
