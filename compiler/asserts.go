package compiler

import (
	"fmt"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// problemFound is what a validation or an assert says is wrong.
type problemFound struct {
	label, fix string
	path       []string // the way to what is wrong, from the value or a name; may be empty
}

// problems evaluates a check. why is what kept it from being evaluated, when that is the
// value itself; ok is false when it could not be evaluated for another reason, which is
// reported.
func (c *compiler) problems(check *lang.CheckDecl, otherwise string, sc *scope, at *point) (found []problemFound, why string, ok bool) {
	if check.Problems != nil {
		v, why, ok := c.try(check.Problems, sc, at)
		if !ok || why != "" {
			return nil, why, ok
		}
		return c.listed(check, v), "", true
	}
	v, why, ok := c.try(check.Condition, sc, at)
	if !ok || why != "" {
		return nil, why, ok
	}
	v, _ = v.Unmark()
	if b, err := convertTo(v, cty.Bool); err == nil && b.IsKnown() && !b.IsNull() && b.True() {
		return nil, "", true
	}
	label := otherwise
	if msg, evaluated := c.eval(check.Message, sc, at); evaluated {
		if msg, _ = msg.Unmark(); msg.Type() == cty.String && msg.IsKnown() && !msg.IsNull() {
			label = msg.AsString()
		}
	}
	return []problemFound{{label: label}}, "", true
}

// listed reads a list of problems: objects with a message, and perhaps a fix and the way
// to the place.
func (c *compiler) listed(check *lang.CheckDecl, v cty.Value) []problemFound {
	v, _ = v.UnmarkDeep()
	var found []problemFound
	bad := v.IsNull() || !v.CanIterateElements() || v.Type().IsObjectType() || v.Type().IsMapType()
	if !bad {
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			message, ok := attribute(e, "message")
			bad = bad || !ok
			p := problemFound{label: message}
			p.fix, _ = attribute(e, "fix")
			if e.Type().IsObjectType() && e.Type().HasAttribute("at") && !e.GetAttr("at").IsNull() {
				if list, err := convertTo(e.GetAttr("at"), cty.List(cty.String)); err == nil {
					for _, step := range list.AsValueSlice() {
						p.path = append(p.path, step.AsString())
					}
				}
			}
			found = append(found, p)
		}
	}
	if bad {
		c.err(diag.WrongType, lang.Span(check.Problems.Range()), "problems is a list of objects with a message each, and perhaps a fix and at, the way to the place", "")
		return nil
	}
	return found
}

// attribute is a text of an object.
func attribute(v cty.Value, name string) (string, bool) {
	if v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
		return "", false
	}
	text, err := convertTo(v.GetAttr(name), cty.String)
	if err != nil || text.IsNull() {
		return "", false
	}
	return text.AsString(), true
}

// validate runs the validations of an input against a value. where is the point to report
// at: nil if the value is the same for all hosts of a block.
func (c *compiler) validate(in *lang.InputDecl, v cty.Value, b *binding, sc *scope, at, where *point) bool {
	ok := true
	for _, check := range in.Validations {
		inner := *sc
		inner.inputs = map[string]*binding{in.Name: {title: b.title, name: in.Name, value: v, scope: sc, span: b.span}}
		invalid := fmt.Sprintf("this value of %s is not valid", in.Name)
		found, why, evaluated := c.problems(check, invalid, &inner, at)
		if !evaluated {
			return false
		}
		var notes []diag.Note
		if why != "" {
			found = []problemFound{{label: invalid + ": " + why}}
			notes = []diag.Note{{Span: lang.Span(check.Exprs()[0].Range()), Label: "found here"}}
		}
		for _, p := range found {
			ok = false
			if check.Condition != nil && p.path == nil {
				p.path, p.fix = hint(check.Condition, in.Name, v)
			}
			if in.Sensitive {
				p = problemFound{label: invalid}
			}
			span := b.argSpan()
			if b.expr != nil && c.inModule(span) { // a default does not fit what the definition says
				span, _ = c.blame(c.moduleOf(sc), check.Exprs()[0], &inner, at, span)
			} else if b.expr != nil {
				span = c.within(b.expr, p.path)
			}
			c.fail(diag.InvalidValue, span, p.label, p.fix, where, notes...)
		}
		if why != "" {
			return false
		}
	}
	return ok
}

// moduleOf is the module of a scope, or of one made from it.
func (c *compiler) moduleOf(sc *scope) *module {
	for _, m := range c.modules {
		if m.scope.title == sc.title {
			return m
		}
	}
	return nil
}

// checkAsserts evaluates the modules' asserts: once, for each class or for
// each host, by their binding time.
func (c *compiler) checkAsserts() {
	for _, m := range c.modules {
		for _, check := range m.decl.Asserts {
			expr := check.Exprs()[0]
			b := c.bind(expr, m.scope)
			if !c.require(b, Host, lang.Span(expr.Range()), "an assertion") {
				continue
			}
			switch b.time {
			case Cluster:
				c.assert(m, check, &point{})
			case Class:
				for _, cls := range c.classes {
					c.assert(m, check, &point{time: Class, cls: cls})
				}
			default:
				for _, h := range c.classed() {
					c.assert(m, check, &point{time: Host, host: h, cls: h.class})
				}
			}
		}
	}
}

func (c *compiler) assert(m *module, check *lang.CheckDecl, at *point) {
	expr := check.Exprs()[0]
	found, why, ok := c.problems(check, "an assertion of "+m.decl.Name+" does not hold", m.scope, at)
	if !ok {
		return
	}
	if why != "" {
		c.eval(expr, m.scope, at) // reports it at its place
		return
	}
	for _, p := range found {
		if at.time == Class {
			p.label = fmt.Sprintf("%s (hosts of class %s)", p.label, at.cls.name)
		}
		span, notes := c.blame(m, expr, m.scope, at, check.Span)
		if named, ok := c.named(m, p.path); ok {
			span, notes = named, nil
		}
		if span != check.Span {
			notes = append(notes, diag.Note{Span: check.Span, Label: "the module asserts it here"})
		}
		c.fail(diag.AssertFailed, span, p.label, p.fix, at, notes...)
	}
}
