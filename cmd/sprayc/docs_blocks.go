package main

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/zclconf/go-cty/cty"
)

// docBlocks are the sections about the blocks that stand in one of those named.
func docBlocks(in ...string) string {
	var b strings.Builder
	for _, block := range lang.Blocks() {
		if slices.Contains(in, block.In) {
			docBlock(&b, block)
		}
	}
	return strings.TrimSpace(b.String())
}

// docBlock is about one block of the language.
func docBlock(b *strings.Builder, block lang.Block) {
	title := block.Name
	if block.Label != "" {
		title += fmt.Sprintf(" %q", block.Label)
	}
	fmt.Fprintf(b, "\n### %s\n\n%s.", title, upper(block.Summary))
	if block.In != "definition" && block.In != "module" {
		fmt.Fprintf(b, " It stands in `%s`.", block.In)
	}
	b.WriteString("\n")
	if len(block.Arguments) > 0 {
		b.WriteString("\n| argument | type | default | |\n|---|---|---|---|\n")
	}
	for _, a := range block.Arguments {
		def := code(a.Default)
		if a.Required {
			def = "required"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", a.Name, docType(a.Type), def, cell(a.Summary))
	}
	switch {
	case block.Others != "" && len(block.Arguments) > 0:
		fmt.Fprintf(b, "\nBeside these: %s.\n", block.Others)
	case block.Others != "":
		fmt.Fprintf(b, "\nIt has: %s.\n", block.Others)
	}
	if block.Example != "" {
		fence := "hcl"
		if block.InModule() {
			fence = "hcl module"
		}
		fmt.Fprintf(b, "\n```%s\n%s\n```\n", fence, block.Example)
	}
}

// docType is a type as one would write it; any says nothing.
func docType(ty cty.Type) string {
	if ty == cty.DynamicPseudoType {
		return ""
	}
	return code(typeexpr.TypeString(ty))
}

// docSlots is the table of the slots, and an example of each.
func docSlots(b *strings.Builder, lib *lang.Library) error {
	b.WriteString("| slot | default | modules | what it is |\n|---|---|---|---|\n")
	for _, slot := range lib.Slots {
		modules, err := fillers(slot.Name)
		if err != nil {
			return err
		}
		var filled []string
		for _, m := range modules {
			filled = append(filled, "`"+m.label+"`")
		}
		def := "empty"
		if slot.Default != "" {
			def = "`" + slot.Default + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", slot.Name, def, strings.Join(filled, ", "), slot.Summary)
	}
	b.WriteString("\n```hcl slots\n")
	for i, slot := range lib.Slots {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(slot.Example)
	}
	b.WriteString("```\n")
	return nil
}

// filler is a module of the library that fills a slot.
type filler struct {
	*lang.Module
	label string // what the slot's block calls it
}

// fillers are the modules of the library for a slot.
func fillers(slot string) (all []filler, err error) {
	for _, name := range libraryModules() {
		fsys, err := fs.Sub(stdlib.FS, "modules/"+name)
		if err != nil {
			return nil, err
		}
		m, diags := lang.LoadModule(fsys, name, path.Join("stdlib/modules", name))
		if diags.HasErrors() {
			return nil, fmt.Errorf("the module %s has errors: %s", name, diags[0].Label)
		}
		if m.Slot == slot {
			all = append(all, filler{m, strings.TrimPrefix(name, slot+"-")})
		}
	}
	return all, nil
}

// docSlot is the page about one slot.
func docSlot(b *strings.Builder, slot *lang.Slot) error {
	modules, err := fillers(slot.Name)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\n### %s\n\n%s. A block of this name fills it: its label names the module, one of these or a folder of yours (`%s \"./mine\" {}`), and its arguments are that module's. ", slot.Name, upper(slot.Summary), slot.Name)
	if slot.Default != "" {
		fmt.Fprintf(b, "Without such a block it is `%s`; `%s \"none\" {}` leaves it empty.\n", slot.Default, slot.Name)
	} else {
		b.WriteString("Without such a block it is empty.\n")
	}
	b.WriteString("\n| module | what it is | arguments |\n|---|---|---|\n")
	for _, m := range modules {
		var inputs []string
		for _, in := range m.Inputs {
			text := "`" + in.Name + "`"
			if in.Default == nil {
				text += " (required)"
			}
			inputs = append(inputs, text)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", m.label, cell(m.Summary), strings.Join(inputs, ", "))
	}
	b.WriteString("\nTheir types, defaults and what they mean: ")
	for i, m := range modules {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(b, "`sprayc explain %s`", m.Name)
	}
	fmt.Fprintf(b, ".\n\n```hcl\n%s```\n", slot.Example)
	if len(slot.Provides) > 0 {
		fmt.Fprintf(b, "\nOther modules see what its module provides as `slot.%s.NAME`: %s; and `slot.%s.filled`, whether there is one.\n", slot.Name, names(slot.Provides), slot.Name)
	}
	return nil
}
