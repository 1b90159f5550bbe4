package modules_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/stdlib"
)

// memberList is the output that lists the cluster's hosts.
func memberList(plan *ir.Plan) *ir.Output {
	for _, o := range plan.Outputs {
		if o.Name == "kubernetes/members" {
			return o
		}
	}
	return nil
}

// Control planes tell which hosts the cluster has, for the operations that ask; it is no
// secret, and the same however many hosts there are.
func TestMembers(t *testing.T) {
	text := base + withBackups
	for operation, asks := range map[string]bool{"converge": true, "upgrade": true, "remove": false, "backup": false, "restore": false, "certificates": false, "reset": false, "migrate": true} {
		dir := t.TempDir()
		definition := text
		if operation == "remove" {
			definition += gone("worker2")
		}
		if operation == "migrate" {
			definition = back
		}
		write(t, filepath.Join(dir, "cluster.hcl"), definition)
		o := memberList(forOperation(t, dir, operation))
		switch {
		case (o != nil) != asks:
			t.Errorf("%s: %v", operation, o)
		case o != nil && (!o.Members || o.Secret || strings.Join(o.Roles, " ") != "control_plane"):
			t.Errorf("%s: it is not a list of members: %+v", operation, o)
		}
	}
	var all []string
	for _, workers := range []string{"worker[1-2]", "worker[1-9]"} {
		o, err := json.Marshal(memberList(must(t, strings.Replace(text, "worker[1-2]", workers, 1))))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(o))
	}
	if all[0] != all[1] {
		t.Errorf("with more workers it is another:\n%s\n%s", all[0], all[1])
	}
}

// What the question does is told, and where it comes from.
func TestMembersAreAudited(t *testing.T) {
	b, diags := codegen.Build(must(t, base+"kubernetes \"kubernetes\" {}\n"), stdlib.FS)
	if len(diags) > 0 {
		t.Fatal(labels(diags))
	}
	report, err := audit.Of(b)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, e := range report.Effects {
		for _, origin := range e.Origins {
			if strings.HasSuffix(origin.Script, "/members.sh") || strings.HasSuffix(origin.Script, "/members.output.sh") {
				told = append(told, e.Category+" "+e.Subject)
			}
		}
	}
	slices.Sort(told)
	want := []string{"connection the API server", "output kubernetes.members", "script steps/kubernetes/files/members.sh"}
	if diff := cmp.Diff(want, slices.Compact(told)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
