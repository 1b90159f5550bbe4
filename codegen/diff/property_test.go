package diff_test

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/lang"
)

// TestShuffled: blocks in another order, in other files, under other comments and
// laid out otherwise are no difference, in any example.
func TestShuffled(t *testing.T) {
	examples, err := filepath.Glob("../../examples/*/*.hcl")
	if err != nil || len(examples) == 0 {
		t.Fatal("no examples", err)
	}
	seen, moved := map[string]bool{}, false
	for _, file := range examples {
		example := filepath.Dir(file)
		if seen[example] {
			continue
		}
		seen[example] = true
		t.Run(filepath.Base(example), func(t *testing.T) {
			old := compile(t, example)
			for seed := range uint64(2) {
				dir := t.TempDir()
				shuffle(t, example, dir, rand.New(rand.NewPCG(seed, 0)))
				new := compile(t, dir)
				moved = moved || old.Plan.Classes[0].Digest != new.Plan.Classes[0].Digest
				report, err := diff.Between(old, new)
				if err != nil {
					t.Fatal(err)
				}
				if text := report.Text(-1); text != "" || !report.Empty() {
					t.Errorf("seed %d: Empty() is %v, and:\n%s", seed, report.Empty(), text)
				}
				if back, err := diff.Between(new, old); err != nil || !back.Empty() {
					t.Errorf("seed %d, the other way round: %v, %v", seed, back, err)
				}
			}
		})
	}
	if !moved {
		t.Error("no shuffled example is other bytes; there was nothing to see through")
	}
}

// shuffle copies a definition with its blocks in another order and spread over
// files, half of them formatted, half of them with blank lines and comments.
func shuffle(t *testing.T, from, to string, random *rand.Rand) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	var blocks []string
	files, err := filepath.Glob(filepath.Join(to, "*.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		own := blocksOf(t, file)
		if strings.HasPrefix(own[0], "component ") { // a catalog, which the definition names
			continue
		}
		blocks = append(blocks, own...)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	random.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	half := random.IntN(len(blocks) + 1)
	loose := "# in another place\n\n\n" + strings.Join(blocks[half:], "\n\n# and another\n")
	for name, text := range map[string]string{"a.hcl": string(lang.Format([]byte(strings.Join(blocks[:half], "\n\n")))), "b.hcl": loose + "\n"} {
		if err := os.WriteFile(filepath.Join(to, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	others(t, to, random)
}

// others shuffles the blocks of the definition's own modules and catalogs too, but
// for the resources of a step, whose order is that in which they are made.
func others(t *testing.T, dir string, random *rand.Rand) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".hcl" || path == filepath.Join(dir, "a.hcl") || path == filepath.Join(dir, "b.hcl") {
			return err
		}
		blocks := blocksOf(t, path)
		random.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		return os.WriteFile(path, []byte("# moved\n"+strings.Join(blocks, "\n")+"\n"), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func blocksOf(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body := f.Body.(*hclsyntax.Body)
	if len(body.Attributes) > 0 {
		t.Fatalf("%s has attributes", file)
	}
	var blocks []string
	for _, b := range body.Blocks {
		blocks = append(blocks, string(text[b.TypeRange.Start.Byte:b.CloseBraceRange.End.Byte]))
	}
	return blocks
}
