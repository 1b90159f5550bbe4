package runner

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner/ssh"
)

// sshDialer opens sessions over SSH.
type sshDialer struct {
	client  *ssh.Client
	plan    *bundle.Plan
	parcels *parcels
	uploads chan struct{} // as many as may be under way
	patient time.Duration // how long a lost link is tried again
}

// Dial connects to a host.
func (d *sshDialer) Dial(ctx context.Context, host bundle.Host) (Session, error) {
	parcel, err := d.parcels.of(host)
	if err != nil {
		return nil, fmt.Errorf("pack the bundle for %s: %w", host.Name, err)
	}
	r := &remote{dialer: d, host: host, parcel: parcel}
	if _, err := r.connect(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// remote is a session over SSH: one connection, opened again when it is lost.
type remote struct {
	dialer *sshDialer
	host   bundle.Host
	parcel parcel

	mu   sync.Mutex // a value may be minted while the host works
	conn *ssh.Conn
}

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

// Close ends the connection.
func (r *remote) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conn == nil {
		return nil
	}
	return r.conn.Close()
}

// Start runs a request and follows it through lost links.
func (r *remote) Start(ctx context.Context, request Request, report func(Event)) (End, error) {
	f := &following{report: report}
	err := r.steadily(ctx, f, func(conn *ssh.Conn) error { return r.attempt(ctx, conn, request, f) })
	return f.end, err
}

// steadily attempts something anew whenever the link is lost, until it has ended
// or there has been no link for as long as the user is patient.
func (r *remote) steadily(ctx context.Context, f *following, attempt func(*ssh.Conn) error) error {
	backoff := 250 * time.Millisecond
	var lostAt time.Time
	for {
		conn, err := r.connect(ctx)
		if err == nil {
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
		} else if ctx.Err() == nil && !transient(err) {
			return fmt.Errorf("%w: %w", ErrWorkGoesOn, err)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", ErrWorkGoesOn, ctx.Err())
		}
		if lostAt.IsZero() {
			lostAt = time.Now()
			f.report(Event{Type: Phase, Status: PhaseReattaching})
		}
		if time.Since(lostAt) > r.dialer.patient {
			return fmt.Errorf("%w: no link for %s", ErrWorkGoesOn, r.dialer.patient)
		}
		select {
		case <-ctx.Done():
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, 10*time.Second)
	}
}

// transient reports whether dialling again may help.
func transient(err error) bool {
	var key *ssh.HostKeyError
	var auth *ssh.AuthError
	return !errors.As(err, &key) && !errors.As(err, &auth)
}

// attempt is one execution of startScript.
func (r *remote) attempt(ctx context.Context, conn *ssh.Conn, request Request, f *following) error {
	mark, err := newMark()
	if err != nil {
		return err
	}
	place, after := storeDir, "run"
	if request.Elsewhere {
		place = memoryDir
	}
	switch {
	case request.OnlyIfThere:
		after = "stop"
	case request.Look:
		after = "look"
	}
	if request.Operation != Apply {
		f.offset = 0 // what only looks ends with its link, and is begun anew
	}
	args := append([]string{mark, r.parcel.digest, place, request.Run, strconv.FormatInt(f.offset, 10), after}, r.parcel.sums...)
	args = append(args, "--", string(request.Operation))
	if request.Operation == Apply {
		if request.Token {
			args = append(args, "--token")
		} else {
			args = append(args, "--hold")
		}
	}
	cmd, err := command(startScript, append(args, request.Steps...)...)
	if err != nil {
		return err
	}
	supply := newSupply(ctx, r)
	f.mark, f.supply = mark, supply
	f.stderr.Reset()
	f.ended, f.partial, f.reading = false, nil, false
	f.looking = request.Look && f.offset == 0
	defer supply.close()
	exit, err := conn.Run(ctx, cmd, supply, f, &f.stderr)
	switch {
	case f.ended:
		return nil // the events say how it went, whatever the channel said after them
	case err != nil:
		return err
	case f.err != nil:
		if text := strings.TrimSpace(f.stderr.String()); text != "" {
			return fmt.Errorf("%w: %s", f.err, text)
		}
		return f.err
	case f.end.Sent && request.OnlyIfThere:
		return nil
	}
	return f.unfinished(exit)
}

// Follow shows a run that is there already, through lost links.
func (r *remote) Follow(ctx context.Context, run string, report func(Event)) (End, error) {
	f := &following{report: report, mark: "-"}
	err := r.steadily(ctx, f, func(conn *ssh.Conn) error {
		args := append(append([]string{r.parcel.digest}, r.parcel.sums...), "--", "follow", run, strconv.FormatInt(f.offset, 10))
		cmd, err := command(callScript, args...)
		if err != nil {
			return err
		}
		f.stderr.Reset()
		f.partial, f.reading = nil, true
		exit, err := conn.Run(ctx, cmd, nil, f, &f.stderr)
		if err == nil && !f.ended {
			err = f.unfinished(exit)
		}
		return err
	})
	return f.end, err
}

// Log reads the end of a run's log.
func (r *remote) Log(ctx context.Context, run string) (string, error) {
	cmd, err := command(logScript, run)
	if err != nil {
		return "", err
	}
	text, err := r.capture(ctx, cmd, nil, "read the log")
	return string(text), err
}

// Stop asks the work to stop. The session's connection may be busy with
// following, so this uses a channel of its own.
func (r *remote) Stop(ctx context.Context, run string) error {
	_, err := r.call(ctx, nil, "stop", run)
	return err
}

// Output mints a value.
func (r *remote) Output(ctx context.Context, name string) ([]byte, error) {
	value, err := r.call(ctx, nil, "output", name)
	return bytes.TrimSuffix(value, []byte("\n")), err
}

// Revoke takes a value back.
func (r *remote) Revoke(ctx context.Context, name string) error {
	_, err := r.call(ctx, nil, "revoke", name)
	return err
}

// Input hands over a value.
func (r *remote) Input(ctx context.Context, name string, value []byte) error {
	_, err := r.call(ctx, bytes.NewReader(value), "input", name)
	return err
}

// call is one short execution of run.sh.
func (r *remote) call(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	all := append(append([]string{r.parcel.digest}, r.parcel.sums...), "--")
	cmd, err := command(callScript, append(all, args...)...)
	if err != nil {
		return nil, err
	}
	return r.capture(ctx, cmd, stdin, "run.sh "+strings.Join(args, " "))
}

// Survey reads marks and claims.
func (r *remote) Survey(ctx context.Context) (Survey, error) {
	cmd, err := command(surveyScript)
	if err != nil {
		return Survey{}, err
	}
	text, err := r.capture(ctx, cmd, nil, "survey")
	var s Survey
	for line := range strings.Lines(string(text)) {
		switch kind, name, _ := strings.Cut(strings.TrimSpace(line), "/"); kind {
		case "marks":
			s.Marks = append(s.Marks, name)
		case "claims":
			s.Claims = append(s.Claims, name)
		}
	}
	return s, err
}

func (r *remote) capture(ctx context.Context, cmd ssh.Command, stdin io.Reader, what string) ([]byte, error) {
	conn, err := r.connect(ctx)
	if err != nil {
		return nil, err
	}
	var stdout, stderr bytes.Buffer
	exit, err := conn.Run(ctx, cmd, stdin, &stdout, &stderr)
	if err != nil {
		return nil, fmt.Errorf("%s on %s: %w", what, r.host.Name, err)
	}
	if exit != 0 {
		return nil, fmt.Errorf("%s on %s: %s", what, r.host.Name, said(stderr.String(), exit))
	}
	return stdout.Bytes(), nil
}

// said is what a failed command wrote last, or its status.
func said(stderr string, exit int) string {
	if text := strings.TrimSpace(stderr); text != "" {
		return text
	}
	return fmt.Sprintf("exit status %d", exit)
}

func newMark() (string, error) {
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("make a mark: %w", err)
	}
	return "sprayc-" + hex.EncodeToString(random[:]), nil
}
