package runner

// quickLook asks a host that has the bundle whether there is anything to do; then
// a host with nothing to do costs one execution, however many segments it has.
func (h *hostRun) quickLook() bool {
	e := h.engine
	defer func() { h.glances = nil }()
	own := e.own(h.todo)
	var end End
	var err error
	if len(own) > 0 {
		end, err = h.execute(Request{Operation: Plan, Steps: h.named(own), Brief: true, OnlyIfThere: true})
	}
	if err == nil && end.Status == "" {
		h.callRoll()
		end, err = h.firstLook(own)
	}
	switch {
	case err != nil:
		h.broken(err)
		return true
	case end.Status == "ok" && !h.orphans():
		if done, well := h.quickLookAside(); !well || !done {
			return !well
		}
		if len(h.outMarks) > 0 && !h.mayAct() || !h.backIn() {
			return true
		}
		for _, event := range h.glances {
			if event.Type == Warned { // each run says it anew
				e.sinks.event(event)
			} else {
				e.sinks.seen(event)
			}
		}
		for _, step := range h.todo {
			h.finishStep(step)
			if f, ok := e.founds[step]; ok {
				f.answer(h.host.Name, Present)
			}
		}
		return true
	}
	return false
}

// firstLook is at a host that did not have the bundle. When another one has made something
// there it is planned for once: what the bundle no longer has is told of only when all is
// asked for, which no segment does.
func (h *hostRun) firstLook(own []string) (End, error) {
	e := h.engine
	if h.session == nil {
		return End{}, nil // it does not answer, and leaves the cluster
	}
	survey, err := h.session.Survey(e.work)
	if err != nil {
		return End{}, err
	}
	e.budgets.hear(h.host.Name, survey.Marks)
	for _, mark := range survey.Marks {
		h.result.Marks = appendNew(h.result.Marks, mark)
		h.outOf(mark)
	}
	if !survey.Owns || e.chosen.partial || len(own) == 0 {
		return End{}, nil
	}
	return h.execute(Request{Operation: Plan, Steps: h.named(own), Brief: true})
}

// quickLookAside asks the same of the steps about the host.
func (h *hostRun) quickLookAside() (done, well bool) {
	done = true
	for _, step := range h.todo {
		if !h.engine.isAbout(step) {
			continue
		}
		well = h.aside(step, func() bool {
			end, err := h.execute(Request{Operation: Plan, Steps: []string{step}, Brief: true, OnlyIfThere: true})
			if err != nil {
				h.broken(err)
			}
			done = end.Status == "ok"
			return err == nil
		})
		if !well || !done {
			return done, well
		}
	}
	return true, true
}
