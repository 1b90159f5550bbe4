package diff_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

var library = sync.OnceValue(func() *lang.Library {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if diags.HasErrors() {
		panic(diags[0].Label)
	}
	return lib
})

// base is the definition that the cases change; a case's "old" and "new" are
// what the step of its module does, "old.hcl" and "new.hcl" stand beside it.
const base = `
cluster "prod" {
  kubernetes_version     = "1.36.4"
  control_plane_endpoint = "api.prod.example.com:6443"
  pod_subnets            = ["10.233.64.0/18"]
  service_subnets        = ["10.233.0.0/18"]
}
hosts "cp[1-3]" {
  roles   = ["control_plane", "etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}
hosts "worker[1-4]" {
  roles   = ["worker"]
  address = cidrhost("10.0.1.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
}
module "./site" {}
`

const step = "module { summary = \"of the site\" }\n\nstep \"one\" {\n  roles = [\"worker\"]\n  stage = \"prepare\"\n\n"

// definition writes the definition of one side of a case.
func definition(t *testing.T, archive *txtar.Archive, side string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"cluster.hcl": base, "site/module.hcl": step + "}\n"}
	for _, f := range archive.Files {
		switch own, ours := strings.CutPrefix(f.Name, side+"/"); {
		case f.Name == side:
			files["site/module.hcl"] = step + string(f.Data) + "}\n"
		case f.Name == side+".hcl":
			files["more.hcl"] = string(f.Data)
		case ours:
			files[own] = string(f.Data)
		case strings.HasPrefix(f.Name, "site/"):
			files[f.Name] = string(f.Data)
		}
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// compile builds the definition in a folder.
func compile(t testing.TB, dir string) *bundle.Bundle {
	t.Helper()
	def, diags := lang.Load([]string{dir}, lang.Options{})
	diags = append(diags, def.CheckSlots(library().Slots)...)
	plan, more := compiler.Compile(def, library())
	if diags = append(diags, more...); diags.HasErrors() {
		t.Fatalf("%s:%d: %s: %s", diags[0].Span.File, diags[0].Span.Start.Line, diags[0].Kind.ID, diags[0].Label)
	}
	b, more := codegen.Build(plan, stdlib.FS)
	if more.HasErrors() {
		t.Fatalf("%s:%d: %s: %s", more[0].Span.File, more[0].Span.Start.Line, more[0].Kind.ID, more[0].Label)
	}
	return b
}

// TestSecretsAreHidden: in no form, however much is shown.
func TestSecretsAreHidden(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/secrets.txtar")
	if err != nil {
		t.Fatal(err)
	}
	report, err := diff.Between(compile(t, definition(t, archive, "old")), compile(t, definition(t, archive, "new")))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	for form, text := range map[string]string{"text": report.Text(-1), "JSON": string(data), "Markdown": report.Markdown(-1)} {
		for _, secret := range []string{"hunter", "aHVudGVy", "abcde"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %s:\n%s", form, secret, text)
			}
		}
	}
}

// TestCases compares the two definitions of each testdata/*.txtar.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			old, new := compile(t, definition(t, archive, "old")), compile(t, definition(t, archive, "new"))
			report, err := diff.Between(old, new)
			if err != nil {
				t.Fatal(err)
			}
			again, err := diff.Between(old, new)
			if d := cmp.Diff(report, again, cmpopts.IgnoreUnexported(diff.Value{})); err != nil || d != "" {
				t.Errorf("compared again: %v\n%s", err, d)
			}
			for i, f := range archive.Files {
				var got string
				switch f.Name {
				case "want":
					got = report.Text(diff.DefaultLines)
				case "want.md":
					got = report.Markdown(diff.DefaultLines)
				default:
					continue
				}
				if *update {
					archive.Files[i].Data = []byte(got)
				} else if d := cmp.Diff(string(f.Data), got); d != "" {
					t.Errorf("-want +got:\n%s", d)
				}
				if f.Name == "want" && report.Empty() != (got == "") {
					t.Errorf("Empty() is %v", report.Empty())
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
