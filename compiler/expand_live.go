package compiler

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// splitByLive makes conditions of live values that differ between hosts, such as a secret
// with the host's name in it: a script has one name for each, so they split the class.
func (c *compiler) splitByLive(s *step, expr hcl.Expression) {
	if parts, ok := parts(expr, s.scope); ok {
		for _, p := range parts {
			c.splitByLive(s, p.value)
		}
		return
	}
	if cons, ok := expr.(*hclsyntax.TupleConsExpr); ok {
		for _, item := range cons.Exprs {
			c.splitByLive(s, item)
		}
		return
	}
	if b := c.bind(expr, s.scope); b.ok && b.time == Live && b.dims&DimHost != 0 {
		s.dims |= DimSplit
		s.conditions = append(s.conditions, &condition{expr: expr, step: s})
	}
}

// liveValue takes a live value that is used whole, the same for all hosts of the class.
func (e *expander) liveValue(expr hcl.Expression, sc *scope, b *bound) (ir.Value, bool) {
	span := lang.Span(expr.Range())
	hosts := e.at.cls.hosts
	if b.dims&DimHost == 0 {
		hosts = hosts[:1]
	}
	var found ir.Value
	for _, h := range hosts {
		v, ok := e.c.eval(expr, sc, &point{time: Live, host: h, cls: e.at.cls})
		if !ok {
			return ir.Value{}, false
		}
		value, ok := bareLive(v)
		if !ok {
			e.c.err(diag.LiveValue, span, "a live value is used whole, not as part of an expression", "give the output or secret itself; the script gets the path of a file that holds it", b.why...)
			return ir.Value{}, false
		}
		if found.Text != "" && value != found {
			e.c.err(diag.LiveValue, span, "a live value that differs between hosts is used in a loop, or in a step about another host", "use it in a resource without for_each", b.why...)
			return ir.Value{}, false
		}
		found = value
	}
	e.s.live = append(e.s.live, liveUse{found.Text, span})
	return found, true
}

// bareLive is a live value and nothing else.
func bareLive(v cty.Value) (ir.Value, bool) {
	bare, marks := v.UnmarkDeep()
	if bare.Type() != cty.String || bare.IsNull() || len(marks) != 1 {
		return ir.Value{}, false
	}
	for mark := range marks {
		if id, ok := mark.(liveMark); ok && bare.AsString() == "live:"+string(id) {
			return ir.Value{Kind: ir.Live, Text: string(id)}, true
		}
	}
	return ir.Value{}, false
}
