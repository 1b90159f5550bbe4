package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/zclconf/go-cty/cty"
)

// docLibrary is the page about the standard library, from its own files.
func docLibrary() (string, error) {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if diags.HasErrors() {
		return "", fmt.Errorf("the standard library has errors: %s", diags[0].Label)
	}
	var b strings.Builder
	b.WriteString("# Standard library\n\n## Slots\n\nA slot is a place that one module fills; its block's label names the module, of the library or a path of your own. Without a block it is the default; `SLOT \"none\" {}` leaves it empty.\n\n")
	if err := docSlots(&b, lib); err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "\nStages, in the order in which they run: %s.\n\n## Modules\n", strings.Join(lib.Stages, ", "))
	entries, err := fs.ReadDir(stdlib.FS, "modules")
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		if err := docLibraryModule(&b, entry.Name()); err != nil {
			return "", err
		}
	}
	b.WriteString("\n## Resource kinds\n\nA step of a module is made of resources. Every resource may also have `name` (its identity, when the label is only a local name), `when`, `for_each`, `notifies` and `effects` (what it does beside what its kind says; of scripts, what their text does not tell). They are done in the order written.\n")
	for _, name := range sortedKeys(lib.Kinds) {
		docKind(&b, lib.Kinds[name])
	}
	b.WriteString("\n## Systems\n\n| os | family | /etc/os-release |\n|---|---|---|\n")
	for _, name := range sortedKeys(lib.OS) {
		os := lib.OS[name]
		fmt.Fprintf(&b, "| `%s` | %s | ID=%s, VERSION_ID=%s |\n", name, os.Family, os.ID, os.VersionID)
	}
	b.WriteString("\n## Catalog\n\n`sprayc catalog list COMPONENT` lists the versions; `sprayc catalog add` makes entries of your own.\n\n| component | default | versions |\n|---|---|---|\n")
	for _, name := range sortedKeys(lib.Catalog.Components) {
		c := lib.Catalog.Components[name]
		fmt.Fprintf(&b, "| `%s` | %s | %d |\n", name, c.Default, len(c.Versions))
	}
	return b.String(), nil
}

func docLibraryModule(b *strings.Builder, name string) error {
	fsys, err := fs.Sub(stdlib.FS, "modules/"+name)
	if err != nil {
		return err
	}
	return docModule(b, fsys, name, path.Join("stdlib/modules", name))
}

// docModule is about one module, read from a folder that is shown by a name.
func docModule(b *strings.Builder, fsys fs.FS, name, shown string) error {
	m, diags := lang.LoadModule(fsys, name, shown)
	if diags.HasErrors() {
		return fmt.Errorf("the module %s has errors: %s", name, diags[0].Label)
	}
	fmt.Fprintf(b, "\n### %s\n\n%s.", name, strings.TrimSuffix(upper(m.Summary), "."))
	if m.Slot != "" {
		fmt.Fprintf(b, " It fills the slot `%s`.", m.Slot)
	}
	b.WriteString("\n\n| step | stage | roles |\n|---|---|---|\n")
	for _, s := range m.Steps {
		fmt.Fprintf(b, "| `%s/%s` | %s | %s |\n", name, s.Name, attrText(s.Attrs["stage"], m.Sources), attrText(s.Attrs["roles"], m.Sources))
	}
	docInputs(b, "\nInputs:\n", m.Inputs, m.Sources)
	docInputs(b, "\nAttributes that hosts blocks may have for it:\n", m.HostSettings, m.Sources)
	return nil
}

func docInputs(b *strings.Builder, title string, inputs []*lang.InputDecl, sources diag.Sources) {
	if len(inputs) == 0 {
		return
	}
	fmt.Fprintf(b, "%s\n| name | type | default | |\n|---|---|---|---|\n", title)
	for _, in := range inputs {
		def := "required"
		if in.Default != nil {
			def = code(exprText(in.Default, sources))
		}
		text := in.Description
		if in.Time != "" {
			text += " The same for every " + in.Time + "."
		}
		if in.Sensitive {
			text += " A secret."
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", in.Name, code(typeexpr.TypeString(in.Type)), def, cell(text))
	}
}

func docKind(b *strings.Builder, k *lang.Kind) {
	fmt.Fprintf(b, "\n### %s\n\n%s. The label is its `%s`: %s.\n", k.Name, upper(strings.TrimSuffix(k.Summary, ".")), k.Identity, k.Means)
	if k.Reads != "" {
		fmt.Fprintf(b, "Its probe reads: %s.\n", k.Reads)
	}
	for _, group := range k.OneOf {
		fmt.Fprintf(b, "Exactly one of %s is given.\n", names(group))
	}
	for _, group := range k.AtMostOne {
		fmt.Fprintf(b, "At most one of %s is given.\n", names(group))
	}
	if len(k.Attributes) > 0 {
		b.WriteString("\n| attribute | type | default | |\n|---|---|---|---|\n")
	}
	for _, a := range k.Attributes {
		def := ""
		switch {
		case a.Required:
			def = "required"
		case a.Default != cty.NilVal:
			def = code(string(hclwrite.TokensForValue(a.Default).Bytes()))
		}
		text := a.Summary
		if len(a.Enum) > 0 {
			text += " One of " + names(a.Enum) + "."
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", a.Name, code(typeexpr.TypeString(a.Type)), def, cell(text))
	}
	if len(k.MayUse) > 0 {
		fmt.Fprintf(b, "\nWhere a host has it and it is called for, it runs %s.\n", names(k.MayUse))
	}
	if k.Example != "" {
		fmt.Fprintf(b, "\n```hcl resource\n%s\n```\n", strings.TrimSpace(k.Example))
	}
	if k.Doc != "" {
		fmt.Fprintf(b, "\n%s\n", strings.TrimSpace(k.Doc))
	}
}

// attrText is an attribute's expression as written, without the quotes of plain
// text.
func attrText(a *lang.AttrDecl, sources diag.Sources) string {
	if a == nil {
		return ""
	}
	return cell(strings.NewReplacer(`"`, "", "[", "", "]", "").Replace(exprText(a.Expr, sources)))
}

func exprText(e hcl.Expression, sources diag.Sources) string {
	r := e.Range()
	text := string(sources[r.Filename][r.Start.Byte:r.End.Byte])
	return strings.Join(strings.Fields(text), " ")
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + cell(text) + "`"
}

// cell is text that may stand in a cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

func names(list []string) string { return "`" + strings.Join(list, "`, `") + "`" }

func upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
