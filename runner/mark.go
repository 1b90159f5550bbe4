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

// pending says what a mark of an earlier run is for.
func pending(mark string) string {
	if isToken(mark) {
		return tokenStep(mark) + ", which took the host down in an earlier run that did not end well"
	}
	return mark + ", pending since an earlier run"
}
