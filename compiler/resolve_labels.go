package compiler

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// libraryModules are the library's modules by their slots, "" for those that fill none,
// each by its folder's name. They are read to say what else could be written.
func (c *compiler) libraryModules() map[string][]string {
	bySlot := map[string][]string{}
	entries, _ := fs.ReadDir(c.lib.FS, "modules")
	for _, e := range entries {
		if e.IsDir() {
			slot := c.slotOf(e.Name())
			bySlot[slot] = append(bySlot[slot], e.Name())
		}
	}
	return bySlot
}

// slotOf is the slot that a module of the library fills; "" if none.
func (c *compiler) slotOf(name string) string {
	sub, err := fs.Sub(c.lib.FS, path.Join("modules", name))
	if err != nil || !c.libraryHas(name) {
		return ""
	}
	decl, _ := lang.LoadModule(sub, name, path.Join("stdlib/modules", name))
	return decl.Slot
}

// labelOf is what a module is called in the block of its slot.
func labelOf(module, slot string) string { return strings.TrimPrefix(module, slot+"-") }

// blockOf is the block that uses a module of the library.
func (c *compiler) blockOf(module, slot string) string {
	switch {
	case slot != "":
		return fmt.Sprintf("%s %q {}", slot, labelOf(module, slot))
	case c.libraryHas(module):
		return fmt.Sprintf("addon %q {}", module)
	}
	return fmt.Sprintf(`module "./%s" {}, with the path of its folder`, module)
}

// unknownModule reports a label that is no module of the library: with the nearest of
// those that could stand there, else all of them.
func (c *compiler) unknownModule(call *lang.CallDecl, source, slot string) {
	bySlot := c.libraryModules()
	var fitting, all []string // labels that could stand here, and any module's name
	for _, s := range sortedKeys(bySlot) {
		for _, name := range bySlot[s] {
			all = append(all, name)
			if s == slot {
				fitting = append(fitting, labelOf(name, s))
			}
		}
	}
	label, fix := fmt.Sprintf("the library has no module %q", source), diag.Dropped(source)
	if slot != "" {
		label += " for the slot " + slot
	}
	if fix == "" {
		fix = didYouMean(diag.Suggest(source, fitting))
	}
	if near := diag.Suggest(source, all); fix == "" && near != "" {
		fix = didYouMean(near)
		if s := c.slotOf(near); s != slot {
			fix = "did you mean the block " + c.blockOf(near, s) + "?"
		}
	}
	switch {
	case fix != "":
	case len(fitting) > 0:
		fix = fmt.Sprintf("use one of %s; or a folder of your own, by a path that begins with ./", strings.Join(fitting, ", "))
	default:
		fix = "the library has none for this block; a folder of your own is named by a path that begins with ./"
	}
	c.err(diag.UnknownModule, callSpan(call), label, fix)
}

// wrongSlot reports a module in a slot that it does not fill: with the block that it is
// for, if it is the library's.
func (c *compiler) wrongSlot(call *lang.CallDecl, decl *lang.Module, slot string) {
	label, fix := fmt.Sprintf("%s does not fill the slot %s", decl.Name, slot), ""
	var fitting []string
	for _, name := range c.libraryModules()[slot] {
		fitting = append(fitting, labelOf(name, slot))
	}
	switch {
	case decl.Slot != "":
		label += fmt.Sprintf(" but %s", decl.Slot)
		fix = fmt.Sprintf("write %s %q", decl.Slot, labelOf(call.Source, decl.Slot))
	default:
		label += ": it fills none"
		fix = fmt.Sprintf("write module %q", call.Source)
	}
	if len(fitting) > 0 {
		fix += fmt.Sprintf("; %s takes %s", slot, strings.Join(fitting, ", "))
	}
	c.err(diag.WrongSlot, callSpan(call), label, fix, diag.Note{Span: decl.Span, Label: "the module says so here"})
}
