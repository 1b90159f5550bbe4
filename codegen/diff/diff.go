package diff

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Report is how two bundles differ. Each line of it is text for a person, with
// "+ ", "- " or "~ " before it for what is new, gone or another.
type Report struct {
	Sections []Section `json:"sections"`
}

// Section is what differs in one thing: a step, a class, some hosts.
type Section struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
}

// Empty reports whether the bundles do the same.
func (r *Report) Empty() bool { return len(r.Sections) == 0 }

// Text returns the report for people, in plain lines.
func (r *Report) Text() string {
	var b strings.Builder
	for i, section := range r.Sections {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(section.Title + "\n")
		for _, line := range section.Lines {
			b.WriteString("  " + line + "\n")
		}
	}
	return b.String()
}

// comparison is two bundles while they are compared.
type comparison struct {
	old, new *bundle.Bundle
	report   Report
}

// Between compares two bundles. The error is of a script that is not in the
// form that generated scripts have.
func Between(old, new *bundle.Bundle) (*Report, error) {
	c := &comparison{old: old, new: new}
	c.cluster()
	if err := c.scripts(); err != nil {
		return nil, err
	}
	c.files()
	c.classes()
	c.hosts()
	return &c.report, nil
}

// section adds a section, unless it has nothing in it.
func (c *comparison) section(title string, lines []string) {
	if len(lines) > 0 {
		c.report.Sections = append(c.report.Sections, Section{Title: title, Lines: lines})
	}
}

// cluster compares what is the whole cluster's: budgets, order, live values.
func (c *comparison) cluster() {
	var lines []string
	old, new := &c.old.Plan, &c.new.Plan
	if old.Cluster != new.Cluster {
		lines = append(lines, fmt.Sprintf("~ name: %s -> %s", old.Cluster, new.Cluster))
	}
	lines = append(lines, keyed(old.Roles, new.Roles, func(r bundle.Role) (string, string) {
		return "role " + r.Name, "down at once: " + orNone(r.MaxUnavailable)
	})...)
	lines = append(lines, keyed(old.Outputs, new.Outputs, func(o bundle.Output) (string, string) {
		return "output " + o.Name, fmt.Sprintf("%s, %d s, made on %s", o.Pattern, o.TTL, strings.Join(o.Roles, ", "))
	})...)
	lines = append(lines, keyed(old.Secrets, new.Secrets, func(s bundle.Secret) (string, string) {
		return "secret " + s.ID, s.Ref
	})...)
	lines = append(lines, keyed(old.Steps, new.Steps, func(s bundle.Step) (string, string) {
		return "step " + s.Name, orderOf(s)
	})...)
	c.section("cluster "+new.Cluster, lines)
}

// orderOf says all of a step that is not in its scripts.
func orderOf(s bundle.Step) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	add("stage %s", s.Stage)
	add("roles %s", strings.Join(s.Roles, " "))
	if len(s.After) > 0 {
		add("after %s", strings.Join(s.After, " "))
	}
	for _, need := range s.Needs {
		add("waits for %s on %s (%s)", need.Step, strings.Join(need.Roles, " "), need.Gate)
	}
	if s.OncePer != "" {
		add("once per %s", s.OncePer)
	}
	if s.Disruptive {
		add("disruptive")
	}
	if s.About {
		add("about one host, on %s", s.Executor)
	}
	return strings.Join(parts, ", ")
}

// keyed compares two lists whose entries have a name and a text.
func keyed[T any](old, new []T, key func(T) (name, text string)) []string {
	before, after := map[string]string{}, map[string]string{}
	for _, entry := range old {
		name, text := key(entry)
		before[name] = text
	}
	for _, entry := range new {
		name, text := key(entry)
		after[name] = text
	}
	return changes(before, after)
}

// changes compares two maps from names to short texts.
func changes(before, after map[string]string) []string {
	var lines []string
	for _, name := range unionKeys(before, after) {
		x, inOld := before[name]
		y, inNew := after[name]
		switch {
		case !inOld:
			lines = append(lines, fmt.Sprintf("+ %s: %s", visible(name), visible(y)))
		case !inNew:
			lines = append(lines, fmt.Sprintf("- %s: %s", visible(name), visible(x)))
		case x != y:
			lines = append(lines, fmt.Sprintf("~ %s: %s -> %s", visible(name), visible(x), visible(y)))
		}
	}
	return lines
}

func union(a, b map[string]bool) []string { return unionKeys(a, b) }

func unionKeys[V any](a, b map[string]V) []string {
	keys := make([]string, 0, len(a)+len(b))
	for key := range a {
		keys = append(keys, key)
	}
	for key := range b {
		if _, both := a[key]; !both {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

func orNone(s string) string {
	if s == "" {
		return "no limit"
	}
	return s
}
