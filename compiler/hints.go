package compiler

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/sprayc/sprayc/lang/diag"
)

// hint is what the condition of a validation tells beside its message: which part of the
// value it is about, as all that it reads of the input begins with that way, and where it
// asks whether that is one of a list, the one that was most likely meant.
func hint(condition hcl.Expression, name string, v cty.Value) (path []string, fix string) {
	var ways [][]string
	for _, t := range condition.Variables() {
		if way := wayOf(t, name); len(way) > 0 {
			ways = append(ways, way)
		}
	}
	path = commonStart(ways)
	node, ok := condition.(hclsyntax.Node)
	if !ok {
		return path, ""
	}
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		call, ok := n.(*hclsyntax.FunctionCallExpr)
		if !ok || call.Name != "contains" || len(call.Args) != 2 {
			return nil
		}
		asked, ok := call.Args[1].(*hclsyntax.ScopeTraversalExpr)
		list, diags := call.Args[0].Value(nil)
		if !ok || diags.HasErrors() || len(wayOf(asked.Traversal, name)) != len(path) || asked.Traversal.RootName() != "input" {
			return nil
		}
		var choices []string
		for _, e := range list.AsValueSlice() {
			if e.Type() == cty.String && !e.IsNull() {
				choices = append(choices, e.AsString())
			}
		}
		if text, ok := textAt(v, path); ok {
			fix = didYouMean(diag.Suggest(text, choices))
		}
		return nil
	})
	return path, fix
}

// wayOf is the way into the input of that name that a traversal goes; none for others.
func wayOf(t hcl.Traversal, name string) (way []string) {
	if t.RootName() != "input" || len(t) < 2 || stepName(t[1]) != name {
		return nil
	}
	for _, step := range t[2:] {
		one := stepName(step)
		if one == "" {
			break
		}
		way = append(way, one)
	}
	return way
}

func commonStart(ways [][]string) []string {
	if len(ways) == 0 {
		return nil
	}
	common := ways[0]
	for _, way := range ways[1:] {
		n := 0
		for n < len(common) && n < len(way) && common[n] == way[n] {
			n++
		}
		common = common[:n]
	}
	return common
}

// textAt is the text at the end of a way into a value.
func textAt(v cty.Value, path []string) (string, bool) {
	v, _ = v.UnmarkDeep()
	for _, step := range path {
		if v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(step) {
			return "", false
		}
		v = v.GetAttr(step)
	}
	if v.Type() != cty.String || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}
