package lang

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// libraryShown is what the library's files are called in diagnostics.
const libraryShown = "stdlib"

// LoadLibrary reads the standard library: slots.hcl, lib/*.hcl, catalog/*.hcl.
// Modules are read as they are used. The library is never nil.
func LoadLibrary(fsys fs.FS) (*Library, diag.List) {
	lib := &Library{FS: fsys, Sources: diag.Sources{}, Kinds: map[string]*Kind{}, OS: map[string]*OS{}, Catalog: &Catalog{Components: map[string]*Component{}}}
	var all diag.List
	for _, part := range []func(fs.FS) diag.List{lib.readSlots, lib.readKinds, lib.readCatalog} {
		all = append(all, part(fsys)...)
	}
	all.Sort()
	return lib, all
}

// merge keeps the sources of what was read.
func (lib *Library) merge(f *files) {
	for name, text := range f.sources {
		lib.Sources[name] = text
	}
}

var slotsSchema = &schema{
	attrs:  []string{"stages"},
	blocks: map[string]*schema{"slot": {labels: []string{"NAME"}, name: kindName, unique: true, attrs: []string{"default", "summary", "provides", "example"}}},
}

func (lib *Library) readSlots(fsys fs.FS) diag.List {
	f := newFiles()
	f.trusted = true
	f.readAll(fsys, []string{"slots.hcl"}, libraryShown)
	for _, b := range f.top(slotsSchema, "slots.hcl") {
		lib.Slots = append(lib.Slots, &Slot{Name: b.Labels[0], Summary: f.text(b.Attrs, "summary"), Default: f.text(b.Attrs, "default"), Provides: f.list(b.Attrs, "provides"), Example: f.text(b.Attrs, "example")})
	}
	for _, a := range f.attrs {
		if a.Name == "stages" {
			lib.Stages = f.list(Attrs{"stages": {Name: "stages", Expr: a.Expr, NameSpan: Span(a.NameRange), Span: Span(a.SrcRange)}}, "stages")
		}
	}
	lib.merge(f)
	return f.diags
}

var kindSchema = &schema{blocks: map[string]*schema{"kind": {
	labels: []string{"NAME"}, name: kindName, once: true,
	attrs:    []string{"summary", "identity", "identity_pattern", "identity_means", "one_of", "at_most_one", "uses", "families", "commands", "may_use", "reads", "effects_on", "example", "doc"},
	required: []string{"summary", "identity"},
	blocks: map[string]*schema{"effect": effectSchema, "attribute": {
		labels: []string{"NAME"}, name: kindName, unique: true,
		attrs:    []string{"type", "default", "required", "summary", "enum", "pattern", "means", "content", "script", "live", "changes"},
		required: []string{"type", "summary"},
	}},
}}}

// readKinds reads lib/KIND.hcl, each file by itself.
func (lib *Library) readKinds(fsys fs.FS) (all diag.List) {
	names, _ := fs.Glob(fsys, "lib/*.hcl")
	sort.Strings(names)
	for _, name := range names {
		f := newFiles()
		f.trusted = true
		f.readAll(fsys, []string{name}, libraryShown)
		for _, b := range f.top(kindSchema, "a kind's file") {
			k := f.kind(b)
			if want := strings.TrimSuffix(path.Base(name), ".hcl"); k.Name != want {
				f.report(diag.Diagnostic{Kind: diag.InvalidName, Span: b.LabelSpan[0], Label: fmt.Sprintf("the file %s.hcl declares the kind %q", want, want), Fix: "rename one of them"})
			}
			lib.Kinds[k.Name] = k
		}
		lib.merge(f)
		all = append(all, f.diags...)
	}
	return all
}

func (f *files) kind(b *BlockDecl) *Kind {
	k := &Kind{
		Name: b.Labels[0], Summary: f.text(b.Attrs, "summary"), Identity: f.text(b.Attrs, "identity"),
		Pattern: f.pattern(b.Attrs, "identity_pattern"), Means: f.text(b.Attrs, "identity_means"),
		OneOf: f.groups(b.Attrs, "one_of"), AtMostOne: f.groups(b.Attrs, "at_most_one"),
		Uses: f.list(b.Attrs, "uses"), Families: f.flag(b.Attrs, "families"), Commands: f.list(b.Attrs, "commands"), MayUse: f.list(b.Attrs, "may_use"),
		Reads: f.text(b.Attrs, "reads"), Example: f.text(b.Attrs, "example"), Doc: f.text(b.Attrs, "doc"), Span: b.Span,
	}
	if k.Pattern == "" {
		k.Pattern, k.Means = anyIdentity, "one line of text, without control characters"
	}
	for _, inner := range b.Blocks {
		if inner.Type == "attribute" {
			k.Attributes = append(k.Attributes, f.kindAttribute(inner))
		}
	}
	f.effects(b, k)
	for _, groups := range []string{"one_of", "at_most_one"} {
		f.checkGroups(b, k, groups)
	}
	return k
}

func (f *files) groups(attrs Attrs, name string) (groups [][]string) {
	v, ok := f.typed(attrs, name, cty.List(cty.List(cty.String)))
	if !ok {
		return nil
	}
	for _, g := range v.AsValueSlice() {
		var names []string
		if !g.IsNull() {
			for _, e := range g.AsValueSlice() {
				if !e.IsNull() {
					names = append(names, e.AsString())
				}
			}
		}
		groups = append(groups, names)
	}
	return groups
}

// checkGroups makes sure that groups name attributes of the kind.
func (f *files) checkGroups(b *BlockDecl, k *Kind, attr string) {
	var names []string
	for _, a := range k.Attributes {
		names = append(names, a.Name)
	}
	groups := k.OneOf
	if attr == "at_most_one" {
		groups = k.AtMostOne
	}
	for _, g := range groups {
		for _, name := range g {
			if !contains(names, name) {
				f.report(diag.Diagnostic{Kind: diag.UnknownAttribute, Span: Span(b.Attrs[attr].Expr.Range()), Label: fmt.Sprintf("the kind has no attribute %q", name), Fix: diag.Meant(name, names)})
			}
		}
	}
}

func (f *files) kindAttribute(b *BlockDecl) *KindAttribute {
	a := &KindAttribute{
		Name: b.Labels[0], Type: cty.DynamicPseudoType, Required: f.flag(b.Attrs, "required"), Summary: f.text(b.Attrs, "summary"),
		Enum: f.list(b.Attrs, "enum"), Pattern: f.pattern(b.Attrs, "pattern"), Means: f.text(b.Attrs, "means"),
		Content: f.flag(b.Attrs, "content"), Script: f.flag(b.Attrs, "script"), Live: f.flag(b.Attrs, "live"), Changes: f.flag(b.Attrs, "changes"),
	}
	var defaults *TypeDefaults
	if t := b.Attrs["type"]; t != nil {
		a.Type, defaults, _ = f.typeOf(t)
	}
	if d := b.Attrs["default"]; d != nil {
		if v, ok := f.constant(d); ok {
			if defaults != nil && !v.IsNull() {
				v = defaults.Apply(v)
			}
			converted, err := convert.Convert(v, a.Type)
			if err != nil {
				f.report(diag.Diagnostic{Kind: diag.WrongType, Span: Span(d.Expr.Range()), Label: fmt.Sprintf("the default is not of type %s: %s", typeString(a.Type), err)})
			} else {
				a.Default = converted
			}
		}
	}
	return a
}

// anyIdentity is what every identity is, whatever its kind says: it stands in
// logs, marks and lists of one entry a line.
const anyIdentity = `[^[:cntrl:]]+`

// pattern reads a regular expression.
func (f *files) pattern(attrs Attrs, name string) string {
	text := f.text(attrs, name)
	if _, err := compilePattern(text); err != nil {
		f.report(diag.Diagnostic{Kind: diag.InvalidValue, Span: Span(attrs[name].Expr.Range()), Label: "this is not a regular expression: " + err.Error()})
	}
	return text
}
