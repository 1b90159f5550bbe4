package definition_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

var expected = regexp.MustCompile(`# ERROR: (.*)$`)

// TestEveryMistake has a definition with all the usual mistakes, some of them in
// the shell of its modules: they come in one pass, each at its own line, and
// nothing else does.
func TestEveryMistake(t *testing.T) {
	const dir = "testdata/every-mistake"
	var want []string
	for _, pattern := range []string{"*.hcl", "*/*.hcl", "*/*.sh"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			lines := bufio.NewScanner(f)
			for n := 1; lines.Scan(); n++ {
				if m := expected.FindStringSubmatch(lines.Text()); m != nil {
					want = append(want, fmt.Sprintf("%s:%d: %s", file, n, m[1]))
				}
			}
		}
	}
	if len(want) < 19 {
		t.Fatalf("only %d mistakes are expected", len(want))
	}
	var got []string
	for _, d := range check(dir).Clean() {
		got = append(got, fmt.Sprintf("%s:%d: %s", d.Span.File, d.Span.Start.Line, d.Kind.Summary))
	}
	sort.Strings(want)
	sort.Strings(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// What declarations alone tell of the modules' shell is never more than what is
// wrong with it: nothing, in the examples and the library. Else another error
// would bring echoes.
func TestLintHasNoEchoes(t *testing.T) {
	folders, err := filepath.Glob("../../examples/*")
	if err != nil || len(folders) < 2 {
		t.Fatal(folders, err)
	}
	for _, dir := range folders {
		def, _ := lang.Load([]string{dir}, lang.Options{})
		plan, diags := compiler.Compile(def, library())
		if len(diags) != 0 {
			t.Fatalf("%s: %v", dir, diags)
		}
		if len(plan.Uses) == 0 {
			t.Errorf("%s: no scripts", dir)
		}
		if diff := cmp.Diff(diag.List(nil), codegen.Lint(plan)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", dir, diff)
		}
	}
}

// A script that no host runs, as its step is for another system, is checked all
// the same.
func TestShellThatNoHostRuns(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, "../../examples/small", dir)
	copyTree(t, "testdata/elsewhere", filepath.Join(dir, "elsewhere"))
	if err := os.WriteFile(filepath.Join(dir, "more.hcl"), []byte("module \"./elsewhere\" {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range check(dir) {
		got = append(got, fmt.Sprintf("%s:%d: %s", d.Span.File, d.Span.Start.Line, d.Kind.ID))
	}
	if diff := cmp.Diff([]string{"elsewhere/selinux.sh:1: shell-bashism"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
