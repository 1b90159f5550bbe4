package lang

import (
	"fmt"

	"github.com/sprayc/sprayc/lang/diag"
)

// ReportUnknown reports an attribute that its block does not have, with the
// nearest of the names that it has. It is for whoever knows the schema: this
// package for its own blocks, the compiler for modules and resources.
func ReportUnknown(report func(diag.Diagnostic), a *AttrDecl, block string, names []string) {
	label, fix := fmt.Sprintf("%s has no attribute %q", block, a.Name), diag.Meant(a.Name, names)
	if len(names) == 0 {
		label, fix = block+" has no attributes", "remove it"
	}
	report(diag.Diagnostic{Kind: diag.UnknownAttribute, Span: a.NameSpan, Label: label, Fix: fix})
}

// ReportUnknownBlock reports a block that does not exist at its place, with the
// nearest of the names that do. where is "a definition", "a step", ...
func ReportUnknownBlock(report func(diag.Diagnostic), b *BlockDecl, where string, names []string) {
	at := b.TypeSpan
	if at.File == "" {
		at = b.Span
	}
	label := fmt.Sprintf("%s has no block %q", where, b.Type)
	fix := diag.Meant(b.Type, names)
	if len(names) == 0 {
		label, fix = where+" has no blocks", "remove it"
	}
	report(diag.Diagnostic{Kind: diag.UnknownBlock, Span: at, Label: label, Fix: fix})
}
