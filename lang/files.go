package lang

import (
	"sort"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang/diag"
)

// files reads and parses files of one kind, and merges what stands at their top
// level.
type files struct {
	reader
	sources diag.Sources
	body    *hclsyntax.Body // the blocks of all files, in order
	attrs   []*hclsyntax.Attribute
	broken  bool
	trusted bool // the library's own: not checked for hostile nesting
}

func newFiles() *files {
	return &files{sources: diag.Sources{}, body: &hclsyntax.Body{}}
}

// read reads one file; it is nil if it could not be.
func (f *files) read(open openFunc, name, shown string, at *diag.Span) *parsed {
	text, found := source(open, name, shown, at, f.sources)
	f.diags = append(f.diags, found...)
	if found != nil {
		f.broken = true
		return nil
	}
	p, found := parse(shown, text, f.trusted)
	f.diags = append(f.diags, found...)
	f.broken = f.broken || p.broken
	return p
}

// add merges a file's top level.
func (f *files) add(p *parsed) {
	f.body.Blocks = append(f.body.Blocks, p.body.Blocks...)
	f.attrs = append(f.attrs, attributesOf(p.body)...)
}

// attributesOf are the attributes of a body as written.
func attributesOf(body *hclsyntax.Body) []*hclsyntax.Attribute {
	list := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, a := range body.Attributes {
		list = append(list, a)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].SrcRange.Start.Byte < list[j].SrcRange.Start.Byte })
	return list
}

// top reads the top-level blocks of all files. where names the whole: "a
// definition".
func (f *files) top(s *schema, where string) []*BlockDecl {
	decls := f.blocks(f.body, s, where)
	for _, a := range f.attrs {
		if contains(s.attrs, a.Name) || f.broken { // what cannot be read may be its block
			continue
		}
		fix := "remove it"
		if s.blocks[a.Name] != nil {
			fix = "write " + a.Name + " { ... }, without ="
		} else if near := diag.Suggest(a.Name, s.attrs); near != "" {
			fix = diag.Meant(a.Name, s.attrs)
		} else if s.blocks["locals"] != nil {
			fix = belongs(a.Name)
		}
		f.report(diag.Diagnostic{Kind: diag.UnknownAttribute, Span: Span(a.NameRange), Label: where + " has no attributes of its own", Fix: fix})
	}
	return decls
}

// locals merges locals blocks.
func (f *files) locals(into Attrs, block *BlockDecl) {
	for _, a := range block.Attrs.sorted() {
		if first := into[a.Name]; first != nil {
			f.report(diag.Diagnostic{Kind: diag.DuplicateAttribute, Span: a.NameSpan, Label: "local." + a.Name + " is there already", Notes: []diag.Note{{Span: first.NameSpan, Label: "first here"}}, Fix: "rename one of them"})
			continue
		}
		into[a.Name] = a
	}
}

// clusterNames are what the cluster block has, which the compiler knows better: to say
// where an attribute belongs that stands in no block.
var clusterNames = []string{"control_plane_endpoint", "domain", "kubernetes_version", "pod_subnets", "service_subnets"}

// belongs says where an attribute belongs that stands in no block of a definition.
func belongs(name string) string {
	if fix := diag.Meant(name, nil); fix != "" {
		return fix
	}
	if contains(clusterNames, name) {
		return "put it into the cluster block"
	}
	if near := diag.Suggest(name, clusterNames); near != "" {
		return "write " + near + " = ... in the cluster block"
	}
	return "put it into the block that it is for; a value of your own is a local: locals { " + name + " = ... }"
}
