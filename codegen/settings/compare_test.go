package settings_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/settings"
	"golang.org/x/tools/txtar"
)

// TestCompare reads testdata/*.txtar: files "old.NAME" and "new.NAME" and what
// is wanted, a line for each change.
func TestCompare(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts, name := map[string]string{}, ""
			for _, f := range archive.Files {
				which, rest, _ := strings.Cut(f.Name, ".")
				texts[which] = string(f.Data)
				if which == "old" {
					name = "x." + rest
				}
			}
			if diff := cmp.Diff(texts["want"], show(settings.Compare(name, texts["old"], texts["new"]))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func show(c *settings.Comparison) string {
	if c == nil {
		return "unknown\n"
	}
	var b strings.Builder
	b.WriteString(c.Format + "\n")
	for _, change := range c.Changes {
		b.WriteString(string(change.Op) + " " + change.Path + ": " + change.Old + " -> " + change.New + "\n")
	}
	return b.String()
}

// FuzzCompare: no text breaks it, a text is as itself, and a comparison the other
// way round finds as much.
func FuzzCompare(f *testing.F) {
	for _, name := range []string{"a.yaml", "a.json", "a.toml", "a.service", "a.env", "a"} {
		f.Add(name, "a: 1\n", "a: [2]\n---\nb: 1\n")
		f.Add(name, "[a]\nb=1\nb=2\n", "[a]\nb=\"x y\"\n")
		f.Add(name, `{"a":[{"name":"x"}]}`, `{"a":[{"name":"x","b":null}]}`)
		f.Add(name, "A=\"--x=1 --y z\"\n", "A=\"--x=2\"\n")
	}
	f.Add("a", "x [a]\n", "y [a]\n")
	f.Fuzz(func(t *testing.T, name, old, new string) {
		if same := settings.Compare(name, old, old); same != nil && len(same.Changes) > 0 {
			t.Errorf("%q differs from itself: %+v", old, same.Changes)
		}
		there, back := settings.Compare(name, old, new), settings.Compare(name, new, old)
		if (there == nil) != (back == nil) {
			t.Fatalf("%q and %q: %+v there, %+v back", old, new, there, back)
		}
		if there != nil && (len(there.Changes) == 0) != (len(back.Changes) == 0) {
			t.Errorf("%q and %q: %d changes there, %d back", old, new, len(there.Changes), len(back.Changes))
		}
	})
}
