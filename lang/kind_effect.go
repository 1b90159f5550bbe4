package lang

import (
	"fmt"
	"regexp"

	"github.com/sprayc/sprayc/lang/diag"
)

// KindEffect is one thing that a resource of a kind does to a host, as its
// header declares it. It is data: what reads it knows no kind by name.
type KindEffect struct {
	Category     string   // the label: "file", "service", "kernel parameter", ...
	Action       string   // "" : what the category says
	Subject      string   // text with {ARGUMENT} in it; of each also {key} and {value}
	Fields       []string // arguments that say more
	When         string   // NAME, !NAME, NAME=VALUE or NAME!=VALUE of an argument; "": always
	Each         string   // an argument that is a list or map: one for each of its elements
	Family       string   // of systems; "": all
	Security     string   // what it means for the host's security, if it always does
	Irreversible string   // why it cannot be taken back
	Stays        string   // what stays when the resource leaves the definition
	Span         diag.Span
}

var effectSchema = &schema{
	labels:   []string{"CATEGORY"},
	attrs:    []string{"action", "subject", "fields", "when", "each", "family", "security", "irreversible", "stays"},
	required: []string{"subject"},
}

var (
	braced    = regexp.MustCompile(`\{([a-z0-9_]+)(?:\.[a-z0-9_]+)*\}`)
	condition = regexp.MustCompile(`^!?([a-z0-9_]+)(?:\.[a-z0-9_]+)*(?:!?=.*)?$`)
	argument  = regexp.MustCompile(`^([a-z0-9_]+)(?:\.[a-z0-9_]+)*$`)
)

// effects reads a kind's effects, whose arguments must be the kind's.
func (f *files) effects(b *BlockDecl, k *Kind) {
	for _, inner := range b.Blocks {
		if inner.Type != "effect" {
			continue
		}
		e := &KindEffect{
			Category: inner.Labels[0], Action: f.text(inner.Attrs, "action"), Subject: f.text(inner.Attrs, "subject"),
			Fields: f.list(inner.Attrs, "fields"), When: f.text(inner.Attrs, "when"), Each: f.text(inner.Attrs, "each"),
			Family: f.text(inner.Attrs, "family"), Security: f.text(inner.Attrs, "security"),
			Irreversible: f.text(inner.Attrs, "irreversible"), Stays: f.text(inner.Attrs, "stays"), Span: inner.Span,
		}
		k.Effects = append(k.Effects, e)
		f.effectArguments(inner, k, e)
	}
}

func (f *files) effectArguments(b *BlockDecl, k *Kind, e *KindEffect) {
	known := []string{k.Identity}
	for _, a := range k.Attributes {
		known = append(known, a.Name)
	}
	more := known
	if e.Each != "" {
		more = append([]string{"key", "value"}, known...)
	}
	check := func(attr, name string, among []string) {
		if !contains(among, name) {
			f.report(diag.Diagnostic{Kind: diag.UnknownAttribute, Span: Span(b.Attrs[attr].Expr.Range()), Label: fmt.Sprintf("the kind has no attribute %q", name), Fix: diag.Meant(name, among)})
		}
	}
	for _, m := range braced.FindAllStringSubmatch(e.Subject, -1) {
		check("subject", m[1], more)
	}
	for _, field := range e.Fields {
		if m := argument.FindStringSubmatch(field); m != nil {
			field = m[1]
		}
		check("fields", field, more)
	}
	if e.When != "" {
		name := e.When
		if m := condition.FindStringSubmatch(e.When); m != nil {
			name = m[1]
		}
		check("when", name, known)
	}
	if e.Each != "" {
		check("each", e.Each, known)
	}
}
