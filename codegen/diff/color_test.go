package diff_test

import (
	"testing"

	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/lang/diag"
)

// What is added is green, what is removed red, and headings are bold; the words are those
// of the text without colours.
func TestStyled(t *testing.T) {
	report := &diff.Report{
		Differ:    true,
		Groups:    []diff.Group{{Who: "2 workers", Set: "w[1-2]", Hosts: []string{"w1", "w2"}, Happens: []string{"a.service restarts"}}},
		Resources: []diff.Resource{{Op: "added", Kind: "file", Name: "/a", Set: "w1"}, {Op: "removed", Kind: "file", Name: "/b", Set: "w2"}, {Op: "changed", Kind: "file", Name: "/c", Set: "w2"}},
		Scripts:   []diff.File{{Op: "changed", Path: "x.sh", Diff: "@@ -1 +1 @@\n-a\n+b\n"}},
	}
	const plain = `2 workers: a.service restarts
  w[1-2]

Resources
  + file /a on w1
  - file /b on w2
  ~ file /c on w2

Scripts of modules
  ~ x.sh

--- x.sh
@@ -1 +1 @@
-a
+b
`
	if got := report.Text(-1); got != plain {
		t.Errorf("without colours:\n%s", got)
	}
	want := "\x1b[1m2 workers:\x1b[0m a.service restarts\n  w[1-2]\n\n\x1b[1mResources\x1b[0m\n  \x1b[32m+ file /a on w1\x1b[0m\n  \x1b[31m- file /b on w2\x1b[0m\n  ~ file /c on w2\n" +
		"\n\x1b[1mScripts of modules\x1b[0m\n  ~ x.sh\n\n\x1b[1m--- x.sh\x1b[0m\n\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n"
	if got := report.Styled(-1, diag.Style{Color: true}); got != want {
		t.Errorf("with colours:\n%q\nwant\n%q", got, want)
	}
}
