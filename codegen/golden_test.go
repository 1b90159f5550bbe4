package codegen_test

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
)

var update = flag.Bool("update", false, "write testdata anew")

// golden compares the files of a bundle that keep says with testdata/NAME.txtar.
func golden(t *testing.T, name, comment string, b *bundle.Bundle, keep func(path string) bool) {
	t.Helper()
	goldenIn(t, "testdata", name, comment, b, keep)
}

// goldenIn is golden with another folder than testdata.
func goldenIn(t *testing.T, dir, name, comment string, b *bundle.Bundle, keep func(path string) bool) {
	t.Helper()
	archive := &txtar.Archive{Comment: []byte(comment + "\n\n")}
	for _, path := range slices.Sorted(maps.Keys(b.Files)) {
		if keep(path) {
			archive.Files = append(archive.Files, txtar.File{Name: path, Data: b.Files[path].Data})
		}
	}
	plan, err := b.Plan.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if keep(bundle.PlanFile) {
		archive.Files = append(archive.Files, txtar.File{Name: bundle.PlanFile, Data: plan})
	}
	got := txtar.Format(archive)
	path := filepath.Join(dir, name+".txtar")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update makes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-%s +got (go test -update takes it over):\n%s", path, diff)
	}
}

// TestGolden: every sort of value, in one small cluster, as it is in a bundle.
func TestGolden(t *testing.T) {
	golden(t, "cluster", "A small cluster with each sort of value in it, whole but for the library.", mustBuild(t, sample.Plan(2)),
		func(path string) bool { return !strings.HasPrefix(path, "lib/") })
}
