package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The flag can ask for more than the file, never for fewer.
func TestAtLeast(t *testing.T) {
	file := filepath.Join(t.TempDir(), "require_approvals")
	for _, c := range []struct {
		text string // "-": no file
		flag int
		want int
		err  string
	}{
		{"-", 0, 0, ""}, {"-", 2, 2, ""}, {"1\n", 0, 1, ""}, {"2", 1, 2, ""}, {" 2 \n", 3, 3, ""},
		{"", 1, 0, file + ` holds "", and should hold a number`}, {"-1", 1, 0, file + ` holds "-1", and should hold a number`},
		{"two", 1, 0, file + ` holds "two", and should hold a number`},
	} {
		if c.text != "-" {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := atLeast(c.flag, file)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if got != c.want || text != c.err {
			t.Errorf("%q, %d: %d %q, want %d %q", c.text, c.flag, got, text, c.want, c.err)
		}
	}
}
