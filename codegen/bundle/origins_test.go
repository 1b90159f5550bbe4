package bundle

import (
	"slices"
	"testing"
)

// Lines in runs, and back.
func TestLines(t *testing.T) {
	for text, lines := range map[string][]int{"": nil, "1": {1}, "1-3,7,7": {1, 2, 3, 7, 7}, "5,4-5": {5, 4, 5}} {
		if got := FormatLines(lines); got != text {
			t.Errorf("%v: %q, want %q", lines, got, text)
		}
		l := Lines{Lines: text}
		var back []int
		for n := 1; l.Line(n) != 0; n++ {
			back = append(back, l.Line(n))
		}
		if !slices.Equal(back, lines) {
			t.Errorf("%q: %v, want %v", text, back, lines)
		}
	}
	for _, broken := range []string{"x", "1-x", "-"} {
		l := Lines{Lines: broken}
		if got := l.Line(1); got != 0 {
			t.Errorf("%q: %d", broken, got)
		}
	}
}
