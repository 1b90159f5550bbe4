package codegen_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// Modules' own scripts are checked where they stand, with the values and the
// commands of each of their uses; what two uses have in common is said once.
func TestModuleScripts(t *testing.T) {
	plan := sample.Plan(1)
	file := plan.Files[0]
	file.Source = diag.Span{File: "modules/containerd/verify.sh", Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}
	file.Data = []byte("[ -d \"$ROOT\" ]\nctr version\nnft list tables\nls $MISSING\nok\n")
	step := plan.Steps[1].Variants[0]
	step.Commands = []string{"ctr"}
	step.Verifies = append(step.Verifies, step.Verifies[0])
	type finding struct {
		kind, place, label string
	}
	var got []finding
	_, diags := build(plan)
	for _, d := range diags {
		got = append(got, finding{d.Kind.ID, place(d.Span), d.Label})
	}
	want := []finding{
		{"shell-undeclared-command", "modules/containerd/verify.sh:3:1", "no resource and no commands list declares nft"},
		{"shell-unquoted", "modules/containerd/verify.sh:4:4", "$MISSING is split at blanks, and its parts are taken for file name patterns"},
		{"shell-undeclared-variable", "modules/containerd/verify.sh:4:5", "nothing gives the script a variable MISSING"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(finding{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func place(span diag.Span) string {
	return fmt.Sprintf("%s:%d:%d", span.File, span.Start.Line, span.Start.Column)
}

// A script that is written in HCL has its findings where it stands there.
func TestInlineScript(t *testing.T) {
	plan := sample.Plan(1)
	at := diag.Span{File: "m.hcl", Start: diag.Pos{Line: 7, Column: 14, Byte: 90}, End: diag.Pos{Line: 9, Column: 4, Byte: 120}}
	plan.Files[0].Source = at
	plan.Files[0].Data = []byte(": \"$ROOT\"\necho x\n")
	_, diags := build(plan)
	want := diag.List{{
		Kind: diag.ShellEcho, Span: at, Label: "line 2 of the script: what echo prints of a value depends on the shell",
		Fix: `write printf '%s\n' "$VALUE"`,
	}}
	if diff := cmp.Diff(want, diags); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A value that no script reads is reported where it is passed; the probe and
// the act of one exec share theirs.
func TestUnusedValue(t *testing.T) {
	plan := sample.Plan(1)
	verify := plan.Steps[1].Variants[0].Verifies[0]
	at := sample.Span("m.hcl", 4, 5)
	verify.Env = append(verify.Env, ir.Arg{Name: "UNUSED", Value: sample.Literal("x"), Source: at})
	_, diags := build(plan)
	want := diag.List{{
		Kind: diag.ShellUnusedValue, Span: at, Label: "nothing reads UNUSED",
		Fix: `remove it, or read it in the script; for a program that the script runs write : "$UNUSED"`,
	}}
	if diff := cmp.Diff(want, diags); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
