//go:build receipts

package receipts

import (
	"fmt"
	"slices"
	"strings"
)

// receipt is what the events of a run prove, a line a setting.
func (w *world) receipt(s *scene, steps []string, said []line) string {
	var b strings.Builder
	for _, want := range s.said {
		if !slices.Contains(steps, want.step) {
			continue
		}
		status := "unread"
		for _, l := range said {
			if l.step == want.step && l.kind == want.kind && l.name == want.name {
				switch l.status {
				case "ok", "changed":
					status = "proven"
				case "failed":
					status = "unproven"
				}
			}
		}
		fmt.Fprintf(&b, "%s %s %s %s\n", status, want.step, want.kind, want.name)
	}
	return b.String()
}

// wanted is what the receipt of a run must be in which one act was disabled. What comes
// behind it in its step may be proven, as far as it was done without a look in between.
func (w *world) wanted(s *scene, steps []string, a act, got string) string {
	is := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	var b strings.Builder
	was, more := false, true
	for i, line := range strings.Split(strings.TrimSuffix(w.receipt(s, steps, s.said), "\n"), "\n") {
		status, rest, _ := strings.Cut(line, " ")
		switch {
		case rest == a.step+" "+a.kind+" "+a.name:
			status, was = "unproven", true
		case was:
			more = more && strings.HasPrefix(rest, a.step+" ") && strings.HasPrefix(is[i], "proven ")
			if !more {
				status = "unread"
			}
		}
		fmt.Fprintf(&b, "%s %s\n", status, rest)
	}
	return b.String()
}
