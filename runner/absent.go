package runner

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/sprayc/sprayc/runner/ssh"
)

// absentAreGone makes sure, before a step that is done once per cluster is done
// anew, that none of its hosts that are declared absent is there, nor the cluster's
// endpoint when there are such.
func (e *engine) absentAreGone(step string) func(context.Context) error {
	return func(ctx context.Context) error {
		absent := ""
		for _, host := range e.plan.Hosts {
			if host.State != "absent" || !e.chosen.has(e.plan, host, step) {
				continue
			}
			absent = host.Name
			session, err := e.dial(ctx, host)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err == nil:
				_ = session.Close() // nothing was asked of it
				return &stillThereError{step: step, text: host.Name + " is declared absent and answers"}
			case !ssh.Silent(err):
				return &stillThereError{step: step, text: fmt.Sprintf("%s is declared absent and may be there: %v", host.Name, err)}
			}
		}
		if absent != "" && !everywhere(e.plan.Endpoint) && e.options.Answers(ctx, e.plan.Endpoint) {
			return &stillThereError{step: step, text: absent + " is declared absent, and " + e.plan.Endpoint + " answers"}
		}
		return nil
	}
}

// everywhere reports whether an endpoint is another on each machine, so that the
// one here tells nothing.
func everywhere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err != nil || host == "localhost" || net.ParseIP(host).IsLoopback()
}

// speaksTLS reports whether an API server speaks at an address: something that
// takes connections for servers that are not there does not.
func speaksTLS(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // who it is does not matter
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said
	return true
}

// stillThereError is a host declared absent that may have what is to be made.
type stillThereError struct{ step, text string }

func (e *stillThereError) Error() string {
	return fmt.Sprintf("cannot be begun: %s; it may have been done there", e.text)
}
