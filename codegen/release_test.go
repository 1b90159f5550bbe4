package codegen_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
)

// Whether a bundle's library is this release's: a byte more, a file more, a file less
// and another writer are each said, by name.
func TestRelease(t *testing.T) {
	stdlib := os.DirFS("../stdlib")
	none := []string{}
	without := func(b *bundle.Bundle, path string) {
		delete(b.Files, path)
		for name, file := range b.Files {
			if strings.HasPrefix(name, "classes/") && strings.HasSuffix(name, ".sha256") {
				var kept []bundle.Sum
				for _, sum := range bundle.ParseSums(file.Data) {
					if sum.Path != path {
						kept = append(kept, sum)
					}
				}
				b.Files[name] = bundle.File{Data: bundle.FormatSums(kept)}
			}
		}
	}
	for name, test := range map[string]struct {
		edit func(b *bundle.Bundle)
		want audit.Library
		says string
	}{
		"as built": {func(*bundle.Bundle) {}, audit.Library{Writer: codegen.Version}, "byte for byte those of this sprayc"},
		"edited": {func(b *bundle.Bundle) {
			for _, path := range []string{"lib/file.sh", "run.sh"} {
				b.Files[path] = bundle.File{Data: append([]byte("# another\n"), b.Files[path].Data...)}
			}
		}, audit.Library{Writer: codegen.Version, Edited: []string{"lib/file.sh", "run.sh"}}, "edited, or made by another build"},
		"added":          {func(b *bundle.Bundle) { b.Files["lib/more.sh"] = bundle.File{Data: []byte(":\n")} }, audit.Library{Writer: codegen.Version, Unknown: []string{"lib/more.sh"}}, "Not of this release: lib/more.sh."},
		"run.sh in lib":  {func(b *bundle.Bundle) { b.Files["lib/run.sh"] = b.Files["run.sh"] }, audit.Library{Writer: codegen.Version, Unknown: []string{"lib/run.sh"}}, "Not of this release"},
		"without core":   {func(b *bundle.Bundle) { without(b, "lib/core.sh") }, audit.Library{Writer: codegen.Version, Missing: []string{"lib/core.sh"}}, "Left out: lib/core.sh."},
		"without run.sh": {func(b *bundle.Bundle) { delete(b.Files, "run.sh") }, audit.Library{Writer: codegen.Version, Missing: []string{"run.sh"}}, "Left out: run.sh."},
		"a kind that is said to do nothing": {func(b *bundle.Bundle) {
			for i := range b.Plan.Kinds {
				if b.Plan.Kinds[i].Name == "file" {
					b.Plan.Kinds[i].Effects = nil
				}
			}
		}, audit.Library{Writer: codegen.Version, Edited: []string{`plan.json of the kind "file"`}}, `Other than this release's: plan.json of the kind "file".`},
		"a kind of which nothing is said": {func(b *bundle.Bundle) {
			b.Plan.Kinds = slices.DeleteFunc(b.Plan.Kinds, func(k bundle.Kind) bool { return k.Name == "file" })
		}, audit.Library{Writer: codegen.Version, Missing: []string{`plan.json of the kind "file"`}}, "Left out"},
		"of another": {func(b *bundle.Bundle) {
			b.Plan.Version = "0.0.9"
			b.Files["lib/core.sh"] = bundle.File{Data: []byte(":\n")}
		}, audit.Library{Writer: "0.0.9", Edited: []string{"lib/core.sh"}}, "built by 0.0.9: audit it with that version"},
	} {
		t.Run(name, func(t *testing.T) {
			b, diags := codegen.Build(sample.Plan(3), stdlib)
			if len(diags) > 0 {
				t.Fatalf("diagnostics: %+v", diags)
			}
			test.edit(b)
			got, err := codegen.Release(b, stdlib)
			if err != nil {
				t.Fatal(err)
			}
			for _, list := range []*[]string{&test.want.Edited, &test.want.Unknown, &test.want.Missing} {
				if *list == nil {
					*list = none
				}
			}
			test.want.Release, test.want.Files = codegen.Version, got.Files
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("- wanted, + got:\n%s", diff)
			}
			if text := strings.Join(got.Says(), "\n"); !strings.Contains(text, test.says) {
				t.Errorf("it lacks %q:\n%s", test.says, text)
			}
			if got.Files == 0 {
				t.Error("no file was compared")
			}
		})
	}
}

// A bundle for reset has the whole library and says of all kinds what they do, whatever its
// steps are; one that lacks what undoes is not this release's.
func TestReleaseOfReset(t *testing.T) {
	stdlib := os.DirFS("../stdlib")
	plan := sample.Plan(3)
	plan.Operation = bundle.Reset
	for _, step := range plan.Steps {
		step.Variants = nil
	}
	for _, class := range plan.Classes {
		class.Steps = nil
	}
	b, diags := codegen.Build(plan, stdlib)
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	got, err := codegen.Release(b, stdlib)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Edited)+len(got.Unknown)+len(got.Missing) > 0 {
		t.Errorf("as built: %+v", got)
	}
	for path := range b.Files {
		if !strings.HasSuffix(path, ".sha256") {
			continue
		}
		sums := slices.DeleteFunc(bundle.ParseSums(b.Files[path].Data), func(s bundle.Sum) bool { return s.Path == "lib/undo_package.sh" })
		b.Files[path] = bundle.File{Data: bundle.FormatSums(sums)}
	}
	delete(b.Files, "lib/undo_package.sh")
	if got, err = codegen.Release(b, stdlib); err != nil || !slices.Equal(got.Missing, []string{"lib/undo_package.sh"}) {
		t.Errorf("without a file: %v %+v", err, got)
	}
}
