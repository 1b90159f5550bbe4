package modules_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

const withBackups = `
kubernetes "kubernetes" {}
addon "backup" {
  recipients   = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]
  schedule     = "daily"
  restore_from = "backups/c.age"
  identity     = secret("env:KEY")
}
`

// backupPlan compiles a definition with backups for an operation, to a whole bundle.
func backupPlan(t *testing.T, operation, text string) (*ir.Plan, diag.List) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "cluster.hcl"), text)
	def, diags := lang.Load([]string{dir}, lang.Options{Operation: operation})
	if diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	plan, diags := compiler.Compile(def, lib)
	if diags.HasErrors() {
		return nil, diags
	}
	_, diags = codegen.Build(plan, stdlib.FS)
	return plan, diags
}

// Backups are made by a bundle of their own, and by a timer that converge puts there; what
// restores one is before everything that founds a cluster, of which there is all.
func TestBackup(t *testing.T) {
	steps := map[string][]string{}
	for _, operation := range []string{"converge", "backup", "restore"} {
		plan, diags := backupPlan(t, operation, base+withBackups)
		if len(diags) > 0 {
			t.Fatal(labels(diags))
		}
		for _, s := range plan.Steps {
			steps[operation] = append(steps[operation], s.Name)
		}
		var copied, secrets []string
		for _, o := range plan.Outputs {
			if o.Copy != nil {
				copied = append(copied, o.Name, o.Copy.Step, o.Copy.To)
			}
		}
		for _, s := range plan.Secrets {
			secrets = append(secrets, s.ID, s.Ref, s.Identity)
		}
		want := map[string][][]string{"converge": {nil, nil}, "backup": {{"backup/backup", "backup/backup", "backups"}, nil},
			"restore": {nil, {"secret_env_KEY", "env:KEY", "", "secret_file_backups_c_age", "file:backups/c.age", "secret_env_KEY"}}}[operation]
		if diff := cmp.Diff(want, [][]string{copied, secrets}); diff != "" {
			t.Errorf("%s: copies and secrets (-want +got):\n%s", operation, diff)
		}
	}
	if diff := cmp.Diff([]string{"backup/programs", "backup/backup"}, steps["backup"]); diff != "" {
		t.Errorf("the steps of backup (-want +got):\n%s", diff)
	}
	at := func(name string) int { return slices.Index(steps["restore"], name) }
	if at("backup/restore") < 0 || at("backup/restore") > at("kubernetes/encryption") && at("kubernetes/encryption") >= 0 || at("backup/restore") > at("kubernetes/init") {
		t.Errorf("the steps of restore are %v", steps["restore"])
	}
	for _, name := range steps["converge"] {
		if at(name) < 0 {
			t.Errorf("restore does not do %s", name)
		}
	}
	if slices.Contains(steps["converge"], "backup/restore") || slices.Contains(steps["converge"], "backup/backup") || !slices.Contains(steps["converge"], "backup/timer") {
		t.Errorf("the steps of converge are %v", steps["converge"])
	}
}

// Who may read a copy is checked, and so is what a restore needs. Without recipients nothing
// leaves the host.
func TestBackupIsRefused(t *testing.T) {
	for _, c := range []struct{ operation, addon, want string }{
		{"converge", `recipients = ["ssh-ed25519 AAAA"]`, "recipients are age's public keys"},
		{"converge", `folder = "/var/back ups"`, "folder is an absolute path"},
		{"converge", `keep = 0`, "keep is a whole number"},
		{"converge", `schedule = "daily\nExecStart=/x"`, "schedule is one expression"},
		{"converge", `identity = "AGE-SECRET-KEY-1"`, "it would stand in the bundle"},
		{"restore", ``, "sprayc restore needs restore_from"},
	} {
		text := base + "kubernetes \"kubernetes\" {}\naddon \"backup\" {\n" + c.addon + "\n}\n"
		if _, diags := backupPlan(t, c.operation, text); !strings.Contains(labels(diags), c.want) {
			t.Errorf("%s: it does not say %q: %s", c.addon, c.want, labels(diags))
		}
	}
	plan, diags := backupPlan(t, "backup", base+"kubernetes \"kubernetes\" {}\naddon \"backup\" {}\n")
	if len(diags) > 0 || len(plan.Outputs) > 0 {
		t.Errorf("without recipients there are outputs: %v %s", plan.Outputs, labels(diags))
	}
}

// With etcd on hosts of its own an API server's health is asked, and etcd by its certificate.
func TestBackupOfEtcdOnHosts(t *testing.T) {
	text := base + `
hosts "e[1-3]" {
  roles   = ["etcd"]
  address = cidrhost("10.0.0.0/24", 20 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}
host "cp1" { roles = ["control_plane"] }
etcd "hosts" {}
` + withBackups
	plan, diags := backupPlan(t, "backup", text)
	if len(diags) > 0 {
		t.Fatal(labels(diags))
	}
	own := map[string]string{}
	for _, h := range plan.Hosts {
		for _, v := range h.Env {
			if h.Name == "cp1" {
				own[v.Name] = v.Text
			}
		}
	}
	got := args(variant(t, plan, "cp1", "backup/backup"), "exec", "backup")
	want := map[string]string{"env.PKI": "", "env.ENDPOINTS": "https://10.0.0.21:2379 https://10.0.0.22:2379 https://10.0.0.23:2379", "env.CERT": "/etc/etcd/client/client.crt", "env.SERVERS": "https://10.0.0.11:6443"}
	for name, value := range want {
		if text := got[name]; text != value && own[text] != value {
			t.Errorf("%s is %q, not %q", name, text, value)
		}
	}
	if _, diags := backupPlan(t, "restore", text); !strings.Contains(labels(diags), "a backup is restored where etcd is kubeadm's") {
		t.Errorf("restore is not refused: %s", labels(diags))
	}
}
