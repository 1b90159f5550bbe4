package codegen_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// stdlibDir is the standard library, from this package.
const stdlibDir = "../stdlib"

// exampleCluster is two hosts, one of each OS family, and a module whose one
// step is the example of a kind's page.
const exampleCluster = `
cluster "example" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "10.0.0.11:6443"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

hosts "cp1" {
  roles   = ["control_plane", "etcd"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}

hosts "w1" {
  roles   = ["worker"]
  address = "10.0.0.12"
  os      = "rocky-9"
  arch    = "amd64"
}

module "./example" {}
`

const exampleModule = `
module { summary = "the example of a kind" }

step "step" {
  roles    = ["node"]
  stage    = "prepare"
  commands = ["true"]

EXAMPLE
}
`

var (
	exampleFiles    = regexp.MustCompile(`file\("([^"]+\.sh)"\)`)
	exampleArtifact = regexp.MustCompile(`artifact\.([a-z_]+)`)
)

// TestKinds builds the example on each kind's page, for both OS families: the
// script's bytes, and that the example compiles.
func TestKinds(t *testing.T) {
	stdlib := withoutModules(t)
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	lib, diags := lang.LoadLibrary(stdlib)
	report(t, diags)
	if len(lib.Kinds) == 0 {
		t.Fatal("the library has no kinds")
	}
	for name, kind := range lib.Kinds {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			b := buildExample(t, kind, lib, stdlib)
			var scripts []string
			for path := range b.Files {
				if strings.HasPrefix(path, "steps/example/step") {
					scripts = append(scripts, path)
				}
			}
			if len(scripts) == 0 {
				t.Fatal("the bundle has no script of the example")
			}
			goldenIn(t, testdata, "kind-"+name, "The example on the page of the kind "+name+", and its closure.", b, func(path string) bool {
				return strings.HasPrefix(path, "steps/example/step") || strings.HasSuffix(path, ".env") && len(b.Plan.Host(strings.TrimSuffix(filepath.Base(path), ".env")).Files) > 0
			})
			checkClosure(t, b, name, kind)
			checkArguments(t, b)
		})
	}
}

// withoutModules is the standard library without its modules, so that no slot
// is filled and the example is alone.
func withoutModules(t *testing.T) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	disk := os.DirFS(stdlibDir)
	err := fs.WalkDir(disk, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path, "modules/") {
			return err
		}
		data, err := fs.ReadFile(disk, path)
		all[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// checkClosure sees that each class has the kind, what it uses, and of files
// for one OS family only its own.
func checkClosure(t *testing.T, b *bundle.Bundle, name string, kind *lang.Kind) {
	t.Helper()
	for _, class := range b.Plan.Classes {
		has := map[string]bool{}
		for _, sum := range bundle.ParseSums(b.Files[bundle.SumsPath(class.Name)].Data) {
			has[sum.Path] = true
			base := strings.TrimSuffix(path.Base(sum.Path), ".sh")
			if _, family, ok := strings.Cut(base, "."); ok && strings.HasPrefix(sum.Path, "lib/") && family != class.Family {
				t.Errorf("class %s of family %s has %s", class.Name, class.Family, sum.Path)
			}
		}
		for _, need := range append([]string{"core", name}, kind.Uses...) {
			if !has["lib/"+need+".sh"] {
				t.Errorf("class %s lacks lib/%s.sh", class.Name, need)
			}
		}
		if kind.Families && !has["lib/"+name+"."+class.Family+".sh"] {
			t.Errorf("class %s lacks lib/%s.%s.sh", class.Name, name, class.Family)
		}
	}
}

// argumentsOnly makes a step do nothing but hand each resource's arguments to
// its kind, which calls bug or fail for what it does not take.
const argumentsOnly = `set -eu
SPRAY_MODE=apply SPRAY_TOKEN=granted SPRAY_BUNDLE=$PWD SPRAY_STEPS=$PWD/steps SPRAY_IN=/nonexistent SPRAY_RUN=/nonexistent
. "./hosts/$1.env"
while read -r sum file; do
	case $file in lib/*) . "./$file" ;; esac
done <"classes/$SPRAY_CLASS.sha256"
bug() { printf 'bug: %s\n' "$1" >&2; exit 1; }
fail() { printf 'fail: %s\n' "$1" >&2; exit 1; }
step() { :; }
verify() { :; }
step_end() { :; }
resource() { res_kind=$1 res_name=$2 res_source=$3; shift 3; "${res_kind}_args" "$@"; printf '%s\n' "$res_kind"; }
while IFS='	' read -r name script role; do
	. "./$script"
done <"classes/$SPRAY_CLASS.steps"
`

// checkArguments sees that the library takes what the scripts give it.
func checkArguments(t *testing.T, b *bundle.Bundle) {
	t.Helper()
	if err := bundle.Write("out", b); err != nil {
		t.Fatal(err)
	}
	for _, host := range b.Plan.Hosts {
		cmd := exec.Command("dash", "-c", argumentsOnly, "dash", host.Name)
		cmd.Dir = "out"
		out, err := cmd.CombinedOutput()
		if err != nil || len(out) == 0 {
			t.Errorf("on %s: %v\n%s", host.Name, err, out)
		}
	}
}

// buildExample builds the example of a kind in the working folder.
func buildExample(t *testing.T, kind *lang.Kind, lib *lang.Library, stdlib fs.FS) *bundle.Bundle {
	t.Helper()
	module := strings.Replace(exampleModule, "EXAMPLE", strings.TrimRight(kind.Example, "\n"), 1)
	seen := map[string]bool{}
	for _, match := range exampleArtifact.FindAllStringSubmatch(kind.Example, -1) {
		if !seen[match[1]] {
			seen[match[1]] = true
			component := strings.ReplaceAll(match[1], "_", "-")
			module += "\nartifact \"" + match[1] + "\" {\n  component = \"" + component + "\"\n  version = catalog[\"" + component + "\"].default\n}\n"
		}
	}
	write(t, "cluster.hcl", exampleCluster)
	write(t, "example/module.hcl", module)
	for _, match := range exampleFiles.FindAllStringSubmatch(kind.Example, -1) {
		write(t, "example/"+match[1], "ok\n"+exampleReads(kind.Example))
	}
	def, diags := lang.Load([]string{"cluster.hcl"}, lang.Options{})
	report(t, diags)
	plan, diags := compiler.Compile(def, lib)
	report(t, diags)
	b, diags := codegen.Build(plan, stdlib)
	report(t, diags)
	return b
}

// exampleReads reads every variable that the example's env passes.
func exampleReads(example string) string {
	text := ""
	for _, match := range regexp.MustCompile(`\b([A-Z_]+) *=`).FindAllStringSubmatch(example, -1) {
		text += ": \"$" + match[1] + "\"\n"
	}
	return text
}

// report ends the test if there is any diagnostic.
func report(t *testing.T, diags diag.List) {
	t.Helper()
	for _, d := range diags {
		t.Errorf("%s:%d: %s: %s (%s)", d.Span.File, d.Span.Start.Line, d.Kind.Summary, d.Label, d.Fix)
	}
	if len(diags) > 0 {
		t.FailNow()
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
