package runner

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// TimeForecast is how long running a plan would take, from how long the same steps took
// when they last changed something. The hosts keep that: five times of each step.
type TimeForecast struct {
	Seconds float64  `json:"seconds"`           // for the steps that are known
	Slowest float64  `json:"slowest_seconds"`   // if each takes as long as it ever did
	Steps   int      `json:"steps"`             // that are known
	Runs    int      `json:"runs"`              // times of them that this is made of
	Unknown []string `json:"unknown,omitempty"` // steps that have changed nothing yet on any host that was asked
}

// estimate follows the schedule of a run of what was planned: hosts in parallel, steps in
// order, waits, budgets. It is nil when there is nothing to do.
func (e *engine) estimate(hosts []HostResult, f *forecaster) *TimeForecast {
	due := map[string]map[string]bool{}
	steps := map[string]bool{}
	for i := range hosts {
		host := &hosts[i]
		if host.Reason != "" {
			continue
		}
		due[host.Host] = map[string]bool{}
		for _, items := range [][]Item{host.Will, host.May} {
			for _, item := range items {
				due[host.Host][item.Step], steps[item.Step] = true, true
			}
		}
	}
	if len(steps) == 0 {
		return nil
	}
	past := &e.past
	past.sum()
	t := &TimeForecast{}
	for _, step := range slices.Sorted(maps.Keys(steps)) {
		if n := len(past.steps[step]); n > 0 {
			t.Steps++
			t.Runs += n
		} else {
			t.Unknown = append(t.Unknown, step)
		}
	}
	for _, one := range []struct {
		to   *float64
		take func(step, host string) time.Duration
	}{
		{&t.Seconds, func(step, host string) time.Duration { usual, _ := past.of(step, host); return usual }},
		{&t.Slowest, func(step, host string) time.Duration { _, slowest := past.of(step, host); return slowest }},
	} {
		*one.to = newSchedule(e, f, hosts, func(step, host string) time.Duration {
			if !due[host][step] {
				return 0
			}
			return one.take(step, host)
		}).run().Seconds()
	}
	return t
}

// lines say it in words.
func (t *TimeForecast) lines() []string {
	if t.Steps == 0 {
		these := "this step"
		if len(t.Unknown) > 1 {
			these = fmt.Sprintf("these %d steps", len(t.Unknown))
		}
		return []string{"Time: not known, the hosts have no earlier run of " + these}
	}
	usual, slowest := about(t.Seconds), about(t.Slowest)
	line := "Time: about " + usual
	if slowest != usual {
		line += ", or " + slowest + " if each step takes the longest it has taken"
	}
	lines := []string{fmt.Sprintf("%s (from %s of %s, which the hosts have kept)", line, counted(t.Runs, "earlier run"), counted(t.Steps, "step"))}
	if len(t.Unknown) > 0 {
		lines = append(lines, "Time beside that: not known, the hosts have no earlier run of "+strings.Join(t.Unknown, ", "))
	}
	return lines
}

// about is a time that is not known better than this.
func about(seconds float64) string {
	round := func(to float64) int { return int(math.Round(seconds/to) * to) }
	switch {
	case seconds < 1:
		return "a second"
	case seconds < 10:
		return fmt.Sprintf("%d s", round(1))
	case seconds < 57.5:
		return fmt.Sprintf("%d s", round(5))
	case seconds < 9.5*60:
		if n := round(10); n%60 != 0 {
			return fmt.Sprintf("%d min %d s", n/60, n%60)
		}
		return fmt.Sprintf("%d min", round(10)/60)
	case seconds < 59.5*60:
		return fmt.Sprintf("%d min", round(60)/60)
	}
	minutes := round(300) / 60
	if minutes%60 == 0 {
		return fmt.Sprintf("%d h", minutes/60)
	}
	return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
}
