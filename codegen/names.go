package codegen

import (
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// names gives the variables of one script their names: LABEL_ARGUMENT, with a
// number where that is taken by another or by the library.
type names struct {
	reserved map[string]bool // by the library; shared, not written
	taken    map[string]bool
}

func newNames(reserved map[string]bool) *names {
	return &names{reserved: reserved, taken: map[string]bool{}}
}

// variable returns a new name for an argument of a resource. Names that begin
// with h_ are the host's and those with spray_ the library's own.
func (n *names) variable(label, argument string) string {
	name := shellName(label) + "_" + shellName(argument)
	if strings.HasPrefix(name, "h_") || strings.HasPrefix(name, "spray_") || '0' <= name[0] && name[0] <= '9' || name[0] == '_' {
		name = "data_" + strings.TrimPrefix(name, "_")
	}
	unique := name
	for i := 2; n.taken[unique] || n.reserved[unique]; i++ {
		unique = name + "_" + strconv.Itoa(i)
	}
	n.taken[unique] = true
	return unique
}

// shellName makes a name of any text: what cannot be in one becomes "_".
func shellName(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '_', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// hostVar returns the name that a host-time value has in hosts/<host>.env.
func hostVar(name string) string {
	if strings.HasPrefix(name, "h_") {
		return name
	}
	return "h_" + shellName(name)
}

// liveName returns the name of a live value's file below /run/sprayc/in.
func liveName(id string) string { return strings.ReplaceAll(id, "/", ".") }

// place returns where a span begins, as FILE:LINE:COLUMN, or "" for no place.
func place(span diag.Span) string {
	if span.File == "" {
		return ""
	}
	return oneLine(span.File) + ":" + strconv.Itoa(span.Start.Line) + ":" + strconv.Itoa(span.Start.Column)
}

// oneLine makes text fit for a comment or a list: what would break a line, or
// could not be seen, is escaped as in Go.
func oneLine(s string) string {
	clean := true
	for _, r := range s {
		if !strconv.IsPrint(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
