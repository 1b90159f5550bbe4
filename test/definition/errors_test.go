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
)

var expected = regexp.MustCompile(`# ERROR: (.*)$`)

// TestEveryMistake has a definition with all the usual mistakes: they come in one
// pass, each at its own line, and nothing else does.
func TestEveryMistake(t *testing.T) {
	const dir = "testdata/every-mistake"
	var want []string
	for _, pattern := range []string{"*.hcl", "*/*.hcl"} {
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
	if len(want) < 12 {
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
