package shell_test

import (
	"testing"

	"github.com/sprayc/sprayc/codegen/shell"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       bool
	}{
		{"bytes", "a b\n", "a b\n", true},
		{"a comment", "# x\na b\n", "a b # y\n", true},
		{"layout", "if a; then b; fi\n", "if a\nthen\n\n  b\nfi\n", true},
		{"a word", "a b\n", "a c\n", false},
		{"a blank in quotes", "a 'b  c'\n", "a 'b c'\n", false},
		{"what looks like a comment", "a '# x'\n", "a '# y'\n", false},
		{"a here-document", "cat <<E\n# x\nE\n", "cat <<E\n# y\nE\n", false},
		{"the order", "a; b\n", "b; a\n", false},
		{"no list and an empty one", "for x; do a; done\n", "for x in; do a; done\n", false},
		{"in the background", "a & b\n", "a; b\n", false},
		{"a semicolon at the end of an item", "case a in b) c ;; esac\n", "case a in\nb)\n\tc\n\t;;\nesac\n", true},
		{"no shell", "if (\n", "if  (\n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shell.Same([]byte(c.a), []byte(c.b)); got != c.want {
				t.Errorf("Same(%q, %q) is %v", c.a, c.b, got)
			}
		})
	}
}
