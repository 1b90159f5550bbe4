package ssh

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// sudoPassword is asked for once in a run. Until one host has taken it the
// others wait, so that a mistyped one is refused once and not by every host,
// which could lock the account.
type sudoPassword struct {
	ask func(string) ([]byte, error)

	mu       sync.Mutex
	password []byte
	proven   bool
	err      error
}

// use calls try with the password. At most one try runs until one succeeded.
func (p *sudoPassword) use(user, host string, try func(password []byte) error) error {
	p.mu.Lock()
	if p.err == nil && p.password == nil {
		p.fetch(user, host)
	}
	if p.err != nil {
		defer p.mu.Unlock()
		return p.err
	}
	if p.proven {
		p.mu.Unlock()
		return try(p.password)
	}
	defer p.mu.Unlock()
	err := try(p.password)
	var refused *SudoError
	switch {
	case err == nil:
		p.proven = true
	case errors.As(err, &refused):
		p.err = err
	}
	return err
}

func (p *sudoPassword) fetch(user, host string) {
	if p.ask == nil {
		p.err = &SudoError{User: user, Host: host, Text: "sudo wants a password and there is no terminal to ask for it"}
		return
	}
	p.password, p.err = p.ask(fmt.Sprintf("sudo password for %s: ", user))
	if p.err == nil && p.password == nil {
		p.password = []byte{}
	}
}

// gate watches standard error until sudo has let us through.
type gate struct {
	prompt, mark string
	after        io.Writer // where standard error goes once open

	mu     sync.Mutex
	held   []byte // what came before the mark
	opened bool
	flood  bool          // it was too much; nothing more is kept
	news   chan struct{} // has room for one: something changed
	asked  int
}

func newGate(after io.Writer) (*gate, error) {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, fmt.Errorf("make a prompt for sudo: %w", err)
	}
	id := hex.EncodeToString(random[:])
	return &gate{prompt: "sprayc-sudo-" + id[:16] + ":", mark: "sprayc-root-" + id[16:], after: after, news: make(chan struct{}, 1)}, nil
}

// Write takes standard error.
func (g *gate) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened {
		_, err := g.after.Write(p)
		return len(p), err
	}
	if g.flood {
		return len(p), nil
	}
	g.held = append(g.held, p...)
	for {
		i := bytes.Index(g.held, []byte(g.prompt))
		if i < 0 {
			break
		}
		g.held = append(g.held[:i:i], g.held[i+len(g.prompt):]...)
		g.asked++
		g.signal()
	}
	if i := bytes.Index(g.held, []byte(g.mark+"\n")); i >= 0 {
		rest := g.held[i+len(g.mark)+1:]
		g.held, g.opened = g.held[:i], true
		g.signal()
		if len(rest) > 0 {
			_, err := g.after.Write(rest)
			return len(p), err
		}
		return len(p), nil
	}
	if g.flood = len(g.held) > mostBefore; g.flood {
		g.signal()
	}
	return len(p), nil
}

func (g *gate) signal() {
	select {
	case g.news <- struct{}{}:
	default:
	}
}

// flooded is the error of a host that says too much before it lets us through.
func (g *gate) flooded(c *Conn) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.flood {
		return nil
	}
	return &FloodError{Host: c.settings.name, What: "before sudo has let us through", Most: mostBefore}
}

func (g *gate) state() (asked int, opened bool, said string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked, g.opened, strings.TrimSpace(string(g.held))
}

// pass waits until sudo has let us through, giving the password if it asks.
// ended is closed when the remote command is over.
func (g *gate) pass(ctx context.Context, c *Conn, stdin io.Writer, ended <-chan struct{}) error {
	given := 0
	for {
		asked, opened, said := g.state()
		switch err := g.flooded(c); {
		case err != nil:
			return err
		case opened:
			return nil
		case asked > given && given > 0:
			return &SudoError{User: c.settings.user, Host: c.settings.name, Text: "sudo does not accept the password"}
		case asked > given:
			given++
			err := c.owner.sudo.use(c.settings.user, c.settings.name, func(password []byte) error {
				if _, err := stdin.Write(append(append([]byte{}, password...), '\n')); err != nil {
					return fmt.Errorf("give sudo the password: %w", err)
				}
				return g.verdict(ctx, c, ended)
			})
			if err != nil {
				return err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ended:
			if _, opened, said = g.state(); opened {
				return nil
			}
			if c.Err() != nil {
				return ErrLinkLost
			}
			return &SudoError{User: c.settings.user, Host: c.settings.name, Text: explainSudo(said)}
		case <-g.news:
		}
	}
}

// verdict waits for sudo's answer to the password.
func (g *gate) verdict(ctx context.Context, c *Conn, ended <-chan struct{}) error {
	refused := &SudoError{User: c.settings.user, Host: c.settings.name, Text: "sudo does not accept the password"}
	for {
		asked, opened, said := g.state()
		if err := g.flooded(c); err != nil || opened {
			return err
		}
		if asked > 1 || strings.Contains(said, "try again") {
			return refused
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ended:
			if _, opened, said = g.state(); opened {
				return nil
			}
			if c.Err() != nil {
				return ErrLinkLost
			}
			return &SudoError{User: c.settings.user, Host: c.settings.name, Text: explainSudo(said)}
		case <-g.news:
		}
	}
}

// explainSudo turns what came instead of root into one line.
func explainSudo(said string) string {
	switch {
	case said == "":
		return "sudo ended without a word"
	case strings.Contains(said, "not found"), strings.Contains(said, "Unknown command"):
		return "there is no sudo (" + lastLine(said) + ")"
	}
	return lastLine(said)
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
