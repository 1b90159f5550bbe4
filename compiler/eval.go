package compiler

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// liveMark marks a value that is known only while running; the string is the
// id of the output or secret.
type liveMark string

// eval evaluates an expression at a point. The caller has made sure, with
// require, that the point is late enough. Failures are reported; ok is false.
func (c *compiler) eval(expr hcl.Expression, sc *scope, at *point) (cty.Value, bool) {
	b := c.bind(expr, sc)
	if !b.ok {
		return cty.DynamicVal, false
	}
	ctx, ok := c.context(b, sc, at)
	if !ok {
		return cty.DynamicVal, false
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		c.evalError(expr, diags, at)
		return cty.DynamicVal, false
	}
	// A variable that could not be read is unknown, and has been reported.
	return v, v.IsWhollyKnown()
}

// try is eval for an expression that may fail because of the value that it is about: it
// returns why, and reports nothing. ok is false where eval's would be for another reason.
func (c *compiler) try(expr hcl.Expression, sc *scope, at *point) (v cty.Value, why string, ok bool) {
	b := c.bind(expr, sc)
	if !b.ok {
		return cty.DynamicVal, "", false
	}
	ctx, ok := c.context(b, sc, at)
	if !ok {
		return cty.DynamicVal, "", false
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		_, label := explain(diags[0])
		return cty.DynamicVal, label, true
	}
	return v, "", v.IsWhollyKnown()
}

// context makes the variables that an expression uses, and no others.
func (c *compiler) context(b *bound, sc *scope, at *point) (*hcl.EvalContext, bool) {
	ctx := &hcl.EvalContext{Functions: sc.funcs}
	if len(b.refs) == 0 {
		return ctx, true
	}
	ctx.Variables = make(map[string]cty.Value, len(b.refs))
	var objects map[string]map[string]cty.Value
	for _, r := range b.refs {
		switch r.root {
		case "host":
			ctx.Variables["host"] = at.hostValue()
		case "hosts":
			ctx.Variables["hosts"] = c.allHosts()
		case "each":
			ctx.Variables["each"] = cty.ObjectVal(map[string]cty.Value{"key": sc.each.key, "value": sc.each.value})
		case "local", "input", "artifact", "output", "proxy", "slot", "var":
			if objects == nil {
				objects = map[string]map[string]cty.Value{}
			}
			if objects[r.root] == nil {
				objects[r.root] = map[string]cty.Value{}
			}
			if !c.fill(objects[r.root], r, sc, at) {
				return nil, false
			}
		default:
			ctx.Variables[r.root] = sc.roots[r.root]
		}
	}
	for root, attrs := range objects {
		ctx.Variables[root] = cty.ObjectVal(attrs)
	}
	return ctx, true
}

// fillVariables adds a variable's value, or with "" all; a sensitive one is a secret.
func (c *compiler) fillVariables(into map[string]cty.Value, attr string) {
	for name, v := range c.def.Variables {
		switch {
		case attr != "" && name != attr:
		case v.Sensitive:
			into[name] = c.secretValue(v.Secret())
		default:
			into[name] = v.Value
		}
	}
}

// fill adds the attributes that a reference to local, input, artifact or
// output needs.
func (c *compiler) fill(into map[string]cty.Value, r ref, sc *scope, at *point) bool {
	if r.root == "output" {
		into[r.attr] = c.outputValue(sc, r.attr)
		return true
	}
	if r.root == "var" {
		c.fillVariables(into, r.attr)
		return true
	}
	in := map[string]map[string]*binding{"local": sc.locals, "input": sc.inputs, "artifact": sc.arts, "proxy": c.proxy, "slot": c.slots}[r.root]
	names := []string{r.attr}
	if r.attr == "" {
		names = sortedKeys(in)
	}
	for _, name := range names {
		if _, done := into[name]; done {
			continue
		}
		v, ok := c.bindingValue(in[name], at)
		if !ok {
			return false
		}
		into[name] = v
	}
	return true
}

// bindingValue is the value of a local, input or artifact at a point, computed
// once for each value of its binding time.
func (c *compiler) bindingValue(b *binding, at *point) (cty.Value, bool) {
	info := c.bindBinding(b, ref{span: b.span})
	if !info.ok {
		return cty.DynamicVal, false
	}
	if info.time >= Host && at.host != nil {
		if v, ok := at.host.memo[b]; ok {
			return v, v != cty.DynamicVal
		}
		v, ok := c.compute(b, at)
		if !ok {
			v = cty.DynamicVal
		}
		if at.host.memo == nil {
			at.host.memo = map[*binding]cty.Value{}
		}
		at.host.memo[b] = v
		return v, ok
	}
	key := ""
	if info.time == Class && at.cls != nil {
		key = at.cls.base
	}
	c.mu.Lock()
	v, done := b.memo[key]
	c.mu.Unlock()
	if done {
		return v, v != cty.DynamicVal
	}
	v, ok := c.compute(b, at)
	if !ok {
		v = cty.DynamicVal
	}
	c.mu.Lock()
	if b.memo == nil {
		b.memo = map[string]cty.Value{}
	}
	b.memo[key] = v
	c.mu.Unlock()
	return v, ok
}

func (c *compiler) compute(b *binding, at *point) (cty.Value, bool) {
	var v cty.Value
	var ok bool
	switch {
	case b.build != nil:
		return b.build(at)
	case b.expr == nil:
		v, ok = b.value, true
	default:
		v, ok = c.eval(b.expr, b.scope, at)
	}
	if !ok {
		return v, false
	}
	if b.conv != nil {
		converted, err := b.conv(v)
		if err != nil {
			c.wrongType(b.name, v, b.typ, err, b.within(c), at)
			return v, false
		}
		v = converted
	}
	if b.check != nil && !b.check(v, at) {
		return v, false
	}
	return v, true
}

// within is the place of a part of the binding's value.
func (b *binding) within(c *compiler) func(path []string) diag.Span {
	return func(path []string) diag.Span {
		if b.expr == nil {
			return b.span
		}
		return c.within(b.expr, path)
	}
}

// argSpan is where the value comes from: the caller's argument, if there is
// one.
func (b *binding) argSpan() diag.Span {
	if b.expr != nil {
		return lang.Span(b.expr.Range())
	}
	return b.span
}

// hostValue is what `host` is at the point.
func (p *point) hostValue() cty.Value {
	if p.host != nil && p.time >= Host {
		return p.host.value
	}
	if p.cls != nil {
		return p.cls.value
	}
	return cty.EmptyObjectVal
}

// allHosts is the value of `hosts`: a list of every host, in the order of
// their names.
func (c *compiler) allHosts() cty.Value {
	c.hostsOnce.Do(func() {
		values := make([]cty.Value, len(c.hosts))
		for i, h := range c.hosts {
			values[i] = h.value
		}
		c.hostsValue = cty.EmptyTupleVal
		if len(values) > 0 {
			c.hostsValue = cty.TupleVal(values)
		}
	})
	return c.hostsValue
}

// evalError reports why hcl could not evaluate an expression.
func (c *compiler) evalError(expr hcl.Expression, diags hcl.Diagnostics, at *point) {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		span := lang.Span(expr.Range())
		if d.Subject != nil {
			span = lang.Span(*d.Subject)
		}
		if c.broken && c.inModule(span) {
			continue // most likely an echo of what is wrong in the definition
		}
		kind, label := explain(d)
		c.fail(kind, span, label, "", at)
	}
}

// explain says why an expression could not be evaluated.
func explain(d *hcl.Diagnostic) (*diag.Kind, string) {
	if extra, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok {
		if err := extra.FunctionCallError(); err != nil {
			var kinded *kindError
			if errors.As(err, &kinded) {
				return kinded.kind, kinded.Error()
			}
			return diag.InvalidExpression, fmt.Sprintf("%s: %s", extra.CalledFunctionName(), err)
		}
	}
	return diag.InvalidExpression, strings.TrimSuffix(d.Detail, ".")
}

// inModule reports whether a place is in a module's file, not in the
// definition's own.
func (c *compiler) inModule(at diag.Span) bool {
	for _, m := range c.modules {
		if strings.HasPrefix(at.File, m.decl.Path+"/") {
			return true
		}
	}
	return false
}

// kindError is an error of a function of ours that has a kind of its own.
type kindError struct {
	kind *diag.Kind
	text string
}

func (e *kindError) Error() string { return e.text }
