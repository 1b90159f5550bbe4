package compiler_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
)

// FuzzCompile compiles any definition with any module of its own: nothing panics,
// every place of a diagnostic lies inside its file, and there are errors or a plan,
// compiled again the same.
func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"testdata/programs/*.txtar", "testdata/errors/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(files, err)
		}
		for _, file := range files {
			addSeeds(f, file)
		}
	}
	lib, diags := lang.LoadLibrary(os.DirFS("testdata/library"))
	if diags.HasErrors() {
		f.Fatal(diags)
	}
	dir := f.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "site"), 0o755); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, cluster, module []byte) {
		for name, text := range map[string][]byte{"cluster.hcl": cluster, "site/module.hcl": module, "site/x.sh": []byte("ok\n")} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		once := compileOnce(t, dir, lib)
		if twice := compileOnce(t, dir, lib); once != twice {
			t.Errorf("compiled twice:\n%s\n%s", once, twice)
		}
	})
}

// addSeeds adds what an archive has for a definition and its module. Errors have
// several in one file, which is not one definition; it is mutated all the same.
func addSeeds(f *testing.F, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		f.Fatal(err)
	}
	var cluster, module []byte
	for _, part := range ar.Files {
		switch {
		case part.Name == "cluster.hcl":
			cluster = part.Data
		case strings.HasSuffix(part.Name, "/module.hcl") && module == nil:
			module = part.Data
		}
	}
	f.Add(cluster, module)
}

// compileOnce returns the plan and the diagnostics as text.
func compileOnce(t *testing.T, dir string, lib *lang.Library) string {
	def, diags := lang.Load([]string{dir}, lang.Options{})
	broken := diags.HasErrors()
	plan, diags := compiler.Compile(def, lib)
	var text strings.Builder
	for _, d := range diags {
		source, known := def.Sources[d.Span.File]
		if strings.HasPrefix(d.Span.File, "stdlib/") {
			source, known = lib.Sources[d.Span.File]
		}
		if d.Kind == nil || d.Label == "" || d.Span.File != "" && !known || d.Span.Start.Byte < 0 || d.Span.End.Byte > len(source) {
			t.Errorf("%+v", d)
		}
		text.WriteString(d.Kind.ID + " " + d.Span.File + " " + d.Label + "\n")
	}
	if !broken && !diags.HasErrors() {
		text.WriteString(describe(plan))
	}
	return text.String()
}
