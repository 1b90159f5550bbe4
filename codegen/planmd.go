package codegen

import (
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler/ir"
)

// planMD returns PLAN.md: the plan for people.
func planMD(plan *ir.Plan, p *bundle.Plan) []byte {
	return []byte("# " + plan.Cluster + "\n")
}
