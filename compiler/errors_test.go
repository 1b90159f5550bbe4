package compiler_test

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

var expected = regexp.MustCompile(`# ERROR: (.*)$`)

// compileArchive compiles the files of an archive as a definition, with the
// small library of testdata; one named operation says for which. Spans are relative to the definition.
func compileArchive(t *testing.T, ar *txtar.Archive) (*ir.Plan, diag.List) {
	t.Helper()
	dir := t.TempDir()
	var options lang.Options
	for _, f := range ar.Files {
		if f.Name == "operation" {
			options.Operation = strings.TrimSpace(string(f.Data))
			continue
		}
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lib, diags := lang.LoadLibrary(os.DirFS("testdata/library"))
	if diags.HasErrors() {
		t.Fatalf("the library: %v", diags)
	}
	def, diags := lang.Load([]string{dir}, options)
	diags = append(diags, def.CheckSlots(lib.Slots)...)
	plan, more := compiler.Compile(def, lib)
	diags = append(diags, more...)
	for i := range diags {
		diags[i].Span.File = strings.TrimPrefix(diags[i].Span.File, dir+"/")
	}
	return plan, diags
}

// TestErrors compiles every case of testdata/errors and compares where errors
// are with where the case expects them: # ERROR: SUMMARY on their own lines.
// Every kind that the compiler reports must have a case.
func TestErrors(t *testing.T) {
	seen := map[string]bool{}
	files, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, diags := compileArchive(t, ar)
			var got []string
			for _, d := range diags {
				seen[d.Kind.ID] = true
				got = append(got, d.Span.File+":"+strconv.Itoa(d.Span.Start.Line)+": "+d.Kind.Summary)
			}
			want := expectations(ar)
			sort.Strings(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
				for _, d := range diags {
					t.Logf("%s:%d: %s: %s", d.Span.File, d.Span.Start.Line, d.Kind.ID, d.Label)
				}
			}
		})
	}
	for _, kind := range diag.CompilerKinds() {
		if !seen[kind.ID] {
			t.Errorf("no case has the kind %s", kind.ID)
		}
	}
}

// expectations are FILE:LINE: SUMMARY for each # ERROR: comment, sorted.
func expectations(ar *txtar.Archive) []string {
	var want []string
	for _, f := range ar.Files {
		for i, line := range strings.Split(string(f.Data), "\n") {
			if m := expected.FindStringSubmatch(line); m != nil {
				for _, summary := range strings.Split(m[1], " | ") {
					want = append(want, f.Name+":"+strconv.Itoa(i+1)+": "+summary)
				}
			}
		}
	}
	for _, line := range strings.Split(string(ar.Comment), "\n") {
		if text, ok := strings.CutPrefix(line, "ERROR: "); ok { // one without a place
			want = append(want, ":0: "+text)
		}
	}
	sort.Strings(want)
	return want
}
