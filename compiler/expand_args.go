package compiler

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// payloadAt is the size in bytes from which content is a file of its own.
const payloadAt = 4096

// attribute adds the arguments that one attribute of a kind becomes.
func (e *expander) attribute(r *ir.Resource, b *lang.BlockDecl, kind *lang.Kind, ka *lang.KindAttribute, sc *scope) {
	a := b.Attrs[ka.Name]
	if a == nil {
		if ka.Default != cty.NilVal && !ka.Default.IsNull() {
			e.flat(r, ka.Name, ka.Default, ka, kind.Span)
		}
		return
	}
	if ka.Script {
		s := e.script(r.Label+"."+ka.Name, a, sc)
		if s == nil {
			return
		}
		switch ka.Name {
		case "probe":
			r.Probe = s
		case "act":
			r.Act = s
		default:
			r.Args = append(r.Args, ir.Arg{Name: ka.Name, Value: ir.Value{Kind: ir.Payload, Text: s.Payload}, Source: a.Span})
		}
		return
	}
	e.expr(r, ka.Name, a.Expr, ka, ka.Type, sc)
}

// expr adds the arguments of an expression. What is known for the class is
// evaluated whole; a list or object of which parts are known only later is
// taken apart.
func (e *expander) expr(r *ir.Resource, name string, expr hcl.Expression, ka *lang.KindAttribute, ty cty.Type, sc *scope) {
	b := e.c.bind(expr, sc)
	if !b.ok {
		return
	}
	if b.time <= Class {
		v, ok := e.c.eval(expr, sc, e.at)
		if !ok {
			return
		}
		converted, err := convertTo(v, ty)
		if err == nil && unknownAttribute(v, ty) {
			err = fmt.Errorf("it has an attribute that %s does not take", name)
		}
		if err != nil {
			e.c.wrongType(name, v, ty, err, func(path []string) diag.Span { return e.c.within(expr, path) }, nil)
			return
		}
		if !e.flatParts(r, name, converted, ka, expr, sc) {
			e.flat(r, name, converted, ka, lang.Span(expr.Range()))
		}
		return
	}
	if parts, ok := parts(expr, sc); ok {
		for _, p := range parts {
			key, ok := constantText(p.key)
			if !ok {
				e.c.err(diag.LateValue, lang.Span(p.key.Range()), "the keys beside values of the host are constants", "")
				continue
			}
			e.expr(r, name+"."+key, p.value, ka, elementType(ty, key), sc)
		}
		return
	}
	if cons, ok := expr.(*hclsyntax.TupleConsExpr); ok {
		for _, item := range cons.Exprs {
			e.expr(r, name, item, ka, elementType(ty, ""), sc)
		}
		return
	}
	if v, ok := e.value(r, name, expr, &lang.KindAttribute{Name: ka.Name, Type: ty, Content: ka.Content, Live: ka.Live, Enum: ka.Enum, Pattern: ka.Pattern, Means: ka.Means}, sc); ok {
		r.Args = append(r.Args, ir.Arg{Name: name, Value: v, Source: lang.Span(expr.Range())})
		if ka.Content && v.Kind == ir.HostVar {
			r.Args = append(r.Args, ir.Arg{Name: digestName(name), Value: ir.Value{Kind: ir.HostVar, Text: v.Text + "_sha256"}, Source: lang.Span(expr.Range())})
		}
	}
}

// elementType is the type of a part of a collection.
func elementType(ty cty.Type, key string) cty.Type {
	switch {
	case ty.IsMapType() || ty.IsListType() || ty.IsSetType():
		return ty.ElementType()
	case ty.IsObjectType() && key != "" && ty.HasAttribute(key):
		return ty.AttributeType(key)
	}
	return cty.DynamicPseudoType
}

// value is where one expression's value goes: a literal, a variable of the
// host, or a live value.
func (e *expander) value(r *ir.Resource, name string, expr hcl.Expression, ka *lang.KindAttribute, sc *scope) (ir.Value, bool) {
	b := e.c.bind(expr, sc)
	span := lang.Span(expr.Range())
	if !b.ok {
		return ir.Value{}, false
	}
	switch b.time {
	case Live:
		if !ka.Live {
			e.c.require(b, Host, span, name)
			return ir.Value{}, false
		}
		return e.liveValue(expr, sc, b)
	case Host:
		if !scalar(ka.Type) {
			e.c.err(diag.LateValue, span, fmt.Sprintf("%s is a list or object that differs between hosts", name), "join it to a text, or let its elements differ one by one", b.why...)
			return ir.Value{}, false
		}
		v := hostVar{expr: expr, scope: sc, attr: name, typ: ka.Type, content: ka.Content, span: span, rules: rulesOf(ka)}
		v.name = e.c.varName(e.s, r, &v)
		e.v.vars = append(e.v.vars, v)
		return ir.Value{Kind: ir.HostVar, Text: v.name}, true
	}
	v, ok := e.c.eval(expr, sc, e.at)
	if !ok {
		return ir.Value{}, false
	}
	text, err := textOf(v)
	if err != nil {
		e.c.err(diag.WrongType, span, fmt.Sprintf("%s: %s", name, err), "")
		return ir.Value{}, false
	}
	if p := rulesOf(ka).check(name, text); p != nil {
		e.c.refuse(p, expr, sc, e.at, span)
	}
	return ir.Value{Kind: ir.Literal, Text: text}, true
}

func scalar(ty cty.Type) bool {
	return ty == cty.String || ty == cty.Number || ty == cty.Bool || ty == cty.DynamicPseudoType
}

// flatParts adds a map or object whose entries are written out, each with its own place;
// it reports whether the expression is one.
func (e *expander) flatParts(r *ir.Resource, name string, v cty.Value, ka *lang.KindAttribute, expr hcl.Expression, sc *scope) bool {
	parts, ok := parts(expr, sc)
	if ty := v.Type(); !ok || v.IsNull() || !ty.IsMapType() && !ty.IsObjectType() {
		return false
	}
	whole, at := lang.Span(expr.Range()), map[string]diag.Span{}
	for _, p := range parts {
		if key, constant := constantText(p.key); constant {
			e.c.bind(p.value, sc) // its names, for where it comes from
			at[key] = lang.Span(p.value.Range())
		}
	}
	for it := v.ElementIterator(); it.Next(); {
		key, elem := it.Element()
		span, known := at[key.AsString()]
		if !known {
			span = whole
		}
		e.flat(r, name+"."+key.AsString(), elem, ka, span)
	}
	return true
}

// flat adds a value as arguments: a list repeated, a map or object by key.
func (e *expander) flat(r *ir.Resource, name string, v cty.Value, ka *lang.KindAttribute, span diag.Span) {
	if v.IsNull() {
		return
	}
	ty := v.Type()
	switch {
	case ty.IsMapType() || ty.IsObjectType():
		for it := v.ElementIterator(); it.Next(); {
			key, elem := it.Element()
			e.flat(r, name+"."+key.AsString(), elem, ka, span)
		}
		return
	case ty.IsListType() || ty.IsSetType() || ty.IsTupleType():
		for it := v.ElementIterator(); it.Next(); {
			_, elem := it.Element()
			e.flat(r, name, elem, ka, span)
		}
		return
	}
	text, err := textOf(v)
	if err != nil {
		e.c.err(diag.WrongType, span, fmt.Sprintf("%s: %s", name, err), "")
		return
	}
	if p := rulesOf(ka).check(name, text); p != nil {
		e.c.err(p.kind, span, p.label, p.fix)
		return
	}
	if !ka.Content {
		if ka.Name == "source" && r.Kind == "file" {
			e.source(r, text, span)
			return
		}
		r.Args = append(r.Args, ir.Arg{Name: name, Value: ir.Value{Kind: ir.Literal, Text: text}, Source: span})
		return
	}
	e.content(r, name, text, span)
}

// content adds a text that may be large, with its digest.
func (e *expander) content(r *ir.Resource, name, text string, span diag.Span) {
	digest := ir.Arg{Name: digestName(name), Value: ir.Value{Kind: ir.Literal, Text: sha256Text(text)}, Source: span}
	if len(text) <= payloadAt && !strings.ContainsRune(text, 0) {
		r.Args = append(r.Args, ir.Arg{Name: name, Value: ir.Value{Kind: ir.Literal, Text: text}, Source: span}, digest)
		return
	}
	file := fmt.Sprintf("%s.%s", e.s.decl.Name, r.Label)
	if name != "content" {
		file += "." + shellName(name)
	}
	if e.v.Suffix != "" {
		file += "." + e.v.Suffix
	}
	p := e.c.payload(e.s, file, []byte(text), span)
	r.Args = append(r.Args, ir.Arg{Name: payloadName(name), Value: ir.Value{Kind: ir.Payload, Text: p}, Source: span}, digest)
}

// source adds a file of the module as a payload.
func (e *expander) source(r *ir.Resource, name string, span diag.Span) {
	sc := e.s.module.scope
	data, err := e.c.readFile(sc.fsys, sc.dir, name)
	if err != nil {
		e.c.err(diag.UnreadableFile, span, err.Error(), "")
		return
	}
	p := e.c.payload(e.s, name, data, startOf(sc.dir+"/"+name))
	r.Args = append(r.Args,
		ir.Arg{Name: "payload", Value: ir.Value{Kind: ir.Payload, Text: p}, Source: span},
		ir.Arg{Name: "sha256", Value: ir.Value{Kind: ir.Literal, Text: sha256Text(string(data))}, Source: span})
}

// digestName and payloadName are the arguments beside a content argument:
// sha256 and payload for content itself, unit.sha256 for unit.
func digestName(name string) string {
	if name == "content" {
		return "sha256"
	}
	return name + ".sha256"
}

func payloadName(name string) string {
	if name == "content" {
		return "payload"
	}
	return name + ".payload"
}

// textOf is a string, number or bool as the text that a script gets.
func textOf(v cty.Value) (string, error) {
	v, _ = v.Unmark()
	if v.IsNull() {
		return "", fmt.Errorf("the value is null")
	}
	switch v.Type() {
	case cty.String:
		return v.AsString(), nil
	case cty.Bool:
		if v.True() {
			return "true", nil
		}
		return "false", nil
	case cty.Number:
		return numberText(v.AsBigFloat()), nil
	}
	return "", fmt.Errorf("a string, number or bool is expected, this is %s", v.Type().FriendlyName())
}

func numberText(f *big.Float) string { return f.Text('f', -1) }

// sha256Text is the SHA-256 of a text in hexadecimal.
func sha256Text(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
