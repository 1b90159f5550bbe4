package compiler_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
)

// Wherever a definition lies, and however it is named, the plan is the same: its
// places had the path of the folder in them.
func TestPlanIsTheSameAnywhere(t *testing.T) {
	library, err := filepath.Abs("testdata/library")
	if err != nil {
		t.Fatal(err)
	}
	lib, diags := lang.LoadLibrary(os.DirFS(library))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	files, err := filepath.Glob("testdata/programs/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		plan := func(path string) *ir.Plan {
			def, _ := lang.Load([]string{path}, lang.Options{})
			plan, diags := compiler.Compile(def, lib)
			if diags.HasErrors() {
				t.Fatalf("%s: %v", path, diags)
			}
			for _, s := range plan.Steps {
				if _, ok := def.Sources[s.Source.File]; !ok {
					t.Errorf("%s: no source %s", path, s.Source.File)
				}
			}
			return plan
		}
		dir := t.TempDir()
		for _, folder := range []string{"a", "b/c"} {
			for _, f := range ar.Files {
				name := filepath.Join(dir, folder, f.Name)
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, f.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		first := plan(filepath.Join(dir, "a"))
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Chdir(filepath.Join(dir, "b"))
			for _, path := range []string{"c", "./c/", "../a", filepath.Join(dir, "b/c")} {
				if diff := cmp.Diff(first, plan(path)); diff != "" {
					t.Fatalf("%s (-absolute +got):\n%s", path, diff)
				}
			}
			t.Chdir("c")
			if diff := cmp.Diff(first, plan(".")); diff != "" {
				t.Fatalf(". (-absolute +got):\n%s", diff)
			}
		})
	}
}
