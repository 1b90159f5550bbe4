package ssh

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// unreadable is a line of a known_hosts file of which the key, or more, cannot be read.
type unreadable struct {
	place string              // "file:line"
	names ssh.HostKeyCallback // nil for a host that the line names, with placeholder; nil when that cannot be read either
	why   error
}

// KnownHostsError is a known_hosts file that must not be used as it is.
type KnownHostsError struct {
	Place string // "file:line"
	Err   error
}

func (e *KnownHostsError) Error() string {
	return fmt.Sprintf("%s revokes a key that cannot be read: %v", e.Place, e.Err)
}

func (e *KnownHostsError) Unwrap() error { return e.Err }

// Fix says what to do, in one sentence.
func (e *KnownHostsError) Fix() string {
	return "mend that line, or remove it if the key may be trusted"
}

// read reads known_hosts files. As ssh does, it passes over lines that cannot be read,
// as one host's must not be in the way of all others; but not over one that revokes a
// key, which would be trusted.
func (k *knownFiles) read(files []string) (err error) {
	if k.check, err = knownhosts.New(files...); err == nil {
		return nil
	}
	dir, err := os.MkdirTemp("", "sprayc-known-hosts-")
	if err != nil {
		return fmt.Errorf("read the known hosts: %w", err)
	}
	defer os.RemoveAll(dir)
	var copies []string
	for i, file := range files {
		readable, err := k.readable(dir, file)
		if err != nil {
			return err
		}
		name := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(name, []byte(readable), 0o600); err != nil {
			return fmt.Errorf("read the known hosts: %w", err)
		}
		k.original[name] = file
		copies = append(copies, name)
	}
	if k.check, err = knownhosts.New(copies...); err != nil {
		return fmt.Errorf("read the known hosts: %w", err)
	}
	return nil
}

// readable is the text of a file with the lines empty that cannot be read, of which
// it makes a note.
func (k *knownFiles) readable(dir, file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the known hosts: %w", err)
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		_, why := readLine(dir, line)
		if why == nil {
			continue
		}
		lines[i] = ""
		at := fmt.Sprintf("%s:%d", file, i+1)
		fields := strings.Fields(line)
		if fields[0] == "@revoked" {
			return "", &KnownHostsError{Place: at, Err: why}
		}
		passed := unreadable{place: at, why: why}
		if !strings.HasPrefix(fields[0], "@") { // an authority knows no host by its key
			// An error means that nobody can tell whom it names.
			passed.names, _ = readLine(dir, fields[0]+strings.TrimPrefix(knownhosts.Line([]string{"x"}, placeholder()), "x"))
		}
		k.passed = append(k.passed, passed)
	}
	return strings.Join(lines, "\n"), nil
}

// readLine reads one line, as knownhosts does.
func readLine(dir, line string) (ssh.HostKeyCallback, error) {
	name := filepath.Join(dir, "line")
	if err := os.WriteFile(name, []byte(line), 0o600); err != nil {
		return nil, fmt.Errorf("read the known hosts: %w", err)
	}
	check, err := knownhosts.New(name)
	if err == nil {
		return check, nil
	}
	text := strings.TrimPrefix(err.Error(), "knownhosts: "+name+":1: ")
	return nil, errors.New(strings.TrimPrefix(text, "knownhosts: "))
}

// placeholder stands for the key of a line that cannot be read.
func placeholder() ssh.PublicKey {
	key, err := ssh.NewPublicKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)).Public())
	if err != nil {
		panic(err) // an ed25519 key is one
	}
	return key
}

// passedOver are the lines that name a host and could not be read.
func (k *knownFiles) passedOver(address string) []string {
	var places []string
	for _, line := range k.passed {
		if line.names != nil && line.names(address, nowhere{}, placeholder()) == nil {
			places = append(places, line.place)
		}
	}
	return places
}

// place is where a key stands, as the user knows it.
func (k *knownFiles) place(known knownhosts.KnownKey) string {
	file := known.Filename
	if original, ok := k.original[file]; ok {
		file = original
	}
	return fmt.Sprintf("%s:%d", file, known.Line)
}
