package compiler

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// expand makes the scripts: one variant of each step for each distinct value
// of the class properties that its expressions depend on.
func (c *compiler) expand() {
	c.resolveSteps()
	c.baseClasses()
	c.checkAsserts()
	var conditions []*condition
	for _, s := range c.steps {
		c.bindStep(s)
		conditions = append(conditions, s.conditions...)
	}
	c.splitClasses(conditions)
	c.flushHostFails()
	for _, s := range c.steps {
		for _, cls := range c.classes {
			if !s.runsOn(cls) {
				continue
			}
			if !c.holds(s.decl.Attrs["when"], s.scope, &point{time: Class, cls: cls}) {
				s.off[cls] = true
				continue
			}
			c.expandVariant(s, cls)
		}
	}
	c.checkExecutors()
}

// bindStep finds what the scripts of a step depend on, and its conditions.
func (c *compiler) bindStep(s *step) {
	sc := s.scope
	split := func(a *lang.AttrDecl) {
		if a == nil {
			return
		}
		b := c.bind(a.Expr, sc)
		s.dims |= b.dims
		if b.ok && b.time == Live {
			c.require(b, Host, lang.Span(a.Expr.Range()), a.Name)
			return
		}
		if b.ok && b.time == Host {
			if !s.about {
				s.dims |= DimSplit
			}
			s.conditions = append(s.conditions, &condition{expr: a.Expr, step: s})
		}
	}
	split(s.decl.Attrs["when"])
	for _, r := range s.decl.Resources {
		if s.about {
			c.bindShared(r.Attrs["for_each"], sc)
		} else {
			split(r.Attrs["when"])
			split(r.Attrs["for_each"])
		}
		c.bindBlock(s, r, sc, r.Attrs["for_each"])
	}
	for _, v := range s.decl.Verifies {
		if s.about {
			c.bindShared(v.Attrs["when"], sc)
		} else {
			split(v.Attrs["when"])
		}
		c.bindBlock(s, v, sc, nil)
	}
}

// bindBlock adds the dimensions of all expressions in a block. Those inside
// for_each are bound again, with each, when they are expanded.
func (c *compiler) bindBlock(s *step, b *lang.BlockDecl, sc *scope, forEach *lang.AttrDecl) {
	if forEach != nil {
		over := c.bind(forEach.Expr, sc)
		inner := *sc
		inner.each = &eachValue{key: cty.DynamicVal, value: cty.DynamicVal, dims: over.dims, time: eachTime(over.time), over: forEach.Expr, scope: sc}
		sc = &inner
	}
	var known []string
	if kind := c.lib.Kinds[b.Type]; kind != nil {
		known = attrsOf(kind)
	}
	for _, name := range sortedKeys(b.Attrs) {
		if name == "notifies" || name == "when" || name == "for_each" || known != nil && !contains(known, name) {
			continue // what does not exist is said to be so, and not what is wrong with its value
		}
		expr := b.Attrs[name].Expr
		found := c.bind(expr, sc)
		s.dims |= found.dims
		if found.ok && found.time == Live && sc.each == nil && !s.about {
			c.splitByLive(s, expr)
		}
	}
	for _, inner := range b.Blocks {
		c.bindBlock(s, inner, sc, nil)
	}
}

// eachTime is the binding time of each: a loop over values of the host has
// split the class, so that within a class they are all the same.
func eachTime(over Time) Time {
	if over > Class {
		return Class
	}
	return over
}

// variantKey is what tells the variants of a step apart; it is the suffix of
// the script's file name.
func (c *compiler) variantKey(s *step, cls *class) string {
	key := s.dims.key(cls)
	if s.dims&DimSplit != 0 {
		outcome := ""
		for _, cond := range s.conditions {
			outcome += c.conditionText(cond, cls.hosts[0]) + "\n"
		}
		if key != "" {
			key += "."
		}
		key += shortHash(outcome)
	}
	return key
}

// expandVariant makes the script of a step for a class, unless another class
// has made the same.
func (c *compiler) expandVariant(s *step, cls *class) {
	key := c.variantKey(s, cls)
	if _, done := s.byKey[key]; done {
		return
	}
	s.byKey[key] = len(s.variants)
	v := &variant{Variant: &ir.Variant{Suffix: key}, class: cls}
	v.Commands = s.commands
	if s.dims&DimOS != 0 && cls.os != nil {
		v.OS = []string{cls.os.Name}
	}
	if s.dims&DimArch != 0 {
		v.Arch = []string{cls.arch}
	}
	s.variants = append(s.variants, v)
	at := &point{time: Class, cls: cls}
	e := &expander{c: c, s: s, v: v, at: at, labels: map[string]int{}}
	for _, r := range s.decl.Resources {
		e.resource(r)
	}
	for i, b := range s.decl.Verifies {
		e.verify(b, i)
	}
}

// holds evaluates a when attribute for a class; absent is true. A condition
// that uses values of the host is the same for all hosts of the class, which
// was split by it.
func (c *compiler) holds(a *lang.AttrDecl, sc *scope, at *point) bool {
	if a == nil {
		return true
	}
	v, ok := c.condition(a.Expr, sc, at)
	if !ok {
		return false
	}
	b, err := convertTo(v, cty.Bool)
	if err != nil || b.IsNull() || !b.IsKnown() {
		c.err(diag.WrongType, lang.Span(a.Expr.Range()), "when is true or false", "")
		return false
	}
	return b.True()
}

// condition evaluates a when or for_each for a class.
func (c *compiler) condition(expr hcl.Expression, sc *scope, at *point) (cty.Value, bool) {
	if c.bind(expr, sc).time == Host {
		at = &point{time: Host, host: at.cls.hosts[0], cls: at.cls}
	}
	return c.eval(expr, sc, at)
}
