// Package definition_test tests whole definitions, from HCL to the bundle, with
// the real library.
package definition_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

const reference = "../../examples/reference"

var library = sync.OnceValue(func() *lang.Library {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if diags.HasErrors() {
		panic(diags[0].Label)
	}
	return lib
})

// check compiles the definition in a folder and returns its diagnostics.
func check(dir string) diag.List {
	_, diags := build(dir)
	return diags
}

// build compiles the definition in a folder to a bundle; nil with errors.
func build(dir string) (*bundle.Bundle, diag.List) {
	def, diags := lang.Load([]string{dir}, lang.Options{})
	diags = append(diags, def.CheckSlots(library().Slots)...)
	plan, more := compiler.Compile(def, library())
	diags = append(diags, more...)
	if diags.HasErrors() {
		return nil, append(diags, codegen.Lint(plan)...)
	}
	b, more := codegen.Build(plan, stdlib.FS)
	return b, append(diags, more...)
}

// mustBuild builds what must have no errors.
func mustBuild(t testing.TB, dir string) *bundle.Bundle {
	t.Helper()
	b, diags := build(dir)
	for _, d := range diags {
		t.Errorf("%s:%d: %s: %s", d.Span.File, d.Span.Start.Line, d.Kind.ID, d.Label)
	}
	if b == nil {
		t.Fatal("no bundle")
	}
	return b
}

// copyTree copies a folder of a definition.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(name, from))
		if e.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}
