package runner

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// mostVariants is how many different diffs of one file a group shows.
const mostVariants = 3

// Text is the report for people.
func (p *PlanReport) Text() string {
	var b strings.Builder
	for i := range p.Groups {
		p.Groups[i].text(&b)
	}
	if lines := p.Forecast.lines(); len(lines) > 0 {
		for _, line := range lines {
			b.WriteString(line + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (g *PlanGroup) text(b *strings.Builder) {
	fmt.Fprintf(b, "%s:\n", hostList(g.Hosts, 8))
	for _, mark := range g.Marks {
		fmt.Fprintf(b, "  will  %s\n", pending(mark))
	}
	width := 0
	for i := range g.Changes {
		if n := utf8.RuneCountInString(g.Changes[i].what()); n <= widest {
			width = max(width, n)
		}
	}
	for i := range g.Changes {
		c := &g.Changes[i]
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %-4s  %-*s  %s", c.Change, width, c.what(), c.why()), " ") + "\n")
	}
	if reactions := g.reactions(); len(reactions) > 0 {
		fmt.Fprintf(b, "  then  %s\n", strings.Join(reactions, "; "))
	}
	for i, files := range g.files() {
		if i == 0 {
			b.WriteString("\n")
		}
		writeDiffs(b, files, len(g.Hosts))
	}
	b.WriteString("\n")
}

// widest is how long a resource may be for the reasons to begin below each other.
const widest = 60

// what is the step and the resource.
func (c *PlanChange) what() string {
	text := c.Kind + " " + c.Name
	if c.Step != "" {
		text = c.Step + ": " + text
	}
	return text
}

// why is in what it differs.
func (c *PlanChange) why() string { return firstLine(c.Text) }

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

// reactions of the group, in the order of its table.
func (g *PlanGroup) reactions() []string {
	var all []string
	for i := range g.Changes {
		if r := g.Changes[i].Reaction; r != nil {
			all = append(all, r.text())
		}
	}
	return all
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

// writeDiffs writes what differs in one file. Of hosts on which different lines do, a
// few kinds are shown.
func writeDiffs(b *strings.Builder, variants []PlanDiff, hosts int) {
	for i := range variants {
		d := &variants[i]
		if i == mostVariants {
			fmt.Fprintf(b, "  %s: %d more ways to differ on other hosts; --format json has them\n", d.Path, len(variants)-i)
			return
		}
		on := ""
		if len(d.Hosts) < hosts {
			on = " on " + hostList(d.Hosts, 8)
		}
		if d.Status == "withheld" {
			fmt.Fprintf(b, "  %s%s: not shown, %s\n", d.Path, on, d.Text)
			continue
		}
		fmt.Fprintf(b, "  %s%s%s:\n", d.Path, on, d.note())
		for line := range strings.Lines(d.Text) {
			fmt.Fprintf(b, "    %s\n", strings.TrimRight(line, "\n"))
		}
		if d.Cut > 0 {
			fmt.Fprintf(b, "    ... %s more\n", counted(d.Cut, "line"))
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
