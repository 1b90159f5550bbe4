package approval_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sprayc/sprayc/codegen/approval"
	"github.com/sprayc/sprayc/codegen/approval/approvaltest"
	"github.com/sprayc/sprayc/codegen/bundle"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// startAgent starts a real ssh-agent and returns its socket.
func startAgent(t *testing.T, dir string) string {
	t.Helper()
	socket := filepath.Join(dir, "agent")
	cmd := exec.Command("ssh-agent", "-D", "-a", socket)
	out, err := cmd.StdoutPipe()
	do(t, err)
	if err := cmd.Start(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if _, err := out.Read(make([]byte, 1)); err != nil { // it says where it listens when it does
		t.Fatal(err)
	}
	return socket
}

func add(t *testing.T, socket, dir, name string) {
	t.Helper()
	cmd := exec.Command("ssh-add", "-q", filepath.Join(dir, name))
	cmd.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// skAgent is an agent with a security key and no other.
type skAgent struct {
	agent.ExtendedAgent
	key approvaltest.SecurityKey
}

func (a skAgent) List() ([]*agent.Key, error) {
	public := a.key.PublicKey()
	return []*agent.Key{{Format: public.Type(), Blob: public.Marshal(), Comment: "yubi key/me"}}, nil
}

func (a skAgent) SignWithFlags(_ ssh.PublicKey, data []byte, _ agent.SignatureFlags) (*ssh.Signature, error) {
	return a.key.Sign(nil, data)
}

func (a skAgent) Sign(_ ssh.PublicKey, data []byte) (*ssh.Signature, error) {
	return a.key.Sign(nil, data)
}

// A key comes from an agent, a file, a file with a passphrase, or the agent by its public
// half.
func TestKeys(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "alice", "-t", "ed25519")
	newKey(t, dir, "bob", "-t", "rsa", "-b", "2048")
	if out, ok := keygen(t, dir, "", "-q", "-N", "secret", "-C", "carol of x", "-f", "carol", "-t", "ecdsa"); !ok {
		t.Fatal(out)
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	socket := startAgent(t, dir)
	signs := func(what string, key *approval.Key, err error, want string) {
		t.Helper()
		do(t, err)
		defer key.Close()
		signature, err := key.Sign(t.Context(), []byte("m"), approval.Namespace)
		do(t, err)
		s, err := approval.Parse(signature)
		do(t, err)
		do(t, s.Verify([]byte("m"), approval.Namespace))
		sum := bundle.Digest(key.Public.Marshal())[:8]
		if got := key.Name(""); got != want+"-"+sum+".sig" || !bundle.IsApproval(got) {
			t.Errorf("%s: the name %s", what, got)
		}
	}
	fails := func(what string, err error, want string) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", what, err, want)
		}
	}
	key, err := approval.FromFile(file("alice"), "", nil)
	signs("a file", key, err, "alice@x")
	key, err = approval.FromFile(file("carol"), "", func(question string) ([]byte, error) {
		if question != "Passphrase of "+file("carol")+":" {
			t.Error(question)
		}
		return []byte("secret"), nil
	})
	signs("a passphrase", key, err, "carol-of-x")
	_, err = approval.FromFile(file("carol"), "", func(string) ([]byte, error) { return []byte("wrong"), nil })
	fails("a wrong passphrase", err, "read the key "+file("carol")+": the passphrase is not right, or the file is damaged")
	_, err = approval.FromFile(file("carol"), "", nil)
	fails("no terminal", err, "no key to sign with: "+file("carol")+" has a passphrase, and there is no terminal to ask for it; load it into an agent (ssh-add)")
	_, err = approval.FromAgent("", nil)
	fails("no agent", err, "no key to sign with: there is no agent, as SSH_AUTH_SOCK is not set; name a key with --key FILE")
	_, err = approval.FromAgent(socket, nil)
	fails("an empty agent", err, "no key to sign with: the agent has no key; name one with --key FILE, its private or public half")
	_, err = approval.FromFile(file("alice.pub"), socket, nil)
	fails("a half alone", err, file("alice.pub")+" is a public key: no key to sign with: the agent has not its private half")
	add(t, socket, dir, "bob")
	key, err = approval.FromAgent(socket, nil)
	signs("the agent's one", key, err, "bob@x")
	add(t, socket, dir, "alice")
	key, err = approval.FromFile(file("alice.pub"), socket, nil)
	signs("a half", key, err, "alice@x")
	_, err = approval.FromAgent(socket, nil)
	fails("two", err, "no key to sign with: the agent has 2 keys, and which to use is not clear\n  "+
		fingerprint(t, file("bob.pub"))+" bob@x\n  "+fingerprint(t, file("alice.pub"))+" alice@x; name one with --key FILE, its private or public half")
	signers, diags := approval.ParseSigners("allowed", []byte("al "+publicHalf(t, file("alice.pub"))+"\n"))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	key, err = approval.FromAgent(socket, signers)
	signs("the one that may", key, err, "alice@x")

	_, private, err := ed25519.GenerateKey(nil)
	do(t, err)
	hardware := approvaltest.SecurityKey{Private: private, Flags: 1}
	key, err = approval.FromAgent(serve(t, skAgent{key: hardware}), nil)
	signs("hardware", key, err, "yubi-key-me")
	do(t, os.WriteFile(file("sk.pub"), ssh.MarshalAuthorizedKey(hardware.PublicKey()), 0o600))
	key, err = approval.FromFile(file("sk.pub"), serve(t, skAgent{key: hardware}), nil)
	signs("hardware by its half", key, err, "yubi-key-me")
}

func fingerprint(t *testing.T, file string) string {
	t.Helper()
	key, _, _, _, err := ssh.ParseAuthorizedKey(readFile(t, file))
	do(t, err)
	return key.Type() + " " + ssh.FingerprintSHA256(key)
}

// serve makes a socket of an agent.
func serve(t *testing.T, a agent.Agent) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	do(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(a, conn) }()
		}
	}()
	return socket
}

// The file of a security key is a handle: the agent signs if it has the key, else ssh-keygen.
func TestSecurityKeyFile(t *testing.T) {
	_, private, err := ed25519.GenerateKey(nil)
	do(t, err)
	hardware, dir := approvaltest.SecurityKey{Private: private, Flags: 1}, t.TempDir()
	blob := append([]byte("openssh-key-v1\x00"), ssh.Marshal(struct {
		Cipher, KDF, Options string
		Number               uint32
		Public, Private      []byte
	}{"aes256-ctr", "bcrypt", "salt", 1, hardware.PublicKey().Marshal(), []byte("locked")})...)
	file := filepath.Join(dir, "id_sk")
	do(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: blob}), 0o600))
	do(t, os.WriteFile(file+".pub", append(bytes.TrimSpace(ssh.MarshalAuthorizedKey(hardware.PublicKey())), " me@here\n"...), 0o600))
	signature, err := approval.Sign(hardware, []byte("m"), approval.Namespace)
	do(t, err)
	do(t, os.WriteFile(filepath.Join(dir, "signature"), signature, 0o600))
	do(t, os.WriteFile(filepath.Join(dir, "ssh-keygen"), []byte("#!/bin/sh\nprintf '%s ' \"$@\" >"+dir+"/called\ncat >>"+dir+"/called\ncat "+dir+"/signature\n"), 0o755))
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	key, err := approval.FromFile(file, "", nil)
	do(t, err)
	got, err := key.Sign(t.Context(), []byte("m"), approval.Namespace)
	do(t, err)
	if called := string(readFile(t, filepath.Join(dir, "called"))); !bytes.Equal(got, signature) || called != "-Y sign -q -n bundle@sprayc -f "+file+" m" || key.Comment != "me@here" {
		t.Errorf("called %q by %q; signature:\n%s", called, key.Comment, got)
	}
	key, err = approval.FromFile(file, serve(t, skAgent{key: hardware}), nil)
	do(t, err)
	defer key.Close()
	if key.Comment != "yubi key/me" {
		t.Errorf("the agent has it, and it comes from %q", key.Comment)
	}
	do(t, os.WriteFile(filepath.Join(dir, "ssh-keygen"), []byte("#!/bin/sh\nexit 1\n"), 0o755))
	key, err = approval.FromFile(file, "", nil)
	do(t, err)
	if _, err := key.Sign(t.Context(), []byte("m"), approval.Namespace); err == nil || err.Error() != "sign with ssh-keygen, as "+file+" is a security key's: exit status 1" {
		t.Error(err)
	}
}
