package lang

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// constant evaluates an attribute that may use nothing but functions.
func (r *reader) constant(a *AttrDecl) (cty.Value, bool) {
	if refs := a.Expr.Variables(); len(refs) > 0 {
		r.report(diag.Diagnostic{Kind: diag.NotConstant, Span: Span(refs[0].SourceRange()), Label: fmt.Sprintf("%s cannot use %s", a.Name, refs[0].RootName()), Fix: "write the value itself"})
		return cty.DynamicVal, false
	}
	v, diags := a.Expr.Value(&hcl.EvalContext{Functions: Functions()})
	if diags.HasErrors() {
		d := diags[0]
		at := Span(a.Expr.Range())
		if d.Subject != nil {
			at = Span(*d.Subject)
		}
		r.report(diag.Diagnostic{Kind: diag.InvalidExpression, Span: at, Label: sentence(d.Detail)})
		return cty.DynamicVal, false
	}
	return v, true
}

// typed is a constant of a type; null counts as absent.
func (r *reader) typed(attrs Attrs, name string, ty cty.Type) (cty.Value, bool) {
	a := attrs[name]
	if a == nil {
		return cty.NilVal, false
	}
	v, ok := r.constant(a)
	if !ok {
		return cty.NilVal, false
	}
	converted, err := convert.Convert(v, ty)
	if err != nil || v.Type() != cty.String && ty == cty.String && !v.IsNull() {
		r.report(diag.Diagnostic{Kind: diag.WrongType, Span: Span(a.Expr.Range()), Label: fmt.Sprintf("%s must be %s", name, typeWords(ty))})
		return cty.NilVal, false
	}
	return converted, !converted.IsNull()
}

func (r *reader) text(attrs Attrs, name string) string {
	if v, ok := r.typed(attrs, name, cty.String); ok {
		return v.AsString()
	}
	return ""
}

func (r *reader) flag(attrs Attrs, name string) bool {
	v, ok := r.typed(attrs, name, cty.Bool)
	return ok && v.True()
}

func (r *reader) list(attrs Attrs, name string) (list []string) {
	v, ok := r.typed(attrs, name, cty.List(cty.String))
	if !ok {
		return nil
	}
	for _, e := range v.AsValueSlice() {
		if e.IsNull() {
			r.report(diag.Diagnostic{Kind: diag.WrongType, Span: Span(attrs[name].Expr.Range()), Label: name + " has an element that is null"})
			return nil
		}
		list = append(list, e.AsString())
	}
	return list
}

// refs is a list of names, each with its place.
func (r *reader) refs(attrs Attrs, name string) (refs []*Ref) {
	list := r.list(attrs, name)
	if list == nil {
		return nil
	}
	elements, diags := hcl.ExprList(attrs[name].Expr)
	for i, one := range list {
		at := Span(attrs[name].Expr.Range())
		if !diags.HasErrors() && i < len(elements) {
			at = Span(elements[i].Range())
		}
		refs = append(refs, &Ref{Name: one, Span: at})
	}
	return refs
}

// typeOf reads a type expression.
func (r *reader) typeOf(a *AttrDecl) (cty.Type, *TypeDefaults, bool) {
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(a.Expr)
	if !diags.HasErrors() {
		return ty, defaults, true
	}
	d := diags[0]
	at := Span(a.Expr.Range())
	if d.Subject != nil {
		at = Span(*d.Subject)
	}
	label, fix := sentence(d.Detail), ""
	if keyword := hcl.ExprAsKeyword(a.Expr); keyword != "" {
		label, fix = fmt.Sprintf("%q is not a type", keyword), typeFix(keyword)
		if contains([]string{"list", "set", "map", "object", "tuple"}, keyword) {
			label = fmt.Sprintf("%q alone is not a type", keyword)
		}
	} else if v, more := a.Expr.Value(nil); !more.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		label, fix = "a type has no quotes", "write type = "+strings.TrimSpace(v.AsString())
	}
	r.report(diag.Diagnostic{Kind: diag.InvalidType, Span: at, Label: label, Fix: fix})
	return cty.DynamicPseudoType, nil, false
}

func typeFix(keyword string) string {
	switch keyword {
	case "list", "set", "map":
		return "write what it is of: " + keyword + "(string)"
	case "tuple":
		return "write the types of its elements: tuple([string, number])"
	case "object":
		return "write its attributes: object({ name = string })"
	}
	synonyms := map[string]string{"boolean": "bool", "int": "number", "integer": "number", "float": "number", "text": "string", "str": "string"}
	if s := synonyms[keyword]; s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	return diag.Meant(keyword, []string{"string", "number", "bool", "any", "list", "set", "map", "object", "tuple"})
}

// typeWords are the types of this package's own attributes in words.
func typeWords(ty cty.Type) string {
	switch {
	case ty == cty.String:
		return "a string"
	case ty == cty.Bool:
		return "true or false"
	case ty == cty.List(cty.String):
		return `a list of strings, ["a", "b"]`
	}
	return typeString(ty)
}
