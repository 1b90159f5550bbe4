package diff

import (
	"fmt"
	"regexp"
	"strings"
)

// most of a comment in a pull request, in bytes: GitHub takes 65,536 characters.
const mostMarkdown = 60_000

// Markdown returns the report for a pull request: a table of what happens to which
// hosts, what stands out, and folded below that the resources and the lines, as
// far as they fit into a comment. Values stand in code alone, where they are no
// markup, mention nobody and link nowhere.
func (r *Report) Markdown(most int) string {
	if r.Empty() {
		return "Nothing that runs differs.\n"
	}
	var b strings.Builder
	for _, line := range r.head() {
		fmt.Fprintf(&b, "%s\n\n", prose(line))
	}
	r.groupTable(&b)
	bullets(&b, "Security", noticeBullets(r.Security))
	bullets(&b, "Irreversible", noticeBullets(r.Irreversible))
	var facts []string
	for _, line := range factLines(r.Cluster) {
		facts = append(facts, "- "+span(line))
	}
	bullets(&b, "Cluster", facts)
	left := 0
	for _, part := range r.folded(most) {
		if b.Len()+len(part) > mostMarkdown {
			left++
			continue
		}
		b.WriteString("\n" + part)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%d parts are too long for a comment; `sprayc diff` shows them.\n", left)
	}
	return strings.TrimLeft(b.String(), "\n")
}

func (r *Report) groupTable(b *strings.Builder) {
	if len(r.Groups) == 0 {
		return
	}
	b.WriteString("| hosts | what happens | what changes | what does not |\n|---|---|---|---|\n")
	for i := range r.Groups {
		if i == mostGroups {
			fmt.Fprintf(b, "| %d groups more | | | |\n", len(r.Groups)-i)
			break
		}
		g := &r.Groups[i]
		hosts := "**" + prose(g.Who) + "**"
		if len(g.Hosts) > 1 {
			hosts += "<br>" + span(short(g.Set))
		}
		changes := each(span, g.Changes)
		if g.More > 0 {
			changes = append(changes, fmt.Sprintf("%d more", g.More))
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", hosts, strings.Join(each(prose, g.Happens), "<br>"), strings.Join(changes, "<br>"), strings.Join(g.Spared, ", "))
	}
}

// mostGroups is how many groups of hosts the table has.
const mostGroups = 50

func each(show func(string) string, list []string) []string {
	var all []string
	for _, text := range list {
		all = append(all, show(text))
	}
	return all
}

func bullets(b *strings.Builder, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(b, "\n**%s**\n\n%s\n", title, strings.Join(lines, "\n"))
}

func noticeBullets(list []Notice) []string {
	var lines []string
	for _, same := range byReason(list) {
		lines = append(lines, "- "+prose(same[0].Why))
		for _, n := range same {
			line := "  - " + span(n.What)
			if n.Set != "" {
				line += " on " + span(n.Set)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// folded are the parts that a reader opens: each is whole by itself.
func (r *Report) folded(most int) []string {
	var parts []string
	fold := func(title string, lines []string) {
		if len(lines) > 0 {
			parts = append(parts, fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n\n</details>\n", title, strings.Join(lines, "\n")))
		}
	}
	fold(counted(len(r.Resources), "resource"), resourceBullets(r.Resources))
	fold(counted(len(r.Checks), "check"), resourceBullets(r.Checks))
	fold(counted(len(r.Scripts), "script")+" of modules", fileBullets(r.Scripts))
	fold(counted(len(r.Library), "file")+" of the shell library", fileBullets(r.Library))
	r.eachText(most, func(title, diff string) {
		text := cut(diff, most)
		fence := strings.Repeat("`", max(3, longestRun(text)+1))
		parts = append(parts, fmt.Sprintf("<details><summary><code>%s</code></summary>\n\n%sdiff\n%s%s\n\n</details>\n", entities(title), fence, text, fence))
	})
	return parts
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func resourceBullets(list []Resource) []string {
	var lines []string
	for i := range list {
		r := &list[i]
		lines = append(lines, "- "+span(verb(r.Op)+" "+r.Title()))
		for _, line := range r.lines() {
			lines = append(lines, "  - "+span(line))
		}
	}
	return lines
}

func fileBullets(list []File) []string {
	var lines []string
	for _, line := range fileLines(list) {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		lines = append(lines, indent[:len(indent)/2]+"- "+span(strings.TrimLeft(line, " ")))
	}
	return lines
}

func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

// plainProse matches what is no markup wherever it stands in a line; an underscore
// is none inside a word.
var plainProse = regexp.MustCompile(`^[A-Za-z0-9]+([ .,;()/%+'-]*[A-Za-z0-9]+(_[A-Za-z0-9]+)*)*[ .,;()/%+'-]*$`)

// prose shows words of ours with names in them: as they are if nothing of them can
// be markup, a link or a mention, else as code.
func prose(s string) string {
	if plainProse.MatchString(s) && !strings.Contains(s, "www.") {
		return s
	}
	return span(s)
}

// span shows a text as code. Between backticks all is literal; what cannot stand
// there, or would end a cell of a table, is written with entities.
func span(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return "`\"\"`"
	}
	if !strings.ContainsAny(s, "`|\\\n\r") {
		return "`" + s + "`"
	}
	return "<code>" + entities(s) + "</code>"
}

// entities writes every character that can be markup as a reference.
func entities(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune(" .,/=+-", r), r > 0x7f:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}
