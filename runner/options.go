package runner

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/sprayc/sprayc/runner/ssh"
)

// Options says how a bundle is run. The zero value applies all of it on all
// hosts.
type Options struct {
	Operation Operation // Apply when empty
	Only      string    // selector of hosts: "role:worker", "cp1,cp2"; empty for all
	Steps     string    // selector of steps: "stage:runtime", "module:etcd", "containerd/install"
	Until     string    // the last stage to run

	// Components are those to run alone, with what each needs; none for all.
	Components []string
	Reports    string // only steps that tell of this: "certificates"; "" for all

	SSH         ssh.Options
	Connections int           // opened at once; 0 means 64
	Uploads     int           // under way at once; 0 means 32
	Patience    time.Duration // how long a lost link is tried again; 0 means 10 minutes
	Within      time.Duration // how long a host may take for each request of Status; 0 means for ever

	Approvals []string // who has approved the bundle, for the log

	Sinks []Sink
	// Receipts keeps what hosts prove, of a run and of verify; nil for none.
	Receipts Receipts
	// Leave ends the runner without asking the hosts to stop: their work goes on.
	// The end of the context asks them to stop after the act under way.
	Leave <-chan struct{}

	// Dialer replaces SSH, in tests.
	Dialer Dialer
	// Answers replaces the question whether the cluster's endpoint answers, in tests.
	Answers func(ctx context.Context, address string) bool
	// Getenv and Now replace the process's own, in tests.
	Getenv func(string) (string, bool)
	Now    func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Operation == "" {
		o.Operation = Apply
	}
	if o.Connections <= 0 {
		o.Connections = 64
	}
	if o.Uploads <= 0 {
		o.Uploads = 32
	}
	if o.Patience <= 0 {
		o.Patience = 10 * time.Minute
	}
	if o.Operation == Plan || o.Operation == Status {
		o.Receipts = nil
	}
	if o.Answers == nil {
		o.Answers = speaksTLS
	}
	if o.Getenv == nil {
		o.Getenv = os.LookupEnv
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Interrupts turns the first SIGINT or SIGTERM into the end of the context and
// the second into leave, for [Options.Leave]; for an operation that only looks the
// first is both, as there is no act to wait for. done gives the signals back.
func Interrupts(parent context.Context, operation Operation) (ctx context.Context, leave <-chan struct{}, done func()) {
	ctx, cancel := context.WithCancel(parent)
	signals, left, over := make(chan os.Signal, 2), make(chan struct{}), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		acts := []func(){cancel, func() { close(left) }}
		if operation != Apply {
			acts = []func(){func() { cancel(); close(left) }}
		}
		for _, act := range acts {
			select {
			case <-signals:
				act()
			case <-over:
				return
			}
		}
	}()
	return ctx, left, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}
