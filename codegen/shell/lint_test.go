package shell_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/lang/diag"
)

// testRules are what the scripts in testdata are given.
var testRules = shell.Rules{Vars: []string{"ROOT", "NAME", "FILE", "DIR"}, Commands: []string{"kubectl", "ctr"}, Module: true}

// expected returns the summaries that the comments of a script expect, by line.
func expected(src string) map[int][]string {
	want := map[int][]string{}
	number := 0
	for line := range strings.Lines(src) {
		number++
		_, comment, found := strings.Cut(strings.TrimSuffix(line, "\n"), "# ERROR: ")
		if !found {
			continue
		}
		want[number] = strings.Split(comment, "; ")
		slices.Sort(want[number])
	}
	return want
}

// TestErrors: each finding is expected on its own line, `# ERROR: summary`,
// several with "; " between them.
func TestErrors(t *testing.T) {
	paths, err := filepath.Glob("testdata/errors/*.sh")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	seen := map[string]bool{}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := map[int][]string{}
			for _, d := range shell.Lint(path, src, testRules) {
				seen[d.Kind.ID] = true
				got[d.Span.Start.Line] = append(got[d.Span.Start.Line], d.Kind.Summary)
				if d.Span.File != path || d.Span.End.Byte <= d.Span.Start.Byte || d.Span.End.Byte > len(src)+1 {
					t.Errorf("span %+v is not in the file", d.Span)
				}
				if d.Label == "" || d.Fix == "" && d.Kind != diag.ShellSyntax {
					t.Errorf("%s at line %d says neither what nor how: %+v", d.Kind.ID, d.Span.Start.Line, d)
				}
			}
			for _, summaries := range got {
				slices.Sort(summaries)
			}
			if diff := cmp.Diff(expected(string(src)), got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
	for _, kind := range diag.Kinds() {
		elsewhere := slices.Contains([]*diag.Kind{diag.ShellValue, diag.ShellUnusedValue, diag.ShellUndeclaredEffect, diag.ShellUnusedEffect}, kind) // codegen reports them
		if strings.HasPrefix(kind.ID, "shell-") && !elsewhere && !seen[kind.ID] {
			t.Errorf("no case for %s", kind.ID)
		}
	}
}

// Label, place and fix of a finding, whole.
func TestFinding(t *testing.T) {
	got := shell.Lint("m/verify.sh", []byte("# é\nls é $FIEL\n"), shell.Rules{Vars: []string{"FILE"}})
	span := diag.Span{
		File: "m/verify.sh", Start: diag.Pos{Line: 2, Column: 6, Byte: 11}, End: diag.Pos{Line: 2, Column: 11, Byte: 16},
	}
	inner := span
	inner.Start.Column, inner.Start.Byte = 7, 12
	want := diag.List{
		{Kind: diag.ShellUnquoted, Span: span, Label: "$FIEL is split at blanks, and its parts are taken for file name patterns", Fix: `write "$FIEL"`},
		{Kind: diag.ShellUndeclaredVariable, Span: inner, Label: "nothing gives the script a variable FIEL", Fix: "did you mean $FILE? Else pass it: env = { FIEL = ... }"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFreeVars(t *testing.T) {
	src := `a=$B c="${D:-x}"; for e in $F; do read -r g; : $((H + i++ - a)) "$e$g$1$#"; done
printf '%s\n' "${J:=1}" "$PATH" "$J" <<X
$K
X
`
	got, err := shell.FreeVars([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"B", "D", "F", "H", "K"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzLint: no panic, and every place is inside the file.
func FuzzLint(f *testing.F) {
	paths, _ := filepath.Glob("testdata/errors/*.sh")
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, d := range shell.Lint("f", src, testRules) {
			if d.Span.Start.Byte < 0 || d.Span.Start.Byte > len(src) || d.Span.End.Byte > len(src)+1 || d.Span.Start.Line < 1 {
				t.Errorf("%+v is outside a file of %d bytes", d, len(src))
			}
		}
	})
}
