package stdlib_test

import (
	"io/fs"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	ctystd "github.com/zclconf/go-cty/cty/function/stdlib"
)

// render gives a template its values.
func render(t *testing.T, name string, values map[string]cty.Value) string {
	t.Helper()
	text, err := fs.ReadFile(stdlib.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	expr, diags := hclsyntax.ParseTemplate(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := expr.Value(&hcl.EvalContext{Variables: values, Functions: map[string]function.Function{
		"jsonencode": ctystd.JSONEncodeFunc, "replace": ctystd.ReplaceFunc, "length": ctystd.LengthFunc,
	}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil {
		t.Fatal(err)
	}
	return s.AsString()
}

func list(texts ...string) cty.Value {
	if len(texts) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	var values []cty.Value
	for _, s := range texts {
		values = append(values, cty.StringVal(s))
	}
	return cty.ListVal(values)
}
