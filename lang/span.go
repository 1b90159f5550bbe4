package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang/diag"
)

// Span is the place of an hcl range.
func Span(r hcl.Range) diag.Span {
	return diag.Span{File: r.Filename, Start: pos(r.Start), End: pos(r.End)}
}

func pos(p hcl.Pos) diag.Pos { return diag.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }

// fileStart is the empty span at the start of a file, for what concerns it as
// a whole.
func fileStart(name string) diag.Span {
	at := diag.Pos{Line: 1, Column: 1}
	return diag.Span{File: name, Start: at, End: at}
}
