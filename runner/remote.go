package runner

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
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
	uploads chan struct{}   // as many as may be under way
	patient time.Duration   // how long a lost link is tried again
	tells   time.Duration   // how often it is said that it is tried still
	hurry   <-chan struct{} // closed when the user wants to end
	tell    func(Event)     // of links that are lost between requests
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
	f := &following{report: report, told: told{asked: r.asks(request)}}
	err := r.steadily(ctx, f, func(conn *ssh.Conn) error { return r.attempt(ctx, conn, request, f) })
	if request.Operation == Apply && unlinked(err) {
		if f.offset == 0 {
			return f.end, fmt.Errorf("%w; %w", err, errPerhapsBegun)
		}
		err = fmt.Errorf("%w: %w", ErrWorkGoesOn, err)
	}
	return f.end, err
}

// given is what startScript reads first.
func given(all []Given) io.Reader {
	var text bytes.Buffer
	for _, one := range all {
		fmt.Fprintf(&text, "%s %d\n", one.Name, len(one.Value))
		text.Write(one.Value)
	}
	return &text
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
	args := append([]string{mark, r.parcel.digest, place, request.Run, strconv.FormatInt(f.offset, 10), after, strconv.Itoa(len(request.Given))}, r.parcel.sums...)
	args = append(append(append(args, "--"), r.parcel.seals...), "--", string(request.Operation))
	if request.Operation == Apply {
		if request.Token {
			args = append(args, "--token")
		} else {
			args = append(args, "--hold")
		}
	}
	if request.Brief {
		args = append(args, "--brief")
	}
	if request.About != "" {
		args = append(args, "--about", aboutDir+"/"+request.Run+".env")
	}
	cmd, err := command(startScript, append(args, request.Steps...)...)
	if err != nil {
		return err
	}
	supply := newSupply(ctx, r)
	f.mark, f.supply = mark, supply
	f.begin()
	f.looking = request.Look && f.offset == 0
	defer supply.close()
	ctx, f.stop = context.WithCancel(ctx)
	defer f.stop()
	exit, err := conn.Run(ctx, cmd, io.MultiReader(given(request.Given), supply), f, &f.stderr)
	switch {
	case f.wrong != nil:
		return f.wrong
	case f.ended:
		return nil // the events say how it went, whatever the channel said after them
	case err != nil:
		return err
	case f.err != nil:
		if text := telling(f.stderr.String()); text != "" {
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
	f := &following{report: report, mark: "-", told: told{asked: asked{host: r.host.Name, run: run}}}
	err := r.steadily(ctx, f, func(conn *ssh.Conn) error {
		cmd, err := r.runScript("follow", run, strconv.FormatInt(f.offset, 10))
		if err != nil {
			return err
		}
		f.begin()
		f.reading = true
		ctx, f.stop = context.WithCancel(ctx)
		defer f.stop()
		exit, err := conn.Run(ctx, cmd, nil, f, &f.stderr)
		switch {
		case f.wrong != nil:
			return f.wrong
		case err == nil && !f.ended:
			return f.unfinished(exit)
		}
		return err
	})
	if unlinked(err) {
		err = fmt.Errorf("%w: %w", ErrWorkGoesOn, err)
	}
	return f.end, err
}

// Log reads the end of a run's log.
func (r *remote) Log(ctx context.Context, run string) (string, error) {
	cmd, err := command(logScript, run)
	if err != nil {
		return "", err
	}
	text, err := r.once(ctx, cmd, nil, "read the log")
	return string(text), err
}

// Stop asks the work to stop. The session's connection may be busy with
// following, so this uses a channel of its own.
func (r *remote) Stop(ctx context.Context, run string) error {
	cmd, err := r.runScript("stop", run)
	if err == nil {
		_, err = r.once(ctx, cmd, nil, "run.sh stop "+run)
	}
	return err
}

// Output mints a value.
func (r *remote) Output(ctx context.Context, name string) ([]byte, error) {
	cmd, err := r.runScript("output", name)
	if err != nil {
		return nil, err
	}
	value, err := r.capture(ctx, cmd, nil, "run.sh output "+name)
	return bytes.TrimSuffix(value, []byte("\n")), err
}

// Revoke takes a value back.
func (r *remote) Revoke(ctx context.Context, name string) error {
	cmd, err := r.runScript("revoke", name)
	if err == nil {
		_, err = r.once(ctx, cmd, nil, "run.sh revoke "+name)
	}
	return err
}

// Input hands over a value.
func (r *remote) Input(ctx context.Context, name string, value []byte) error {
	cmd, err := r.runScript("input", name)
	if err == nil {
		_, err = r.capture(ctx, cmd, value, "run.sh input "+name)
	}
	return err
}

// Fetch brings a file.
func (r *remote) Fetch(ctx context.Context, name string, to func() (io.Writer, error)) error {
	cmd, err := r.runScript("output", name)
	if err != nil {
		return err
	}
	return r.stream(ctx, "run.sh output "+name, func(conn *ssh.Conn, stderr io.Writer) (int, error) {
		w, err := to()
		if err != nil {
			return 0, err
		}
		return conn.Run(ctx, cmd, nil, w, stderr)
	})
}

// Send hands a file over.
func (r *remote) Send(ctx context.Context, name string, from func() (io.ReadCloser, error)) error {
	cmd, err := r.runScript("input", name)
	if err != nil {
		return err
	}
	return r.stream(ctx, "run.sh input "+name, func(conn *ssh.Conn, stderr io.Writer) (int, error) {
		file, err := from()
		if err != nil {
			return 0, err
		}
		defer file.Close()
		return conn.Run(ctx, cmd, file, io.Discard, stderr)
	})
}

// stream runs what may be run twice, through lost links, without holding what goes through.
func (r *remote) stream(ctx context.Context, what string, run func(*ssh.Conn, io.Writer) (int, error)) error {
	f := &following{report: r.tell}
	return r.steadily(ctx, f, func(conn *ssh.Conn) error {
		var stderr ssh.Tail
		exit, err := run(conn, &stderr)
		if err != nil {
			return fmt.Errorf("%s on %s: %w", what, r.host.Name, err)
		}
		if exit != 0 {
			return fmt.Errorf("%s on %s: %s", what, r.host.Name, said(stderr.String(), exit))
		}
		return nil
	})
}

// runScript is one short execution of run.sh.
func (r *remote) runScript(args ...string) (ssh.Command, error) {
	all := append(append([]string{r.parcel.digest}, r.parcel.sums...), "--")
	return command(callScript, append(all, args...)...)
}

// Survey reads marks and claims, and whether anything is ours.
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
		case "owned":
			s.Owns = true
		}
	}
	return s, err
}

// Mark leaves a mark, or takes it away.
func (r *remote) Mark(ctx context.Context, name string, there bool) error {
	word := "no"
	if there {
		word = "yes"
	}
	cmd, err := command(markScript, name, word)
	if err != nil {
		return err
	}
	_, err = r.capture(ctx, cmd, nil, "mark")
	return err
}

func newMark() (string, error) {
	var random [8]byte
	if _, err := rand.Read(random[:]); err != nil {
		return "", fmt.Errorf("make a mark: %w", err)
	}
	return "sprayc-" + hex.EncodeToString(random[:]), nil
}
