package origin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// writer writes lines with a name in front.
type writer struct {
	b strings.Builder
}

func (w *writer) line(name, text string) {
	fmt.Fprintf(&w.b, "  %-9s %s\n", name, diag.Visible(text))
}

// String is the answer for people, in plain lines.
func (a *Answer) String() string {
	w := &writer{}
	fmt.Fprintf(&w.b, "%s: %s\n", diag.Visible(a.Of), diag.Visible(a.What))
	if a.Note != "" {
		w.line("note", a.Note)
	}
	if a.Text != "" {
		w.line("line", strings.TrimSpace(a.Text))
	} else if a.Path != "" && a.Line > 0 {
		w.line("script", fmt.Sprintf("%s:%d", a.Path, a.Line))
	}
	if s := a.Step; s != nil {
		w.line("step", strings.TrimSuffix(s.Name+": "+s.Summary, ": ")+"  ["+s.Place+"]")
		for _, n := range s.Names {
			if n.How != Through || strings.HasPrefix(n.Name, "module ") {
				w.line("", n.text())
			}
		}
	}
	if len(a.Hosts) > 0 {
		w.line("on", bundle.HostSet(a.Hosts))
	}
	for i, r := range a.Restarts {
		w.line([]string{"restarts", ""}[min(i, 1)], r.text())
	}
	for i := 0; i < len(a.Values); {
		same := 1 // values that are made of the same at the same place
		for i+same < len(a.Values) && a.Values[i].sameOrigin(&a.Values[i+same]) {
			same++
		}
		writeValues(w, a.Values[i:i+same])
		i += same
	}
	return w.b.String()
}

// sameOrigin reports whether two values come from the same.
func (v *Value) sameOrigin(other *Value) bool {
	return v.Place == other.Place && v.Template == other.Template && slices.Equal(v.Names, other.Names)
}

func (r *Restart) text() string {
	text := r.Resource
	if r.Reaction != "restart" {
		text += ", by " + r.Reaction
	}
	if r.Disruptive {
		text += ", for no more hosts of a role at once than its budget allows"
	}
	return text
}

// writeValues writes values that come from the same, and what they are made from.
func writeValues(w *writer, values []Value) {
	for i := range values {
		v := &values[i]
		text := v.Name
		if v.Text != "" {
			text += " = " + v.Text
		}
		if len(v.Names) == 1 && strings.HasPrefix(v.Names[0].Name, "kind ") {
			text += "  [" + strings.Replace(v.Names[0].Name, "kind ", "default of ", 1) + "]  # " + v.Names[0].Reason
		} else if i == 0 {
			text = strings.TrimSpace(text + "  " + bracketed(v.Place))
			if v.Template != "" {
				text += " by " + bracketed(v.Template)
			}
		}
		fmt.Fprintf(&w.b, "  %s\n", diag.Visible(text))
	}
	for _, how := range order {
		writeNames(w, how, values[0].Names)
	}
}

// steps is how many names that lie between are shown.
const steps = 8

// writeNames writes the names that are one thing to a value: what lies between in a
// line, of the others each.
func writeNames(w *writer, how How, names []Name) {
	head, between := "  "+string(how), []string{}
	for i := range names {
		n := &names[i]
		switch {
		case n.How != how || strings.HasPrefix(n.Name, "kind "):
		case how == Through:
			between = append(between, strings.TrimSpace(n.Name+" "+bracketed(n.Place)))
		default:
			w.line(head, n.text())
			head = ""
		}
	}
	if len(between) > steps {
		between = append(between[:steps], fmt.Sprintf("%d more (--json has all)", len(between)-steps))
	}
	if len(between) > 0 {
		w.line(head, strings.Join(between, ", "))
	}
}

func bracketed(place string) string {
	if place == "" {
		return ""
	}
	return "[" + place + "]"
}

func (n *Name) text() string {
	text := n.Name
	if n.How == Default && n.Text != "" {
		text += " = " + n.Text
	}
	text = strings.TrimSpace(text + "  " + bracketed(n.Place))
	if n.How != Default && n.Text != "" {
		text += "  " + n.Text
	}
	if n.Reason != "" {
		text += "  # " + n.Reason
	}
	return text
}
