package lang

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang/diag"
)

// schema is what a block may say, as far as it can be known here.
type schema struct {
	labels   []string           // what each label is, for messages
	name     *naming            // of the first label; nil: anything
	attrs    []string           // that it may have
	required []string           // of these
	open     bool               // attributes are checked by the compiler, which knows the module or kind
	blocks   map[string]*schema // that it may have
	rest     *schema            // of blocks that are none of these
	// anyLabels leaves the labels to the compiler, and what stands in the block.
	anyLabels bool
	hints     map[string]string // where blocks belong that are often written here
	once      bool              // at most one in its parent
	unique    bool              // at most one for each label
}

// naming is a rule for names.
type naming struct {
	pattern *regexp.Regexp
	says    string
}

var (
	identifier = &naming{regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`), "a letter, then letters, digits, _ and -"}
	stepName   = &naming{regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`), "lower-case letters, digits, _ and -"}
	dnsName    = &naming{regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`), "lower-case letters, digits, - and ."}
)

// anything is a block that the compiler checks, labels and all.
var anything = &schema{open: true, anyLabels: true}

// reader turns hcl's blocks into declarations and gathers what is wrong.
type reader struct {
	diags diag.List
}

func (r *reader) report(d diag.Diagnostic) { r.diags = append(r.diags, d) }

// attrs reads the attributes of a body.
func readAttrs(body *hclsyntax.Body) Attrs {
	attrs := make(Attrs, len(body.Attributes))
	for name, a := range body.Attributes {
		attrs[name] = &AttrDecl{Name: name, Expr: a.Expr, NameSpan: Span(a.NameRange), Span: Span(a.SrcRange)}
	}
	return attrs
}

// sorted are the attributes in the order of their names.
func (a Attrs) sorted() []*AttrDecl {
	list := make([]*AttrDecl, 0, len(a))
	for _, one := range a {
		list = append(list, one)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// block reads a block and checks it against its schema. It is nil if labels are
// missing.
func (r *reader) block(b *hclsyntax.Block, s *schema) *BlockDecl {
	decl := &BlockDecl{Type: b.Type, Labels: b.Labels, Attrs: readAttrs(b.Body), TypeSpan: Span(b.TypeRange), Span: Span(b.DefRange())}
	for _, l := range b.LabelRanges {
		decl.LabelSpan = append(decl.LabelSpan, Span(l))
	}
	complete := r.labels(decl, s)
	r.attributes(decl, s)
	decl.Blocks = r.blocks(b.Body, s, decl.Type)
	if !complete {
		return nil
	}
	return decl
}

// labels checks the number and form of labels; more than there may be are cut
// off. It reports whether all are there.
func (r *reader) labels(decl *BlockDecl, s *schema) bool {
	if s.anyLabels {
		return true
	}
	want, got := len(s.labels), len(decl.Labels)
	usage := decl.Type
	for _, l := range s.labels {
		usage += fmt.Sprintf(" %q", l)
	}
	switch {
	case got < want:
		r.report(diag.Diagnostic{Kind: diag.WrongLabels, Span: decl.Span, Label: fmt.Sprintf("%s needs a label: %s", decl.Type, strings.Join(s.labels[got:], ", ")), Fix: "write " + usage + " { ... }"})
		return false
	case got > want:
		r.report(diag.Diagnostic{Kind: diag.WrongLabels, Span: decl.LabelSpan[want], Label: fmt.Sprintf("%s takes %s", decl.Type, count(want, "label")), Fix: "write " + usage + " { ... }"})
		decl.Labels, decl.LabelSpan = decl.Labels[:want], decl.LabelSpan[:want]
	}
	if s.name != nil && want > 0 && !s.name.pattern.MatchString(decl.Labels[0]) {
		r.report(diag.Diagnostic{Kind: diag.InvalidName, Span: decl.LabelSpan[0], Label: fmt.Sprintf("this is not a name for %s: %s", decl.Type, s.name.says), Fix: "choose another name"})
	}
	return true
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// attributes checks the names of attributes. Unknown ones are dropped.
func (r *reader) attributes(decl *BlockDecl, s *schema) {
	if s.open {
		return
	}
	for _, a := range decl.Attrs.sorted() {
		if contains(s.attrs, a.Name) {
			continue
		}
		if s.blocks[a.Name] != nil {
			r.report(diag.Diagnostic{Kind: diag.UnknownAttribute, Span: a.NameSpan, Label: a.Name + " is a block, not an attribute", Fix: "write " + a.Name + " { ... }, without ="})
		} else {
			ReportUnknown(r.report, a, decl.Type, s.attrs)
		}
		delete(decl.Attrs, a.Name)
	}
	for _, name := range s.required {
		if decl.Attrs[name] == nil {
			r.report(diag.Diagnostic{Kind: diag.MissingArgument, Span: decl.Span, Label: fmt.Sprintf("%s needs %s", decl.Type, name), Fix: "write " + name + " = ..."})
		}
	}
}

// blocks reads the blocks of a body.
func (r *reader) blocks(body *hclsyntax.Body, s *schema, where string) (decls []*BlockDecl) {
	seen := map[string]*BlockDecl{}
	for _, b := range body.Blocks {
		inner := s.blocks[b.Type]
		switch {
		case inner == nil && s.hints[b.Type] != "":
		case inner == nil && s.anyLabels:
			inner = anything
		case inner == nil:
			inner = s.rest
			if inner != nil && len(b.Labels) != len(inner.labels) && s.hints != nil {
				r.misspelt(b, s, where)
				continue
			}
		}
		if inner == nil {
			r.unknownBlock(b, s, where)
			continue
		}
		decl := r.block(b, inner)
		if decl == nil || r.repeated(decl, inner, seen, where) {
			continue
		}
		decls = append(decls, decl)
	}
	return decls
}

func (r *reader) unknownBlock(b *hclsyntax.Block, s *schema, where string) {
	names := make([]string, 0, len(s.blocks))
	for name := range s.blocks {
		names = append(names, name)
	}
	decl := &BlockDecl{Type: b.Type, TypeSpan: Span(b.TypeRange)}
	if hint := s.hints[b.Type]; hint != "" {
		r.report(diag.Diagnostic{Kind: diag.UnknownBlock, Span: decl.TypeSpan, Label: fmt.Sprintf("%s has no block %q", where, b.Type), Fix: hint})
		return
	}
	if len(b.Labels) == 0 && (contains(s.attrs, b.Type) || s.open && diag.Suggest(b.Type, names) == "") {
		r.report(diag.Diagnostic{Kind: diag.UnknownBlock, Span: decl.TypeSpan, Label: fmt.Sprintf("%s has no block %q", where, b.Type), Fix: fmt.Sprintf("for an attribute write %s = { ... }", b.Type)})
		return
	}
	ReportUnknownBlock(r.report, decl, where, names)
}

// misspelt reports a block that is none of those known, nor has the form of
// those that are checked later.
func (r *reader) misspelt(b *hclsyntax.Block, s *schema, where string) {
	fix := fmt.Sprintf("to fill a slot write %s %q { ... }", b.Type, s.rest.labels[0])
	if near := diag.Suggest(b.Type, sortedKeys(s.blocks)); near != "" {
		fix = fmt.Sprintf("did you mean %q?", near)
	}
	r.report(diag.Diagnostic{Kind: diag.UnknownBlock, Span: Span(b.DefRange()), Label: fmt.Sprintf("%s has no block %q with %s", where, b.Type, count(len(b.Labels), "label")), Fix: fix})
}

// repeated reports a block that there may be only one of.
func (r *reader) repeated(decl *BlockDecl, s *schema, seen map[string]*BlockDecl, where string) bool {
	key := decl.Type
	switch {
	case s.once:
	case s.unique:
		key = decl.Type + "\x00" + strings.Join(decl.Labels, "\x00")
	default:
		return false
	}
	first := seen[key]
	if first == nil {
		seen[key] = decl
		return false
	}
	label := fmt.Sprintf("%s has one %s", where, decl.Type)
	if s.unique {
		label = fmt.Sprintf("%s %q is there already", decl.Type, strings.Join(decl.Labels, " "))
	}
	r.report(diag.Diagnostic{Kind: diag.DuplicateBlock, Span: decl.Span, Label: label, Notes: []diag.Note{{Span: first.Span, Label: "first here"}}, Fix: "keep one of them"})
	return true
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}
