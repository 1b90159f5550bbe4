package codegen_test

import (
	"testing"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/internal/sample"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// build builds a plan with the sample's library.
func build(plan *ir.Plan) (*bundle.Bundle, diag.List) { return codegen.Build(plan, sample.Library()) }

// mustBuild builds a plan that has nothing wrong with it.
func mustBuild(t testing.TB, plan *ir.Plan) *bundle.Bundle {
	t.Helper()
	b, diags := build(plan)
	if len(diags) > 0 {
		t.Fatalf("diagnostics: %+v", diags)
	}
	return b
}
