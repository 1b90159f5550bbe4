package shell_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/shell"
)

func TestHighlight(t *testing.T) {
	src := `# what
a='x y' # é
if [ -n "$a" ]; then
	cat <<-EOF
	b ${a:-c}
	EOF
elif f "$(pwd) é"; then
	:
else
	while read -r b; do case $b in x) ;; esac; done
fi
for i in 1; do f; done
f() {
	until false; do :; done
}
`
	var got []string
	for _, s := range shell.Highlight([]byte(src)) {
		got = append(got, string(rune(s.Sort))+" "+strings.ReplaceAll(src[s.From:s.To], "\n", "|"))
	}
	want := []string{
		"c # what", "a a", "s 'x y'", "c # é",
		"k if", "f [", `s "`, "v $a", `s "`, "k then", "f cat", "s \tb ", "v ${a:-c}", "s |\tEOF",
		"k elif", "f f", `s "`, "f pwd", `s  é"`, "k then", "f :", "k else",
		"k while", "f read", "k do", "k case", "v $b", "k in", "k esac", "k done", "k fi",
		"k for", "k do", "f f", "k done", "f f", "k until", "f false", "k do", "f :", "k done",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := shell.Highlight([]byte("if")); got != nil {
		t.Errorf("what is no shell has %v", got)
	}
}
