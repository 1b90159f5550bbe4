package codegen_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// What neither the text of a module's own script nor a declaration tells is
// reported at the script's line, with what to write; so is a change by a script
// that only reads, and a declaration that says what nothing does.
func TestEffects(t *testing.T) {
	const probe = "frobd status && ok\nrm /etc/x\nprintf x >/run/sprayc/y\ncurl https://example.com\n"
	const act = "frobd init\nrm \"$(cat list)\"\nrm -f \"$STATE.old\"\nkubectl get pods\n"
	at := sample.Span("m.hcl", 6, 5)
	declare := func(command string, effects ...string) ir.Declared {
		return ir.Declared{Command: command, Effects: effects, Source: at}
	}
	for _, c := range []struct {
		name     string
		declared []ir.Declared
		want     []string
	}{
		{"nothing declared", nil, []string{
			"act.sh:1:1 shell-undeclared-effect nothing tells what frobd init does",
			"act.sh:2:1 shell-undeclared-effect rm removes what only a value of the run tells",
			"probe.sh:1:1 shell-undeclared-effect nothing tells what frobd status does",
			"probe.sh:2:1 shell-undeclared-effect a script that only reads removes /etc/x",
		}},
		{"all declared", []ir.Declared{declare("frobd", "writes /etc/frob/*"), declare("frobd status"), declare("rm", "removes $STATE.*", "removes /etc/x")}, nil},
		{"one too much", []ir.Declared{declare("frobd"), declare("rm", "removes /etc/x"), declare("mkfs", "loses the disk")}, []string{
			"m.hcl:6:5 shell-unused-effect no script of this block runs a command that begins with mkfs",
		}},
		{"nothing that can be understood", []ir.Declared{declare("frobd", "creates /etc/frob"), declare("rm", "removes $STATUS")}, []string{
			"m.hcl:6:5 invalid-effect \"creates /etc/frob\" begins with none of: writes, removes, mode, connects, downloads, listens, starts, stops, restarts, reloads, enables, disables, masks, ends, loads, unloads, sets, mounts, unmounts, installs, uninstalls, account, changes, loses, reboots, runs",
			"m.hcl:6:5 invalid-effect the scripts are given no STATUS",
		}},
	} {
		plan := sample.Plan(1)
		join := plan.Steps[3].Variants[0]
		join.Commands = []string{"frobd", "curl", "kubectl"}
		r := join.Resources[0]
		r.Act.Env = []ir.Arg{{Name: "STATE", Value: sample.Literal("/etc/frob/state"), Source: at}}
		r.Effects = c.declared
		for _, file := range plan.Files {
			switch file.Path {
			case r.Probe.Payload:
				file.Source, file.Data = diag.Span{File: "probe.sh", Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}, []byte(probe)
			case r.Act.Payload:
				file.Source, file.Data = diag.Span{File: "act.sh", Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}, []byte(act)
			}
		}
		var got []string
		_, diags := build(plan)
		for _, d := range diags {
			got = append(got, place(d.Span)+" "+d.Kind.ID+" "+d.Label)
			if d.Fix == "" {
				t.Errorf("%s: %s has no fix", c.name, d.Label)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}
