package compiler

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// metaAttrs are the attributes that every resource has, whatever its kind.
var metaAttrs = []string{"for_each", "name", "notifies", "when"}

// expander makes one script.
type expander struct {
	c      *compiler
	s      *step
	v      *variant
	at     *point
	labels map[string]int
}

// resource expands a resource block: nothing, one resource, or one for each
// element of its for_each.
func (e *expander) resource(b *lang.BlockDecl) {
	kind := e.c.lib.Kinds[b.Type]
	if kind == nil {
		names := sortedKeys(e.c.lib.Kinds)
		e.c.err(diag.UnknownKind, b.Span, fmt.Sprintf("no resource kind is named %q", b.Type), didYouMean(diag.Suggest(b.Type, append(names, "verify"))))
		return
	}
	e.checkNames(b, kind)
	if !e.fits(b) {
		return
	}
	sc := e.s.scope
	if a := b.Attrs["for_each"]; a != nil {
		for _, each := range e.elements(a, sc) {
			inner := *sc
			inner.each = each
			e.one(b, kind, &inner)
		}
		return
	}
	e.one(b, kind, sc)
}

// elements are the keys and values that for_each goes over, sorted by key.
func (e *expander) elements(a *lang.AttrDecl, sc *scope) []*eachValue {
	b := e.c.bind(a.Expr, sc)
	if !b.ok {
		return nil
	}
	v, ok := e.c.condition(a.Expr, sc, e.at)
	if !ok || v.IsNull() {
		return nil
	}
	v, _ = v.Unmark()
	ty := v.Type()
	if !v.CanIterateElements() || !(ty.IsMapType() || ty.IsObjectType() || ty.IsSetType() || ty.IsListType() || ty.IsTupleType()) {
		e.c.err(diag.WrongType, lang.Span(a.Expr.Range()), "for_each is a map, or a set or list of strings", "")
		return nil
	}
	var list []*eachValue
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if !ty.IsMapType() && !ty.IsObjectType() {
			if value.Type() != cty.String || value.IsNull() {
				e.c.err(diag.WrongType, lang.Span(a.Expr.Range()), "the elements of a set or list in for_each are strings", "use a map from names to values")
				return nil
			}
			key = value
		}
		list = append(list, &eachValue{key: key, value: value, time: eachTime(b.time), dims: b.dims, over: a.Expr, scope: sc})
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].key.AsString() < list[j].key.AsString() })
	return list
}

// checkNames refuses attributes and blocks that the kind does not have, and
// misses those that it must.
func (e *expander) checkNames(b *lang.BlockDecl, kind *lang.Kind) {
	names := attrsOf(kind)
	for _, a := range kind.Attributes {
		if a.Required && b.Attrs[a.Name] == nil {
			e.c.err(diag.MissingArgument, b.Span, fmt.Sprintf("%s needs %s", kind.Name, a.Name), fmt.Sprintf("write %s = ...", a.Name))
		}
	}
	for _, name := range sortedKeys(b.Attrs) {
		switch {
		case contains(names, name):
		case name == "after":
			e.c.err(diag.UnknownAttribute, b.Attrs[name].NameSpan, kind.Name+` has no attribute "after"`, "write it behind the other: the resources of a step are done in the order written")
		default:
			lang.ReportUnknown(e.c.report, b.Attrs[name], kind.Name, names)
		}
	}
	for _, group := range kind.OneOf {
		if given := givenOf(b, group); len(given) != 1 {
			e.c.err(diag.WrongChoice, b.Span, fmt.Sprintf("exactly one of %s is needed, %d are given", strings.Join(group, ", "), len(given)), "")
		}
	}
	for _, group := range kind.AtMostOne {
		if given := givenOf(b, group); len(given) > 1 {
			e.c.err(diag.WrongChoice, b.Span, fmt.Sprintf("%s exclude each other", strings.Join(given, " and ")), "keep one of them")
		}
	}
	var blocks []string
	if runsScript(kind) {
		blocks = []string{"ready"}
	}
	for _, inner := range b.Blocks {
		if !contains(blocks, inner.Type) {
			lang.ReportUnknownBlock(e.c.report, inner, kind.Name, blocks)
			continue
		}
		for _, name := range sortedKeys(inner.Attrs) {
			if !contains(readyAttrs, name) {
				lang.ReportUnknown(e.c.report, inner.Attrs[name], inner.Type, readyAttrs)
			}
		}
	}
}

// attrsOf are the attributes that a resource of a kind may have.
func attrsOf(kind *lang.Kind) []string {
	names := append([]string{}, metaAttrs...)
	for _, a := range kind.Attributes {
		names = append(names, a.Name)
	}
	return append(names, effectsAttr)
}

// readyAttrs are the attributes of a ready block.
var readyAttrs = sortedKeys(lang.ArgumentsOf("exec", "ready"))

// runsScript reports whether what a kind does is a script of the module, which
// others may have to wait for.
func runsScript(kind *lang.Kind) bool {
	for _, a := range kind.Attributes {
		if a.Name == "act" && a.Script {
			return true
		}
	}
	return false
}

func givenOf(b *lang.BlockDecl, group []string) (given []string) {
	for _, name := range group {
		if b.Attrs[name] != nil {
			given = append(given, name)
		}
	}
	return given
}

// one makes one resource.
func (e *expander) one(b *lang.BlockDecl, kind *lang.Kind, sc *scope) {
	r := &ir.Resource{Kind: kind.Name, Source: b.Span}
	if hasScripts(kind) {
		r.Effects = e.c.declaredEffects(b.Attrs[effectsAttr])
	} else {
		r.Effects = e.stated(b.Attrs[effectsAttr], sc)
	}
	if !e.unlessFor(r, b.Attrs["when"], sc) {
		return
	}
	if !e.name(r, b, kind, sc) {
		return
	}
	r.Label = e.label(r)
	for _, a := range kind.Attributes {
		e.attribute(r, b, kind, a, sc)
	}
	if a := b.Attrs["once_per"]; a != nil {
		if v, ok := e.c.evalAttr(a, cty.String, sc, &point{}, Cluster); ok && !v.IsNull() {
			r.OncePer = v.AsString()
			if e.s.oncePer == "" {
				e.s.oncePer = r.OncePer
			}
		}
	}
	if a := b.Attrs["notifies"]; a != nil {
		r.Notifies = e.notifies(a, sc)
	}
	for _, inner := range b.Blocks {
		if inner.Type == "ready" && runsScript(kind) {
			r.Ready = e.ready(r, inner, sc)
		}
	}
	e.v.Resources = append(e.v.Resources, r)
}

// name is a resource's identity: its label, or the attribute name. One that its
// kind does not take is reported, and gone on with: others refer to it.
func (e *expander) name(r *ir.Resource, b *lang.BlockDecl, kind *lang.Kind, sc *scope) bool {
	a := b.Attrs["name"]
	if a == nil {
		if len(b.Labels) != 1 || b.Labels[0] == "" {
			e.c.err(diag.MissingArgument, b.Span, b.Type+" needs a name", fmt.Sprintf("write %s \"NAME\" { ... }", b.Type))
			return false
		}
		if p := rulesOf(identity(kind)).check(kind.Identity, b.Labels[0]); p != nil {
			e.c.err(p.kind, labelSpan(b), p.label, p.fix)
		}
		r.Name = ir.Value{Kind: ir.Literal, Text: b.Labels[0]}
		return true
	}
	v, ok := e.value(r, "name", a.Expr, identity(kind), sc)
	if !ok {
		return false
	}
	r.Name = v
	return true
}

// label is a shell name for the resource, unique in the script.
func (e *expander) label(r *ir.Resource) string {
	base := shellName(path.Base(r.Name.Text))
	if r.Name.Kind != ir.Literal || base == "x" {
		base = shellName(r.Kind)
	}
	e.labels[base]++
	if n := e.labels[base]; n > 1 {
		return fmt.Sprintf("%s_%d", base, n)
	}
	return base
}

// notifies reads references such as service["containerd.service"].
func (e *expander) notifies(a *lang.AttrDecl, sc *scope) []ir.Address {
	list, ok := a.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		e.c.err(diag.WrongType, lang.Span(a.Expr.Range()), "notifies is a list of resources", `write notifies = [service["NAME.service"]]`)
		return nil
	}
	var out []ir.Address
	for _, item := range list.Exprs {
		addr, ok := e.address(item, sc)
		if !ok {
			continue
		}
		if addr.Kind != "service" {
			e.c.err(diag.UnknownResource, lang.Span(item.Range()), fmt.Sprintf("a %s cannot be notified", addr.Kind), "only services react")
			continue
		}
		out = append(out, addr)
		e.c.notified = append(e.c.notified, notice{addr, e.s, lang.Span(item.Range())})
	}
	return out
}

// notice is a reference to a service that must exist.
type notice struct {
	to   ir.Address
	from *step
	span diag.Span
}

func (e *expander) address(expr hcl.Expression, sc *scope) (ir.Address, bool) {
	if t, diags := hcl.AbsTraversalForExpr(expr); !diags.HasErrors() && len(t) == 2 {
		if name := stepName(t[1]); name != "" {
			return ir.Address{Kind: t.RootName(), Name: name}, true
		}
	}
	if index, ok := expr.(*hclsyntax.IndexExpr); ok {
		t, diags := hcl.AbsTraversalForExpr(index.Collection)
		if !diags.HasErrors() && len(t) == 1 && e.c.require(e.c.bind(index.Key, sc), Class, lang.Span(index.Key.Range()), "a reference") {
			if v, ok := e.c.eval(index.Key, sc, e.at); ok && v.Type() == cty.String && !v.IsNull() {
				return ir.Address{Kind: t.RootName(), Name: v.AsString()}, true
			}
			return ir.Address{}, false
		}
	}
	e.c.err(diag.WrongType, lang.Span(expr.Range()), "this is no reference to a resource", `write service["NAME.service"]`)
	return ir.Address{}, false
}
