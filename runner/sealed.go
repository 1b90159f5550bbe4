package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// opener opens a file that is handed to hosts, decrypted on the way when it has an identity.
// All of it is read once before: what ends early, or is not for the identity, is never sent.
func (l *lives) opener(file *bundle.Secret) func() (io.ReadCloser, error) {
	path := strings.TrimPrefix(file.Ref, "file:")
	return func() (io.ReadCloser, error) {
		for whole := false; ; whole = true {
			f, err := os.Open(path)
			if err != nil {
				return nil, err
			}
			opened := struct {
				io.Reader
				io.Closer
			}{f, f}
			if file.Identity != "" {
				identities, err := age.ParseIdentities(bytes.NewReader(l.secrets[file.Identity]))
				if err != nil {
					return nil, errors.Join(fmt.Errorf("%s is no identity of age", file.Identity), f.Close()) // which err would show
				}
				if opened.Reader, err = age.Decrypt(f, identities...); err != nil {
					return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), f.Close())
				}
			}
			if whole {
				return opened, nil
			}
			_, err = io.Copy(io.Discard, opened)
			if err = errors.Join(err, f.Close()); err != nil {
				return nil, fmt.Errorf("open %s: %w", path, err)
			}
		}
	}
}

// copies fetches the files of which a copy is kept here, each from the first host that has
// done its step and has it.
func (e *engine) copies(ctx context.Context) {
	if e.options.Operation != Apply {
		return
	}
	for i := range e.plan.Outputs {
		output := &e.plan.Outputs[i]
		if output.Copy.To == "" {
			continue
		}
		var failures []problem
		for _, host := range e.didStep(output.Step) {
			session, err := e.helper(ctx, host)
			var path string
			var size int64
			if err == nil {
				path, size, err = e.copy(ctx, session, output)
			}
			if err == nil {
				e.sinks.event(Event{Time: e.options.Now(), Host: host, Type: Notice, Text: fmt.Sprintf("a copy of %s is in %s (%d bytes, encrypted)", output.Name, path, size)})
				failures = nil
				break
			}
			failures = append(failures, problem{host: host, reason: fmt.Sprintf("no copy of %s came from there: %v", output.Name, err), diagnostic: diag.Diagnostic{Kind: diag.NoLiveValue}})
		}
		e.problems = append(e.problems, failures...)
	}
}

// didStep are the hosts that have done a step in this run, when all have ended.
func (e *engine) didStep(step string) []string {
	var hosts []string
	for i := range e.results {
		host := e.results[i].Host
		if slices.Contains(e.order[host], step) && !slices.Contains(e.results[i].Left, step) {
			hosts = append(hosts, host)
		}
	}
	slices.Sort(hosts)
	return hosts
}

// copy fetches one, and is the path and size of what is kept.
func (e *engine) copy(ctx context.Context, from Session, output *bundle.Output) (path string, size int64, err error) {
	var recipients []age.Recipient
	for _, text := range output.Copy.Recipients {
		recipient, err := age.ParseX25519Recipient(text)
		if err != nil {
			return "", 0, fmt.Errorf("the recipient %s: %w", text, err)
		}
		recipients = append(recipients, recipient)
	}
	if err := os.MkdirAll(output.Copy.To, 0o700); err != nil {
		return "", 0, err
	}
	name := fmt.Sprintf("%s-%s-%s.age", e.plan.Cluster, filepath.Base(output.Name), e.options.Now().UTC().Format("20060102T150405Z"))
	path = filepath.Join(output.Copy.To, name)
	file, err := os.CreateTemp(output.Copy.To, "."+name+".*")
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	var sealed io.WriteCloser
	begin := func() (io.Writer, error) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		if err := file.Truncate(0); err != nil {
			return nil, err
		}
		sealed, err = age.Encrypt(file, recipients...)
		return sealed, err
	}
	if err := from.Fetch(ctx, output.Name, begin); err != nil {
		return "", 0, err
	}
	if err := sealed.Close(); err != nil {
		return "", 0, err
	}
	if err := file.Sync(); err != nil {
		return "", 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return "", 0, err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return "", 0, err
	}
	return path, info.Size(), file.Close()
}
