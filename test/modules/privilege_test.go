package modules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/stdlib"
)

// The library has no privilege: its modules, copied to a folder of the user's,
// give the same plan, but for the places that it names.
func TestLibraryHasNoPrivilege(t *testing.T) {
	want := must(t, base)
	dir := t.TempDir()
	for _, name := range []string{"preflight", "os", "containerd"} {
		sub, err := fs.Sub(stdlib.FS, "modules/"+name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, "mine", name), sub); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "cluster.hcl"), base+"preflight \"./mine/preflight\" {}\nos \"./mine/os\" {}\nruntime \"./mine/containerd\" {}\n")
	got, diags := compileDir(t, dir)
	if diags.HasErrors() {
		t.Fatal(labels(diags))
	}
	a, b := flat(t, want), strings.NewReplacer(dir+"/mine/", "stdlib/modules/", "\"mine/", "\"stdlib/modules/").Replace(flat(t, got))
	if a != b {
		t.Errorf("the plans differ:\n%s", firstDifference(a, b))
	}
}

// flat is what a plan says about steps, files and hosts, as text.
func flat(t *testing.T, plan *ir.Plan) string {
	t.Helper()
	var out bytes.Buffer
	for _, part := range []any{plan.Classes, plan.Steps, plan.Files, plan.Outputs, plan.Artifacts} {
		text, err := json.MarshalIndent(part, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	return out.String()
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n%s\n%s", i, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// Another worker changes no other host: neither its values nor its scripts.
func TestAnotherWorkerChangesNoOtherHost(t *testing.T) {
	few, many := must(t, base), must(t, strings.Replace(base, "worker[1-2]", "worker[1-9]", 1))
	if a, b := flatScripts(t, few), flatScripts(t, many); a != b {
		t.Errorf("scripts differ:\n%s", firstDifference(a, b))
	}
	values := map[string]string{}
	for _, h := range few.Hosts {
		values[h.Name] = fmt.Sprint(h.Class, h.Env)
	}
	for _, h := range many.Hosts {
		if before, ok := values[h.Name]; ok && before != fmt.Sprint(h.Class, h.Env) {
			t.Errorf("%s\n was %s\n now %s", h.Name, before, fmt.Sprint(h.Class, h.Env))
		}
	}
}

func flatScripts(t *testing.T, plan *ir.Plan) string {
	t.Helper()
	text, err := json.MarshalIndent([]any{plan.Steps, plan.Files}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
