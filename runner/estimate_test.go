package runner

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// timed plans and returns what is said of the time. took are tenths of a second, by host
// and step; host "" is all that have none of their own.
func timed(t *testing.T, w *world, took map[string]map[string]string) *TimeForecast {
	t.Helper()
	for name, host := range w.hosts {
		host.took = took[name]
		if host.took == nil {
			host.took = took[""]
		}
	}
	result := runBundle(t, &bundle.Bundle{Plan: *w.plan}, Options{Dialer: w, Operation: Plan})
	return result.Forecast.Time
}

// interrupts lets a step take a token.
func (h *fakeHost) interrupts(step string) {
	h.foresee = append(h.foresee, Event{Type: Reacts, Step: step, Kind: "exec", Name: "x", Status: "differs", Text: "restart", Disruptive: true})
}

// Hosts go at once, those that are taken down as the budgets say, and what waits for others
// waits; one founds the cluster.
func TestEstimate(t *testing.T) {
	both := []string{"control_plane", "worker"}
	all := map[string]string{"a/files": "100", "b/restart": "200", "c/init": "3000", "d/join": "50"}
	for _, c := range []struct {
		name    string
		budgets [2]string
		steps   []bundle.Step
		restart bool
		want    time.Duration
	}{
		{"at once", [2]string{"1", "1"}, []bundle.Step{{Name: "a/files", Roles: both}}, false, 10 * time.Second},
		{"one after the other, each role by itself", [2]string{"1", "1"}, []bundle.Step{{Name: "a/files", Roles: both}, {Name: "b/restart", Roles: both}}, true, 10*time.Second + 5*20*time.Second},
		{"two of five", [2]string{"1", "50%"}, []bundle.Step{{Name: "a/files", Roles: both}, {Name: "b/restart", Roles: both}}, true, 10*time.Second + 3*20*time.Second},
		{"no budget", [2]string{"", ""}, []bundle.Step{{Name: "a/files", Roles: both}, {Name: "b/restart", Roles: both}}, true, 30 * time.Second},
		{"founded and joined", [2]string{"1", "1"}, []bundle.Step{{Name: "a/files", Roles: both}, {Name: "c/init", Roles: both[:1], OncePer: "cluster"},
			{Name: "d/join", Roles: both[1:], Needs: []bundle.Need{{Step: "c/init", Roles: both[:1], Gate: "ready"}}}}, false, 315 * time.Second},
	} {
		plan := fakePlan([]bundle.Role{{Name: "control_plane", Hosts: names("cp", 3), MaxUnavailable: c.budgets[0]}, {Name: "worker", Hosts: names("w", 5), MaxUnavailable: c.budgets[1]}}, c.steps)
		w := newWorld(plan)
		for _, host := range w.hosts {
			if c.restart {
				host.interrupts("b/restart")
			}
		}
		got := timed(t, w, map[string]map[string]string{"": all})
		want(t, c.name, fmt.Sprint(got.Seconds), fmt.Sprint(c.want.Seconds()))
		want(t, c.name+", unknown", fmt.Sprint(got.Unknown), "[]")
	}
}

// A step about a host runs on another, which does one thing at a time, and the host is out
// of service until the last of them.
func TestEstimateAbout(t *testing.T) {
	for budget, seconds := range map[string]float64{"1": 4 * (10 + 20 + 5), "4": 4*10 + 20 + 5} {
		plan := fakePlan([]bundle.Role{{Name: "control_plane", Hosts: names("cp", 1)}, {Name: "worker", Hosts: names("w", 4), MaxUnavailable: budget}}, []bundle.Step{
			{Name: "a/drain", Roles: []string{"worker"}, About: true, Executor: "role:control_plane", Disruptive: true},
			{Name: "b/restart", Roles: []string{"worker"}, Disruptive: true},
			{Name: "c/back", Roles: []string{"worker"}, About: true, Executor: "role:control_plane"},
		})
		w := newWorld(plan)
		for _, name := range names("w", 4) {
			w.hosts[name].interrupts("a/drain")
			w.hosts[name].interrupts("b/restart")
		}
		got := timed(t, w, map[string]map[string]string{"cp0001": {"a/drain": "100", "c/back": "50"}, "w0002": {"b/restart": "200"}})
		want(t, "of four, "+budget, fmt.Sprint(got.Seconds), fmt.Sprint(seconds))
	}
}

// The times are those of the host, else of others; what has run nowhere is named, and what
// is not due takes none.
func TestEstimateKnows(t *testing.T) {
	roles := []string{"worker"}
	plan := fakePlan([]bundle.Role{{Name: "worker", Hosts: names("w", 3), MaxUnavailable: "1"}}, []bundle.Step{{Name: "a/one", Roles: roles}, {Name: "b/two", Roles: roles}, {Name: "c/new", Roles: roles}, {Name: "d/done", Roles: roles}})
	w := newWorld(plan)
	for _, host := range w.hosts {
		host.done["d/done"] = true
	}
	got := timed(t, w, map[string]map[string]string{
		"w0001": {"a/one": "10 600 20", "d/done": "99999", "x/gone": "5"},
		"w0002": {"b/two": "70"},
	})
	want(t, "json", keyOf(got), `[{"seconds":9,"slowest_seconds":67,"steps":2,"runs":4,"unknown":["c/new"]}]`)
	want(t, "text", strings.Join(got.lines(), "\n"), `Time: about 9 s, or 1 min 10 s if each step takes the longest it has taken (from 4 earlier runs of 2 steps, which the hosts have kept)
Time beside that: not known, the hosts have no earlier run of c/new`)
	want(t, "nothing known", strings.Join(timed(t, w, nil).lines(), "\n"), "Time: not known, the hosts have no earlier run of these 3 steps")
	for _, host := range w.hosts {
		host.away = host.name != "w0002"
	}
	want(t, "who is not there takes no time", fmt.Sprint(timed(t, w, map[string]map[string]string{"": {"a/one": "10"}}).Seconds), "1")
	for _, host := range w.hosts {
		host.away = false
		for _, step := range plan.Steps {
			host.done[step.Name] = true
		}
	}
	want(t, "nothing to do", fmt.Sprint(timed(t, w, nil)), "<nil>")
}

// What a host says of times is held against what it can be.
func TestParseTimes(t *testing.T) {
	for text, says := range map[string]string{
		"12 340":       "[1.2s 34s] <nil>",
		"":             "[] 0 times of a step, of 1 to 5",
		"1 2 3 4 5 6":  "[] 6 times of a step, of 1 to 5",
		"1 -2":         `[] "-2" is no time of a step`,
		"103680001":    `[] "103680001" is no time of a step`,
		"9999999999 1": `[] "9999999999" is no time of a step`,
	} {
		times, err := parseTimes(text)
		want(t, text, fmt.Sprint(times, err), says)
	}
	e, err := ParseEvent("times\tm/s\t12 340")
	want(t, "event", fmt.Sprint(e.Type, " ", e.Name, " ", e.times, " ", err), "times m/s [1.2s 34s] <nil>")
}

// Times in words.
func TestAboutWords(t *testing.T) {
	for seconds, words := range map[float64]string{0: "a second", 0.9: "a second", 1.2: "1 s", 9.7: "10 s", 33: "35 s", 57: "55 s", 58: "1 min", 119: "2 min", 137: "2 min 20 s",
		569: "9 min 30 s", 571: "10 min", 3500: "58 min", 3590: "1 h", 5000: "1 h 25 min", 86400: "24 h"} {
		want(t, fmt.Sprint(seconds), about(seconds), words)
	}
}
