package runner

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/runner/ssh"
)

// capture runs what may be run twice, through lost links, and returns what it
// prints.
func (r *remote) capture(ctx context.Context, cmd ssh.Command, stdin []byte, what string) (out []byte, err error) {
	f := &following{report: r.tell}
	err = r.steadily(ctx, f, func(conn *ssh.Conn) error {
		out, err = r.on(ctx, conn, cmd, stdin, what)
		return err
	})
	return out, err
}

func (r *remote) tell(event Event) {
	event.Host = r.host.Name
	r.dialer.tell(event)
}

// once is capture for what nobody waits for: a lost link is its end.
func (r *remote) once(ctx context.Context, cmd ssh.Command, stdin []byte, what string) ([]byte, error) {
	conn, err := r.connect(ctx)
	if err != nil {
		return nil, err
	}
	return r.on(ctx, conn, cmd, stdin, what)
}

func (r *remote) on(ctx context.Context, conn *ssh.Conn, cmd ssh.Command, stdin []byte, what string) ([]byte, error) {
	stdout, stderr, exit, err := conn.Capture(ctx, cmd, bytes.NewReader(stdin))
	if err != nil {
		return nil, fmt.Errorf("%s on %s: %w", what, r.host.Name, err)
	}
	if exit != 0 {
		return nil, fmt.Errorf("%s on %s: %s", what, r.host.Name, said(stderr, exit))
	}
	return stdout, nil
}

// telling is the line of a complaint that says most: tar's first is often about
// what followed from a full disk.
func telling(stderr string) string {
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "No space left") {
			return strings.TrimSpace(line)
		}
	}
	return firstLine(stderr)
}

// said is what a failed command wrote last, or its status. A refusal comes twice when a
// look was refused before.
func said(stderr string, exit int) string {
	if text := strings.TrimSpace(stderr); text != "" {
		return strings.Join(slices.Compact(strings.Split(text, "\n")), "\n")
	}
	return fmt.Sprintf("exit status %d", exit)
}
