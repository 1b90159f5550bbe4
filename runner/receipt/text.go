package receipt

import (
	"fmt"
	"strings"
	"time"
)

// Text is the receipt for people: what is not proven first, then all of it by step. What
// a host has said stays in its line.
func (r *Receipt) Text() string {
	var b strings.Builder
	b.Grow(200 * len(r.Settings))
	fmt.Fprintf(&b, "Receipt of %s in the cluster %s\n\n", r.Host, oneLine(r.Cluster))
	for _, row := range [][2]string{
		{"bundle", r.Bundle}, {"host's share", r.Digest}, {"operation", r.Operation}, {"run", r.Run},
		{"time", r.Began.UTC().Format(time.RFC3339) + " to " + r.Ended.UTC().Format(time.RFC3339)},
		{"result", r.Status + strings.TrimSuffix(": "+oneLine(r.Reason), ": ")},
		{"settings", fmt.Sprintf("%d proven, %d unproven, %d not read", r.Count(Proven), r.Count(Unproven), r.Count(Unread))},
	} {
		if row[1] != "" {
			fmt.Fprintf(&b, "%-13s %s\n", row[0], row[1])
		}
	}
	if r.Count(Unproven) > 0 {
		b.WriteString("\nUnproven:\n")
		for i := range r.Settings {
			if s := &r.Settings[i]; s.Status == Unproven {
				fmt.Fprintf(&b, "  %s: %s\n", oneLine(s.Step), s.text())
			}
		}
	}
	step := ""
	for i := range r.Settings {
		s := &r.Settings[i]
		if i == 0 || s.Step != step {
			step = s.Step
			fmt.Fprintf(&b, "\n%s\n", oneLine(step))
		}
		fmt.Fprintf(&b, "  %-9s %s\n", s.Status, s.text())
	}
	return b.String()
}

// text is a setting for people, in one line.
func (s *Setting) text() string {
	var b strings.Builder
	if s.Kind != SettingKind {
		b.WriteString(s.Kind + " ")
	}
	b.WriteString(s.Name)
	switch {
	case s.Kind == SettingKind && s.Status == Proven:
		b.WriteString(": " + orUnset(s.Found))
	case s.Kind == SettingKind:
		b.WriteString(": " + orUnset(s.Found) + ", wanted " + orUnset(s.Wanted))
	case s.Status == Unproven && s.Found != "":
		b.WriteString(": " + s.Found)
	case s.Status == Proven && s.Found != "":
		b.WriteString(": " + s.Found)
	}
	if s.Reason != "" {
		b.WriteString("; " + s.Reason)
	}
	if s.How != "" && s.Status != Unread {
		b.WriteString(" (" + s.How + ")")
	}
	if s.Source != "" && s.Status == Unproven {
		b.WriteString(" at " + s.Source)
	}
	return oneLine(b.String())
}

func orUnset(value string) string {
	if value == "" {
		return "not set"
	}
	return value
}

// oneLine writes out what would end a line.
func oneLine(text string) string {
	if !strings.ContainsAny(text, "\n\r\t") {
		return text
	}
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
}
