package lang

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a definition may say at its top, and what a module may, is in the reference.
func TestBlocksAreAllThereAre(t *testing.T) {
	for in, top := range map[string]*schema{"definition": definitionSchema, "module": moduleSchema} {
		var names []string
		for _, b := range Blocks() {
			if b.In == in {
				names = append(names, b.Name)
			}
			if b.Summary == "" {
				t.Errorf("%s says nothing", b.Name)
			}
			for _, a := range b.Arguments {
				if a.Summary == "" {
					t.Errorf("%s of %s says nothing", a.Name, b.Name)
				}
			}
		}
		slices.Sort(names)
		if diff := cmp.Diff(sortedKeys(top.blocks), names); diff != "" {
			t.Errorf("of a %s (- read, + in the reference):\n%s", in, diff)
		}
	}
}
