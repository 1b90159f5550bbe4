package compiler

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// emptySlot is the label that leaves a slot empty; a module SLOT-none of the library says
// what that means for others.
const emptySlot = "none"

// resolveModules loads the modules of the slots, addons and module blocks: the
// slots' in their order, then the others by name, so that the order of blocks
// means nothing.
func (c *compiler) resolveModules() {
	bySlot := map[string]*lang.CallDecl{}
	var free []*lang.CallDecl
	for _, call := range c.def.Calls {
		if call.Slot == "" {
			free = append(free, call)
			continue
		}
		if first := bySlot[call.Slot]; first != nil {
			c.err(diag.DuplicateSlot, call.Span, fmt.Sprintf("%s is filled a second time", call.Slot), "keep one of them",
				diag.Note{Span: first.Span, Label: "first here"})
			continue
		}
		bySlot[call.Slot] = call
	}
	for _, slot := range c.lib.Slots {
		call := bySlot[slot.Name]
		switch {
		case call != nil && c.slotModule(slot.Name, call.Source) == emptySlot:
		case call != nil:
			c.addModule(call, c.slotModule(slot.Name, call.Source), slot.Name)
		case slot.Default != "" && c.libraryHas(slot.Default):
			c.addModule(nil, slot.Default, slot.Name)
		}
	}
	sort.SliceStable(free, func(i, j int) bool {
		a, b := free[i].Source, free[j].Source
		if path.Base(a) != path.Base(b) {
			return path.Base(a) < path.Base(b)
		}
		return a < b
	})
	for _, call := range free {
		c.addModule(call, call.Source, "")
	}
	c.checkModuleSet()
}

func (c *compiler) libraryHas(name string) bool {
	info, err := fs.Stat(c.lib.FS, path.Join("modules", name))
	return err == nil && info.IsDir()
}

// slotModule is what fills a slot by that label: the library's modules for one slot
// may have its name before theirs, so that etcd "hosts" is etcd-hosts.
func (c *compiler) slotModule(slot, label string) string {
	if name := slot + "-" + label; !isPath(label) && !c.libraryHas(label) && c.libraryHas(name) {
		return name
	}
	return label
}

func isPath(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || strings.HasPrefix(source, "/")
}

// addModule loads one module and makes its scope.
func (c *compiler) addModule(call *lang.CallDecl, source, slot string) {
	var fsys fs.FS
	var shown string
	switch {
	case isPath(source):
		dir := source
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(c.def.Dir, source)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			c.wrong.slots[slot] = true
			c.err(diag.UnknownModule, callSpan(call), fmt.Sprintf("there is no folder %s", path.Join(c.def.Dir, source)), "")
			return
		}
		fsys, shown = os.DirFS(dir), path.Join(c.def.Dir, source)
	case c.libraryHas(source):
		sub, err := fs.Sub(c.lib.FS, path.Join("modules", source))
		if err != nil {
			c.err(diag.UnknownModule, callSpan(call), err.Error(), "")
			return
		}
		fsys, shown = sub, path.Join("stdlib/modules", source)
	default:
		c.wrong.slots[slot] = true
		c.unknownModule(call, source, slot)
		return
	}
	decl, diags := lang.LoadModule(fsys, path.Base(filepath.ToSlash(source)), shown)
	for _, d := range diags {
		c.report(d)
	}
	if decl == nil {
		return
	}
	for name, text := range decl.Sources {
		c.def.Sources[name] = text
	}
	m := &module{decl: decl, call: call, order: len(c.modules), span: decl.Span}
	if call != nil {
		m.span = call.Span
		if slot != "" && decl.Slot != slot {
			c.wrong.slots[slot] = true
			c.wrongSlot(call, decl, slot)
			return
		}
	}
	if first := c.otherModule(decl.Name); first != nil {
		c.err(diag.DuplicateModule, m.span, fmt.Sprintf("there is a module %s already", decl.Name), "", diag.Note{Span: first.span, Label: "here"})
		return
	}
	m.scope = c.moduleScope(m)
	c.modules = append(c.modules, m)
}

func callSpan(call *lang.CallDecl) diag.Span {
	if call == nil {
		return diag.Span{}
	}
	if len(call.LabelSpan) > 0 {
		return call.LabelSpan[0]
	}
	return call.Span
}

// moduleScope makes the names that a module's expressions can use.
func (c *compiler) moduleScope(m *module) *scope {
	d := m.decl
	sc := &scope{
		title: "module " + d.Name, label: shellName(d.Name), dir: d.Path, fsys: d.FS,
		locals: map[string]*binding{}, inputs: map[string]*binding{}, arts: map[string]*binding{}, outs: map[string]bool{},
		roots: map[string]cty.Value{"operation": cty.StringVal(c.def.Operation)},
	}
	sc.funcs = c.functions(d.FS, d.Path)
	for _, name := range []string{"cluster", "catalog", "mirror"} {
		sc.roots[name] = c.scope.roots[name]
	}
	for _, name := range sortedKeys(d.Locals) {
		sc.locals[name] = localBinding(d.Locals[name], sc)
	}
	for _, in := range d.Inputs {
		sc.inputs[in.Name] = c.inputBinding(in, m, sc)
	}
	for _, a := range d.Artifacts {
		if len(a.Labels) == 1 {
			sc.arts[a.Labels[0]] = c.artifactBinding(a, sc)
		}
	}
	for _, o := range d.Outputs {
		if len(o.Labels) == 1 {
			sc.outs[o.Labels[0]] = true
		}
	}
	return sc
}

// otherModule returns the module of that name, or nil.
func (c *compiler) otherModule(name string) *module {
	for _, m := range c.modules {
		if m.decl.Name == name {
			return m
		}
	}
	return nil
}

// outputValue stands for an output in expressions: a marked text, or for
// another module an object of its outputs.
func (c *compiler) outputValue(sc *scope, name string) cty.Value {
	one := func(module, output string) cty.Value {
		id := module + "/" + output
		return cty.StringVal("live:" + id).Mark(liveMark(id))
	}
	if sc.outs[name] {
		return one(strings.TrimPrefix(sc.title, "module "), name)
	}
	attrs := map[string]cty.Value{}
	other := c.otherModule(name)
	for o := range other.scope.outs {
		attrs[o] = one(name, o)
	}
	return cty.ObjectVal(attrs)
}

// checkModuleSet checks what modules say of each other.
func (c *compiler) checkModuleSet() {
	c.checkRequired()
	for _, m := range c.modules {
		for _, r := range m.decl.Conflicts {
			if other := c.otherModule(r.Name); other != nil {
				c.err(diag.ModuleConflicts, m.span, fmt.Sprintf("%s cannot be used with %s", m.decl.Name, r.Name), "remove one of them", diag.Note{Span: other.span, Label: "used here"})
			}
		}
	}
}
