package lang

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/sprayc/sprayc/lang/diag"
)

// FuzzLoad reads any text as each sort of file: nothing panics, and every place
// of a diagnostic lies inside its file.
func FuzzLoad(f *testing.F) {
	seeds, _ := filepath.Glob("testdata/errors/*.hcl")
	for _, dir := range []string{"../examples/*", "../stdlib/modules/*", "../stdlib", "../stdlib/catalog"} {
		more, _ := filepath.Glob(dir + "/*.hcl")
		seeds = append(seeds, more...)
	}
	for _, name := range seeds {
		if text, err := os.ReadFile(name); err == nil && len(text) < 6_000 {
			f.Add(text)
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		name := filepath.Join(dir, "a.hcl")
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
		def, diags := Load([]string{name}, Options{Vars: map[string]string{"x": "1"}})
		allInside(t, diags, def.Sources)
		allInside(t, def.CheckSlots([]*Slot{{Name: "network"}}), def.Sources)

		fsys := fstest.MapFS{"a.hcl": {Data: text}, "slots.hcl": {Data: text}, "lib/a.hcl": {Data: text}, "catalog/a.hcl": {Data: text}}
		m, diags := LoadModule(fsys, "a", "m")
		allInside(t, diags, m.Sources)
		lib, diags := LoadLibrary(fsys)
		allInside(t, diags, lib.Sources)
		catalog := lib.Catalog.Clone()
		allInside(t, LoadCatalog(catalog, fsys, "a.hcl", "a.hcl"), diag.Sources{"a.hcl": text})

		once := Format(text)
		if twice := Format(once); string(once) != string(twice) {
			t.Errorf("formatted twice:\n%q\n%q", once, twice)
		}
	})
}

func allInside(t *testing.T, diags diag.List, sources diag.Sources) {
	t.Helper()
	for _, d := range diags {
		if d.Kind == nil || d.Label == "" {
			t.Errorf("%+v", d)
		}
		inside(t, d, sources)
	}
}
