package approval

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// errNoKey is for a key that cannot be found or chosen.
var errNoKey = errors.New("no key to sign with")

// Key signs a message for a namespace.
type Key struct {
	Public  ssh.PublicKey
	Comment string // such as alice@laptop; may be empty

	sign  func(ctx context.Context, message []byte, namespace string) ([]byte, error)
	close func()
}

// Sign returns the signature in its armor.
func (k *Key) Sign(ctx context.Context, message []byte, namespace string) ([]byte, error) {
	return k.sign(ctx, message, namespace)
}

// Close ends the connection to an agent.
func (k *Key) Close() {
	if k.close != nil {
		k.close()
	}
}

// Name is a name for the file of a signature by the key: that of its owner, and as much of
// the key's digest as tells two keys of one owner apart.
func (k *Key) Name(owner string) string {
	if owner == "" {
		owner = k.Comment
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._+-", r) {
			return r
		}
		return '-'
	}, owner)
	name = strings.Trim(name[:min(len(name), 80)], "-._@+")
	if name == "" {
		name = "key"
	}
	return name + "-" + short(digestOf(k.Public))[:8] + ".sig"
}

// Describe names the key by its type and fingerprint.
func (k *Key) Describe() string { return describe(k.Public) }

// FromAgent returns the one key of the agent at socket that may sign: of all that it has,
// or, if signers are given, of those that they permit.
func FromAgent(socket string, signers *Signers) (*Key, error) {
	client, conn, err := dial(socket)
	if err != nil {
		return nil, err
	}
	keys, err := client.List()
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("list the keys of the agent: %w", err)
	}
	var fit []*agent.Key
	for _, key := range keys {
		public, err := ssh.ParsePublicKey(key.Marshal())
		if err != nil || usable(public) != nil {
			continue
		}
		if signers != nil {
			if _, barred := signers.who(public, Namespace, time.Now()); barred != nil || !signers.has(public) {
				continue
			}
		}
		fit = append(fit, key)
	}
	if len(fit) == 1 {
		return held(client, conn, fit[0])
	}
	conn.Close()
	what := "has no key"
	if len(fit) > 1 {
		what = fmt.Sprintf("has %d keys", len(fit))
	}
	if signers != nil {
		what += " that may approve by " + signers.File
	}
	if len(fit) > 1 {
		what += ", and which to use is not clear"
		for _, key := range fit {
			what += "\n  " + key.Type() + " " + ssh.FingerprintSHA256(key) + " " + key.Comment
		}
	}
	return nil, fmt.Errorf("%w: the agent %s; name one with --key FILE, its private or public half", errNoKey, what)
}

// has reports whether a line has the key.
func (s *Signers) has(key ssh.PublicKey) bool {
	return slices.ContainsFunc(s.List, func(line Signer) bool { return bytes.Equal(line.Key.Marshal(), key.Marshal()) })
}

func dial(socket string) (agent.ExtendedAgent, net.Conn, error) {
	if socket == "" {
		return nil, nil, fmt.Errorf("%w: there is no agent, as SSH_AUTH_SOCK is not set; name a key with --key FILE", errNoKey)
	}
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, nil, fmt.Errorf("ask the agent: %w", err)
	}
	return agent.NewClient(conn), conn, nil
}

// held is a key that an agent has.
func held(client agent.ExtendedAgent, conn net.Conn, key *agent.Key) (*Key, error) {
	signers, err := client.Signers()
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("list the keys of the agent: %w", err)
	}
	for _, signer := range signers {
		if bytes.Equal(signer.PublicKey().Marshal(), key.Marshal()) {
			public, err := ssh.ParsePublicKey(key.Marshal())
			if err != nil {
				conn.Close()
				return nil, fmt.Errorf("read the key of the agent: %w", err)
			}
			return &Key{Public: public, Comment: key.Comment, close: func() { conn.Close() }, sign: bySigner(known{signer, public})}, nil
		}
	}
	conn.Close()
	return nil, fmt.Errorf("%w: the agent no longer has the key", errNoKey)
}

// known is a signer with its public key parsed: that of an agent's is a blob.
type known struct {
	ssh.Signer
	public ssh.PublicKey
}

func (k known) PublicKey() ssh.PublicKey { return k.public }

func (k known) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	if signer, ok := k.Signer.(ssh.AlgorithmSigner); ok {
		return signer.SignWithAlgorithm(rand, data, algorithm)
	}
	return k.Signer.Sign(rand, data)
}

func bySigner(signer ssh.Signer) func(context.Context, []byte, string) ([]byte, error) {
	return func(_ context.Context, message []byte, namespace string) ([]byte, error) {
		return Sign(signer, message, namespace)
	}
}

// FromFile returns the key in a file: a private key, whose passphrase is asked for; a
// public one, whose private half the agent has; or the handle of a security key, which
// the agent has or ssh-keygen signs with.
func FromFile(file, socket string, ask func(question string) ([]byte, error)) (*Key, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	if public, comment, _, _, err := ssh.ParseAuthorizedKey(data); err == nil {
		key, err := inAgent(socket, public)
		if err != nil {
			return nil, fmt.Errorf("%s is a public key: %w", file, err)
		}
		if key.Comment == "" {
			key.Comment = comment
		}
		return key, nil
	}
	comment := commentBeside(file)
	if public := publicOf(data); public != nil && strings.HasPrefix(public.Type(), "sk-") {
		if key, err := inAgent(socket, public); err == nil {
			return key, nil
		}
		return &Key{Public: public, Comment: comment, sign: byKeygen(file)}, nil
	}
	signer, err := ssh.ParsePrivateKey(data)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		if signer, err = unlock(data, file, ask); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the key %s: %w", file, err)
	}
	return &Key{Public: signer.PublicKey(), Comment: comment, sign: bySigner(signer)}, nil
}

// unlock asks for the passphrase of a key.
func unlock(data []byte, file string, ask func(string) ([]byte, error)) (ssh.Signer, error) {
	if ask == nil {
		return nil, fmt.Errorf("%w: %s has a passphrase, and there is no terminal to ask for it; load it into an agent (ssh-add)", errNoKey, file)
	}
	phrase, err := ask("Passphrase of " + file + ":")
	if err != nil {
		return nil, fmt.Errorf("ask for the passphrase of %s: %w", file, err)
	}
	signer, err := ssh.ParsePrivateKeyWithPassphrase(data, phrase)
	if err != nil {
		return nil, fmt.Errorf("read the key %s: the passphrase is not right, or the file is damaged", file)
	}
	return signer, nil
}

// inAgent returns the key of the agent whose public half is given.
func inAgent(socket string, public ssh.PublicKey) (*Key, error) {
	client, conn, err := dial(socket)
	if err != nil {
		return nil, err
	}
	keys, err := client.List()
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("list the keys of the agent: %w", err)
	}
	for _, key := range keys {
		if bytes.Equal(key.Marshal(), public.Marshal()) {
			return held(client, conn, key)
		}
	}
	conn.Close()
	return nil, fmt.Errorf("%w: the agent has not its private half", errNoKey)
}

// commentBeside is the comment of a private key's .pub file, if there is one.
func commentBeside(file string) string {
	data, err := os.ReadFile(file + ".pub")
	if err != nil {
		return ""
	}
	_, comment, _, _, err := ssh.ParseAuthorizedKey(data)
	if err != nil {
		return ""
	}
	return comment
}

// publicOf returns the public half that a private key in OpenSSH's form has in the clear:
// the key behind the cipher, kdf, its options and the number of keys (PROTOCOL.key).
func publicOf(data []byte) ssh.PublicKey {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil
	}
	rest, ok := bytes.CutPrefix(block.Bytes, []byte("openssh-key-v1\x00"))
	var head struct {
		Cipher, KDF, Options string
		Number               uint32
		Key                  []byte
		Rest                 []byte `ssh:"rest"`
	}
	if !ok || ssh.Unmarshal(rest, &head) != nil {
		return nil
	}
	public, err := ssh.ParsePublicKey(head.Key)
	if err != nil {
		return nil
	}
	return public
}

// byKeygen signs with ssh-keygen, which speaks to security keys; it asks for their PIN
// and touch on the terminal.
func byKeygen(file string) func(context.Context, []byte, string) ([]byte, error) {
	return func(ctx context.Context, message []byte, namespace string) ([]byte, error) {
		cmd := exec.CommandContext(ctx, "ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", file)
		cmd.Stdin, cmd.Stderr = bytes.NewReader(message), os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("sign with ssh-keygen, as %s is a security key's: %w", file, err)
		}
		return out, nil
	}
}
