package diff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/settings"
)

// visible escapes what would break a line or drive a terminal.
func visible(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}

// longest is how much of a value is shown, in bytes.
const longest = 120

// short returns a value on one line; a digest and a long one by their beginning.
func short(value string) string {
	if isDigest(value) {
		return value[:12]
	}
	text := visible(value)
	if len(text) <= longest {
		return text
	}
	end := longest - 20
	for end > 0 && text[end]&0xc0 == 0x80 {
		end--
	}
	return fmt.Sprintf("%s... (%d bytes)", text[:end], len(value))
}

// isDigest reports whether a value is a SHA-256 in hex.
func isDigest(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// who names hosts by what they are: "20 workers", "2 of 3 control planes".
func (s *side) who(names []string) string {
	if len(names) == 1 {
		return "host " + names[0]
	}
	total, some := map[string]int{}, map[string]int{}
	chosen := map[string]bool{}
	for _, name := range names {
		chosen[name] = true
	}
	var order []string
	for i := range s.Plan.Hosts {
		h := &s.Plan.Hosts[i]
		label := s.label(h)
		total[label]++
		if chosen[h.Name] {
			if some[label] == 0 {
				order = append(order, label)
			}
			some[label]++
		}
	}
	if len(names) == len(s.Plan.Hosts) {
		return fmt.Sprintf("all %d hosts", len(names))
	}
	slices.Sort(order)
	var parts []string
	for _, label := range order {
		if some[label] < total[label] {
			parts = append(parts, fmt.Sprintf("%d of %d %s", some[label], total[label], plural(label, total[label])))
		} else {
			parts = append(parts, fmt.Sprintf("%d %s", some[label], plural(label, some[label])))
		}
	}
	return joinAnd(parts)
}

// label is what a host is called for its roles.
func (s *side) label(h *bundle.Host) string {
	class := s.Plan.Class(h.Class)
	if class == nil || len(class.Roles) == 0 {
		return "host"
	}
	for _, main := range []string{"control_plane", "worker"} {
		if slices.Contains(class.Roles, main) {
			return strings.ReplaceAll(main, "_", " ")
		}
	}
	return strings.Join(class.Roles, "+") + " host"
}

func plural(label string, n int) string {
	if n == 1 {
		return label
	}
	return label + "s"
}

func joinAnd(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// from says what a value was and is.
func from(v *Value) string {
	switch {
	case v.Old == "" && v.New == "":
		return ""
	case v.Old == "":
		return short(v.New)
	case v.New == "":
		return short(v.Old)
	}
	if len(v.Old) > longest || len(v.New) > longest {
		if old, new := middles(v.Old, v.New); len(old) <= longest && len(new) <= longest {
			return old + " -> " + new
		}
	}
	old, new := short(v.Old), short(v.New)
	if old == new { // they differ beyond what is shown
		old, new = tail(v.Old), tail(v.New)
	}
	return old + " -> " + new
}

// middles are the parts of two long values that differ, with a little of what is
// around them.
func middles(old, new string) (string, string) {
	const around = 24
	start := 0
	for start < len(old) && start < len(new) && old[start] == new[start] {
		start++
	}
	end := 0
	for end < min(len(old), len(new))-start && old[len(old)-1-end] == new[len(new)-1-end] {
		end++
	}
	start, end = max(0, start-around), max(0, end-around)
	part := func(s string) string {
		text := strings.ToValidUTF8(s[start:len(s)-end], "")
		if start > 0 {
			text = "..." + text
		}
		if end > 0 {
			text += "..."
		}
		return visible(text)
	}
	return part(old), part(new)
}

// tail shows a long value by its size and digest.
func tail(value string) string {
	return fmt.Sprintf("(%d bytes, sha256 %s)", len(value), bundle.Digest([]byte(value))[:12])
}

// verb is what becomes of something, in one character.
func verb(op settings.Op) string {
	switch op {
	case added:
		return "+"
	case removed:
		return "-"
	}
	return "~"
}

// orderOf names what the order of is: the steps, or a step's resources.
func orderOf(step string) string {
	if step == "" {
		return "the order of the steps"
	}
	return "the order in " + step
}
