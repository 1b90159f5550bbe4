package runner

import (
	"fmt"
	"slices"
	"strings"
)

// Markdown is the report for a pull request or a change record.
func (p *PlanReport) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Plan of %s\n\n", cell(p.Cluster))
	if len(p.Groups) == 0 {
		fmt.Fprintf(&b, "Nothing to do on %s.\n\n", counted(p.Hosts-len(p.Left), "host"))
	}
	for i, line := range p.Forecast.lines() {
		if i > 0 {
			b.WriteString("\\\n")
		}
		b.WriteString(cell(line))
	}
	if len(p.Forecast.lines()) > 0 {
		b.WriteString("\n\n")
	}
	for i := range p.Groups {
		p.Groups[i].markdown(&b, p.Hosts)
	}
	if len(p.Gone) > 0 {
		fmt.Fprintf(&b, "## In the cluster, and not in the definition\n\n%s: a run is refused until each is declared `state = \"absent\"` and has left by `sprayc remove`.\n\n", cell(hostList(slices.Clone(p.Gone), fewHosts)))
	}
	if len(p.Left) > 0 {
		b.WriteString("## Left\n\n| Host | | Why |\n|---|---|---|\n")
		for _, left := range p.Left {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(left.Host), cell(string(left.Status)), cell(left.Reason))
		}
		b.WriteString("\n")
	}
	if len(p.Away) > 0 {
		b.WriteString("## Left out, as the definition says\n\n| Host | | Why |\n|---|---|---|\n")
		for _, away := range p.Away {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(away.Host), cell(away.State), cell(away.Reason))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (g *PlanGroup) markdown(b *strings.Builder, hosts int) {
	fmt.Fprintf(b, "## %s\n\n", cell(strings.TrimSuffix(g.title(hosts), ":")))
	b.WriteString("| | Step | Resource | Why | Then |\n|---|---|---|---|---|\n")
	for _, mark := range g.Marks {
		fmt.Fprintf(b, "| will | | | %s | |\n", cell(pending(mark)))
	}
	for i := range g.Changes {
		c := &g.Changes[i]
		then := ""
		if c.Reaction != nil {
			then = c.Reaction.text()
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", c.Change, cell(c.Step), cell(c.Kind+" "+c.Name), c.whys(len(g.Hosts)), cell(then))
	}
	b.WriteString("\n")
	for _, variants := range g.files() {
		for i := range variants {
			if i == mostVariants {
				fmt.Fprintf(b, "%s: %d more ways to differ on other hosts\n\n", cell(variants[i].Path), len(variants)-i)
				break
			}
			variants[i].markdown(b, len(g.Hosts))
		}
	}
}

// whys is in what a resource differs, on which hosts.
func (c *PlanChange) whys(hosts int) string {
	all := []string{}
	if c.Text != "" {
		all = append(all, cell(firstLine(c.Text)))
	}
	for i, text := range c.Texts {
		if i == mostVariants {
			all = append(all, fmt.Sprintf("... and otherwise on %s", counted(othersOf(c.Texts[i:]), "host")))
			break
		}
		all = append(all, cell(firstLine(text.Text)+" (on "+some(text.Hosts, hosts)+")"))
	}
	return strings.Join(all, "<br>")
}

func (d *PlanDiff) markdown(b *strings.Builder, hosts int) {
	on := ""
	if len(d.Hosts) < hosts {
		on = " on " + some(d.Hosts, hosts)
	}
	if d.Status == "withheld" {
		fmt.Fprintf(b, "%s: not shown, %s\n\n", cell(d.Path+on), cell(d.Text))
		return
	}
	fence := "```"
	for strings.Contains(d.Text, fence) {
		fence += "`"
	}
	fmt.Fprintf(b, "%s\n\n%sdiff\n%s\n", cell(d.Path+on+d.note()), fence, d.Text)
	if d.Cut > 0 {
		fmt.Fprintf(b, "... %s more\n", counted(d.Cut, "line"))
	}
	b.WriteString(fence + "\n\n")
}

// cell is text that is no markup, on one line.
func cell(text string) string { return markup.Replace(text) }

// markup is what Markdown and HTML would take for more than text.
var markup = strings.NewReplacer("\n", " ", "\\", "\\\\", "|", "\\|", "<", "&lt;", ">", "&gt;", "&", "&amp;", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "#", "\\#", "~", "\\~", "!", "\\!")
