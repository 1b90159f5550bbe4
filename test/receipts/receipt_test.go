//go:build receipts

package receipts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/receipt"
)

// outcome is what a run came to: how it ended, its receipt, and what it said and wrote.
type outcome struct {
	ended   string
	receipt *receipt.Receipt
	said    string
}

// receiptOf makes the receipt of a run of these steps from what run.sh has said, as the
// runner does.
func (w *world) receiptOf(s *scene, steps []string, said string) outcome {
	w.t.Helper()
	made := receipt.New(s.bundle, s.host, runner.Apply, s.wants)
	made.Asked(steps)
	o := outcome{ended: "not at all", said: said}
	for line := range strings.Lines(said) {
		event, err := runner.ParseEvent(strings.TrimSuffix(line, "\n"))
		if err != nil {
			continue // of what a shell says by itself
		}
		made.Take(event)
		if event.Type == runner.RunEnds {
			o.ended = event.Status
		}
	}
	host := runner.HostResult{Host: s.host, Status: runner.HostStatus(o.ended)}
	o.receipt = made.Receipt(host, time.Unix(0, 0))
	return o
}

// lines are the resources and checks of a receipt, with their status first.
func lines(r *receipt.Receipt) []string {
	var all []string
	for _, s := range r.Settings {
		if s.Kind == receipt.SettingKind {
			continue // there when its check was reached
		}
		all = append(all, fmt.Sprintf("%s %s %s %s", s.Status, s.Step, s.Kind, s.Name))
	}
	return all
}

// only are the lines of a receipt of these steps alone: the others were not read.
func only(all, steps []string) []string {
	var out []string
	for _, line := range all {
		field := strings.SplitN(line, " ", 3)
		if !slices.Contains(steps, field[1]) {
			line = "unread " + field[1] + " " + field[2]
		}
		out = append(out, line)
	}
	return out
}

// wanted are the lines of the receipt of a run in which one act was disabled, of which the
// run with nothing disabled has these lines. What comes behind it in its step may be proven,
// as far as that was done without a look in between.
func wanted(undisabled []string, a act, got []string) []string {
	var want []string
	is, more := false, true
	for i, line := range undisabled {
		status, rest, _ := strings.Cut(line, " ")
		switch {
		case rest == a.step+" "+a.kind+" "+a.name:
			status, is = "unproven", true
		case is:
			more = more && strings.HasPrefix(rest, a.step+" ") && i < len(got) && strings.HasPrefix(got[i], "proven ")
			if !more {
				status = "unread"
			}
		}
		want = append(want, status+" "+rest)
	}
	return want
}
