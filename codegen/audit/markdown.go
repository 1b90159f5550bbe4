package audit

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Markdown returns the report as Markdown, for a pull request or a wiki: the
// same things as Text in the same order, in tables.
func (r *Report) Markdown() string {
	var b strings.Builder
	hosts := 0
	for _, class := range r.Classes {
		hosts += len(class.Hosts)
	}
	fmt.Fprintf(&b, "# Audit of cluster %s\n\n%s in %s, %s.\n\n", cell(r.Cluster), count(hosts, "host"), plural(len(r.Classes), "class", "classes"), count(len(r.Modules), "module"))
	if r.Library != nil {
		for i, line := range r.Library.Says() {
			text := cell(line)
			if i == 0 && !r.Library.Own() {
				text = "**" + text + "**"
			}
			b.WriteString(text + "\n")
		}
		b.WriteString("\n")
	}
	b.WriteString("| | |\n|---:|---|\n")
	for _, c := range r.Summary {
		if c.shown() {
			fmt.Fprintf(&b, "| %d | %s |\n", c.Count, c.Title)
		}
	}
	b.WriteString("\n## Hosts\n\n| class | hosts | names | addresses |\n|---|---:|---|---|\n")
	for i := range r.Classes {
		c := &r.Classes[i]
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", c.Name, len(c.Hosts), cell(bundle.HostSet(c.Hosts)), cell(c.addressRuns()))
	}
	b.WriteString("\n## Modules\n\n| module | what it is | from |\n|---|---|---|\n")
	for _, m := range r.Modules {
		from := code(m.Path)
		if m.Definition != "" {
			from += ", " + code(m.Definition)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(m.Name), cell(m.Summary), from)
	}
	for _, section := range sections {
		r.sectionMarkdown(&b, section.name, section.title)
	}
	r.differencesMarkdown(&b)
	return b.String()
}

func (r *Report) sectionMarkdown(b *strings.Builder, name Section, title string) {
	groups := r.groups(name)
	if len(groups) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n", upper(title))
	for _, on := range sortedKeys(groups) {
		fmt.Fprintf(b, "\n### %s\n\n| | what | how | origin |\n|---|---|---|---|\n", cell(upper(on)))
		for _, e := range groups[on] {
			origins := e.origins()
			for i := range origins {
				origins[i] = code(origins[i])
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", cell(e.Category), code(e.Subject), cell(strings.Join(e.how(true), ", ")), strings.Join(origins, "; "))
		}
	}
}

func (r *Report) differencesMarkdown(b *strings.Builder) {
	for i, d := range r.differences() {
		if i == 0 {
			b.WriteString("\n## What differs between hosts\n")
		}
		fmt.Fprintf(b, "\n### %s\n\nOf %s", cell(d.name), cell(d.of))
		if d.digests > 0 {
			fmt.Fprintf(b, ": %d different digests, of what is told above and below.\n", d.digests)
			continue
		}
		b.WriteString(".\n\n| hosts | value |\n|---|---|\n")
		for _, form := range d.forms {
			fmt.Fprintf(b, "| %s | %s |\n", cell(form[0]), code(form[1]))
		}
	}
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// special are the characters that mean something to Markdown within a line.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "|", `\|`, "<", "&lt;", ">", "&gt;", "[", `\[`, "]", `\]`)

// cell is text in a table.
func cell(text string) string { return special.Replace(visible(text)) }

// code is text in a table as it is, in a code span whose fence it does not have.
func code(text string) string {
	text = strings.ReplaceAll(visible(text), "|", `\|`)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}
