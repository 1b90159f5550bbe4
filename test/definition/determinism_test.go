package definition_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// written writes a bundle and returns the bytes of its files by path.
func written(t *testing.T, b *bundle.Bundle) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := bundle.Write(dir, b); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		files[strings.TrimPrefix(name, dir+"/")] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// at builds the definition as the current folder, since messages and scripts
// name files as the user writes them.
func at(t *testing.T, dir string) map[string]string {
	t.Helper()
	t.Chdir(dir)
	return written(t, mustBuild(t, "."))
}

// The same definition gives the same bytes: twice, in another folder, on one
// processor.
func TestSameBytes(t *testing.T) {
	here, err := filepath.Abs(reference)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	copyTree(t, here, other)
	first := at(t, here)
	if len(first) < 30 {
		t.Fatalf("only %d files", len(first))
	}
	if diff := cmp.Diff(first, at(t, here)); diff != "" {
		t.Errorf("built again: %s", diff)
	}
	if diff := cmp.Diff(first, at(t, other)); diff != "" {
		t.Errorf("built in another folder: %s", diff)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if diff := cmp.Diff(first, at(t, here)); diff != "" {
		t.Errorf("built on one processor: %s", diff)
	}
}

// Blocks in another order give the same bytes.
func TestBlocksInAnotherOrder(t *testing.T) {
	here, err := filepath.Abs(reference)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	copyTree(t, here, other)
	files, err := filepath.Glob(filepath.Join(other, "*.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		reverseBlocks(t, file)
	}
	if diff := cmp.Diff(at(t, here), at(t, other)); diff != "" {
		t.Errorf("blocks in another order: %s", diff)
	}
}

// reverseBlocks writes a file's top-level blocks in the opposite order.
func reverseBlocks(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var blocks []string
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		blocks = append(blocks, string(text[b.TypeRange.Start.Byte:b.CloseBraceRange.End.Byte]))
	}
	slices.Reverse(blocks)
	if err := os.WriteFile(file, []byte(strings.Join(blocks, "\n\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A further worker changes no other host's digest.
func TestFurtherWorker(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, reference, dir)
	before := mustBuild(t, dir)
	extra := `
hosts "extra[1-2]" {
  roles   = ["worker"]
  address = cidrhost("10.99.0.0/24", host.index)
  os      = "debian-12"
  arch    = "amd64"
}
`
	if err := os.WriteFile(filepath.Join(dir, "zz-extra.hcl"), []byte(extra), 0o644); err != nil {
		t.Fatal(err)
	}
	after := mustBuild(t, dir)
	digests := map[string]string{}
	for _, h := range after.Plan.Hosts {
		digests[h.Name] = h.Digest
	}
	if len(after.Plan.Hosts) != len(before.Plan.Hosts)+2 {
		t.Fatalf("%d hosts, then %d", len(before.Plan.Hosts), len(after.Plan.Hosts))
	}
	for _, h := range before.Plan.Hosts {
		if digests[h.Name] != h.Digest {
			t.Errorf("the digest of %s changed", h.Name)
		}
	}
}
