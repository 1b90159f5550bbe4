package runner

import (
	"fmt"
	"slices"
	"strings"
)

// asked is what a host was asked to do, which its events are held against.
type asked struct {
	host string
	run  string
	// digest, operation and steps are empty of a run that somebody else has begun.
	digest    string
	operation Operation
	steps     []string
	brief     bool                          // a plan may end before its last step
	reads     func(step, value string) bool // a value that is known only while running
}

// asks is what the events of a request must be about.
func (r *remote) asks(request Request) asked {
	plan := r.dialer.plan
	steps := request.Steps
	if class := plan.Class(r.host.Class); len(steps) == 0 && class != nil {
		for _, use := range class.Steps {
			if step := plan.Step(use.Step); step == nil || !step.About {
				steps = append(steps, use.Step)
			}
		}
	}
	return asked{host: r.host.Name, run: request.Run, digest: r.host.Digest, operation: request.Operation, steps: steps, brief: request.Brief && request.Operation == Plan || request.Look,
		reads: func(name, value string) bool {
			step := plan.Step(name)
			return step != nil && slices.ContainsFunc(step.Outputs, func(id string) bool { return plainName(id) == plainName(value) })
		}}
}

// told is what the events of a run have said until now. A host may be wrong: it may
// be another, its run.sh changed, its events cut off or made up. So the first line
// must be about what was asked, and a good end about all of it.
type told struct {
	asked asked
	line  int // the number of the last
	begun bool
	steps map[string]string // how each that has ended came out
}

// anew is before the first line.
func (t *told) anew() { t.line, t.begun, t.steps = 0, false, map[string]string{} }

// take takes in one event, or says why it cannot be; looking says that it is of a plan
// before the run.
func (t *told) take(e Event, looking bool) error {
	if e.Type == RunEnds && e.Status == "lost" {
		return nil // in the words of who follows a run that has vanished
	}
	switch {
	case !t.begun && e.Type != RunBegins:
		return fmt.Errorf("it does not begin with what it is about")
	case !t.begun:
		t.begun = true
		return t.begins(e, looking)
	case e.Type == RunBegins:
		return fmt.Errorf("it begins a second time")
	}
	if words := statusesOf(e.Type); words != nil && !slices.Contains(words, e.Status) {
		return fmt.Errorf("there is no status %q", e.Status)
	}
	if e.Step != "" && t.asked.steps != nil && e.Step != removal && !slices.Contains(t.asked.steps, e.Step) {
		return fmt.Errorf("the step %q was not asked for", e.Step)
	}
	switch e.Type {
	case LiveNeeded:
		if t.asked.reads != nil && !t.asked.reads(e.Step, e.Name) {
			return fmt.Errorf("%s does not read a value %q", e.Step, e.Name)
		}
	case StepEnds:
		t.steps[e.Step] = e.Status
	case RunEnds:
		return t.ends(e.Status)
	}
	return nil
}

// removal is what run.sh calls the step in which it removes what the bundle no longer
// has.
const removal = "orphans"

// statusesOf are those of a type of event; nil of one that has none.
func statusesOf(of Type) []string {
	switch of {
	case StepEnds:
		return []string{"ok", "changed", "differs", "failed", "held"}
	case ResourceSeen:
		return []string{"ok", "changed", "failed", "differs", "blocked", "held", "skipped", "standin"}
	case Verified:
		return []string{"ok", "failed", "standin"}
	case SettingRead:
		return []string{"ok", "differs", "standin"}
	case StatusTold:
		return []string{StatusOK, StatusWarn, StatusBad}
	case FileDiffers:
		return []string{"shown", "masked", "withheld"}
	case Reacts:
		return []string{"differs", "blocked"}
	case OrphanSeen:
		return []string{"will", "removed", "kept"}
	case RunEnds:
		return []string{"ok", "changed", "differs", "failed", "held", "interrupted"}
	}
	return nil
}

// begins holds the first line against what was asked.
func (t *told) begins(e Event, looking bool) error {
	run, operation := t.asked.run, t.asked.operation
	if looking {
		run, operation = run+".look", Plan
	}
	for _, field := range []struct{ what, got, want string }{
		{"run", e.Run, run}, {"host", e.Host, t.asked.host}, {"bundle", e.Digest, t.asked.digest}, {"operation", e.Text, string(operation)},
	} {
		if field.want != "" && field.got != field.want {
			return fmt.Errorf("it is about the %s %q, and %q was asked for", field.what, field.got, field.want)
		}
	}
	return nil
}

// ends holds a good end against what the steps came to.
func (t *told) ends(status string) error {
	good := map[string][]string{"ok": {"ok"}, "changed": {"ok", "changed"}, "differs": {"ok", "changed", "differs"}}[status]
	if good == nil || status == "differs" && t.asked.brief {
		return nil
	}
	for _, step := range t.asked.steps {
		switch how, ended := t.steps[step]; {
		case !ended:
			return fmt.Errorf("it ends as %s, and %s has not been reported", status, step)
		case !slices.Contains(good, how):
			return fmt.Errorf("it ends as %s, and %s has ended as %s", status, step, how)
		}
	}
	return nil
}

// wrong is a line that cannot be.
func (t *told) wrong(line string, why error) error {
	if len(line) > 200 {
		line = strings.ToValidUTF8(line[:200], "") + " ..."
	}
	folder := runsDir
	if t.asked.operation != Apply && t.asked.operation != "" {
		folder = memoryRunsDir
	}
	return &EventsError{Host: t.asked.host, Run: t.asked.run, Folder: folder + "/" + t.asked.run, Line: t.line, Text: line, Err: why}
}

// EventsError is a host whose events cannot be those of what it was asked to do.
type EventsError struct {
	Host, Run string
	Folder    string // of the run on the host
	Line      int    // of the run's events
	Text      string // of that line, or its beginning
	Err       error
}

func (e *EventsError) Error() string {
	return fmt.Sprintf("the events of %s cannot be believed: line %d of run %s, %q: %v", e.Host, e.Line, e.Run, e.Text, e.Err)
}

func (e *EventsError) Unwrap() error { return e.Err }

// Fix says what to do, in one sentence.
func (e *EventsError) Fix() string {
	return "log in to " + e.Host + " and find out whether it is the host that it should be; what was done there is in " + e.Folder
}
