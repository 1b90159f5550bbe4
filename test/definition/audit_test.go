package definition_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// thousand builds examples/kubernetes with a thousand workers in place of twenty.
func thousand(t testing.TB) *bundle.Bundle {
	t.Helper()
	text, err := os.ReadFile("../../examples/kubernetes/cluster.hcl")
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.NewReplacer(`hosts "worker[01-20]"`, `hosts "worker[0001-1000]"`, `cidrhost("10.0.1.0/24", host.index)`, `cidrhost("10.4.0.0/16", host.index)`,
		`"10.233.64.0/18"`, `"10.128.0.0/14"`)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cluster.hcl"), []byte(wanted.Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	b := mustBuild(t, dir)
	if len(b.Plan.Hosts) != 1005 {
		t.Fatalf("%d hosts", len(b.Plan.Hosts))
	}
	return b
}

// What a thousand workers share is read once, and each line by somebody who has
// to approve it: fewer than 3,000, none of which says what another has said, and
// each with where it comes from.
func TestAuditOfAThousandWorkers(t *testing.T) {
	report, err := audit.Of(thousand(t))
	if err != nil {
		t.Fatal(err)
	}
	report.Locate(func(string, string) (string, bool) { return "cluster.hcl:1:1", true })
	checkAudit(t, report)
	for name, text := range map[string]string{"text": report.Text(), "markdown": report.Markdown()} {
		if n := strings.Count(text, "\n"); n < 200 || n >= 3000 {
			t.Errorf("%s: %d lines", name, n)
		}
		seen := map[string]bool{}
		for line := range strings.Lines(text) {
			content, _, _ := strings.Cut(line, "  [steps/")
			if strings.HasPrefix(line, "      ") && seen[content] {
				t.Errorf("%s: twice: %s", name, line)
			}
			seen[content] = true
		}
	}
	if workers := "worker[0001-1000]"; !strings.Contains(report.Text(), workers) || strings.Contains(report.Text(), "worker0500") {
		t.Errorf("the workers are not told as %s", workers)
	}
}

// checkAudit checks what holds of every report.
func checkAudit(t *testing.T, report *audit.Report) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range report.Effects {
		key := e.Category + "\x00" + e.Action + "\x00" + e.Subject
		for _, f := range e.Fields {
			key += "\x00" + f.Name + "=" + f.Value + f.SHA256
		}
		if seen[key] {
			t.Errorf("twice: %s %s %v", e.Category, e.Subject, e.Fields)
		}
		seen[key] = true
		if e.Section == audit.Undeclared {
			t.Errorf("declared by nothing: %s, at %s:%d", e.Subject, e.Origins[0].Own, e.Origins[0].OwnLine)
		}
		if e.Subject == "" || len(e.On) == 0 || len(e.Origins) == 0 {
			t.Errorf("it does not say what, for whom or from where: %+v", e)
		}
		for _, o := range e.Origins {
			if o.Script == "" || o.Line == 0 || o.Module == "" && o.Script != bundle.RunFile && !strings.HasPrefix(o.Script, "lib/") {
				t.Errorf("%s %s: origin %+v", e.Category, e.Subject, o)
			}
		}
	}
}

// Every example is audited: nothing of it is undeclared, and all has its origin.
func TestAuditOfExamples(t *testing.T) {
	examples, err := filepath.Glob("../../examples/*/cluster.hcl")
	if err != nil || len(examples) < 5 {
		t.Fatalf("%d examples: %v", len(examples), err)
	}
	for _, example := range examples {
		t.Run(filepath.Base(filepath.Dir(example)), func(t *testing.T) {
			report, err := audit.Of(mustBuild(t, filepath.Dir(example)))
			if err != nil {
				t.Fatal(err)
			}
			checkAudit(t, report)
		})
	}
}

func BenchmarkAuditOfAThousandWorkers(b *testing.B) {
	made := thousand(b)
	for b.Loop() {
		report, err := audit.Of(made)
		if err != nil {
			b.Fatal(err)
		}
		if report.Text() == "" || report.Markdown() == "" {
			b.Fatal("nothing")
		}
	}
}

// What the pods of the cluster do is on every node, what the control plane listens on is on
// its hosts alone, and the programs of the library are named.
func TestAuditOfKubernetes(t *testing.T) {
	report, err := audit.Of(mustBuild(t, "../../examples/kubernetes"))
	if err != nil {
		t.Fatal(err)
	}
	listed := func(host, category, name string) bool {
		return slices.ContainsFunc(report.Effects, func(e audit.Effect) bool { return e.For(report, host) && e.Covers(category, name) })
	}
	for _, c := range []struct {
		category, name    string
		cp1, worker, gpu1 bool
	}{
		{"setting", "interface cni0", true, true, true},
		{"setting", "interface eth0", false, false, false},
		{"port", "[::]:8472/udp", true, true, true},
		{"port", "[::]:10250/tcp", true, true, true},
		{"port", "127.0.0.1:10257/tcp", true, false, false},
		{"port", "[::]:10257/tcp", false, false, false},
		{"port", "[::]:6443/tcp", true, false, false},
		{"port", "127.0.0.1:41234/tcp", true, true, true},
		{"port", "10.0.0.1:41234/tcp", false, false, false},
		{"file", "/var/lib/etcd/member/snap/db", true, false, false},
		{"file", "/var/lib/kubelet/pods/x/volumes/y", true, true, true},
		{"file", "/var/log/pods/x/0.log", true, true, true},
		{"file", "/var/log/kubernetes/audit/audit-2026-11-22T11-22-45.001.log", true, false, false},
		{"file", "/run/mount/utab", true, true, true},
		{"mount", "/run/netns/cni-421bea04-f6b7-915c-69db-0b788c7dd068", true, true, true},
		{"mount", "/run/netns/others", false, false, false},
		{"kernel parameter", "net.netfilter.nf_conntrack_max", true, true, true},
		{"kernel parameter", "net.ipv4.conf.all.route_localnet", false, false, false},
	} {
		got := []bool{listed("cp1", c.category, c.name), listed("worker01", c.category, c.name), listed("gpu1", c.category, c.name)}
		if want := []bool{c.cp1, c.worker, c.gpu1}; !slices.Equal(got, want) {
			t.Errorf("%s %s on cp1, worker01 and gpu1: %v, not %v", c.category, c.name, got, want)
		}
	}
	for program, want := range map[string]bool{"apt-get": true, "systemctl": true, "curl": true, "kubeadm": true, "dash": false, "perl": false} {
		if got := report.Runs("worker01", program); got != want {
			t.Errorf("worker01 runs %s: %v", program, got)
		}
	}
}
