package ssh

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// Client holds what connections share. It is safe for use by many goroutines.
type Client struct {
	options Options
	config  *config
	keys    keyring
	hosts   hostKeys
	sudo    sudoPassword

	mu      sync.Mutex
	jumps   map[string]*jump
	noticed map[string]bool
}

// New reads the user's configuration.
func New(options Options) (*Client, error) {
	config, err := loadConfig(options.ConfigFile)
	if err != nil {
		return nil, err
	}
	var asking sync.Mutex
	if ask := options.Ask; ask != nil {
		options.Ask = func(question string) ([]byte, error) {
			asking.Lock()
			defer asking.Unlock()
			return ask(question)
		}
	}
	c := &Client{options: options, config: config, jumps: map[string]*jump{}, noticed: map[string]bool{}}
	c.keys.ask = options.Ask
	c.sudo.ask = options.Ask
	return c, nil
}

// Dial opens a connection to one host; see [Client.Dial].
func Dial(ctx context.Context, target Target, options Options) (*Conn, error) {
	client, err := New(options)
	if err != nil {
		return nil, err
	}
	return client.Dial(ctx, target)
}

// Close ends the connections to jump hosts. Connections to hosts are their
// owners' to close.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, j := range c.jumps {
		if j.conn != nil {
			_ = j.conn.Close()
		}
	}
	c.jumps = map[string]*jump{}
}

// Dial opens a connection to a host. Errors are *HostKeyError, *AuthError, or
// about the network; ctx and ConnectTimeout bound the time.
func (c *Client) Dial(ctx context.Context, target Target) (*Conn, error) {
	s, err := c.config.resolve(target, c.options.User)
	if err != nil {
		return nil, err
	}
	return c.dial(ctx, s, 0)
}

func (c *Client) notice(text string) {
	c.mu.Lock()
	first := !c.noticed[text]
	c.noticed[text] = true
	c.mu.Unlock()
	if first && c.options.Notice != nil {
		c.options.Notice(text)
	}
}

func (c *Client) dial(ctx context.Context, s settings, depth int) (*Conn, error) {
	known, err := c.hosts.load(s.knownHosts)
	if err != nil {
		return nil, err
	}
	for _, line := range known.passed {
		c.notice(fmt.Sprintf("%s cannot be read and is passed over: %v", line.place, line.why))
	}
	if s.strict == "no" {
		c.notice("unknown host keys are taken without a check: the SSH configuration says StrictHostKeyChecking no")
	}
	callback, address := known.callback(s, c.options.ConfigFile, c.notice)
	offer := c.keys.offer(s)
	dialCtx, cancel := context.WithTimeoutCause(ctx, s.timeout, fmt.Errorf("%w within %s", ErrNoAnswer, s.timeout))
	defer cancel()
	transport, err := c.transport(dialCtx, s, depth)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", s.address(), because(dialCtx, err))
	}
	stop := context.AfterFunc(dialCtx, func() { _ = transport.Close() })
	defer stop()
	var keyErr error
	conn, channels, requests, err := ssh.NewClientConn(transport, s.address(), &ssh.ClientConfig{
		User:              s.user,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(offer.signers...)},
		HostKeyAlgorithms: known.algorithms(address),
		HostKeyCallback: func(name string, addr net.Addr, key ssh.PublicKey) error {
			keyErr = callback(name, addr, key)
			return keyErr
		},
	})
	if err != nil {
		_ = transport.Close()
		var noAuth *ssh.ServerAuthError
		switch {
		case keyErr != nil:
			return nil, keyErr
		case errors.As(err, &noAuth), strings.Contains(err.Error(), "unable to authenticate"):
			return nil, &AuthError{User: s.user, Host: s.address(), Tried: offer.tried, Err: err}
		case strings.Contains(err.Error(), "no common algorithm for host key"):
			return nil, c.otherKey(known, s, address)
		}
		if err = because(dialCtx, err); errors.Is(err, ErrNoAnswer) {
			err = &muteError{err.Error()}
		}
		return nil, fmt.Errorf("connect to %s: %w", s.address(), err)
	}
	return newConn(c, s, ssh.NewClient(conn, channels, requests)), nil
}

// otherKey is for a server that has no key of the types that known_hosts has.
func (c *Client) otherKey(known *knownFiles, s settings, address string) error {
	failure := &HostKeyError{Host: address, Type: "a key of another type", Changed: true}
	for _, key := range known.want(address) {
		failure.Known = append(failure.Known, known.place(key))
	}
	failure.Command = known.command(s, c.options.ConfigFile, failure)
	return failure
}

// because prefers the reason of a context over what it caused.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// transport is the byte stream: TCP, a ProxyCommand, or a channel of a jump host.
func (c *Client) transport(ctx context.Context, s settings, depth int) (net.Conn, error) {
	switch {
	case s.jump != "":
		if depth > 8 {
			return nil, errors.New("more than 8 jump hosts; does one name itself?")
		}
		return c.throughJumps(ctx, s, depth)
	case s.proxyCommand != "":
		return proxy(s.expand(s.proxyCommand, localUser()))
	}
	dialer := net.Dialer{KeepAlive: 30 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", s.address())
	if err != nil {
		return nil, err
	}
	return quick(conn), nil
}

// proxy runs a ProxyCommand and speaks to it over its standard input and output.
func proxy(command string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	cmd := exec.Command("/bin/sh", "-c", "exec "+command)
	cmd.Stdin, cmd.Stdout = theirs, theirs
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start ProxyCommand %q: %w", command, err)
	}
	conn := &proxyConn{Conn: ours, cmd: cmd}
	go func() {
		_ = cmd.Wait() // its end is seen as the end of the stream
		_ = theirs.Close()
	}()
	return conn, nil
}

type proxyConn struct {
	net.Conn
	cmd *exec.Cmd
}

func (p *proxyConn) Close() error {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	return p.Conn.Close()
}
