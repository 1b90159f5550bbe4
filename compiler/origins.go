package compiler

import (
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// origins says for each place that the plan's scripts name of what its value is made,
// and for each of these names where it stands, and of what it is made in turn. It is
// found from the free variables, as binding times are.
func (c *compiler) origins(plan *ir.Plan) {
	f := &originFinder{c: c, names: map[string]*ir.Origin{}, places: map[placeKey]*placeUses{}, values: map[string]map[string]map[string]bool{}}
	f.wantAll(plan)
	for key := range c.bounds {
		if key.scope.inputs != nil { // the definition's own are reached by their names
			f.place(lang.Span(key.expr.Range()), key.expr, key.scope)
		}
	}
	for _, m := range c.modules {
		f.module(m)
	}
	for _, key := range f.order() {
		p := f.places[key]
		plan.Places = append(plan.Places, ir.Place{Source: p.span, Uses: sortedKeys(p.uses)})
	}
	f.contents(plan)
	for _, name := range sortedKeys(f.names) {
		o := f.names[name]
		sort.Strings(o.Uses)
		plan.Origins = append(plan.Origins, *o)
	}
}

// originFinder follows names to what they stand for.
type originFinder struct {
	c      *compiler
	names  map[string]*ir.Origin
	places map[placeKey]*placeUses
	values map[string]map[string]map[string]bool // of templates: by file and name what they are made from
}

// placeKey is a place as scripts name it: where something begins.
type placeKey struct {
	file         string
	line, column int
}

type placeUses struct {
	span diag.Span
	uses map[string]bool
}

func keyOf(span diag.Span) placeKey { return placeKey{span.File, span.Start.Line, span.Start.Column} }

// order is the places by file, line and column.
func (f *originFinder) order() []placeKey {
	keys := make([]placeKey, 0, len(f.places))
	for key := range f.places {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if a.file != b.file {
			return a.file < b.file
		}
		if a.line != b.line {
			return a.line < b.line
		}
		return a.column < b.column
	})
	return keys
}

// wantAll notes the places that scripts and payloads of the plan name.
func (f *originFinder) wantAll(plan *ir.Plan) {
	for _, s := range plan.Steps {
		f.want(s.Source)
		for _, v := range s.Variants {
			for _, r := range v.Resources {
				f.want(r.Source)
				f.wantArgs(r.Args)
				f.defaults(r)
				for _, script := range []*ir.Script{r.Probe, r.Act} {
					if script != nil { // the resource's own place has their files
						f.wantArgs(script.Env)
					}
				}
				f.wantScript(r.Ready)
			}
			for _, script := range v.Verifies {
				f.wantScript(script)
			}
		}
	}
	for _, o := range plan.Outputs {
		f.want(o.Source)
		for _, script := range []*ir.Script{o.Script, o.Revoke} {
			if script != nil {
				f.wantArgs(script.Env)
			}
		}
	}
	for _, file := range plan.Files {
		f.want(file.Source)
	}
	for _, h := range plan.Hosts {
		for _, file := range h.Payloads {
			f.want(file.Source)
		}
	}
}

func (f *originFinder) want(span diag.Span) {
	if key := keyOf(span); span.File != "" && f.places[key] == nil {
		f.places[key] = &placeUses{span: span, uses: map[string]bool{}}
	}
}

func (f *originFinder) wantArgs(args []ir.Arg) {
	for _, arg := range args {
		f.want(arg.Source)
	}
}

func (f *originFinder) wantScript(s *ir.Script) {
	if s != nil {
		f.want(s.Source)
		f.wantArgs(s.Env)
	}
}

// defaults names the attributes of a resource that have their kind's default.
func (f *originFinder) defaults(r *ir.Resource) {
	kind := f.c.lib.Kinds[r.Kind]
	if kind == nil {
		return
	}
	for _, arg := range r.Args {
		if arg.Source != kind.Span {
			continue
		}
		name, _, _ := strings.Cut(arg.Name, ".")
		for _, a := range kind.Attributes {
			if a.Name == name {
				f.names[KindOrigin(kind.Name, name)] = &ir.Origin{Name: KindOrigin(kind.Name, name), Source: kind.Span, Default: true, Reason: a.Summary}
			}
		}
	}
}

// KindOrigin is the name of the default of a kind's attribute.
func KindOrigin(kind, attr string) string { return "kind " + kind + ": " + attr }

// place adds what an expression uses to its place, if that is wanted.
func (f *originFinder) place(at diag.Span, expr hcl.Expression, sc *scope) {
	if p := f.places[keyOf(at)]; p != nil && expr != nil {
		for _, name := range f.uses(expr, sc) {
			p.uses[name] = true
		}
	}
}

// module adds to the places of a module's steps, resources, checks and outputs what
// decides that they are there, and what scripts they run.
func (f *originFinder) module(m *module) {
	self := f.moduleName(m)
	for _, s := range m.steps {
		if p := f.places[keyOf(s.decl.Span)]; p != nil {
			p.uses[self] = true
		}
		f.attrs(s.decl.Span, s.decl.Attrs, []string{"when"}, s.scope)
		for _, r := range s.decl.Resources {
			f.attrs(r.Span, r.Attrs, []string{"when", "for_each", "name", "probe", "act"}, s.scope)
			f.live(r, s.scope)
			for _, ready := range r.Blocks {
				f.attrs(ready.Span, ready.Attrs, []string{"script", "timeout"}, s.scope)
			}
		}
		for _, v := range s.decl.Verifies {
			f.attrs(v.Span, v.Attrs, []string{"when", "script"}, s.scope)
		}
	}
	for _, o := range m.decl.Outputs {
		if p := f.places[keyOf(o.Span)]; p != nil {
			p.uses[self] = true
		}
		f.attrs(o.Span, o.Attrs, []string{"pattern", "ttl", "secret", "script", "revoke", "members", "refuses"}, m.scope)
	}
}

func (f *originFinder) attrs(at diag.Span, attrs lang.Attrs, names []string, sc *scope) {
	for _, name := range names {
		if a := attrs[name]; a != nil {
			f.place(at, a.Expr, sc)
		}
	}
}

// live adds the live values of a resource to its place: they stand in no line of their
// own.
func (f *originFinder) live(r *lang.BlockDecl, sc *scope) {
	if a := r.Attrs["for_each"]; a != nil {
		inner := *sc
		inner.each = &eachValue{over: a.Expr, scope: sc}
		sc = &inner
	}
	for _, name := range sortedKeys(r.Attrs) {
		for _, used := range f.uses(r.Attrs[name].Expr, sc) {
			if p := f.places[keyOf(r.Span)]; p != nil && (strings.Contains(used, ": output.") || strings.HasPrefix(used, "secret ")) {
				p.uses[used] = true
			}
		}
	}
}

// uses are the names that an expression is made from, sorted.
func (f *originFinder) uses(expr hcl.Expression, sc *scope) []string {
	set := map[string]bool{}
	for _, t := range expr.Variables() {
		for _, name := range f.traversal(t, sc) {
			set[name] = true
		}
	}
	if node, ok := expr.(hclsyntax.Node); ok {
		_ = hclsyntax.VisitAll(node, func(n hclsyntax.Node) hcl.Diagnostics {
			if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && len(call.Args) > 0 {
				if text, constant := constantText(call.Args[0]); constant {
					if name := f.called(call, text, sc); name != "" {
						set[name] = true
					}
				}
			}
			return nil
		})
	}
	return sortedKeys(set)
}
