package runner

import (
	"context"
	"errors"
	"io"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Operation is what is done with a bundle.
type Operation string

// The operations.
const (
	Plan   Operation = "plan"   // read only: what would change
	Apply  Operation = "apply"  // change it
	Verify Operation = "verify" // read only: does what is there work
	Status Operation = "status" // read only: what modules tell of how all stands, then a plan
)

// Session is one host, as the schedule sees it. Start and Follow are not called
// concurrently; the others may be, beside them.
type Session interface {
	// Start runs steps and reports every event, the last one before it returns.
	// An error means that how the work ended is not known; Lost then says so.
	Start(ctx context.Context, request Request, report func(Event)) (End, error)
	// Stop asks the work under way to stop after the current act.
	Stop(ctx context.Context, run string) error
	// Output mints a live value on this host; Revoke takes it back.
	Output(ctx context.Context, name string) ([]byte, error)
	Revoke(ctx context.Context, name string) error
	// Input hands a live value to the host, which checks its pattern.
	Input(ctx context.Context, name string, value []byte) error
	// Fetch brings a file that is an output, Send hands one over. Each opens its end anew
	// when a link was lost on the way.
	Fetch(ctx context.Context, name string, to func() (io.Writer, error)) error
	Send(ctx context.Context, name string, from func() (io.ReadCloser, error)) error
	// Follow shows a run that the host has, from its beginning to its end.
	Follow(ctx context.Context, run string, report func(Event)) (End, error)
	// Log is the end of what a run's scripts printed.
	Log(ctx context.Context, run string) (string, error)
	// Survey tells what the host carries from earlier runs.
	Survey(ctx context.Context) (Survey, error)
	// Mark leaves a mark on the host, or takes it away.
	Mark(ctx context.Context, name string, there bool) error
	Close() error
}

// Dialer opens sessions. A failure means that the host cannot be reached.
type Dialer interface {
	Dial(ctx context.Context, host bundle.Host) (Session, error)
}

// Request is one execution of run.sh.
type Request struct {
	Run       string // the run's name, unique on the host
	Operation Operation
	Token     bool     // disruptive acts are granted; else they are held
	Steps     []string // empty: all that the host has
	About     string   // the host that the steps are about, "" for the host itself
	Given     []Given  // what the host gets before anything is run
	// Look says to plan first and to apply only when that finds something to do:
	// one execution in either case. It is not done on a host that is new.
	Look bool
	// Brief ends a plan with the first step that is not as wanted; a verify only tells what
	// its steps report, also while another run is at work.
	Brief bool
	// OnlyIfThere says to run nothing when the bundle had to be sent first: the
	// quick look at a host is of no use when it is new.
	OnlyIfThere bool
	// Elsewhere puts a bundle that must be sent in memory, to be gone afterwards.
	Elsewhere bool
}

// Given is something that a host gets with a request, on standard input, and
// keeps in memory for as long as the request takes.
type Given struct {
	Name  string // aboutValues, or that of a secret
	Value []byte
}

// aboutValues is what is given of the host that the steps are about: its own
// values. No secret has this name, as theirs are made from what they are.
const aboutValues = "about/values"

// End is how an execution ended.
type End struct {
	Status string // ok changed differs failed held interrupted lost, or "" when nothing was run
	Sent   bool   // the bundle was sent
	Text   string // of a failure before the first step: what the host said
}

// Survey is what a host carries from earlier runs.
type Survey struct {
	Marks  []string // reactions that are still due
	Claims []string // of what is done once per cluster
	Owns   bool     // something was made here
}

// ErrWorkGoesOn is wrapped by errors after which the work on the host goes on by
// itself: the link was lost and did not come back in time.
var ErrWorkGoesOn = errors.New("the work on the host goes on by itself")

// errPerhapsBegun is wrapped by errors after which it is not known whether there is
// work on the host.
var errPerhapsBegun = errors.New("whether the work had begun is not known")

// BusyError is another run at work on the host.
type BusyError struct {
	Run  string // its name, or "" when it is not known
	Text string // what the host said
}

func (e *BusyError) Error() string { return e.Text }
