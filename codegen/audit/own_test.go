package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

// withOwn is the sample whose workers' join has these scripts.
func withOwn(probe, act string, declared ...ir.Declared) *ir.Plan {
	plan := sample.Plan(2)
	variant := plan.Steps[3].Variants[0]
	variant.Commands = []string{"frobd", "kubectl", "curl"}
	r := variant.Resources[0]
	r.Effects = declared
	r.Args = []ir.Arg{
		{Name: "env.STATE", Value: sample.Literal("/etc/frob/state"), Source: sample.Span("m.hcl", 7, 5)},
		{Name: "env.AT", Value: ir.Value{Kind: ir.HostVar, Text: "h_at"}, Source: sample.Span("m.hcl", 8, 5)},
	}
	r.Act.Env = nil
	for _, host := range plan.Hosts {
		host.Env = append(host.Env, ir.Var{Name: "h_at", Text: host.Address + ":6443"})
	}
	for _, file := range plan.Files {
		switch file.Path {
		case r.Probe.Payload:
			file.Data = []byte(": \"$STATE\" \"$AT\"\n" + probe)
		case r.Act.Payload:
			file.Data = []byte(act)
		}
	}
	return plan
}

// ownLines are the effects of the join's own scripts, one a line.
func ownLines(t *testing.T, b *bundle.Bundle) []string {
	t.Helper()
	report, err := audit.Of(b)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range report.Effects {
		o := e.Origins[0]
		if o.Step != "kubernetes/join" || o.Own == "" {
			continue
		}
		line := fmt.Sprintf("%s: %s %s", e.Section, e.Category, e.Subject)
		for _, text := range []string{e.Action, e.Security, e.Irreversible} {
			if text != "" {
				line += ", " + text
			}
		}
		lines = append(lines, fmt.Sprintf("%s [%s:%d %s]", line, o.Own[strings.LastIndexByte(o.Own, '/')+1:], o.OwnLine, o.Declared))
	}
	return lines
}

// What modules' own shell does is told with the values of each host, without the
// files that it makes and takes away; what a module declares is told as declared.
func TestOwnScripts(t *testing.T) {
	b := build(t, withOwn("kubectl --cache-dir /run/sprayc/k get nodes || differs x\nok\n",
		"printf x >\"$STATE.new\"\nmv \"$STATE.new\" \"$STATE\"\nrm -f /etc/ssh/old\ncurl \"https://$AT/x\"\nprintf 1 >/proc/sys/net/ipv4/ip_forward\nfrobd init\nkubectl --cache-dir /run/sprayc/k delete pod p\nrm -f /srv/x\n",
		ir.Declared{Command: "frobd", Effects: []string{"restarts frobd.service", "loses what $STATE had"}, Source: sample.Span("m.hcl", 9, 5)}))
	want := []string{
		"security: file /etc/ssh/old, removed, how one logs in over SSH, no copy is kept [join.act.sh:3 ]",
		"security: kernel parameter net.ipv4.ip_forward, set, the host routes packets of others [join.act.sh:5 ]",
		"irreversible: data what /etc/frob/state had, lost, it does not come back [join.act.sh:6 frobd]",
		"irreversible: file /srv/x, removed, no copy is kept [join.act.sh:8 ]",
		"irreversible: object kubectl delete pod p, changed, what is deleted does not come back by itself [join.act.sh:7 ]",
		"network: connection https://{address}:6443/x [join.act.sh:4 ]",
		"network: connection the API server [join.act.sh:7 ]",
		"changes: file /etc/frob/state, written [join.act.sh:2 ]",
		"changes: service frobd.service, restarted [join.act.sh:6 frobd]",
	}
	if diff := cmp.Diff(want, ownLines(t, b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A bundle whose scripts were changed after they were checked does not pass for
// what it was: what nobody has declared stands first.
func TestUndeclared(t *testing.T) {
	b := build(t, withOwn("ok\n", "printf x >\"$STATE\"\n"))
	for _, c := range []struct{ script, more, want string }{
		{"act", "frobd init\n", "undeclared: command frobd init, nobody can tell what it runs [join.act.sh:2 ]"},
		{"act", "sudo rm /etc/x\n", "undeclared: command sudo rm /etc/x, nobody can tell what it runs [join.act.sh:2 ]"},
		{"act", "eval \"$X\"\n", "undeclared: command eval, nobody can tell what it runs [join.act.sh:2 ]"},
		{"act", "rm \"$X\"\n", "undeclared: command rm, nobody can tell what it removes [join.act.sh:2 ]"},
		{"probe", "touch /etc/x\n", "undeclared: file /etc/x, written, by a script that only reads [join.probe.sh:3 ]"},
	} {
		path := "steps/kubernetes/files/join." + c.script + ".sh"
		old := b.Files[path]
		b.Files[path] = bundle.File{Data: append(append([]byte{}, old.Data...), c.more...)}
		if got := ownLines(t, b); len(got) == 0 || got[0] != c.want {
			t.Errorf("%q: first of %q, want %q", c.more, got, c.want)
		}
		b.Files[path] = old
	}
}

// What a module states of a resource stands beside what its kind says; a port of
// the loopback's is nobody else's, and a kernel parameter is one like any other.
func TestStated(t *testing.T) {
	plan := sample.Plan(1)
	service := plan.Steps[1].Variants[0].Resources[3]
	service.Effects = []ir.Declared{{Effects: []string{"listens 127.0.0.1:9/tcp", "listens 10250/tcp", "sets kernel parameter net.ipv4.conf.all.route_localnet=1"}, Source: sample.Span("m.hcl", 4, 5)}}
	report, err := audit.Of(build(t, plan))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range report.Effects {
		if e.Category == "port" || e.Category == "kernel parameter" && e.Origins[0].Declared != "" {
			got = append(got, fmt.Sprintf("%s %s, %s: %s", e.Section, e.Subject, e.Security, e.Origins[0].Declared))
		}
	}
	want := []string{
		"security net.ipv4.conf.all.route_localnet, which packets the host believes: service containerd.service",
		"security 10250/tcp, reachable over the network: service containerd.service",
		"changes 127.0.0.1:9/tcp, : service containerd.service",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
