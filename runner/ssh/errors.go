package ssh

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"golang.org/x/crypto/ssh"
)

// ErrLinkLost is what a command ends with when the connection went away under
// it; the work on the host goes on.
var ErrLinkLost = errors.New("the connection was lost")

// ErrNoAnswer is wrapped by the error of an address from which nothing came back.
var ErrNoAnswer = errors.New("no answer")

// Silent reports whether an error of [Client.Dial] shows that no machine is there:
// nothing came back, or there is no way to it or no such name. A machine that
// refuses is there.
func Silent(err error) bool {
	var channel *ssh.OpenChannelError // of a jump host, which says it in words
	var name *net.DNSError
	switch {
	case errors.As(err, &channel):
		return channel.Reason == ssh.ConnectionFailed && !strings.Contains(strings.ToLower(channel.Message), "refused")
	case errors.As(err, &name):
		return name.IsNotFound
	}
	for _, silence := range []error{ErrNoAnswer, os.ErrDeadlineExceeded, syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN} {
		if errors.Is(err, silence) {
			return true
		}
	}
	return false
}

// muteError is what took a connection and said nothing in time: a machine that hangs, or a
// ProxyCommand with none behind it. It is not silence.
type muteError struct{ text string }

func (e *muteError) Error() string { return e.text }

// Mute reports whether an error of [Client.Dial] is that something took the connection and
// said nothing in time.
func Mute(err error) bool {
	var mute *muteError
	return errors.As(err, &mute)
}

// HostKeyError is a host key that is not the one known, or that is not known.
type HostKeyError struct {
	Host        string // as in known_hosts: "[192.0.2.7]:2222"
	Type        string // "ssh-ed25519"
	Fingerprint string // "SHA256:..."
	Changed     bool
	Revoked     bool
	Known       []string // "file:line" of the keys that were expected
	Unreadable  []string // "file:line" of lines that name the host and cannot be read
	Command     string   // what to run, once the fingerprint has been checked
}

func (e *HostKeyError) Error() string {
	switch {
	case e.Revoked:
		return fmt.Sprintf("the host key of %s is revoked (%s, %s)", e.Host, e.Fingerprint, strings.Join(e.Known, ", "))
	case e.Changed:
		return fmt.Sprintf("the host key of %s has changed: it shows %s %s, but %s has another", e.Host, e.Type, e.Fingerprint, strings.Join(e.Known, ", "))
	}
	text := fmt.Sprintf("the host key of %s is not known: it shows %s %s", e.Host, e.Type, e.Fingerprint)
	if len(e.Unreadable) > 0 {
		text += ", and what " + strings.Join(e.Unreadable, ", ") + " has for it cannot be read"
	}
	return text
}

// Fix says what to do, in one sentence.
func (e *HostKeyError) Fix() string {
	switch {
	case e.Revoked:
		return "do not connect: someone has marked this key as no longer to be trusted"
	case e.Changed:
		return fmt.Sprintf("find out why it changed; if the machine was reinstalled, compare the fingerprint on its console and run `%s`, then connect again", e.Command)
	}
	compare := "compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there), then "
	if len(e.Unreadable) > 0 {
		compare += "remove " + strings.Join(e.Unreadable, ", ") + " and "
	}
	return fmt.Sprintf("%srun `%s`", compare, e.Command)
}

// AuthError is a server that took none of our keys.
type AuthError struct {
	User, Host string
	Tried      []string // what was offered, and what could not be
	Err        error
}

func (e *AuthError) Error() string {
	tried := "there was no key to offer"
	if len(e.Tried) > 0 {
		tried = "tried " + strings.Join(e.Tried, ", ")
	}
	return fmt.Sprintf("%s does not let %s in; %s", e.Host, e.User, tried)
}

// Fix says what to do, in one sentence.
func (e *AuthError) Fix() string {
	return "try `ssh " + e.User + "@" + strings.TrimSuffix(e.Host, ":22") + "`; name the key with IdentityFile in ~/.ssh/config, or add it to the agent with ssh-add"
}

func (e *AuthError) Unwrap() error { return e.Err }

// SudoError is a host on which the user may not become root.
type SudoError struct {
	User, Host string
	Text       string // what sudo said
}

func (e *SudoError) Error() string {
	return fmt.Sprintf("%s cannot become root on %s: %s", e.User, e.Host, e.Text)
}

// Fix says what to do, in one sentence.
func (e *SudoError) Fix() string {
	return "log in as root, or let " + e.User + " run everything with sudo"
}
