package diff

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/codegen/settings"
	"github.com/sprayc/sprayc/lang/diag"
)

// DefaultLines is how many lines of one text are shown unless told otherwise.
const DefaultLines = 40

// Text returns the report for people: what happens to which hosts, what changes,
// then the lines, at most so many of each text; 0 is none, negative all.
func (r *Report) Text(most int) string { return r.Styled(most, diag.Style{}) }

// Styled is the same with colours, where the style has them.
func (r *Report) Styled(most int, style diag.Style) string {
	var b strings.Builder
	if r.Empty() {
		return ""
	}
	for _, line := range r.head() {
		fmt.Fprintln(&b, line)
	}
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "%s %s\n", style.Paint(diag.Bold, g.Who+":"), g.line())
		if len(g.Hosts) > 1 {
			fmt.Fprintf(&b, "  %s\n", g.Set)
		}
	}
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n%s\n", style.Paint(diag.Bold, title))
			for _, line := range lines {
				fmt.Fprintf(&b, "  %s\n", paintChange(style, line))
			}
		}
	}
	section("Security", noticeLines(r.Security))
	section("Irreversible", noticeLines(r.Irreversible))
	section("Cluster", factLines(r.Cluster))
	section("Resources", resourceLines(r.Resources))
	section("Checks", resourceLines(r.Checks))
	section("Scripts of modules", fileLines(r.Scripts))
	section("Shell library", fileLines(r.Library))
	r.eachText(most, func(title, diff string) {
		fmt.Fprintf(&b, "\n%s\n", style.Paint(diag.Bold, "--- "+title))
		for line := range strings.Lines(cut(diff, most)) {
			b.WriteString(style.DiffLine(strings.TrimSuffix(line, "\n")) + "\n")
		}
	})
	return strings.TrimLeft(b.String(), "\n")
}

// paintChange paints a line that begins with what happens to a thing.
func paintChange(style diag.Style, line string) string {
	text := strings.TrimLeft(line, " ")
	color := map[string]diag.Color{"+ ": diag.Added, "- ": diag.Removed}[text[:min(2, len(text))]]
	return line[:len(line)-len(text)] + style.Paint(color, text)
}

// head says what is to be known before all else.
func (r *Report) head() []string {
	var lines []string
	if r.Old.Sprayc != r.New.Sprayc {
		lines = append(lines, fmt.Sprintf("sprayc %s -> %s", r.Old.Sprayc, r.New.Sprayc))
	}
	switch {
	case len(r.Library) > 0 && len(r.Resources) == 0 && len(r.Scripts) == 0:
		lines = append(lines, "The shell library changes; no resource does.")
	case len(r.Library) > 0:
		lines = append(lines, "The shell library changes too.")
	}
	if len(r.Groups) == 0 && len(r.Checks) > 0 && len(r.Resources) == 0 {
		lines = append(lines, "What is verified changes; no resource does.")
	}
	return lines
}

// line says what happens to the hosts of a group.
func (g *Group) line() string {
	parts := append([]string{}, g.Happens...)
	changes := append([]string{}, g.Changes...)
	if g.More > 0 {
		changes = append(changes, fmt.Sprintf("%d more", g.More))
	}
	if len(changes) > 0 {
		parts = append(parts, strings.Join(changes, ", "))
	}
	if len(g.Spared) > 0 {
		parts = append(parts, strings.Join(g.Spared, ", "))
	}
	return strings.Join(parts, "; ")
}

func noticeLines(list []Notice) []string {
	var lines []string
	for _, same := range byReason(list) {
		lines = append(lines, same[0].Why)
		for _, n := range same {
			line := "  " + n.What
			if n.Set != "" {
				line += " (" + n.Set + ")"
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// byReason puts notices together that are there for the same reason.
func byReason(list []Notice) [][]Notice {
	var all [][]Notice
	places := map[string]int{}
	for _, n := range list {
		i, known := places[n.Why]
		if !known {
			i = len(all)
			places[n.Why] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], n)
	}
	return all
}

func factLines(list []Fact) []string {
	var lines []string
	for _, f := range list {
		lines = append(lines, verb(f.Op)+" "+visible(f.What)+": "+from(&Value{Old: f.Old, New: f.New}))
	}
	return lines
}

func resourceLines(list []Resource) []string {
	var lines []string
	for i := range list {
		r := &list[i]
		lines = append(lines, verb(r.Op)+" "+r.Title())
		for _, line := range r.lines() {
			lines = append(lines, "    "+line)
		}
	}
	return lines
}

// Title names a resource and its hosts.
func (r *Resource) Title() string {
	title := r.Kind + " " + r.Name
	if r.Kind == orderCall {
		return orderOf(r.Step) + " on " + r.Set
	}
	if r.Step != "" {
		title = r.Step + ": " + title
	}
	return strings.TrimSpace(title) + " on " + r.Set
}

// lines are what changes in a resource and what that sets off.
func (r *Resource) lines() []string {
	var lines []string
	for _, s := range r.Settings {
		lines = append(lines, s.lines()...)
	}
	for _, follows := range r.Follows {
		lines = append(lines, "> "+follows)
	}
	for _, note := range r.Notes {
		lines = append(lines, "> "+note)
	}
	return lines
}

// Name names a setting within its resource.
func (s *Setting) Name() string {
	switch {
	case s.Path != "" && s.Field == "content":
		return visible(s.Path)
	case s.Path != "":
		return visible(s.Field + " " + s.Path)
	}
	return visible(s.Field)
}

func (s *Setting) lines() []string {
	switch s.Op {
	case layout:
		return []string{"~ " + s.Name() + ": only comments, layout or the order of keys"}
	case text:
		if script := s.Values[0].New; script != "" {
			return []string{"~ " + s.Name() + ": " + visible(script) + " changes"}
		}
		return []string{"~ " + s.Name() + ": other lines"}
	}
	if s.Derived && len(s.Values) > 1 {
		return []string{"~ " + s.Name() + ": another digest on each host"}
	}
	var lines []string
	for i := range s.Values {
		v := &s.Values[i]
		line := verb(s.Op) + " " + s.Name() + ": " + from(v)
		if s.Op == settings.Moved && v.Old == "" {
			line = "~ earlier or later than before: " + from(v)
		} else if s.Op == settings.Moved {
			line = "~ " + s.Name() + ", in another order: " + from(v)
		}
		if v.Set != "" {
			line += " (" + v.Set + ")"
		}
		lines = append(lines, line)
		if i == mostValues-1 && len(s.Values) > mostValues {
			return append(lines, fmt.Sprintf("  ... and %d other values", len(s.Values)-mostValues))
		}
	}
	return lines
}

// mostValues is how many values of a setting that differs by host are shown.
const mostValues = 5

func fileLines(list []File) []string {
	var lines []string
	for _, f := range list {
		lines = append(lines, verb(f.Op)+" "+visible(f.Path))
		for i, use := range f.Used {
			if i == mostValues {
				lines = append(lines, fmt.Sprintf("    for %d more", len(f.Used)-i))
				break
			}
			lines = append(lines, "    for "+visible(use))
		}
	}
	return lines
}

// eachText calls a function with the lines of each text, and what it is, unless
// none are to be shown.
func (r *Report) eachText(most int, show func(title, diff string)) {
	if most == 0 {
		return
	}
	lists := [][]Resource{r.Resources}
	if len(r.Resources) == 0 { // else they but repeat what changes
		lists = append(lists, r.Checks)
	}
	for _, list := range lists {
		for i := range list {
			for _, t := range list[i].Texts {
				show(list[i].textTitle(&t), t.Diff)
			}
		}
	}
	for _, list := range [][]File{r.Scripts, r.Library} {
		for _, f := range list {
			if f.Diff != "" {
				show(visible(f.Path), f.Diff)
			}
		}
	}
}

func (r *Resource) textTitle(t *Text) string {
	title := r.Step + ": " + r.Kind + " " + r.Name
	if t.Field != "content" {
		title += " " + visible(t.Field)
	}
	if t.Others > 0 {
		title += fmt.Sprintf(" on %s; otherwise on %d more", t.Host, t.Others)
	}
	return title
}

// cut shortens a unified diff to so many lines, each made visible.
func cut(diff string, most int) string {
	var b strings.Builder
	n, total := 0, strings.Count(diff, "\n")
	for line := range strings.Lines(diff) {
		if most >= 0 && n >= most {
			fmt.Fprintf(&b, "... and %s more\n", counted(total-n, "line"))
			break
		}
		n++
		b.WriteString(tabbed(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return b.String()
}

// tabbed makes a line visible and keeps its tabs.
func tabbed(line string) string {
	parts := strings.Split(line, "\t")
	for i, part := range parts {
		parts[i] = visible(part)
	}
	return strings.Join(parts, "\t")
}
