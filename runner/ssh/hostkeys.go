package ssh

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// hostKeys checks host keys against known_hosts files. Each set of files is
// parsed once.
type hostKeys struct {
	mu     sync.Mutex
	parsed map[string]*knownFiles
}

type knownFiles struct {
	check       ssh.HostKeyCallback
	authorities map[string]bool // "file:line" of @cert-authority lines
	accepted    map[string]ssh.PublicKey
	writable    string // where accept-new writes
	passed      []unreadable
	original    map[string]string // copy -> file, where lines were passed over
	mu          sync.Mutex
}

func (h *hostKeys) load(files []string) (*knownFiles, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id := strings.Join(files, "\x00")
	if known, ok := h.parsed[id]; ok {
		return known, nil
	}
	known := &knownFiles{authorities: map[string]bool{}, accepted: map[string]ssh.PublicKey{}, original: map[string]string{}}
	var present []string
	for i, file := range files {
		text, err := os.ReadFile(file)
		if i == 0 {
			known.writable = file
		}
		if err != nil {
			continue // absent, or not ours to read: then it knows nothing
		}
		present = append(present, file)
		for n, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "@cert-authority") {
				known.authorities[fmt.Sprintf("%s:%d", file, n+1)] = true
			}
		}
	}
	if err := known.read(present); err != nil {
		return nil, err
	}
	if h.parsed == nil {
		h.parsed = map[string]*knownFiles{}
	}
	h.parsed[id] = known
	return known, nil
}

// want returns the keys known for a host.
func (k *knownFiles) want(address string) []knownhosts.KnownKey {
	var keyErr *knownhosts.KeyError
	if errors.As(k.check(address, nowhere{}, unknownKey{}), &keyErr) {
		return keyErr.Want
	}
	return nil
}

// algorithms returns the host key algorithms to ask for, so that a server with
// several keys shows one that we know; nil when all will do.
func (k *knownFiles) algorithms(address string) []string {
	var certs, plain []string
	for _, known := range append(k.want(address), k.authoritiesOf(portless(address))...) {
		if k.authorities[k.place(known)] {
			certs = []string{ssh.CertAlgoED25519v01, ssh.CertAlgoECDSA256v01, ssh.CertAlgoECDSA384v01, ssh.CertAlgoECDSA521v01,
				ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01, ssh.CertAlgoSKED25519v01, ssh.CertAlgoSKECDSA256v01}
			continue
		}
		algorithms := []string{known.Key.Type()}
		if known.Key.Type() == ssh.KeyAlgoRSA {
			algorithms = []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
		}
		for _, algorithm := range algorithms {
			if !slices.Contains(plain, algorithm) {
				plain = append(plain, algorithm)
			}
		}
	}
	if len(certs)+len(plain) == 0 {
		return nil
	}
	return append(certs, plain...)
}

// authoritiesOf returns the @cert-authority lines among the keys of an address.
func (k *knownFiles) authoritiesOf(address string) []knownhosts.KnownKey {
	return slices.DeleteFunc(k.want(address), func(known knownhosts.KnownKey) bool { return !k.authorities[k.place(known)] })
}

func portless(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return net.JoinHostPort(host, "22")
}

// callback checks the key that a host shows.
func (k *knownFiles) callback(s settings, configFile string, notice func(string)) (ssh.HostKeyCallback, string) {
	address := s.address()
	if s.keyAlias != "" {
		address = net.JoinHostPort(s.keyAlias, "22") // an alias stands without a port, as in OpenSSH
	}
	return func(_ string, _ net.Addr, key ssh.PublicKey) error {
		err := k.check(address, nowhere{}, key)
		if _, certified := key.(*ssh.Certificate); certified && err != nil {
			// An authority is for a host on whatever port, as in OpenSSH.
			err = k.check(portless(address), nowhere{}, key)
		}
		if err == nil {
			return nil
		}
		failure := &HostKeyError{Host: knownhosts.Normalize(address), Type: key.Type(), Fingerprint: ssh.FingerprintSHA256(key)}
		var revoked *knownhosts.RevokedError
		if errors.As(err, &revoked) {
			failure.Revoked, failure.Known = true, []string{k.place(revoked.Revoked)}
			return failure
		}
		for _, known := range k.want(address) {
			failure.Known = append(failure.Known, k.place(known))
		}
		failure.Changed = len(failure.Known) > 0
		failure.Unreadable = k.passedOver(address)
		failure.Command = k.command(s, configFile, failure)
		if failure.Changed || len(failure.Unreadable) > 0 || s.strict == "yes" {
			return failure
		}
		return k.accept(address, key, s, failure, notice)
	}, address
}

// accept takes an unknown key because the user's configuration says so; never
// in silence.
func (k *knownFiles) accept(address string, key ssh.PublicKey, s settings, failure *HostKeyError, notice func(string)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if earlier, ok := k.accepted[address]; ok {
		if bytes.Equal(earlier.Marshal(), key.Marshal()) {
			return nil
		}
		failure.Changed, failure.Known = true, []string{"this run"}
		return failure
	}
	k.accepted[address] = key
	if s.strict == "no" {
		notice("host keys are not checked: the SSH configuration says StrictHostKeyChecking no")
		return nil
	}
	line := knownhosts.Line([]string{knownhosts.Normalize(address)}, key) + "\n"
	if text, err := os.ReadFile(k.writable); err == nil && len(text) > 0 && text[len(text)-1] != '\n' {
		line = "\n" + line
	}
	f, err := os.OpenFile(k.writable, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(line)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("keep the new host key of %s: %w", failure.Host, err)
	}
	notice(fmt.Sprintf("the new host key of %s, %s, is now in %s (StrictHostKeyChecking accept-new)", failure.Host, failure.Fingerprint, k.writable))
	return nil
}

// command is what the user runs once they have compared the fingerprint.
func (k *knownFiles) command(s settings, configFile string, failure *HostKeyError) string {
	file := k.writable
	if failure.Changed {
		if name, _, ok := strings.Cut(failure.Known[0], ":"); ok {
			file = name
		}
		return fmt.Sprintf("ssh-keygen -R '%s' -f %s", failure.Host, file)
	}
	command := "ssh"
	if configFile != "" {
		command += " -F " + configFile
	}
	if s.port != 22 {
		command += " -p " + strconv.Itoa(s.port)
	}
	if s.keyAlias != "" {
		command += " -o HostKeyAlias=" + s.keyAlias
	}
	if s.jump != "" {
		command += " -J " + s.jump
	}
	return fmt.Sprintf("%s %s@%s true", command, s.user, s.host)
}

// nowhere is the remote address given to knownhosts, which looks only at the
// name when there is one.
type nowhere struct{}

func (nowhere) Network() string { return "tcp" }
func (nowhere) String() string  { return "0.0.0.0:0" }

// unknownKey is a key that no file has.
type unknownKey struct{}

func (unknownKey) Type() string                        { return "unknown" }
func (unknownKey) Marshal() []byte                     { return []byte("unknown") }
func (unknownKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }
