package runner

import (
	"slices"
	"strings"
)

// isToken reports whether a mark is left by an act that had a token: the host may
// be down since. Others are of what is still to be done.
func isToken(mark string) bool { return strings.HasPrefix(mark, "token:") }

// tokenStep is the step that left such a mark; it is the name of a file there.
func tokenStep(mark string) string {
	return strings.ReplaceAll(strings.TrimPrefix(mark, "token:"), "%", "/")
}

// owes reports whether the host carries the mark of a token that no step of this run
// gives back: it may be down, however well this run went.
func (h *hostRun) owes() bool {
	return slices.ContainsFunc(h.result.Marks, func(mark string) bool {
		return isToken(mark) && !slices.Contains(h.todo, tokenStep(mark))
	})
}

// takeOut leaves the mark of a token before a step about the host acts: run.sh,
// which does so for steps of the host's own, is on another.
func (h *hostRun) takeOut(step string) bool {
	mark := "token:" + strings.ReplaceAll(step, "/", "%")
	if err := h.session.Mark(h.engine.work, mark, true); err != nil {
		h.broken(err)
		return false
	}
	h.outOf(mark)
	return true
}

// outOf notes that a step about the host has taken it out of service, in this run
// or in an earlier one.
func (h *hostRun) outOf(mark string) {
	if step := tokenStep(mark); isToken(mark) && h.engine.isAbout(step) {
		h.out = step
		h.outMarks = appendNew(h.outMarks, mark)
	}
}

// backIn takes such marks away, as the steps about the host are done.
func (h *hostRun) backIn() bool {
	for _, mark := range h.outMarks {
		if !slices.Contains(h.todo, tokenStep(mark)) {
			continue
		}
		if err := h.session.Mark(h.engine.work, mark, false); err != nil {
			h.broken(err)
			return false
		}
	}
	h.out, h.outMarks = "", nil
	return true
}

// pending says what a mark of an earlier run is for.
func pending(mark string) string {
	if isToken(mark) {
		return tokenStep(mark) + ", which took the host down in an earlier run that did not end well"
	}
	return mark + ", pending since an earlier run"
}
