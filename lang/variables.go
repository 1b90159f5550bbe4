package lang

import (
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// envPrefix is what the environment's names begin with that are variables.
const envPrefix = "SPRAYC_VAR_"

// given is a value for a variable from outside.
type given struct {
	value cty.Value
	text  bool // the value is text that still has to be read as the variable's type
	from  string
	span  diag.Span // zero if it is not from a file
}

// variables declares the definition's variables and gives them their values.
func (f *files) variables(def *Definition, blocks []*BlockDecl, opts Options) {
	values := map[string]given{}
	for _, e := range opts.Env {
		name, text, _ := strings.Cut(e, "=")
		if name, ok := strings.CutPrefix(name, envPrefix); ok {
			values[name] = given{value: cty.StringVal(text), text: true, from: envPrefix + name}
		}
	}
	named := map[string]given{}
	for _, file := range opts.VarFiles {
		f.varFile(file, named)
	}
	for name, text := range opts.Vars {
		named[name] = given{value: cty.StringVal(text), text: true, from: "--var " + name}
	}
	for name, g := range named {
		values[name] = g
	}
	names := map[string]bool{}
	for _, b := range blocks {
		name := b.Labels[0]
		names[name] = true
		g, ok := values[name]
		v := &Variable{Name: name, Value: cty.DynamicVal, Sensitive: f.flag(b.Attrs, "sensitive"), Span: b.Span}
		def.Variables[name] = v
		if v.Sensitive {
			_, isNamed := named[name]
			f.sensitive(b, g, isNamed)
			continue
		}
		v.Value = f.variable(b, g, ok)
	}
	f.undeclared(named, names)
}

// sensitive checks a variable whose value the runner reads: it is text, and nothing
// gives it a value that would be known before.
func (f *files) sensitive(b *BlockDecl, g given, isNamed bool) {
	name := b.Labels[0]
	fix := fmt.Sprintf("set %s%s where sprayc plan and run are started", envPrefix, name)
	if a := b.Attrs["default"]; a != nil {
		f.report(diag.Diagnostic{Kind: diag.InvalidValue, Span: a.Span, Label: name + " is sensitive: a default would be for all to read", Fix: "remove it, and " + fix})
	}
	if a := b.Attrs["type"]; a != nil {
		if ty, _, ok := f.typeOf(a); ok && ty != cty.String {
			f.report(diag.Diagnostic{Kind: diag.WrongType, Span: Span(a.Expr.Range()), Label: name + " is sensitive: it is text that is known only while running", Fix: "write type = string"})
		}
	}
	if isNamed {
		at, label := g.span, name+" is sensitive: its value is not taken from here"
		if at.File == "" {
			at, label = b.Span, g.from+": "+label
		}
		f.report(diag.Diagnostic{Kind: diag.InvalidValue, Span: at, Label: label, Fix: fix})
	}
}

// varFile reads a file of NAME = VALUE.
func (f *files) varFile(file string, into map[string]given) {
	p := f.read(openOS, file, file, nil)
	if p == nil {
		return
	}
	for _, b := range p.body.Blocks {
		f.report(diag.Diagnostic{Kind: diag.UnknownBlock, Span: Span(b.TypeRange), Label: "a file of variables has no blocks", Fix: "write NAME = VALUE"})
	}
	for _, a := range attributesOf(p.body) {
		if v, ok := f.constant(&AttrDecl{Name: a.Name, Expr: a.Expr, NameSpan: Span(a.NameRange), Span: Span(a.SrcRange)}); ok {
			into[a.Name] = given{value: v, from: file, span: Span(a.NameRange)}
		}
	}
}

// undeclared reports values for variables that do not exist. The environment's
// are not: they may be meant for another definition.
func (f *files) undeclared(values map[string]given, declared map[string]bool) {
	var names, unknown []string
	for name := range declared {
		names = append(names, name)
	}
	for name := range values {
		if !declared[name] {
			unknown = append(unknown, name)
		}
	}
	sort.Strings(unknown)
	for _, name := range unknown {
		label := fmt.Sprintf("no variable block declares %q", name)
		if values[name].span.File == "" {
			label = values[name].from + ": " + label
		}
		f.report(diag.Diagnostic{Kind: diag.UndeclaredVariable, Span: values[name].span, Label: label, Fix: diag.Meant(name, names)})
	}
}

// variable is the value of one variable.
func (f *files) variable(b *BlockDecl, g given, isGiven bool) cty.Value {
	ty, defaults, typed := cty.DynamicPseudoType, (*TypeDefaults)(nil), false
	if a := b.Attrs["type"]; a != nil {
		var ok bool
		if ty, defaults, ok = f.typeOf(a); !ok {
			return cty.DynamicVal
		}
		typed = true
	}
	fallback, hasDefault := cty.DynamicVal, false
	if a := b.Attrs["default"]; a != nil {
		v, ok := f.constant(a)
		if !ok {
			return cty.DynamicVal
		}
		if fallback, ok = f.as(v, ty, defaults, Span(a.Expr.Range()), "the default"); !ok {
			return cty.DynamicVal
		}
		hasDefault = true
		if !typed && !v.IsNull() {
			ty = primitive(v.Type())
		}
	}
	switch {
	case !isGiven && !hasDefault:
		f.report(diag.Diagnostic{Kind: diag.UnsetVariable, Span: b.Span, Label: fmt.Sprintf("%s has no value", b.Labels[0]), Fix: fmt.Sprintf("give it with --var %s=VALUE, or write default = ...", b.Labels[0])})
		return cty.DynamicVal
	case !isGiven:
		return fallback
	}
	v := g.value
	if g.text {
		var err error
		if v, err = fromText(v.AsString(), ty); err != nil {
			f.report(diag.Diagnostic{Kind: diag.WrongType, Span: b.Span, Label: fmt.Sprintf("%s: %s", g.from, err), Fix: "write it as in a definition, quoted for your shell"})
			return cty.DynamicVal
		}
	}
	at, what := g.span, "the value"
	if at.File == "" {
		at, what = b.Span, g.from
	}
	v, ok := f.as(v, ty, defaults, at, what)
	if !ok {
		return cty.DynamicVal
	}
	return v
}

// primitive is the type that a variable without one has from its default:
// strings, numbers and bools keep theirs, all else may change.
func primitive(ty cty.Type) cty.Type {
	if ty.IsPrimitiveType() {
		return ty
	}
	return cty.DynamicPseudoType
}

// fromText reads text from outside as a value of a type: a string as it is,
// anything else as an expression.
func fromText(text string, ty cty.Type) (cty.Value, error) {
	if ty == cty.String {
		return cty.StringVal(text), nil
	}
	if ty == cty.DynamicPseudoType && !strings.ContainsAny(text, "[{\"") {
		return cty.StringVal(text), nil
	}
	if len(text) > maxFile || checkText("", []byte(text)) != nil {
		return cty.NilVal, fmt.Errorf("this is not text")
	}
	tokens, _ := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
	if checkNesting("", tokens) != nil {
		return cty.NilVal, fmt.Errorf("it is nested too deeply")
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("%s", sentence(diags[0].Detail))
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("%s is expected, this is not", typeexpr.TypeString(ty))
	}
	return v, nil
}

// as converts a value to a type.
func (f *files) as(v cty.Value, ty cty.Type, defaults *TypeDefaults, at diag.Span, what string) (cty.Value, bool) {
	if defaults != nil && !v.IsNull() {
		v = defaults.Apply(v)
	}
	converted, err := convert.Convert(v, ty)
	if err != nil {
		f.report(diag.Diagnostic{Kind: diag.WrongType, Span: at, Label: fmt.Sprintf("%s is not of type %s: %s", what, typeString(ty), err)})
		return cty.DynamicVal, false
	}
	return converted, true
}

func typeString(ty cty.Type) string {
	return typeexpr.TypeString(ty.WithoutOptionalAttributesDeep())
}
