package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// A word that explain takes means one thing, but that a slot may have the name of a
// module: explain prints a page for each.
func TestExplainWordsAreDistinct(t *testing.T) {
	words := slices.Concat(diag.IDs(), blockNames(), libraryModules(), libraryKinds())
	slices.Sort(words)
	if distinct := slices.Compact(slices.Clone(words)); len(distinct) != len(words) {
		t.Errorf("twice among %v", words)
	}
	for _, word := range explained() {
		if page, err := explain(word); err != nil || page == "" {
			t.Errorf("%s: %q, %v", word, page, err)
		}
	}
	for _, slot := range librarySlots() {
		if slices.Contains(blockNames(), slot) {
			t.Errorf("%s is a slot and a block", slot)
		}
	}
}

// Each thing that may be written has a page: what it is, its arguments, an example.
func TestExplainTheLanguage(t *testing.T) {
	for word, wants := range map[string][]string{
		"runtime":  {"# runtime: slot", "`runtime \"none\" {}` leaves it empty", "| `containerd` |", "`max_concurrent_downloads`", "```hcl\nruntime \"containerd\" {\n"},
		"etcd":     {"# etcd: slot", "Without such a block it is empty", "| `stacked` |", "| `hosts` |", "`sprayc explain etcd-hosts`", "slot.etcd.NAME"},
		"hosts":    {"# hosts \"PATTERN\": block of a definition", "| `roles` | `set(string)` | required |", "`host_setting`", "```hcl\nhosts \""},
		"role":     {"`max_unavailable`", "worker 10%"},
		"mirror":   {"`files`", "`registry` blocks", "https://harbor"},
		"registry": {"It stands in `mirror`", "| `endpoint` | `string` | required |"},
		"module":   {"# module \"MODULE\": block of a definition", "# module: block of a module"},
		"os":       {"# os: slot", "# os: module"},
		"step":     {"# step \"NAME\": block of a module", "`once_per`", "```hcl\nstep \"message\" {"},
	} {
		page, err := explain(word)
		if err != nil {
			t.Errorf("%s: %v", word, err)
		}
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("explain %s lacks %q:\n%s", word, want, page)
			}
		}
	}
}
