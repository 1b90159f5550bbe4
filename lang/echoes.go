package lang

import (
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// WithoutEchoes is what a later pass found, without what may only follow from
// text of the definition that could not be read: a name that is missing, or too
// few of something. What is there and wrong stays. A definition that was read
// whole loses nothing.
func (d *Definition) WithoutEchoes(list diag.List) (out diag.List) {
	if !d.Broken {
		return list
	}
	for _, one := range list {
		if !d.echo(one) {
			out = append(out, one)
		}
	}
	return out
}

func (d *Definition) echo(one diag.Diagnostic) bool {
	if strings.HasPrefix(one.Span.File, libraryShown+"/") {
		return true // the library is right with a definition that is
	}
	switch one.Kind {
	case diag.NoHosts, diag.EvenEtcd, diag.AssertFailed:
		return true
	case diag.UnknownRole, diag.UnknownComponent:
		return !strings.HasPrefix(one.Fix, "did you mean")
	case diag.UnknownName:
		text := textOf(d.Sources[one.Span.File], one.Span)
		return strings.HasPrefix(text, "local.") || strings.HasPrefix(text, "var.")
	}
	return false
}
