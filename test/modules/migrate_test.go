package modules_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler/ir"
)

// toHosts is base with etcd on hosts of its own.
var toHosts = strings.Replace(base, `["control_plane", "etcd"]`, `["control_plane"]`, 1) + strings.Replace(external, "  events = true\n", "", 1) + "kubernetes \"kubernetes\" {}\n"

// back is base with etcd on the control plane again, and on the hosts that it leaves.
var back = base + strings.Replace(external, "etcd \"hosts\" {\n  events = true\n}", "etcd \"stacked\" {}", 1) + "kubernetes \"kubernetes\" {}\n"

// of compiles a definition for an operation.
func of(t *testing.T, operation, text string) *ir.Plan {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "cluster.hcl"), text)
	return forOperation(t, dir, operation)
}

// stepsOf are the steps of a host that a module brings, in their order.
func stepsOf(plan *ir.Plan, host, module string) string {
	var steps []string
	for _, class := range plan.Classes {
		if !slices.Contains(class.Hosts, host) {
			continue
		}
		for _, use := range class.Steps {
			if strings.HasPrefix(use.Step, module+"/") {
				steps = append(steps, strings.TrimPrefix(use.Step, module+"/"))
			}
		}
	}
	return strings.Join(steps, " ")
}

// Whether a definition is for the cluster's layout is asked in runs and upgrades, of the layout
// that it has, and not when it is changed.
func TestLayouts(t *testing.T) {
	const way = "sprayc build --operation migrate -o out-migrate/; sprayc migrate out-migrate/"
	stacked := base + "kubernetes \"kubernetes\" {}\n"
	for _, test := range []struct{ operation, text, want string }{
		{"converge", toHosts, "etcd-hosts/layout"}, {"upgrade", toHosts, "etcd-hosts/layout"}, {"migrate", toHosts, ""}, {"certificates", toHosts, ""}, {"reset", toHosts, ""},
		{"converge", stacked, "kubernetes/layout"}, {"upgrade", stacked, "kubernetes/layout"}, {"reset", stacked, ""}, {"migrate", back, ""},
	} {
		var got []string
		for _, o := range of(t, test.operation, test.text).Outputs {
			if o.Refuses != "" {
				got = append(got, o.Name)
				if o.Refuses != way || o.Secret || strings.Join(o.Roles, " ") != "control_plane" {
					t.Errorf("%s: %+v", test.operation, o)
				}
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, not %s", test.operation, got, test.want)
		}
	}
}

// Nothing is founded: hosts take the CA, join those that there are, and these leave only when no
// API server asks them.
func TestMigrateToHosts(t *testing.T) {
	plan := of(t, "migrate", toHosts)
	if got, want := stepsOf(plan, "etcd1", "etcd-hosts"), "versions programs ca certificates configuration before member certificate-list status"; got != want {
		t.Errorf("etcd1 has %s, not %s", got, want)
	}
	if got, want := stepsOf(plan, "cp1", "etcd-hosts"), "stacked client answers client-certificate-list stacked-leave stacked-away"; got != want {
		t.Errorf("cp1 has %s, not %s", got, want)
	}
	var ca []string
	for _, r := range variant(t, plan, "etcd1", "etcd-hosts/ca").Resources {
		ca = append(ca, r.Kind+" "+r.Name.Text)
	}
	if strings.Join(ca, ", ") != "exec taken-ca" {
		t.Errorf("the CA is made by %v", ca)
	}
	for _, r := range variant(t, plan, "etcd1", "etcd-hosts/member").Resources {
		if got := argMap(r.Args)["env.ENDPOINTS"]; got != "https://10.0.2.1:2379 https://10.0.2.2:2379 https://10.0.2.3:2379 https://10.0.0.11:2379" {
			t.Errorf("who joins asks %s", got)
		}
	}
	leave := stepOf(t, plan, "etcd-hosts/stacked-leave")
	if after := strings.Join(leave.After, " "); !strings.Contains(after, "etcd-hosts/member") || !strings.Contains(after, "kubernetes/control-plane") {
		t.Errorf("members leave after %s", after)
	}
	for _, r := range variant(t, plan, "cp1", "etcd-hosts/stacked-leave").Resources {
		if got := argMap(r.Args)["env.ENDPOINTS"]; got != "https://10.0.2.1:2379,https://10.0.2.2:2379,https://10.0.2.3:2379" {
			t.Errorf("who leaves is known by %s", got)
		}
	}

	// In a run nothing of it is there.
	converge := of(t, "converge", toHosts)
	if got, want := stepsOf(converge, "etcd1", "etcd-hosts"), "versions programs ca certificates configuration found member certificate-list status"; got != want {
		t.Errorf("etcd1 has %s, not %s", got, want)
	}
	if got, want := stepsOf(converge, "cp1", "etcd-hosts"), "layout client answers client-certificate-list"; got != want {
		t.Errorf("cp1 has %s, not %s", got, want)
	}
	for _, r := range variant(t, converge, "etcd1", "etcd-hosts/member").Resources {
		if got := argMap(r.Args)["env.ENDPOINTS"]; got != "https://10.0.2.1:2379 https://10.0.2.2:2379 https://10.0.2.3:2379" {
			t.Errorf("who joins asks %s", got)
		}
	}
}

// Control planes join those that there are, and these leave only when no API server asks them.
func TestMigrateBack(t *testing.T) {
	for _, text := range []string{back, strings.Replace(back, "etcd \"stacked\" {}", "", 1)} {
		plan := of(t, "migrate", text)
		if got, want := stepsOf(plan, "etcd1", "kubernetes"), "etcd-elsewhere etcd-before etcd-leave etcd-away"; got != want {
			t.Errorf("etcd1 has %s, not %s", got, want)
		}
		if got, want := stepsOf(plan, "etcd1", "etcd-hosts"), ""; got != want {
			t.Errorf("etcd1 has %s, not %s", got, want)
		}
		steps := stepsOf(plan, "cp1", "kubernetes")
		for _, order := range []string{"documents .*images .*mounted etcd-member .*init .*control-plane .*etcd-client-away"} {
			if !regexp.MustCompile(order).MatchString(steps) {
				t.Errorf("cp1 has %s, not %s", steps, order)
			}
		}
		leave := stepOf(t, plan, "kubernetes/etcd-leave")
		if after := strings.Join(leave.After, " "); !strings.Contains(after, "kubernetes/etcd-member") || !strings.Contains(after, "kubernetes/control-plane") {
			t.Errorf("members leave after %s", after)
		}
		for _, r := range variant(t, plan, "cp1", "kubernetes/etcd-member").Resources {
			if got := argMap(r.Args)["env.ENDPOINTS"]; r.Name.Text == "member" && got != "https://10.0.2.1:2379 https://10.0.2.2:2379 https://10.0.2.3:2379" {
				t.Errorf("who joins asks %s", got)
			}
		}
	}
	// A run has nothing of it, and takes no hosts of etcd alone.
	if _, diags := compile(t, back); !strings.Contains(labels(diags), "etcd1, etcd2, etcd3 has the role etcd alone") {
		t.Errorf("a run says %s", labels(diags))
	}
	if got := stepsOf(of(t, "converge", toHosts), "cp1", "kubernetes"); strings.Contains(got, "etcd-") {
		t.Errorf("a run has %s", got)
	}
}

// What cannot be moved so is refused with the way.
func TestMigrateRefuses(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{base + "etcd \"hosts\" {}\nkubernetes \"kubernetes\" {}\n", "cp1 would have two members of etcd, at one address"},
		{strings.NewReplacer(`hosts "cp1"`, `hosts "cp[1-2]"`, `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`).Replace(toHosts) + gone("cp2"), "cp2 is declared absent, and may have a member of etcd: let it leave first, by sprayc remove"},
		{base + "kubernetes \"kubernetes\" {}\n", "no host has the role etcd alone: those that etcd leaves for the control planes keep that role until it has"},
		{back + gone("etcd2"), "etcd2 is declared absent, and may have a member of etcd"},
		{strings.NewReplacer(`hosts "cp1"`, `hosts "cp[1-2]"`, `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`).Replace(back), "2 hosts have the role etcd"},
		{strings.Replace(toHosts, `etcd "hosts" {`, `etcd "hosts" {`+"\n  stacked_data_dir = \"etcd\"", 1), "stacked_data_dir is an absolute path"},
	} {
		_, diags := departure(t, "migrate", test.text)
		if len(diags) != 1 || !strings.Contains(labels(diags), test.want) {
			t.Errorf("got %s\nwant %s", labels(diags), test.want)
		}
	}
}
