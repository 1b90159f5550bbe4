package definition_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang/diag"
)

// TestMisspeltAttributes deletes, adds and swaps a letter at every place of every
// attribute name of the reference definition. Each must be refused, unless the
// result is a name itself, and nine of ten with the right name as suggestion.
func TestMisspeltAttributes(t *testing.T) {
	dir := t.TempDir()
	copyTree(t, reference, dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.hcl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no definition: %v", err)
	}
	tried, refused, right := 0, 0, 0
	for _, file := range files {
		if filepath.Base(file) == "versions.hcl" {
			continue // a catalog, whose own attributes lang's tests misspell
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range attributeNames(t, file, text) {
			original := string(name.SliceBytes(text))
			for _, wrong := range misspellings(original) {
				mutated := string(text[:name.Start.Byte]) + wrong + string(text[name.End.Byte:])
				if err := os.WriteFile(file, []byte(mutated), 0o644); err != nil {
					t.Fatal(err)
				}
				tried++
				diags := check(dir)
				if !diags.HasErrors() {
					t.Errorf("%s:%d: %s for %s is not refused", filepath.Base(file), name.Start.Line, wrong, original)
					continue
				}
				refused++
				if suggests(diags, original) {
					right++
				}
			}
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d misspellings, %d refused, %d with the right suggestion", tried, refused, right)
	if tried < 200 {
		t.Errorf("only %d misspellings were tried", tried)
	}
	if right*10 < tried*9 {
		t.Errorf("the right suggestion in %d of %d cases only", right, tried)
	}
}

func suggests(diags diag.List, name string) bool {
	for _, d := range diags {
		if strings.Contains(d.Fix, `"`+name+`"`) {
			return true
		}
	}
	return false
}

// attributeNames are the places of the names of all attributes of a file.
func attributeNames(t *testing.T, file string, text []byte) []hcl.Range {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var names []hcl.Range
	var walk func(body *hclsyntax.Body, inLocals bool)
	walk = func(body *hclsyntax.Body, inLocals bool) {
		for _, a := range body.Attributes {
			if !inLocals { // a local may have any name
				names = append(names, a.NameRange)
			}
		}
		for _, b := range body.Blocks {
			walk(b.Body, b.Type == "locals")
		}
	}
	walk(f.Body.(*hclsyntax.Body), false)
	return names
}

// misspellings are a name with a letter deleted, added or swapped with the
// next, at every place.
func misspellings(name string) []string {
	seen := map[string]bool{name: true}
	var out []string
	add := func(s string) {
		if s != "" && s[0] >= 'a' && s[0] <= 'z' && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	for i := range name {
		add(name[:i] + name[i+1:])
		add(name[:i] + "x" + name[i:])
		add(name[:i] + name[i:i+1] + name[i:])
		if i+1 < len(name) {
			add(name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:])
		}
	}
	return out
}
