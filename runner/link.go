package runner

import (
	"context"
	"errors"
	"time"

	"github.com/sprayc/sprayc/runner/ssh"
)

// LinkError is a link that was lost and did not come back.
type LinkError struct {
	In    string        // the step that the host was in, if any
	After time.Duration // that long it was tried
	Err   error         // why it did not come back; nil when it was not tried
}

func (e *LinkError) Error() string {
	text := "the link was lost"
	if e.In != "" {
		text += " in " + e.In
	}
	if e.After > 0 {
		text += " and did not come back within " + e.After.String()
	}
	if e.Err != nil && !errors.Is(e.Err, ssh.ErrLinkLost) {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *LinkError) Unwrap() error { return e.Err }

// Fix says what to do about what kept the link from coming back.
func (e *LinkError) Fix() string { return fixOf(e.Err) }

// connect returns the connection, made anew when it was lost.
func (r *remote) connect(ctx context.Context) (*ssh.Conn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conn != nil && r.conn.Err() == nil {
		return r.conn, nil
	}
	h := r.host
	target := ssh.Target{Name: h.Name, Address: h.Address, User: h.SSHUser, Port: h.SSHPort,
		FallbackUser: r.dialer.plan.SSH.User, FallbackPort: r.dialer.plan.SSH.Port}
	if h.SSHAddress != "" && h.SSHAddress != h.Address {
		target.Address, target.ExplicitAddress = h.SSHAddress, true
	}
	conn, err := r.dialer.client.Dial(ctx, target)
	if err != nil {
		return nil, err
	}
	r.conn = conn
	return conn, nil
}

// stillAway is how often a host that does not come back is spoken of.
const stillAway = 30 * time.Second

// hurried is how long a lost link is tried again when the user wants to end.
const hurried = 5 * time.Second

// steadily attempts something anew whenever the link is lost, until it has ended
// or there has been no link for as long as the user is patient: then the error is
// a *LinkError.
func (r *remote) steadily(ctx context.Context, f *following, attempt func(*ssh.Conn) error) error {
	backoff := 250 * time.Millisecond
	var lostAt, toldAt time.Time
	away := false // and the user was told
	patient, hurry := r.dialer.patient, r.dialer.hurry
	for {
		conn, err := r.connect(ctx)
		if err == nil {
			if away {
				away = false
				f.report(Event{Type: Phase, Status: PhaseAttached})
			}
			before := f.offset
			err = attempt(conn)
			if f.offset > before {
				lostAt, backoff = time.Time{}, 250*time.Millisecond
			}
			if !errors.Is(err, ssh.ErrLinkLost) && ctx.Err() == nil {
				return err
			}
			if f.ended {
				return nil
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !transient(err) {
			return &LinkError{Err: err}
		}
		if lostAt.IsZero() {
			lostAt, away = time.Now(), true
			toldAt = lostAt
			f.report(Event{Type: Phase, Status: PhaseReattaching})
		} else if now := time.Now(); r.dialer.tells > 0 && now.Sub(toldAt) >= r.dialer.tells {
			toldAt = now
			f.report(Event{Type: Phase, Status: PhaseReattaching, How: now.Sub(lostAt).Round(time.Second).String()})
		}
		if time.Since(lostAt) > patient {
			return &LinkError{After: patient, Err: err}
		}
		select {
		case <-ctx.Done():
		case <-hurry:
			patient, hurry = min(patient, time.Since(lostAt)+hurried), nil
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, 10*time.Second)
	}
}

// unlinked reports whether an error is one after which it is not known how the
// work on the host ended.
func unlinked(err error) bool {
	var lost *LinkError
	return errors.As(err, &lost) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// transient reports whether dialling again may help.
func transient(err error) bool {
	var key *ssh.HostKeyError
	var auth *ssh.AuthError
	return !errors.As(err, &key) && !errors.As(err, &auth)
}
