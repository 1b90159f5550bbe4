package codegen

import (
	"testing"

	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
)

// What several resources run is read once: a plan that says each use of a script ten times
// costs hardly more than one that says it once.
func TestScriptsAreReadOnce(t *testing.T) {
	text := []byte("if ! frobd status \"$STATE\"; then\n\tfor x in a b c; do frobd init \"$x\" >\"/etc/frob/$x\"; done\nfi\n")
	use := func() ir.ScriptUse { // a file of its own each time, as of a plan and of what is built from it
		return ir.ScriptUse{
			Scripts: []*ir.File{{Path: "steps/m/x.sh", Data: text, Source: sample.Span("x.sh", 1, 1)}}, Reads: 0,
			Env: []ir.Arg{{Name: "STATE", Source: sample.Span("m.hcl", 3, 3)}}, Commands: []string{"frobd"},
		}
	}
	once := testing.AllocsPerRun(20, func() { Lint(&ir.Plan{Uses: []ir.ScriptUse{use()}}) })
	var many []ir.ScriptUse
	for range 10 {
		many = append(many, use())
	}
	if often := testing.AllocsPerRun(20, func() { Lint(&ir.Plan{Uses: many}) }); often > 4*once {
		t.Errorf("one use costs %.0f allocations, ten cost %.0f", once, often)
	} else {
		t.Logf("one use %.0f, ten %.0f", once, often)
	}
}
