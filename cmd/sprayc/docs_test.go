package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
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
