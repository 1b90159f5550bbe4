package ssh

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// Conn is an open connection to one host. Commands on it run as root.
type Conn struct {
	owner    *Client
	settings settings
	client   *ssh.Client

	closed chan struct{} // closed when the connection is gone
	once   sync.Once
}

func newConn(owner *Client, s settings, client *ssh.Client) *Conn {
	c := &Conn{owner: owner, settings: s, client: client, closed: make(chan struct{})}
	go func() {
		_ = client.Wait() // the reason is of no use: the caller sees ErrLinkLost
		c.once.Do(func() { close(c.closed) })
	}()
	go c.keepalive()
	return c
}

// User is who we are on the host before sudo.
func (c *Conn) User() string { return c.settings.user }

// Address is the host and port that were dialled.
func (c *Conn) Address() string { return c.settings.address() }

// Lost is closed when the connection is gone.
func (c *Conn) Lost() <-chan struct{} { return c.closed }

// Err is ErrLinkLost once the connection is gone.
func (c *Conn) Err() error {
	select {
	case <-c.closed:
		return ErrLinkLost
	default:
		return nil
	}
}

// Close ends the connection.
func (c *Conn) Close() error { return c.client.Close() }

// keepalive asks the server for a sign of life, and closes the connection when
// none has come for the time that the configuration allows (30 s unless it says
// otherwise). A frozen host and a link that drops everything look the same.
func (c *Conn) keepalive() {
	ticker := time.NewTicker(c.settings.alive)
	defer ticker.Stop()
	answered := make(chan error, 1)
	waiting, missed := false, 0
	for {
		select {
		case <-c.closed:
			return
		case err := <-answered:
			if err != nil {
				_ = c.client.Close()
				return
			}
			waiting, missed = false, 0
		case <-ticker.C:
			if waiting {
				if missed++; missed >= c.settings.aliveCount {
					_ = c.client.Close()
					return
				}
				continue
			}
			waiting = true
			go func() {
				_, _, err := c.client.SendRequest("keepalive@openssh.com", true, nil)
				answered <- err
			}()
		}
	}
}

// Run executes a command as root, through sudo unless the user is root, and
// returns its exit status. A status is an error only when there is none: the
// link was lost (ErrLinkLost), ctx ended (its error), sudo refused (*SudoError),
// or a signal killed the command. stdin is read only once the command is root's;
// it may be nil.
func (c *Conn) Run(ctx context.Context, cmd Command, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	session, err := c.client.NewSession()
	if err != nil {
		var refused *ssh.OpenChannelError
		if !errors.As(err, &refused) { // all else comes of a link that has ended, c.Err or not yet
			_ = c.client.Close()
			return 0, ErrLinkLost
		}
		return 0, fmt.Errorf("open a session on %s: %w", c.settings.name, err)
	}
	defer session.Close()
	stop := context.AfterFunc(ctx, func() { _ = session.Close() })
	defer stop()
	input, err := session.StdinPipe()
	if err != nil {
		return 0, fmt.Errorf("open a session on %s: %w", c.settings.name, err)
	}
	out, diagnostics := &tap{w: stdout}, &tap{w: stderr}
	defer out.close()
	defer diagnostics.close()
	session.Stdout, session.Stderr = out, diagnostics
	text, gate := cmd.String(), (*gate)(nil)
	if c.settings.user != "root" {
		if gate, err = newGate(diagnostics); err != nil {
			return 0, err
		}
		text, session.Stderr = cmd.sudo(gate.prompt, gate.mark), gate
	}
	if err := session.Start(text); err != nil {
		return 0, c.ended(ctx, err)
	}
	ended, result := make(chan struct{}), error(nil)
	go func() {
		result = session.Wait()
		close(ended)
	}()
	if gate != nil {
		if err := gate.pass(ctx, c, input, ended); err != nil {
			return 0, err
		}
	}
	go func() {
		if stdin != nil {
			_, _ = io.Copy(input, stdin) // a command that stops reading says so by its status
		}
		_ = input.Close()
	}()
	select {
	case <-ended:
		return c.status(ctx, result)
	case <-c.closed:
		<-ended
		return c.status(ctx, result)
	case <-ctx.Done():
		// The server closes the channel only when the command has ended, and that
		// is not waited for.
		return 0, ctx.Err()
	}
}

// tap passes on what it is written until it is closed: a command that was left
// may still say something.
type tap struct {
	mu     sync.Mutex
	w      io.Writer
	closed bool
}

// Write never fails: nobody would hear of it.
func (t *tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed && t.w != nil {
		_, _ = t.w.Write(p)
	}
	return len(p), nil
}

func (t *tap) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}

func (c *Conn) status(ctx context.Context, err error) (int, error) {
	var exit *ssh.ExitError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.Signal() == "":
		return exit.ExitStatus(), nil
	case errors.As(err, &exit):
		return 0, fmt.Errorf("the command was killed by SIG%s", exit.Signal())
	}
	return 0, c.ended(ctx, err)
}

func (c *Conn) ended(ctx context.Context, err error) error {
	var missing *ssh.ExitMissingError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case c.Err() != nil, errors.As(err, &missing), errors.Is(err, io.EOF):
		return ErrLinkLost
	}
	return fmt.Errorf("run a command on %s: %w", c.settings.name, err)
}
