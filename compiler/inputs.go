package compiler

import (
	"errors"
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// inputBinding binds an input to the caller's argument, or its default.
func (c *compiler) inputBinding(in *lang.InputDecl, m *module, sc *scope) *binding {
	b := &binding{title: "input." + in.Name, name: in.Name, span: in.Span, scope: sc, expr: in.Default}
	if m.call != nil {
		if a := m.call.Attrs[in.Name]; a != nil {
			b.expr, b.scope, b.span = a.Expr, c.scope, a.NameSpan
		}
	}
	if b.expr == nil {
		b.value = cty.NullVal(in.Type.WithoutOptionalAttributesDeep())
		b.info = &bound{} // what uses it is not evaluated
		fix := fmt.Sprintf("write %s = ...", in.Name)
		c.err(diag.MissingArgument, m.span, fmt.Sprintf("the module %s needs %s", m.decl.Name, in.Name), fix, diag.Note{Span: in.Span, Label: "declared here"})
	}
	b.conv = inputConversion(in)
	if !in.Sensitive { // what is wrong with a secret is said without it
		b.typ = in.Type
	}
	for _, check := range in.Validations {
		b.tests = append(b.tests, check.Exprs()...)
	}
	inner := *sc
	inner.inputs = map[string]*binding{in.Name: {title: b.title, name: in.Name, scope: sc, span: b.span, info: &bound{ok: true}}}
	b.inner = &inner
	b.check = func(v cty.Value, at *point) bool { return c.validate(in, v, b, sc, at, at) }
	return b
}

// inputConversion converts a value to the type of an input, with the defaults
// of its optional attributes.
func inputConversion(in *lang.InputDecl) func(cty.Value) (cty.Value, error) {
	return func(v cty.Value) (cty.Value, error) {
		bare, marks := v.UnmarkDeep()
		if unknownAttribute(bare, in.Type) {
			return v, fmt.Errorf("%s has an attribute that it does not take", in.Name)
		}
		if in.Defaults != nil && !bare.IsNull() {
			bare = in.Defaults.Apply(bare)
		}
		converted, err := convertTo(bare, in.Type)
		if err != nil {
			return v, fmt.Errorf("%s: %w", in.Name, err)
		}
		return converted.WithMarks(marks), nil
	}
}

// convertTo converts strictly where a conversion would hide a mistake: text is
// not a bool or a number.
func convertTo(v cty.Value, ty cty.Type) (cty.Value, error) {
	if v.Type() == cty.String && (ty == cty.Bool || ty == cty.Number) && !v.IsNull() {
		return v, fmt.Errorf("a %s is expected, this is a string", ty.FriendlyName())
	}
	converted, err := convert.Convert(v, ty)
	if err != nil {
		return v, typeError(err)
	}
	return converted, nil
}

// typeError puts the path of a conversion error before its text.
func typeError(err error) error {
	var pathErr cty.PathError
	if !errors.As(err, &pathErr) || len(pathErr.Path) == 0 {
		return err
	}
	var b strings.Builder
	for _, step := range pathErr.Path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + step.Name)
		case cty.IndexStep:
			if step.Key.Type() == cty.String {
				fmt.Fprintf(&b, "[%q]", step.Key.AsString())
			} else {
				fmt.Fprintf(&b, "[%s]", step.Key.AsBigFloat().Text('f', 0))
			}
		}
	}
	return fmt.Errorf("%s: %s", strings.TrimPrefix(b.String(), "."), err)
}

// unknownAttribute says whether a value has attributes that its type does not have, which
// a conversion would silently drop.
func unknownAttribute(v cty.Value, ty cty.Type) bool {
	if v.IsNull() || !v.IsKnown() {
		return false
	}
	switch {
	case ty.IsObjectType() && v.Type().IsObjectType():
		for it := v.ElementIterator(); it.Next(); {
			key, value := it.Element()
			if name := key.AsString(); !ty.HasAttribute(name) || unknownAttribute(value, ty.AttributeType(name)) {
				return true
			}
		}
	case (ty.IsMapType() || ty.IsListType() || ty.IsSetType()) && v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			if _, value := it.Element(); unknownAttribute(value, ty.ElementType()) {
				return true
			}
		}
	}
	return false
}

// bindArguments checks the calls' arguments: names, types, binding times. Each
// argument of cluster or class time is evaluated here, so that an error in one
// shows even if nothing uses it.
func (c *compiler) bindArguments() {
	for _, m := range c.modules {
		if m.call != nil {
			names := sortedKeys(m.scope.inputs)
			for _, name := range sortedKeys(m.call.Attrs) {
				if m.scope.inputs[name] == nil {
					lang.ReportUnknown(c.report, m.call.Attrs[name], m.call.Type+" "+m.decl.Name, names)
				}
			}
		}
		for _, in := range m.decl.Inputs {
			c.bindInput(in, m.scope.inputs[in.Name])
		}
		for _, name := range sortedKeys(m.scope.locals) {
			c.bindBinding(m.scope.locals[name], ref{span: m.scope.locals[name].span})
		}
	}
	for _, name := range sortedKeys(c.scope.locals) {
		c.bindBinding(c.scope.locals[name], ref{span: c.scope.locals[name].span})
	}
}

func (c *compiler) bindInput(in *lang.InputDecl, b *binding) {
	info := c.bindBinding(b, ref{span: b.span})
	if in.Time != "" {
		if latest, ok := parseTime(in.Time); ok && !c.require(info, latest, b.argSpan(), in.Name) {
			info.ok = false
			return
		}
	}
	if !info.ok {
		return
	}
	early := func(at *point) {
		if v, ok := c.bindingValue(b, at); ok && in.Sensitive {
			c.refusePlain(in, b, v)
		}
	}
	switch info.time {
	case Cluster:
		early(&point{})
	case Class:
		for _, cls := range c.baseClasses() {
			early(&point{time: Class, cls: cls})
		}
	case Host:
		c.baseClasses()
		for _, h := range c.classed() {
			early(&point{time: Host, host: h, cls: h.class})
		}
	}
}

// refusePlain refuses a value of a sensitive input that is known before the run, as
// it would stand in the bundle; an empty one says that there is none.
func (c *compiler) refusePlain(in *lang.InputDecl, b *binding, v cty.Value) {
	v, _ = v.UnmarkDeep()
	if v.IsNull() || !v.IsKnown() || v.Type() == cty.String && v.AsString() == "" || v.CanIterateElements() && v.LengthInt() == 0 {
		return
	}
	c.err(diag.PlainSecret, b.argSpan(), fmt.Sprintf("%s is a secret; written here it would stand in the bundle", in.Name), `write secret("env:NAME") or secret("file:PATH")`)
}
