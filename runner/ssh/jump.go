package ssh

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
)

// jump is a connection to a jump host, shared by all that go through it.
type jump struct {
	mu   sync.Mutex
	conn *Conn
}

// throughJumps opens a stream to s through its ProxyJump: the last of the list
// is reached through those before it.
func (c *Client) throughJumps(ctx context.Context, s settings, depth int) (net.Conn, error) {
	spec := strings.ReplaceAll(s.jump, " ", "")
	before, last := "", spec
	if i := strings.LastIndexByte(spec, ','); i >= 0 {
		before, last = spec[:i], spec[i+1:]
	}
	c.mu.Lock()
	j, ok := c.jumps[spec]
	if !ok {
		j = &jump{}
		c.jumps[spec] = j
	}
	c.mu.Unlock()
	through, err := j.open(ctx, c, before, last, depth)
	if err != nil {
		return nil, fmt.Errorf("jump host %s: %w", last, err)
	}
	stream, err := through.client.DialContext(ctx, "tcp", s.address())
	if err != nil {
		return nil, fmt.Errorf("from jump host %s: %w", last, err)
	}
	return stream, nil
}

func (j *jump) open(ctx context.Context, c *Client, before, last string, depth int) (*Conn, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.conn != nil && j.conn.Err() == nil {
		return j.conn, nil
	}
	target, err := jumpTarget(last)
	if err != nil {
		return nil, err
	}
	s, err := c.config.resolve(target, "")
	if err != nil {
		return nil, err
	}
	if before != "" {
		s.jump, s.proxyCommand = before, ""
	}
	j.conn, err = c.dial(ctx, s, depth+1)
	if err != nil {
		j.conn = nil
	}
	return j.conn, err
}

// jumpTarget reads [user@]host[:port] or ssh://[user@]host[:port].
func jumpTarget(text string) (Target, error) {
	rest := strings.TrimPrefix(text, "ssh://")
	target := Target{}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		target.User, rest = rest[:i], rest[i+1:]
	}
	host, port, err := net.SplitHostPort(rest)
	if err != nil {
		host = strings.Trim(rest, "[]")
	} else if target.Port, err = strconv.Atoi(port); err != nil {
		return target, fmt.Errorf("ProxyJump %q: the port is not a number", text)
	}
	if host == "" {
		return target, fmt.Errorf("ProxyJump %q names no host", text)
	}
	target.Name = host
	return target, nil
}
