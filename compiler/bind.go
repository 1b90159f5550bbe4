package compiler

import (
	"fmt"
	"sort"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// exprKey identifies an expression in a scope.
type exprKey struct {
	expr  hcl.Expression
	scope *scope
}

// bound is what the free variables of an expression tell about it.
type bound struct {
	time  Time
	dims  Dims
	refs  []ref
	why   []diag.Note // the way to what makes it as late as it is
	hosts *diag.Span  // where it loops over hosts, or nil
	ok    bool        // every name in it exists
}

// ref is one name that an expression uses. attr is "" when the whole object is
// used, or indexed with something that is not a constant.
type ref struct {
	root string
	attr string
	span diag.Span
}

// later raises the bound's time because of something at a place.
func (b *bound) later(t Time, d Dims, label string, at diag.Span, via []diag.Note) {
	b.dims |= d
	if t <= b.time {
		return
	}
	b.time = t
	b.why = append([]diag.Note{{Span: at, Label: label}}, via...)
}

// bind finds the binding time of an expression from its free variables.
func (c *compiler) bind(expr hcl.Expression, sc *scope) *bound {
	key := exprKey{expr, sc}
	if b, ok := c.bounds[key]; ok {
		return b
	}
	b := &bound{ok: true}
	for _, traversal := range expr.Variables() {
		c.bindRef(b, sc, traversal)
	}
	if node, ok := expr.(hclsyntax.Node); ok {
		c.bindCalls(b, sc, node)
	}
	if b.hosts != nil && b.time == Host && b.ok {
		b.ok = false
		c.err(diag.HostsIterated, *b.hosts, "this loop would run once for each host", "group the hosts once in a local and index it", b.why...)
	}
	if sc.about {
		b.dims = 0
		if b.time == Class {
			b.time = Host
		}
	}
	c.bounds[key] = b
	return b
}

// bindRef adds what one variable of the expression tells.
func (c *compiler) bindRef(b *bound, sc *scope, traversal hcl.Traversal) {
	r := ref{root: traversal.RootName(), span: lang.Span(traversal.SourceRange())}
	if len(traversal) > 1 {
		r.attr = stepName(traversal[1])
	}
	b.refs = append(b.refs, r)
	switch r.root {
	case "host":
		c.bindHost(b, sc, r)
	case "local":
		c.bindNamed(b, "local", sc.locals, r, sc)
	case "input":
		c.bindNamed(b, "input", sc.inputs, r, sc)
	case "artifact":
		c.bindNamed(b, "artifact", sc.arts, r, sc)
	case "proxy":
		if sc.inputs == nil {
			c.bindRoot(b, sc, r)
			return
		}
		c.bindNamed(b, "proxy", c.proxy, r, sc)
	case "slot":
		if sc.inputs == nil {
			c.bindRoot(b, sc, r)
			return
		}
		c.bindNamed(b, "slot", c.slots, r, sc)
	case "each":
		if sc.each == nil {
			c.unknown(b, r, "each exists only beside for_each", "")
			return
		}
		b.later(sc.each.time, sc.each.dims, "each is a value of the host", r.span, nil)
	case "output":
		if r.attr == "" || !sc.outs[r.attr] && c.otherModule(r.attr) == nil {
			c.unknown(b, r, fmt.Sprintf("%s has no output %q", sc.title, r.attr), diag.Suggest(r.attr, sortedKeys(sc.outs)))
			return
		}
		b.later(Live, 0, "an output is known only while running", r.span, nil)
	case "hosts":
		if sc.inputs == nil && c.hosts == nil {
			b.ok = false
			c.err(diag.HostsInHosts, r.span, "hosts is made from this block", "use host.index, or a local")
		}
		if sc.inputs != nil && c.wrong.hosts {
			b.ok = false
		}
	default:
		if r.root == "var" {
			c.bindVariable(b, r)
		}
		c.bindRoot(b, sc, r)
	}
}

// bindVariable makes what uses a sensitive variable live.
func (c *compiler) bindVariable(b *bound, r ref) {
	for _, name := range sortedKeys(c.def.Variables) {
		if c.def.Variables[name].Sensitive && (r.attr == "" || r.attr == name) {
			b.later(Live, 0, "var."+name+" is sensitive: it is known only while running", r.span, nil)
		}
	}
}

// bindRoot checks a name that is the same everywhere: cluster, var, catalog...
func (c *compiler) bindRoot(b *bound, sc *scope, r ref) {
	root, ok := sc.roots[r.root]
	if !ok {
		names := append(sortedKeys(sc.roots), "host", "hosts", "local")
		if sc.inputs != nil {
			names = append(names, "input", "artifact", "output", "proxy")
		}
		label, near := fmt.Sprintf("there is no %q here", r.root), diag.Suggest(r.root, names)
		if near == "" && r.attr == "" { // a word alone: most likely text
			b.ok = false
			c.err(diag.UnknownName, r.span, label, fmt.Sprintf("write it in quotes if it is text: %q", r.root))
			return
		}
		c.unknown(b, r, label, near)
		return
	}
	if r.root == "cluster" && c.wrong.cluster[r.attr] {
		b.ok = false
		return
	}
	if r.attr == "" || !root.Type().IsObjectType() || root.Type().HasAttribute(r.attr) {
		return
	}
	var names []string
	for name := range root.Type().AttributeTypes() {
		names = append(names, name)
	}
	sort.Strings(names)
	kind := diag.UnknownName
	if r.root == "catalog" {
		kind = diag.UnknownComponent
	}
	b.ok = false
	c.err(kind, r.span, fmt.Sprintf("%s has no %q", r.root, r.attr), didYouMean(diag.Suggest(r.attr, names)))
}

// classAttrs are the attributes of host that class time knows.
var classAttrs = map[string]Dims{"os": DimOS, "os_family": DimFamily, "arch": DimArch, "roles": DimRoles}

// hostAttrs are the attributes of host beside classAttrs and settings.
var hostAttrs = []string{"name", "index", "address", "state"}

func (c *compiler) bindHost(b *bound, sc *scope, r ref) {
	if dims, ok := classAttrs[r.attr]; ok {
		b.later(Class, dims, "host."+r.attr+" differs between classes of hosts", r.span, nil)
		return
	}
	if r.attr != "" && !contains(hostAttrs, r.attr) && c.settings[r.attr] == nil {
		names := append(sortedKeys(classAttrs), hostAttrs...)
		names = append(names, sortedKeys(c.settings)...)
		c.unknown(b, r, fmt.Sprintf("host has no %q", r.attr), diag.Suggest(r.attr, names))
		return
	}
	label := "host." + r.attr + " differs between hosts"
	if r.attr == "" {
		label = "host as a whole differs between hosts"
	}
	b.later(Host, DimHost, label, r.span, nil)
}

// bindNamed adds what a local, input or artifact tells: the time of its own
// expression.
func (c *compiler) bindNamed(b *bound, root string, in map[string]*binding, r ref, sc *scope) {
	if in == nil {
		c.unknown(b, r, fmt.Sprintf("there is no %s in %s", root, sc.title), "")
		return
	}
	names := []string{r.attr}
	if r.attr == "" {
		names = sortedKeys(in)
	}
	for _, name := range names {
		target, ok := in[name]
		if !ok {
			c.unknown(b, r, fmt.Sprintf("%s has no %s %q", sc.title, root, name), diag.Suggest(name, sortedKeys(in)))
			return
		}
		info := c.bindBinding(target, r)
		if !info.ok {
			b.ok = false
		}
		b.later(info.time, info.dims, target.title+" is used here", r.span, info.why)
	}
}

// bindBinding is bind for what a name stands for.
func (c *compiler) bindBinding(target *binding, from ref) *bound {
	if target.info != nil {
		return target.info
	}
	if target.busy {
		c.err(diag.ReferenceCycle, target.span, target.title+" depends on itself", "break the circle",
			diag.Note{Span: from.span, Label: "through this"})
		return &bound{}
	}
	target.busy = true
	switch {
	case target.deps != nil:
		info := target.least
		for _, expr := range target.deps {
			dep := c.bind(expr, target.scope)
			info.ok = info.ok && dep.ok
			info.later(dep.time, dep.dims, target.title+" depends on this", lang.Span(expr.Range()), dep.why)
		}
		target.info = &info
	case target.expr != nil:
		target.info = c.bind(target.expr, target.scope)
	default:
		target.info = &bound{ok: true}
	}
	info := target.info
	target.info = nil // what its validations use may not be made from it
	for _, expr := range target.tests {
		if expr != nil && !c.bind(expr, target.inner).ok {
			broken := *info
			broken.ok = false
			info = &broken
		}
	}
	target.info = info
	target.busy = false
	return target.info
}

func (c *compiler) unknown(b *bound, r ref, label, suggestion string) {
	b.ok = false
	c.err(diag.UnknownName, r.span, label, didYouMean(suggestion))
}

// bindCalls looks at function calls, for live values and unknown functions,
// and at loops over hosts.
func (c *compiler) bindCalls(b *bound, sc *scope, node hclsyntax.Node) {
	_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.FunctionCallExpr:
			at := lang.Span(n.NameRange)
			if _, ok := sc.funcs[n.Name]; !ok {
				b.ok = false
				c.err(diag.UnknownFunction, at, fmt.Sprintf("there is no function %q", n.Name), didYouMean(diag.Suggest(n.Name, sortedKeys(sc.funcs))))
			}
			if n.Name == "secret" || n.Name == "secret_file" {
				b.later(Live, 0, "a secret is known only while running", at, nil)
			}
		case *hclsyntax.ForExpr:
			c.bindLoop(b, n.CollExpr)
		case *hclsyntax.SplatExpr:
			c.bindLoop(b, n.Source)
		}
		return nil
	})
}

func (c *compiler) bindLoop(b *bound, coll hcl.Expression) {
	for _, t := range coll.Variables() {
		if t.RootName() == "hosts" {
			span := lang.Span(coll.Range())
			b.hosts = &span
		}
	}
}

// require reports when an expression is known later than its place allows.
func (c *compiler) require(b *bound, latest Time, at diag.Span, what string) bool {
	if !b.ok {
		return false
	}
	if b.time <= latest {
		return true
	}
	kind, label := diag.LateValue, fmt.Sprintf("%s must be known at %s time, this is known at %s time", what, latest, b.time)
	fix := ""
	if b.time == Live {
		kind, label = diag.LiveValue, what+" would be written into the bundle"
		fix = "give the live value whole to an attribute that takes one"
	}
	c.err(kind, at, label, fix, b.why...)
	return false
}

// stepName is the constant name of a traversal step: .name or ["name"].
func stepName(step hcl.Traverser) string {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name
	case hcl.TraverseIndex:
		if step.Key.Type().FriendlyName() == "string" && step.Key.IsKnown() && !step.Key.IsNull() {
			return step.Key.AsString()
		}
	}
	return ""
}

func didYouMean(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", name)
}

func itoa(n int) string { return strconv.Itoa(n) }

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
