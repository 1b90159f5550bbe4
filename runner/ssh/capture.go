package ssh

import (
	"bytes"
	"context"
	"io"
	"sync"
)

// Capture is Run for a command with a short answer. One that is longer than
// MostAnswer is a *FloodError.
func (c *Conn) Capture(ctx context.Context, cmd Command, stdin io.Reader) (stdout []byte, stderr string, exit int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, said := &answer{full: cancel}, &Tail{}
	exit, err = c.Run(ctx, cmd, stdin, out, said)
	if out.over {
		return nil, "", 0, &FloodError{Host: c.settings.name, What: "in an answer", Most: MostAnswer}
	}
	return out.text.Bytes(), said.String(), exit, err
}

// answer keeps what is written to it, up to MostAnswer.
type answer struct {
	text bytes.Buffer
	over bool
	full func() // called when there is more
}

// Write never fails: full ends the command.
func (a *answer) Write(p []byte) (int, error) {
	if a.over = a.over || a.text.Len()+len(p) > MostAnswer; a.over {
		a.full()
		return len(p), nil
	}
	return a.text.Write(p)
}

// Tail keeps the last of what is written to it.
type Tail struct {
	mu   sync.Mutex
	text []byte
}

// Write adds to the text.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if len(t.text) > 2*mostTail {
		t.text = append([]byte(nil), t.text[len(t.text)-mostTail:]...)
	}
	return len(p), nil
}

func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text[max(0, len(t.text)-mostTail):])
}

// Reset forgets the text.
func (t *Tail) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = nil
}
