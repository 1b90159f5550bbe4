package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/lang/diag"
)

var update = flag.Bool("update", false, "write the files that tests compare with")

// The reference is made from what the program works with, and lags as soon as
// someone forgets to make it anew.
func TestDocs(t *testing.T) {
	pages, err := docPages()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sortedKeys(pages) {
		file := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(file, []byte(pages[name]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pages[name], string(got)); diff != "" {
			t.Errorf("docs/%s lags; run make docs (- wanted, + there):\n%s", name, diff)
		}
	}
}

// A word that explain takes means one thing.
func TestExplainWordsAreDistinct(t *testing.T) {
	words := slices.Concat(diag.IDs(), libraryModules(), libraryKinds())
	slices.Sort(words)
	if distinct := slices.Compact(slices.Clone(words)); len(distinct) != len(words) {
		t.Errorf("twice among %v", words)
	}
	for _, word := range words {
		if page, err := explain(word); err != nil || page == "" {
			t.Errorf("%s: %q, %v", word, page, err)
		}
	}
}
