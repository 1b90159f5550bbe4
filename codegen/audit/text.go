package audit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Text returns the report for people, in plain lines.
func (r *Report) Text() string {
	var b strings.Builder
	r.head(&b)
	for _, section := range sections {
		r.section(&b, section.name, section.title)
	}
	r.differencesText(&b)
	return b.String()
}

// shown reports whether a count is worth a line: that there is nothing is news
// where one fears it.
func (c *Count) shown() bool {
	return c.Count > 0 || c.Section == Security || c.Section == Irreversible
}

// head is what one wants to know first.
func (r *Report) head(b *strings.Builder) {
	hosts := 0
	for _, class := range r.Classes {
		hosts += len(class.Hosts)
	}
	fmt.Fprintf(b, "cluster %s: %s in %s, %s\n\n", visible(r.Cluster), count(hosts, "host"), plural(len(r.Classes), "class", "classes"), count(len(r.Modules), "module"))
	if r.Library != nil {
		for _, line := range r.Library.Says() {
			b.WriteString(visible(line) + "\n")
		}
		b.WriteString("\n")
	}
	for _, c := range r.Summary {
		if c.shown() {
			fmt.Fprintf(b, "  %4d  %s\n", c.Count, c.Title)
		}
	}
	b.WriteString("\nHOSTS\n")
	for i := range r.Classes {
		c := &r.Classes[i]
		fmt.Fprintf(b, "  %s: %s, %s\n    %s\n", c.Name, count(len(c.Hosts), "host"), bundle.HostSet(c.Hosts), c.addressRuns())
	}
	b.WriteString("\nMODULES\n")
	for _, m := range r.Modules {
		line := "  " + visible(m.Name)
		if m.Summary != "" {
			line += ": " + visible(m.Summary)
		}
		if m.Definition != "" {
			fmt.Fprintf(b, "%s  [%s < %s]\n", line, visible(m.Path), visible(m.Definition))
		} else {
			fmt.Fprintf(b, "%s  [%s, by default]\n", line, visible(m.Path))
		}
	}
}

// groups are the effects of a section by whom they are for.
func (r *Report) groups(name Section) map[string][]*Effect {
	groups := map[string][]*Effect{}
	for i := range r.Effects {
		if e := &r.Effects[i]; e.Section == name {
			on := e.onText()
			groups[on] = append(groups[on], e)
		}
	}
	return groups
}

// section writes the effects of one section, by whom they are for and what they
// are.
func (r *Report) section(b *strings.Builder, name Section, title string) {
	groups := r.groups(name)
	if len(groups) == 0 {
		return
	}
	b.WriteString("\n" + strings.ToUpper(title) + "\n")
	for _, on := range sortedKeys(groups) {
		fmt.Fprintf(b, "\n  %s\n", visible(on))
		for _, list := range byCategory(groups[on]) {
			title, stays := list[0].Category, list[0].Stays
			if slices.ContainsFunc(list, func(e *Effect) bool { return e.Stays != stays }) {
				stays = ""
			}
			if stays != "" {
				title += ", which stays when it leaves the definition: " + stays
			}
			fmt.Fprintf(b, "    %s\n", visible(title))
			for _, e := range list {
				fmt.Fprintf(b, "      %s\n", e.line(stays == ""))
			}
		}
	}
}

func (r *Report) differencesText(b *strings.Builder) {
	for i, d := range r.differences() {
		if i == 0 {
			b.WriteString("\nWHAT DIFFERS BETWEEN HOSTS\n")
		}
		fmt.Fprintf(b, "\n  %s\n    of %s\n", visible(d.name), visible(d.of))
		if d.digests > 0 {
			fmt.Fprintf(b, "    %d different digests, of what is told above and below\n", d.digests)
		}
		for _, form := range d.forms {
			fmt.Fprintf(b, "    %s: %s\n", visible(form[0]), visible(form[1]))
		}
	}
}

// byCategory splits effects, which are sorted, by what they are.
func byCategory(list []*Effect) [][]*Effect {
	var out [][]*Effect
	for i, e := range list {
		if i == 0 || e.Category != list[i-1].Category {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], e)
	}
	return out
}

// line is an effect in one line, with its origins.
func (e *Effect) line(stays bool) string {
	line := e.Subject
	if how := e.how(stays); len(how) > 0 {
		line += "  " + strings.Join(how, ", ")
	}
	return visible(line + "  [" + strings.Join(e.origins(), "; ") + "]")
}

// shownOrigins is how many origins of an effect are written out. JSON has all.
const shownOrigins = 3

func (e *Effect) origins() []string {
	var list []string
	for i := range e.Origins[:min(shownOrigins, len(e.Origins))] {
		list = append(list, e.Origins[i].text())
	}
	if more := len(e.Origins) - shownOrigins; more > 0 {
		list = append(list, "and "+count(more, "more place"))
	}
	return list
}

// how is what there is to say of an effect beside its subject.
func (e *Effect) how(stays bool) []string {
	var parts []string
	for _, text := range []string{e.Action, e.Security, e.Irreversible} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	owner, group := e.value("owner"), e.value("group")
	for _, f := range e.Fields {
		switch {
		case f.Name == "mode" && owner != "" && group != "":
			parts = append(parts, f.Value+" "+owner+":"+group)
		case (f.Name == "owner" || f.Name == "group") && e.value("mode") != "" && owner != "" && group != "":
		default:
			parts = append(parts, f.Name+" "+f.Value)
		}
	}
	if stays && e.Stays != "" {
		parts = append(parts, "stays when it leaves the definition: "+e.Stays)
	}
	return parts
}

func (o *Origin) text() string {
	text := fmt.Sprintf("%s:%d", o.Script, o.Line)
	if o.Own != "" {
		text = fmt.Sprintf("%s:%d < %s", o.Own, o.OwnLine, text)
	}
	if o.Module != "" {
		text += " < " + withoutColumn(o.Module)
	}
	if written := o.written(); written != "" {
		text += " < " + written
	}
	if o.Declared != "" {
		text += " (declared of " + o.Declared + ")"
	}
	return text
}

// withoutColumn is FILE:LINE of a place.
func withoutColumn(place string) string {
	if i := strings.LastIndexByte(place, ':'); i > 0 && strings.Count(place, ":") > 1 {
		return place[:i]
	}
	return place
}

// onText says for whom an effect is. What a wider role says already is left out.
func (e *Effect) onText() string {
	widest := ""
	both := 0
	every := map[string]bool{} // roles of which each host has it
	for i := range e.On {
		on := &e.On[i]
		if on.By != "" || on.Once || len(on.Classes) > 0 {
			continue
		}
		every[on.Role] = true
		if on.Role == "all" || on.Role == "node" && widest == "" {
			widest = on.Role
		}
		if on.Role == "control_plane" || on.Role == "worker" {
			both++
		}
	}
	if both == 2 && widest == "" {
		widest = "node"
	}
	var parts []string
	if widest != "" {
		parts = append(parts, "on "+widest)
	}
	for i := range e.On {
		if on := &e.On[i]; on.Once && every[on.Role] {
			continue
		} else if widest == "" || on.By != "" || !bundle.BringsStep(on.Role, []string{widest}) && on.Role != widest {
			parts = append(parts, on.text())
		}
	}
	return strings.Join(parts, "; and ")
}

func (o *On) text() string {
	text := "on " + o.Role
	switch {
	case o.By != "":
		text = "for each " + o.Role + ", done on " + o.By
	case o.Once:
		text = "on one " + o.Role
	}
	if len(o.Classes) > 0 {
		text += ", only " + strings.Join(o.Classes, ", ")
	}
	return text
}

func count(n int, noun string) string { return plural(n, noun, noun+"s") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// visible escapes what would break a line or drive a terminal.
func visible(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}
