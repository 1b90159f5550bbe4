package runner

import (
	"context"
	"errors"
	"fmt"
)

// start starts a request, once the host is free: a run that is at work there, one
// of our own that went on after its runner or its link was lost, or somebody's, is
// followed to its end first. What only looks does not wait.
func (h *hostRun) start(request Request, report func(Event)) (end End, err error) {
	e, session := h.engine, h.at.session
	request.Given = e.secretsFor(h.at.host, request.Steps)
	if h.at.about {
		request.About = h.host.Name
		request.Given = append(request.Given, Given{Name: aboutValues, Value: e.values(h.host.Name)})
	}
	if err := h.takeTurn(e.soft); err != nil {
		return End{}, err
	}
	defer func() {
		if end.Status != "held" || len(h.seen.live) == 0 {
			h.leaveTurn() // else the values that it asks for come first, and are for the next run there
		}
	}()
	for tries := 1; ; tries++ {
		request.Run = e.newRun()
		h.result.Run = request.Run
		h.seen = &seen{live: map[string]bool{}, before: h.result}
		stop := context.AfterFunc(e.soft, func() {
			// It may be over already, or cannot be reached; then there is nothing to stop.
			_ = session.Stop(e.work, request.Run)
		})
		ctx, cancel := e.within()
		end, err := session.Start(ctx, request, report)
		if err != nil && ctx.Err() != nil && e.work.Err() == nil {
			err = fmt.Errorf("it has not answered within %s", e.options.Within)
		}
		cancel()
		stop()
		var busy *BusyError
		if !errors.As(err, &busy) || busy.Run == "" || e.options.Operation != Apply || e.soft.Err() != nil {
			return end, err
		}
		switch followed := h.follow(busy); {
		case e.soft.Err() != nil, errors.Is(followed, ErrWorkGoesOn):
			h.result.Run = busy.Run
			return End{}, followed
		case followed != nil && tries >= lostRuns:
			return end, err
		}
	}
}

// follow sees another run to its end, or until the user interrupts this one.
func (h *hostRun) follow(busy *BusyError) error {
	e := h.engine
	ctx, cancel := context.WithCancel(e.work)
	defer cancel()
	defer context.AfterFunc(e.soft, cancel)()
	h.notice(busy.Text + "; following it")
	h.seen = &seen{live: map[string]bool{}, before: h.result}
	ours := false
	end, err := h.at.session.Follow(ctx, busy.Run, func(event Event) {
		if event.Type == RunBegins {
			// What another bundle brought about says nothing about this one.
			ours = !h.at.about && event.Digest == h.host.Digest && event.Text == string(Apply)
		}
		if ours && !e.isAbout(event.Step) {
			h.take(event, Request{Operation: Apply})
		}
	})
	if err == nil {
		h.notice("run " + busy.Run + " ended: " + end.Status)
	}
	return err
}

func (h *hostRun) notice(text string) {
	h.engine.sinks.event(Event{Time: h.engine.options.Now(), Host: h.host.Name, Type: Notice, Text: text})
}
