package compiler

import (
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// How near a place of the definition is to what a module checks: what one would change
// first stands first.
const (
	ownArgument    = iota // an argument of the module's own block
	hostAttribute         // what a hosts block says
	clusterBlock          // what the cluster, mirror or proxy block says
	otherArgument         // an argument of another module's block
	classAttribute        // a host's system, architecture or roles
	notWritten            // a block that could say it
)

// blamed is a place of the definition that a check depends on.
type blamed struct {
	span  diag.Span
	label string
	rank  int
}

// blame is the place in the definition of what a module's check depends on: through
// locals, inputs and slots to an argument, a host's attribute or the cluster block; else
// the block that uses the module. Further such places are notes. fallback is the place if
// the definition says nothing at all.
func (c *compiler) blame(m *module, expr hcl.Expression, sc *scope, at *point, fallback diag.Span) (diag.Span, []diag.Note) {
	found := c.places(m, expr, sc, at)
	switch {
	case len(found) > 0:
	case m != nil && m.call != nil:
		return m.call.Span, nil
	default:
		return fallback, nil
	}
	var notes []diag.Note
	for _, b := range found[1:] {
		if b.rank < notWritten {
			notes = append(notes, diag.Note{Span: b.span, Label: b.label})
		}
	}
	return found[0].span, notes
}

// places are the places of the definition that an expression of a module depends on, what
// one would change first before the others.
func (c *compiler) places(m *module, expr hcl.Expression, sc *scope, at *point) []blamed {
	w := &blamer{c: c, m: m, at: at, seen: map[exprKey]bool{}}
	w.walk(expr, sc)
	sort.SliceStable(w.found, func(i, j int) bool { return w.found[i].rank < w.found[j].rank })
	return w.found
}

// refuse reports a text that the attribute of a resource does not take, where the
// definition gives it: once, as a value may come to many resources.
func (c *compiler) refuse(p *problem, expr hcl.Expression, sc *scope, at *point, span diag.Span) {
	found := c.places(c.moduleOf(sc), expr, sc, at)
	if len(found) == 0 || found[0].rank >= classAttribute {
		c.fail(p.kind, span, p.label, p.fix, at)
		return
	}
	first := found[0].span
	c.mu.Lock()
	if c.refused == nil {
		c.refused = map[diag.Span]diag.Span{}
	}
	if _, ok := c.refused[first]; !ok {
		c.refused[first] = span
	}
	again := c.refused[first] != span
	c.mu.Unlock()
	if !again {
		c.fail(p.kind, first, p.label, p.fix, at, diag.Note{Span: span, Label: "it comes to stand here"})
	}
}

// blamer gathers the places of the definition that an expression of a module depends on.
type blamer struct {
	c     *compiler
	m     *module
	at    *point
	found []blamed
	seen  map[exprKey]bool
}

func (w *blamer) add(span diag.Span, label string, rank int) {
	for _, b := range w.found {
		if b.span == span {
			return
		}
	}
	w.found = append(w.found, blamed{span, label, rank})
}

func (w *blamer) walk(expr hcl.Expression, sc *scope) {
	if expr == nil || sc == nil || sc == w.c.scope || w.seen[exprKey{expr, sc}] {
		return
	}
	w.seen[exprKey{expr, sc}] = true
	for _, t := range expr.Variables() {
		w.name(t, sc)
	}
}

// name follows one name of an expression.
func (w *blamer) name(t hcl.Traversal, sc *scope) {
	name := ""
	if len(t) > 1 {
		name = stepName(t[1])
	}
	switch t.RootName() {
	case "input":
		w.input(sc.inputs[name], sc)
	case "local":
		if b := sc.locals[name]; b != nil {
			w.walk(b.expr, b.scope)
		}
	case "artifact":
		if b := sc.arts[name]; b != nil {
			for _, expr := range b.deps {
				w.walk(expr, b.scope)
			}
		}
	case "slot":
		if len(t) > 2 {
			w.slot(name, stepName(t[2]))
		}
	case "cluster":
		w.block(w.c.def.Cluster, name, "cluster."+name+" is written here")
	case "mirror":
		w.block(w.c.def.Mirror, "", "the mirror")
	case "proxy":
		w.block(w.c.def.Proxy, "", "the proxy")
	case "host":
		w.host(name)
	case "each":
		if sc.each != nil {
			w.walk(sc.each.over, sc.each.scope)
		}
	}
}

// input is the argument of the block that uses the module, or what its default is made of.
func (w *blamer) input(b *binding, sc *scope) {
	switch {
	case b == nil || b.expr == nil:
	case b.scope != w.c.scope:
		w.walk(b.expr, b.scope)
	default:
		rank := otherArgument
		if w.m != nil && (sc == w.m.scope || b == w.m.scope.inputs[b.name]) {
			rank = ownArgument
		}
		w.add(b.argSpan(), b.name+" is written here", rank)
	}
}

// slot is what the module in a slot provides.
func (w *blamer) slot(slot, name string) {
	for _, m := range w.c.modules {
		if m.decl.Slot != slot || m.call != nil && m.call.Slot != slot {
			continue
		}
		for _, p := range m.decl.Provides {
			if len(p.Labels) == 1 && p.Labels[0] == name && p.Attrs["value"] != nil {
				w.walk(p.Attrs["value"].Expr, m.scope)
			}
		}
	}
}

// block is an attribute of a block, or the block when it does not have it.
func (w *blamer) block(b *lang.BlockDecl, name, label string) {
	switch {
	case b == nil:
	case b.Attrs[name] != nil:
		w.add(lang.Span(b.Attrs[name].Expr.Range()), label, clusterBlock)
	case name == "":
		w.add(b.Span, label, clusterBlock)
	default:
		w.add(b.Span, label, notWritten)
	}
}

// host is an attribute of the host, or of a host of the class.
func (w *blamer) host(name string) {
	h := w.at.host
	if h == nil && w.at.cls != nil && len(w.at.cls.hosts) > 0 {
		h = w.at.cls.hosts[0]
	}
	if h == nil {
		return
	}
	r := &hostResolver{c: w.c, h: h}
	if name == "os_family" {
		name = "os"
	}
	if a := r.attr(name); a != nil {
		rank := hostAttribute
		if _, ok := classAttrs[name]; ok {
			rank = classAttribute
		}
		w.add(lang.Span(a.Expr.Range()), name+" is written here", rank)
	}
}

// named is the place that an assert gives by its way from a name: input.NAME, cluster.NAME
// or hosts.HOST.NAME, and further into what is written there.
func (c *compiler) named(m *module, path []string) (diag.Span, bool) {
	if len(path) < 2 {
		return diag.Span{}, false
	}
	switch path[0] {
	case "input":
		if b := m.scope.inputs[path[1]]; b != nil && b.expr != nil && b.scope == c.scope {
			return c.within(b.expr, path[2:]), true
		}
	case "cluster":
		if a := c.def.Cluster.Attrs[path[1]]; a != nil {
			return c.within(a.Expr, path[2:]), true
		}
	case "hosts":
		for _, h := range c.hosts {
			if h.name != path[1] {
				continue
			}
			r := &hostResolver{c: c, h: h}
			if len(path) > 2 && r.attr(path[2]) != nil {
				return c.within(r.attr(path[2]).Expr, path[3:]), true
			}
			return labelSpan(h.block), true
		}
	}
	return diag.Span{}, false
}

// within is the place of a part of what an expression of the definition gives, as far as
// it is written out: of an object by the key, of a list by the number or by the text itself.
func (c *compiler) within(expr hcl.Expression, path []string) diag.Span {
	here := lang.Span(expr.Range())
	if len(path) == 0 {
		return here
	}
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return c.within(e.Expression, path)
	case *hclsyntax.ScopeTraversalExpr:
		if len(e.Traversal) == 2 && e.Traversal.RootName() == "local" {
			if b := c.scope.locals[stepName(e.Traversal[1])]; b != nil && b.expr != nil {
				return c.within(b.expr, path)
			}
		}
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "merge" {
			for i := len(e.Args) - 1; i >= 0; i-- {
				if at := c.within(e.Args[i], path); at != lang.Span(e.Args[i].Range()) {
					return at
				}
			}
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			key, diags := item.KeyExpr.Value(nil)
			if diags.HasErrors() || key.IsNull() || key.Type() != cty.String || key.AsString() != path[0] {
				continue
			}
			if len(path) > 1 {
				if at := c.within(item.ValueExpr, path[1:]); at != lang.Span(item.ValueExpr.Range()) {
					return at
				}
			}
			return lang.Span(hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range()))
		}
	case *hclsyntax.TupleConsExpr:
		for i, element := range e.Exprs {
			text, diags := element.Value(nil)
			same := !diags.HasErrors() && text.Type() == cty.String && !text.IsNull() && text.AsString() == path[0]
			if same || itoa(i) == path[0] {
				return c.within(element, path[1:])
			}
		}
	}
	return here
}
