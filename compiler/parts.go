package compiler

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// part is one entry of an object: its name and its value, each an expression.
type part struct{ key, value hcl.Expression }

// parts takes an object apart, for what is known at one time is evaluated there, whatever
// the rest of the object is: one that is written out, a local that is one, or a merge of
// such. A local's names are those of the scope that has it.
func parts(expr hcl.Expression, sc *scope) ([]part, bool) {
	return partsOf(expr, sc, map[string]bool{})
}

func partsOf(expr hcl.Expression, sc *scope, within map[string]bool) ([]part, bool) {
	switch expr := expr.(type) {
	case *hclsyntax.ObjectConsExpr:
		var all []part
		for _, item := range expr.Items {
			all = append(all, part{item.KeyExpr, item.ValueExpr})
		}
		return all, true
	case *hclsyntax.ScopeTraversalExpr:
		local := sc.locals[localName(expr.Traversal)]
		if local == nil || local.expr == nil || within[local.name] {
			return nil, false
		}
		within[local.name] = true
		defer delete(within, local.name)
		return partsOf(local.expr, sc, within)
	case *hclsyntax.FunctionCallExpr:
		if expr.Name != "merge" || expr.ExpandFinal {
			return nil, false
		}
		return merged(expr.Args, sc, within)
	}
	return nil, false
}

// merged are the parts of several objects, of which the last that has a name gives it.
func merged(objects []hclsyntax.Expression, sc *scope, within map[string]bool) ([]part, bool) {
	var all []part
	at := map[string]int{}
	for _, object := range objects {
		parts, ok := partsOf(object, sc, within)
		if !ok {
			return nil, false
		}
		for _, p := range parts {
			name, constant := constantText(p.key)
			i, there := at[name]
			switch {
			case constant && there:
				all[i] = p
				continue
			case constant:
				at[name] = len(all)
			}
			all = append(all, p)
		}
	}
	return all, true
}

// localName is the name in local.NAME, and nothing else.
func localName(t hcl.Traversal) string {
	if len(t) != 2 || t.RootName() != "local" {
		return ""
	}
	return stepName(t[1])
}
