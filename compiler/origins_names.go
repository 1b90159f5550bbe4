package compiler

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
)

// addresses are the blocks that speak of a host: its hosts block, and its own.
func (h *host) addresses() []string {
	list := []string{h.block.Address("")}
	if h.over != nil {
		list = append(list, h.over.Address(""))
	}
	return list
}

// own is a name of a scope: `containerd: input.root`; of the definition there is no
// prefix.
func (sc *scope) own(name string) string {
	if sc.inputs == nil {
		return name
	}
	return strings.TrimPrefix(sc.title, "module ") + ": " + name
}

// add notes a name; made fills it the first time.
func (f *originFinder) add(name string, made func(o *ir.Origin)) string {
	if f.names[name] == nil {
		o := &ir.Origin{Name: name}
		f.names[name] = o // before what it is made from: a name is looked at once
		made(o)
	}
	return name
}

// traversal is the names that one use of a variable stands for.
func (f *originFinder) traversal(t hcl.Traversal, sc *scope) []string {
	root, attr := t.RootName(), ""
	if len(t) > 1 {
		attr = stepName(t[1])
	}
	in := map[string]map[string]*binding{"local": sc.locals, "input": sc.inputs, "artifact": sc.arts}[root]
	switch {
	case root == "each" && sc.each != nil && sc.each.over != nil:
		return f.uses(sc.each.over, sc.each.scope)
	case root == "slot":
		return f.slot(t)
	case root == "hosts":
		return []string{f.hosts()}
	case root == "output":
		return []string{f.output(sc, t)}
	case in != nil && attr == "":
		var all []string
		for _, name := range sortedKeys(in) {
			all = append(all, f.named(root, name, sc))
		}
		return all
	case in != nil:
		return []string{f.named(root, attr, sc)}
	case root == "host":
		return []string{f.host(attr)}
	case root == "cluster" || root == "catalog" || root == "mirror" || root == "proxy" || root == "var":
		return f.root(root, attr)
	}
	return nil
}

// named is a local, input or artifact of a scope.
func (f *originFinder) named(root, name string, sc *scope) string {
	if root == "local" && sc.inputs == nil {
		return f.add(lang.LocalAddress(name), func(o *ir.Origin) { f.fill(o, sc.locals[name], true) })
	}
	return f.add(sc.own(root+"."+name), func(o *ir.Origin) {
		switch root {
		case "local":
			f.fill(o, sc.locals[name], false)
		case "input":
			f.input(o, name, sc)
		case "artifact":
			b := sc.arts[name]
			if b == nil {
				return
			}
			o.Source = b.span
			for i, expr := range b.deps {
				o.Uses = append(o.Uses, f.uses(expr, sc)...)
				if component, constant := constantText(expr); i == 0 && constant {
					o.Uses = append(o.Uses, f.catalog(component))
				}
			}
			o.Uses = append(o.Uses, f.root("mirror", "files")...)
			o.Uses = unique(o.Uses)
		}
	})
}

// fill is a name that stands for an expression.
func (f *originFinder) fill(o *ir.Origin, b *binding, definition bool) {
	if b == nil {
		return
	}
	o.Source, o.Definition = b.span, definition
	if b.expr != nil {
		o.Uses = f.uses(b.expr, b.scope)
	}
}

// input is an input of a module: its declaration, and the argument or the default.
func (f *originFinder) input(o *ir.Origin, name string, sc *scope) {
	m := f.c.otherModule(strings.TrimPrefix(sc.title, "module "))
	if m == nil {
		return
	}
	for _, in := range m.decl.Inputs {
		if in.Name != name {
			continue
		}
		o.Source, o.Reason = in.Span, in.Description
		if m.call != nil && m.call.Attrs[name] != nil {
			o.Uses = []string{f.attribute(m.call.BlockDecl, "", m.call.Attrs[name])}
			return
		}
		o.Default = true
		if in.Default != nil {
			o.Uses, o.Text = f.uses(in.Default, sc), f.written(in.Default)
		}
	}
}

// longest is the most bytes of a default that is shown as it is written.
const longest = 60

// written is an expression as it is written, if that is short and in one line.
func (f *originFinder) written(expr hcl.Expression) string {
	text := string(f.c.source(lang.Span(expr.Range())))
	if len(text) > longest || strings.Contains(text, "\n") {
		return ""
	}
	return text
}

// attribute is an attribute of the definition.
func (f *originFinder) attribute(b *lang.BlockDecl, before string, a *lang.AttrDecl) string {
	return f.add(before+b.Address(a.Name), func(o *ir.Origin) {
		o.Source, o.Definition = a.Span, true
		o.Uses = f.uses(a.Expr, f.c.scope)
	})
}

// block is a block of the definition as a whole.
func (f *originFinder) block(b *lang.BlockDecl) string {
	return f.add(b.Address(""), func(o *ir.Origin) { o.Source, o.Definition = b.Span, true })
}

// moduleName is the module itself: who calls it, or which slot it fills by default.
func (f *originFinder) moduleName(m *module) string {
	return f.add("module "+m.decl.Name, func(o *ir.Origin) {
		o.Source, o.Reason = m.decl.Span, m.decl.Summary
		if m.call != nil {
			o.Uses = []string{f.block(m.call.BlockDecl)}
			return
		}
		o.Default = true
	})
}

// host is a value of the host: what all blocks say of it, and the default.
func (f *originFinder) host(attr string) string {
	if attr == "" {
		return f.hosts()
	}
	return f.add("host."+attr, func(o *ir.Origin) {
		if s := f.c.settings[attr]; s != nil {
			o.Source, o.Reason, o.Default = s.decl.Span, s.decl.Description, s.decl.Default != nil
			if s.decl.Default != nil {
				o.Uses, o.Text = f.uses(s.decl.Default, s.module.scope), f.written(s.decl.Default)
			}
		}
		if attr == "os_family" {
			attr = "os"
		}
		for _, list := range [][]*lang.BlockDecl{f.c.def.Hosts, f.c.def.Host} {
			for _, b := range list {
				if a := b.Attrs[attr]; a != nil {
					o.Uses = append(o.Uses, f.attribute(b, "", a))
				} else if attr == "name" || attr == "index" {
					o.Uses = append(o.Uses, f.block(b))
				}
			}
		}
		o.Uses = unique(o.Uses)
	})
}

// hosts is the list of all hosts.
func (f *originFinder) hosts() string {
	return f.add("hosts", func(o *ir.Origin) {
		o.Reason = "all hosts of the definition"
		for _, list := range [][]*lang.BlockDecl{f.c.def.Hosts, f.c.def.Host} {
			for _, b := range list {
				o.Uses = append(o.Uses, f.block(b))
			}
		}
	})
}

// output is a value of a module that is known only while running.
func (f *originFinder) output(sc *scope, t hcl.Traversal) string {
	module, name := strings.TrimPrefix(sc.title, "module "), stepName(t[1])
	if !sc.outs[name] && len(t) > 2 {
		module, name = name, stepName(t[2])
	}
	return f.add(module+": output."+name, func(o *ir.Origin) {
		o.Reason = "known only while running"
		if m := f.c.otherModule(module); m != nil {
			for _, b := range m.decl.Outputs {
				if len(b.Labels) == 1 && b.Labels[0] == name {
					o.Source = b.Span
				}
			}
		}
	})
}

// slot is what the module in a slot provides, or that there is none.
func (f *originFinder) slot(t hcl.Traversal) []string {
	var slot, provided string
	if len(t) > 1 {
		slot = stepName(t[1])
	}
	if len(t) > 2 {
		provided = stepName(t[2])
	}
	name := strings.TrimSuffix("slot."+slot+"."+provided, ".")
	return []string{f.add(name, func(o *ir.Origin) {
		for _, m := range f.c.modules {
			if m.decl.Slot != slot || m.call != nil && m.call.Slot != slot {
				continue
			}
			o.Uses = append(o.Uses, f.moduleName(m))
			for _, p := range m.decl.Provides {
				if len(p.Labels) == 1 && p.Attrs["value"] != nil && (provided == "" || p.Labels[0] == provided) {
					o.Source = p.Span
					o.Uses = append(o.Uses, f.uses(p.Attrs["value"].Expr, m.scope)...)
				}
			}
		}
		for _, call := range f.c.def.Calls { // also one that leaves it empty
			if call.Slot == slot {
				o.Uses = append(o.Uses, f.block(call.BlockDecl))
			}
		}
		o.Uses = unique(o.Uses)
	})}
}

// root is a part of what is the same everywhere.
func (f *originFinder) root(root, attr string) []string {
	def := f.c.def
	switch root {
	case "catalog":
		if attr != "" {
			return []string{f.catalog(attr)}
		}
		return []string{f.add("catalog", func(o *ir.Origin) { o.Reason = "all versions that the catalog has" })}
	case "var":
		return []string{f.add(lang.VariableAddress(attr), func(o *ir.Origin) {
			if v := def.Variables[attr]; v != nil {
				o.Source, o.Definition = v.Span, true
			}
		})}
	case "cluster":
		if attr == "name" && def.Cluster != nil {
			return []string{f.block(def.Cluster)}
		}
		return f.partOf(def.Cluster, "cluster", attr, "domain is cluster.local, all else empty, unless the cluster block says another")
	case "proxy":
		if attr == "no_proxy" {
			return []string{f.add("proxy no_proxy", func(o *ir.Origin) {
				o.Reason = "the cluster's own names and ranges, its servers and mirrors, and what the proxy block adds"
				o.Default = def.Proxy == nil || def.Proxy.Attrs[attr] == nil
				if !o.Default {
					o.Source, o.Definition = def.Proxy.Attrs[attr].Span, true
					o.Uses = f.uses(def.Proxy.Attrs[attr].Expr, f.c.scope)
				}
			})}
		}
		if attr == "enabled" && def.Proxy != nil {
			return []string{f.block(def.Proxy)}
		}
		return f.partOf(def.Proxy, "proxy", attr, "there is no proxy unless the definition has a proxy block")
	}
	return f.mirror(attr)
}

// partOf is an attribute of a block that there is once, or its default.
func (f *originFinder) partOf(b *lang.BlockDecl, what, attr, reason string) []string {
	if b != nil && b.Attrs[attr] != nil {
		return []string{f.attribute(b, "", b.Attrs[attr])}
	}
	return []string{f.add(strings.TrimSpace(what+" "+attr), func(o *ir.Origin) { o.Default, o.Reason = true, reason })}
}

// mirror is where downloads or images come from instead.
func (f *originFinder) mirror(attr string) []string {
	b := f.c.def.Mirror
	if attr != "registries" || b == nil || len(b.Blocks) == 0 {
		return f.partOf(b, "mirror", attr, "downloads and images come from upstream unless the definition has a mirror block")
	}
	var all []string
	for _, registry := range b.Blocks {
		for _, name := range sortedKeys(registry.Attrs) {
			all = append(all, f.attribute(registry, b.Address("")+" ", registry.Attrs[name]))
		}
	}
	return all
}

// catalog is a component of the catalog.
func (f *originFinder) catalog(component string) string {
	return f.add("catalog "+component, func(o *ir.Origin) {
		if known := f.c.catalog.Components[component]; known != nil {
			o.Source, o.Reason = known.Span, "the catalog's versions and digests"
			o.Definition = !strings.HasPrefix(known.Span.File, "stdlib/")
		}
		for _, b := range f.c.def.Catalogs {
			o.Uses = append(o.Uses, f.block(b))
		}
	})
}

// called is a file that a function reads, or a secret, by a constant name.
func (f *originFinder) called(call *hclsyntax.FunctionCallExpr, text string, sc *scope) string {
	switch call.Name {
	case "file", "template", "templatefile":
		if len(call.Args) == 2 {
			f.given(path.Join(sc.dir, path.Clean(text)), call.Args[1], sc)
		}
		return f.add(sc.own("file "+path.Clean(text)), func(o *ir.Origin) {
			o.Source = startOf(path.Join(sc.dir, path.Clean(text)))
			o.Definition = sc.inputs == nil
		})
	case "secret", "secret_file":
		return f.add("secret "+text, func(o *ir.Origin) { o.Reason = "known only while running: the runner reads it" })
	}
	return ""
}

// unique is a list without repetitions.
func unique(list []string) []string {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s] = true
	}
	return sortedKeys(seen)
}
