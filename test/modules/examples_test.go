package modules_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/stdlib"
)

// Every example compiles to a bundle, without a warning, and says what it is.
func TestExamples(t *testing.T) {
	const folder = "../../examples"
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(folder, e.Name(), "README.md")); err != nil {
				t.Error(err)
			}
			plan, diags := compileDir(t, filepath.Join(folder, e.Name()))
			if len(diags) > 0 {
				t.Fatal(labels(diags))
			}
			if _, diags := codegen.Build(plan, stdlib.FS); len(diags) > 0 {
				t.Fatal(labels(diags))
			}
			for _, h := range plan.Hosts {
				if variant(t, plan, h.Name, "preflight/host") == nil {
					t.Errorf("%s has no preflight", h.Name)
				}
			}
		})
	}
}
