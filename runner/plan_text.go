package runner

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// mostVariants is how many different diffs of one file a group shows.
const mostVariants = 3

// Text is the report for people.
func (p *PlanReport) Text(paper Paper) string {
	w := &planWriter{Paper: paper}
	for i := range p.Groups {
		w.group(&p.Groups[i], p.Hosts)
	}
	if lines := p.Forecast.lines(); len(lines) > 0 {
		for _, line := range lines {
			w.wrapped("", line, "  ")
		}
		w.WriteString("\n")
	}
	return w.String()
}

// planWriter writes on a paper.
type planWriter struct {
	strings.Builder
	Paper
}

// wrapped writes a text after first; where the paper ends it goes on at the last blank,
// after the indentation. Words are never cut.
func (w *planWriter) wrapped(first, text, indent string) {
	line := first
	used, empty := utf8.RuneCountInString(first), true
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		if w.Width > 0 && !empty && used+1+n > w.Width {
			w.WriteString(strings.TrimRight(line, " ") + "\n")
			line, used, empty = indent, len(indent), true
		}
		if !empty {
			line, used = line+" ", used+1
		}
		line, used, empty = line+word, used+n, false
	}
	w.WriteString(strings.TrimRight(line, " ") + "\n")
}

// group writes what changes on some hosts, step by step.
func (w *planWriter) group(g *PlanGroup, all int) {
	var title planWriter
	title.Width = w.Width
	title.wrapped("", g.title(all), "  ")
	for line := range strings.Lines(title.String()) {
		w.WriteString(w.Paint(diag.Bold, strings.TrimRight(line, "\n")) + "\n")
	}
	for _, mark := range g.Marks {
		w.wrapped("  will  ", pending(mark), whyIndent)
	}
	step, width := "", w.column(g.Changes)
	for i := range g.Changes {
		c := &g.Changes[i]
		if i == 0 || c.Step != step {
			if step = c.Step; step != "" {
				w.WriteString("  " + step + "\n")
			} else {
				w.WriteString("  no longer in the bundle\n")
			}
		}
		w.change(c, width, len(g.Hosts))
	}
	for i, files := range g.files() {
		if i == 0 {
			w.WriteString("\n")
		}
		w.diffs(files, len(g.Hosts))
	}
	w.WriteString("\n")
}

// title is "all 12 hosts:", or names them.
func (g *PlanGroup) title(all int) string {
	switch names := strings.Join(g.Hosts, ", "); {
	case len(g.Hosts) == all && all > 1:
		return fmt.Sprintf("all %d hosts:", all)
	case len(g.Hosts) <= fewHosts && len(names) <= longestList:
		return names + ":"
	}
	return fmt.Sprintf("%s: %s", counted(len(g.Hosts), "host"), bundle.HostSet(g.Hosts))
}

// fewHosts is how many are named one by one.
const fewHosts = 8

// some names some of a group's hosts; what is on most of them stands beside what is on the
// others.
func some(hosts []string, all int) string {
	if len(hosts) > fewHosts && len(hosts) > all/2 {
		return fmt.Sprintf("%d of %d hosts", len(hosts), all)
	}
	return hostList(hosts, fewHosts)
}

// A line of a table is the change (will, may), the resource, and why. widest is how long a
// resource may be for the reasons to begin below each other; leastWhy is how many columns
// these have at least.
const (
	whyIndent = "            "
	widest    = 60
	leastWhy  = 24
)

// column is how wide the resources of a table are.
func (w *planWriter) column(changes []PlanChange) int {
	most, width := widest, 0
	if w.Width > 0 {
		most = w.Width - len(whyIndent) - leastWhy
	}
	for i := range changes {
		if n := utf8.RuneCountInString(changes[i].what()); n <= most {
			width = max(width, n)
		}
	}
	return width
}

// changeColors are those of the words of a change.
var changeColors = map[string]diag.Color{"will": diag.Yellow, "gone": diag.Red}

// change writes a line of a table, and those that belong to it.
func (w *planWriter) change(c *PlanChange, width, hosts int) {
	line := fmt.Sprintf("    %s  %-*s  ", w.Paint(changeColors[c.Change], fmt.Sprintf("%-4s", c.Change)), width, c.what())
	why := firstLine(c.Text)
	used := 4 + 4 + 2 + max(width, utf8.RuneCountInString(c.what())) + 2
	switch {
	case why == "":
		w.WriteString(strings.TrimRight(line, " ") + "\n")
	case w.Width == 0 || used+utf8.RuneCountInString(why) <= w.Width:
		w.WriteString(line + why + "\n")
	default:
		w.WriteString(strings.TrimRight(line, " ") + "\n")
		for one := range strings.SplitSeq(why, "; ") {
			w.wrapped(whyIndent, one, whyIndent+"  ")
		}
	}
	for i, text := range c.Texts {
		if i == mostVariants && len(c.Texts) > mostVariants {
			w.wrapped(whyIndent, fmt.Sprintf("... and otherwise on %s; --format json has it", counted(othersOf(c.Texts[i:]), "host")), whyIndent)
			break
		}
		w.wrapped(whyIndent, firstLine(text.Text)+" (on "+some(text.Hosts, hosts)+")", whyIndent+"  ")
	}
	if c.Reaction != nil {
		w.wrapped("    then  ", c.Reaction.text(), whyIndent)
	}
}

// othersOf counts the hosts of some texts.
func othersOf(texts []PlanText) int {
	n := 0
	for _, text := range texts {
		n += len(text.Hosts)
	}
	return n
}

// what is the resource.
func (c *PlanChange) what() string { return c.Kind + " " + c.Name }

// verbs is what a reaction does, in words.
var verbs = map[string][2]string{
	"restart": {"restarts", "may restart"}, "reload": {"reloads", "may reload"}, "start": {"starts", "may start"}, "stop": {"stops", "may stop"},
	"reboot": {"reboots the host for", "may reboot the host for"}, "run": {"interrupts by", "may interrupt by"},
}

// text is "restarts containerd.service, in turn".
func (r *Reaction) text() string {
	words, ok := verbs[r.What]
	if !ok {
		words = [2]string{r.What, "may " + r.What}
	}
	text := words[0] + " " + r.Name
	if r.May {
		text = words[1] + " " + r.Name
	}
	if r.Disruptive {
		text += " (in turn, within the budgets)"
	}
	return text
}

// files are the diffs of the group, those of one file together.
func (g *PlanGroup) files() [][]PlanDiff {
	var all [][]PlanDiff
	for _, d := range g.Diffs {
		last := len(all) - 1
		if last >= 0 && all[last][0].Path == d.Path && all[last][0].Step == d.Step && all[last][0].Kind == d.Kind && all[last][0].Name == d.Name {
			all[last] = append(all[last], d)
			continue
		}
		all = append(all, []PlanDiff{d})
	}
	return all
}

// diffs writes what differs in one file. Of hosts on which different lines do, a few kinds
// are shown.
func (w *planWriter) diffs(variants []PlanDiff, hosts int) {
	for i := range variants {
		d := &variants[i]
		if i == mostVariants {
			w.wrapped("  ", fmt.Sprintf("%s: %d more ways to differ on other hosts; --format json has them", d.Path, len(variants)-i), "    ")
			return
		}
		on := ""
		if len(d.Hosts) < hosts {
			on = " on " + some(d.Hosts, hosts)
		}
		if d.Status == "withheld" {
			w.wrapped("  ", fmt.Sprintf("%s%s: not shown, %s", d.Path, on, d.Text), "    ")
			continue
		}
		w.wrapped("  ", d.Path+on+d.note()+":", "    ")
		for line := range strings.Lines(d.Text) {
			w.WriteString("    " + w.DiffLine(strings.TrimRight(line, "\n")) + "\n")
		}
		if d.Cut > 0 {
			fmt.Fprintf(w, "    ... %s more\n", counted(d.Cut, "line"))
		}
	}
}

func (d *Diff) note() string {
	if d.Status == "masked" {
		return " (*** is what others may not read there)"
	}
	return ""
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// lines say what the plan means for the cluster.
func (f *Forecast) lines() []string {
	if f == nil {
		return nil
	}
	var lines []string
	for i := range f.Roles {
		lines = append(lines, f.Roles[i].line())
	}
	if f.Etcd != nil {
		lines = append(lines, f.Etcd.line())
	}
	if f.Time != nil {
		lines = append(lines, f.Time.lines()...)
	}
	return lines
}

func (r *RoleForecast) line() string {
	text := fmt.Sprintf("Down at once of role %s: %d of %s", r.Role, r.AtOnce, counted(r.Hosts, "host"))
	var why []string
	if r.Interrupted > 0 {
		why = append(why, fmt.Sprintf("%d to be interrupted", r.Interrupted))
	}
	if r.Down > 0 {
		why = append(why, fmt.Sprintf("%d down already", r.Down))
	}
	if r.Limit == nil {
		why = append(why, "no max_unavailable")
	} else {
		why = append(why, "max_unavailable "+r.Budget)
	}
	if r.Limit != nil && r.Interrupted > 0 && r.Down >= *r.Limit {
		why = append(why, "no other is taken down before those are back")
	}
	return text + " (" + strings.Join(why, ", ") + ")"
}

func (e *EtcdForecast) line() string {
	text := fmt.Sprintf("etcd: %s, %d may be down, %d at once", counted(e.Members, "member"), e.MayBeDown, e.AtOnce)
	switch margin := e.Margin(); {
	case e.AtOnce == 0:
		return text
	case margin < 0:
		return text + ": no quorum meanwhile"
	case margin == 0:
		return text + ": not one more may fail meanwhile"
	default:
		return fmt.Sprintf("%s: %d more may fail meanwhile", text, margin)
	}
}
