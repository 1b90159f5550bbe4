package codegen

import (
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// readEffects reads what a kind's header says of its effects. They travel in the
// bundle, so that whoever reads it needs neither this library nor its version.
func readEffects(name string, body *hclsyntax.Body) bundle.Kind {
	kind := bundle.Kind{Source: "stdlib/" + name, Commands: stringsOf(body.Attributes["commands"]), MayUse: stringsOf(body.Attributes["may_use"]), EffectsOn: stringOf(body.Attributes["effects_on"]), Reads: stringOf(body.Attributes["reads"])}
	for _, block := range body.Blocks {
		attrs := block.Body.Attributes
		switch {
		case block.Type == "attribute" && flagOf(attrs["changes"]):
			kind.Changes = append(kind.Changes, block.Labels[0])
		case block.Type == "effect":
			kind.Effects = append(kind.Effects, bundle.KindEffect{
				Category: block.Labels[0], Action: stringOf(attrs["action"]), Subject: stringOf(attrs["subject"]),
				Fields: stringsOf(attrs["fields"]), When: stringOf(attrs["when"]), Each: stringOf(attrs["each"]),
				Family: stringOf(attrs["family"]), Security: stringOf(attrs["security"]),
				Irreversible: stringOf(attrs["irreversible"]), Stays: stringOf(attrs["stays"]),
			})
		}
	}
	return kind
}

func flagOf(attribute *hclsyntax.Attribute) bool {
	v := valueOf(attribute)
	return v != cty.NilVal && v.Type() == cty.Bool && v.True()
}

// says reports whether there is anything that the header of a kind tells of what it does.
func says(kind *bundle.Kind) bool {
	return len(kind.Effects) > 0 || len(kind.Changes) > 0 || len(kind.Commands)+len(kind.MayUse) > 0 || kind.Reads != ""
}

// planKinds are the kinds that some script uses, as far as they declare effects, commands or how they read;
// where all that is ours goes, which takes the files of all of them, all.
func (b *build) planKinds() []bundle.Kind {
	used := map[string]bool{}
	for _, script := range b.scripts {
		for _, kind := range script.kinds {
			used[kind] = true
		}
	}
	if slices.ContainsFunc(b.plan.Classes, b.clears) {
		for name := range b.library.kinds {
			used[name] = true
		}
	}
	var kinds []bundle.Kind
	for name := range used {
		kind := b.library.kinds[name].effects
		if says(&kind) {
			kind.Name = name
			kinds = append(kinds, kind)
		}
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i].Name < kinds[j].Name })
	return kinds
}

// planModules are the modules that the bundle was made from, by name.
func (b *build) planModules() []bundle.Module {
	var modules []bundle.Module
	for _, m := range b.plan.Modules {
		made := bundle.Module{Name: m.Name, Path: m.Path, Summary: m.Summary, Call: m.Call}
		if m.Call != "" {
			made.File = oneLine(m.Source.File)
		}
		modules = append(modules, made)
	}
	sort.Slice(modules, func(i, j int) bool {
		if modules[i].Name != modules[j].Name {
			return modules[i].Name < modules[j].Name
		}
		return modules[i].Path+modules[i].Call < modules[j].Path+modules[j].Call
	})
	return modules
}

// planDeclared is what modules say of their own scripts, by place.
func (b *build) planDeclared() []bundle.Declared {
	seen := map[bundleDeclared]bool{}
	var all []bundle.Declared
	add := func(block diag.Span, list []ir.Declared, name ir.Value, script string) {
		for _, d := range list {
			made := bundle.Declared{Block: place(block), Source: place(d.Source), Command: d.Command, Effects: append([]string{}, d.Effects...)}
			if d.Command == "" && name.Kind == ir.Literal {
				made.Name = name.Text
			}
			if d.Command == "" {
				made.Script = script
			}
			if key := (bundleDeclared{made.Block, made.Source, made.Command, made.Name, made.Script, strings.Join(made.Effects, "\n")}); !seen[key] {
				seen[key] = true
				all = append(all, made)
			}
		}
	}
	for _, step := range b.plan.Steps {
		for _, variant := range step.Variants {
			script := ""
			if len(step.Variants) > 1 { // they may differ
				script = scriptPath(step, variant)
			}
			for _, r := range variant.Resources {
				add(r.Source, r.Effects, r.Name, script)
				if r.Ready != nil {
					add(r.Source, r.Ready.Effects, ir.Value{}, "")
				}
			}
			for _, v := range variant.Verifies {
				add(v.Source, v.Effects, ir.Value{}, "")
			}
		}
	}
	for _, output := range b.plan.Outputs {
		add(output.Source, output.Effects, ir.Value{}, "")
	}
	sort.Slice(all, func(i, j int) bool {
		x, y := all[i], all[j]
		return strings.Join(append([]string{x.Block, x.Command, x.Source, x.Name, x.Script}, x.Effects...), "\x00") < strings.Join(append([]string{y.Block, y.Command, y.Source, y.Name, y.Script}, y.Effects...), "\x00")
	})
	return all
}

// bundleDeclared is what is the same of two declarations.
type bundleDeclared struct{ block, source, command, name, script, effects string }
