package ssh

import "fmt"

// What a host may send, so that one that lies or floods costs neither memory nor
// time. All are far above what a host sends that is what it should be.
const (
	MostLine   = 1 << 20  // bytes of a line of events
	MostEvents = 64 << 20 // of all events of a run, and what is said beside them
	MostAnswer = 1 << 20  // of a short answer: a value, the end of a log, a list of marks

	mostBefore = 64 << 10 // on standard error before sudo has let us through
	mostTail   = 16 << 10 // that a Tail keeps
)

// FloodError is a host that sends more than it may.
type FloodError struct {
	Host string
	What string // "of events", "in a line"
	Most int
}

func (e *FloodError) Error() string {
	most := fmt.Sprintf("%d KiB", e.Most>>10)
	if e.Most >= 1<<20 {
		most = fmt.Sprintf("%d MiB", e.Most>>20)
	}
	return fmt.Sprintf("%s sends more than %s %s", e.Host, most, e.What)
}

// Fix says what to do, in one sentence.
func (e *FloodError) Fix() string {
	return "log in to " + e.Host + " and find out what it prints there, and whether it is what it should be"
}
