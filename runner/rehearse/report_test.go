package rehearse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/runner"
)

// The report of a rehearsal that fails has the end of what the failed host's scripts
// printed: the host is gone then, and its log with it.
func TestReportShowsLog(t *testing.T) {
	events := &counter{seen: map[key]string{}}
	events.Begin(runner.Overview{})
	for i := range 20 {
		events.Event(runner.Event{Host: "w1", Type: runner.Said, Run: "R", Text: fmt.Sprint("line ", i)})
	}
	events.Event(runner.Event{Host: "w1", Type: runner.Said, Text: "a login shell that speaks"})
	report := &Report{}
	report.Runs[0] = Run{events: events, Result: runner.Result{Hosts: []runner.HostResult{
		{Host: "w1", Status: runner.HostFailed, Reason: "m/s: exec x: the log says more"},
		{Host: "w2", Status: runner.HostBlocked, Reason: "m/s needs m/s on w1, which failed"},
	}}}
	report.judge()
	want := "problem: the first run failed\nproblem: w1: failed: m/s: exec x: the log says more\n  the last lines of its log:\n"
	for i := 5; i < 20; i++ {
		want += fmt.Sprint("    line ", i, "\n")
	}
	want += "problem: w2: blocked: m/s needs m/s on w1, which failed\n"
	if _, got, _ := strings.Cut(report.String(), "made here\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
