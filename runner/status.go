package runner

import (
	"context"
	"slices"
)

// What an event of type [StatusTold] says.
const (
	StatusOK   = "ok"
	StatusWarn = "warn" // it is well, and will not stay so
	StatusBad  = "bad"
)

// statusReports are what verify blocks tell of when the status is asked for.
var statusReports = []string{"status", "certificates"}

// stand has the host tell how it stands, and the cluster as it sees it. What cannot be told is
// told of, too; then the host is planned for all the same.
func (h *hostRun) stand() bool {
	e := h.engine
	var steps []string
	for _, name := range e.own(h.todo) {
		if slices.ContainsFunc(e.steps[name].Reports, func(what string) bool { return slices.Contains(statusReports, what) }) {
			steps = append(steps, name)
		}
	}
	if len(steps) == 0 || h.session == nil {
		return true
	}
	h.telling = true
	defer func() { h.telling = false }()
	end, err := h.execute(Request{Operation: Verify, Steps: steps, Brief: true, Elsewhere: true})
	switch {
	case err != nil:
		h.broken(err)
		return false
	case end.Status == "ok" || end.Status == "differs":
		return true
	}
	h.failed(end)
	if h.result.Status == HostStopped {
		return false
	}
	fix := ""
	if h.result.Log != "" {
		fix = "read " + beside(h.result.Log, 1)
	}
	e.sinks.event(Event{Time: e.options.Now(), Host: h.host.Name, Type: StatusTold, Step: steps[0], Name: "status", Status: StatusBad, About: h.host.Name, Text: "not known: " + h.result.Reason, Fix: fix})
	h.result.Status, h.result.Reason, h.result.Log, h.result.Left = HostOK, "", "", nil
	h.source, h.diagnostic = "", nil
	return true
}

// within is the context of a request.
func (e *engine) within() (context.Context, context.CancelFunc) {
	if e.options.Operation == Status && e.options.Within > 0 {
		return context.WithTimeout(e.work, e.options.Within)
	}
	return context.WithCancel(e.work)
}
