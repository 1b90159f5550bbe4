package diag

import (
	"regexp"
	"strings"
	"testing"
)

// A summary and an ID are fixed texts of their form; a page says more than the
// summary, and has an example: of what is wrong and right, or of what to do.
func TestKinds(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, k := range Kinds() {
		switch {
		case !id.MatchString(k.ID):
			t.Errorf("%q is no ID", k.ID)
		case seen[k.ID]:
			t.Errorf("%s is there twice", k.ID)
		case k.Summary == "" || strings.ContainsAny(k.Summary, "\n%") || strings.HasSuffix(k.Summary, "."):
			t.Errorf("%s: the summary %q", k.ID, k.Summary)
		case len(k.Doc) < 40:
			t.Errorf("%s has no page", k.ID)
		case !strings.Contains(k.Doc, "\n    "):
			t.Errorf("%s has no example", k.ID)
		}
		seen[k.ID] = true
	}
}

func TestExplain(t *testing.T) {
	page, ok := Explain("unknown-role")
	want := "# unknown-role: unknown role\n\nSeverity: error.\n\n" + UnknownRole.Doc + "\n"
	if !ok || page != want {
		t.Errorf("%v %q", ok, page)
	}
	if page, ok := Explain("nothing"); ok || page != "" {
		t.Errorf("%v %q", ok, page)
	}
	ref := Reference()
	for _, id := range IDs() {
		if !strings.Contains(ref, "\n## "+id+": ") {
			t.Errorf("the reference has no %s", id)
		}
	}
}
