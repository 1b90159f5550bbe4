package approval_test

import (
	"bytes"
	"crypto/ed25519"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/approval"
	"github.com/sprayc/sprayc/codegen/approval/approvaltest"
	"golang.org/x/crypto/ssh"
)

// do fails the test on an error.
func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// keygen runs ssh-keygen in a folder and returns what it says and whether it is content.
func keygen(t *testing.T, dir, stdin string, args ...string) (string, bool) {
	t.Helper()
	if _, err := exec.LookPath("ssh-keygen"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	cmd := exec.Command("ssh-keygen", args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// newKey makes a key in dir and returns its public half as a line has it.
func newKey(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	if out, ok := keygen(t, dir, "", append([]string{"-q", "-N", "", "-C", name + "@x", "-f", name}, args...)...); !ok {
		t.Fatal(out)
	}
	return publicHalf(t, filepath.Join(dir, name+".pub"))
}

func publicHalf(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	do(t, err)
	return strings.Join(strings.Fields(string(data))[:2], " ")
}

// signer reads a private key.
func signer(t *testing.T, file string) ssh.Signer {
	t.Helper()
	data, err := os.ReadFile(file)
	do(t, err)
	s, err := ssh.ParsePrivateKey(data)
	do(t, err)
	return s
}

// kinds are the sorts of key that ssh-keygen makes without hardware.
var kinds = map[string][]string{
	"ed25519": {"-t", "ed25519"}, "p256": {"-t", "ecdsa", "-b", "256"}, "p384": {"-t", "ecdsa", "-b", "384"},
	"p521": {"-t", "ecdsa", "-b", "521"}, "rsa": {"-t", "rsa", "-b", "2048"}, "rsa4096": {"-t", "rsa", "-b", "4096"},
}

// What we sign, ssh-keygen verifies.
func TestOursByKeygen(t *testing.T) {
	for name, args := range kinds {
		dir := t.TempDir()
		public := newKey(t, dir, name, args...)
		signature, err := approval.Sign(signer(t, filepath.Join(dir, name)), []byte("the list\n"), approval.Namespace)
		do(t, err)
		verifiedByKeygen(t, dir, name, public, signature)
	}
}

func verifiedByKeygen(t *testing.T, dir, name, public string, signature []byte) {
	t.Helper()
	do(t, os.WriteFile(filepath.Join(dir, "sig"), signature, 0o600))
	do(t, os.WriteFile(filepath.Join(dir, "allowed"), []byte("me@x namespaces=\""+approval.Namespace+"\" "+public+"\n"), 0o600))
	verify := []string{"-Y", "verify", "-f", "allowed", "-I", "me@x", "-n", approval.Namespace, "-s", "sig"}
	if out, ok := keygen(t, dir, "the list\n", verify...); !ok || !strings.HasPrefix(out, `Good "bundle@sprayc" signature for me@x with `) {
		t.Errorf("%s: %s", name, out)
	}
	if out, ok := keygen(t, dir, "The list\n", verify...); ok {
		t.Errorf("%s: other bytes: %s", name, out)
	}
}

// What ssh-keygen signs, we verify, to the byte: with a key that signs always alike, ours
// is the same text.
func TestKeygensByUs(t *testing.T) {
	for name, args := range kinds {
		dir := t.TempDir()
		newKey(t, dir, name, args...)
		for _, hash := range []string{"sha512", "sha256"} {
			do(t, os.WriteFile(filepath.Join(dir, "m"), []byte("the list\n"), 0o600))
			do(t, ignoreMissing(os.Remove(filepath.Join(dir, "m.sig"))))
			if out, ok := keygen(t, dir, "", "-Y", "sign", "-n", approval.Namespace, "-O", "hashalg="+hash, "-f", name, "m"); !ok {
				t.Fatal(out)
			}
			data, err := os.ReadFile(filepath.Join(dir, "m.sig"))
			do(t, err)
			s, err := approval.Parse(data)
			do(t, err)
			if err := s.Verify([]byte("the list\n"), approval.Namespace); err != nil {
				t.Errorf("%s %s: %v", name, hash, err)
			}
			if err := s.Verify([]byte("the lisT\n"), approval.Namespace); err == nil || err.Error() != "is not a signature of this bundle" {
				t.Errorf("%s %s, other bytes: %v", name, hash, err)
			}
			if err := s.Verify([]byte("the list\n"), "git"); err == nil || err.Error() != `is a signature for "bundle@sprayc", not for "git"` {
				t.Errorf("%s %s, another namespace: %v", name, hash, err)
			}
			if name == "ed25519" && hash == "sha512" || strings.HasPrefix(name, "rsa") && hash == "sha512" {
				ours, err := approval.Sign(signer(t, filepath.Join(dir, name)), []byte("the list\n"), approval.Namespace)
				do(t, err)
				if diff := cmp.Diff(string(data), string(ours)); diff != "" {
					t.Errorf("%s: -ssh-keygen's +ours:\n%s", name, diff)
				}
			}
		}
	}
}

func ignoreMissing(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// Each byte of a signature matters.
func TestSignatureFlipped(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "k", "-t", "ed25519")
	good, err := approval.Sign(signer(t, filepath.Join(dir, "k")), []byte("m"), approval.Namespace)
	do(t, err)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		s, err := approval.Parse(bad)
		if err != nil {
			continue
		}
		if err := s.Verify([]byte("m"), approval.Namespace); err == nil {
			if strings.TrimSpace(string(bad)) == strings.TrimSpace(string(good)) {
				continue // the last line break
			}
			t.Errorf("byte %d flipped, it is still right:\n%s", i, bad)
		}
	}
	for what, text := range map[string]string{"nothing": "", "words": "approved\n", "cut": string(good[:100]), "before": "x" + string(good), "behind": string(good) + "x", "twice": string(good) + string(good),
		"long": string(good) + strings.Repeat(" ", 1<<17), "not base64": strings.Replace(string(good), "U1NI", "U1N-", 1)} {
		if _, err := approval.Parse([]byte(text)); err == nil || err.Error() != "is no SSH signature" {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A security key's signature is taken by both; without a touch it is by ssh-keygen alone.
func TestSecurityKey(t *testing.T) {
	_, private, err := ed25519.GenerateKey(nil)
	do(t, err)
	touched, dir := approvaltest.SecurityKey{Private: private, Flags: 1}, t.TempDir()
	public := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(touched.PublicKey())))
	signature, err := approval.Sign(touched, []byte("the list\n"), approval.Namespace)
	do(t, err)
	verifiedByKeygen(t, dir, "sk", public, signature)
	for flags, want := range map[byte]string{1: "", 5: "", 0: "was made without a touch of the security key", 4: "was made without a touch of the security key"} {
		signature, err := approval.Sign(approvaltest.SecurityKey{Private: private, Flags: flags}, []byte("m"), approval.Namespace)
		do(t, err)
		s, err := approval.Parse(signature)
		do(t, err)
		got := ""
		if err := s.Verify([]byte("m"), approval.Namespace); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("flags %d: %q, want %q", flags, got, want)
		}
	}
}

// Keys that are not safe, and certificates, are refused both ways.
func TestKeysNotTaken(t *testing.T) {
	dir := t.TempDir()
	newKey(t, dir, "small", "-t", "rsa", "-b", "1024")
	if _, err := approval.Sign(signer(t, filepath.Join(dir, "small")), nil, approval.Namespace); err == nil || err.Error() != "sign: the key is of RSA with 1024 bits; it takes 2048" {
		t.Error(err)
	}
	newKey(t, dir, "ca", "-t", "ed25519")
	newKey(t, dir, "me", "-t", "ed25519")
	if out, ok := keygen(t, dir, "", "-q", "-s", "ca", "-I", "me", "-n", "me", "me.pub"); !ok {
		t.Fatal(out)
	}
	do(t, os.Rename(filepath.Join(dir, "me-cert.pub"), filepath.Join(dir, "me.pub")))
	socket := startAgent(t, dir)
	add(t, socket, dir, "me")
	do(t, os.WriteFile(filepath.Join(dir, "m"), []byte("m"), 0o600))
	cert, _, _, _, err := ssh.ParseAuthorizedKey(readFile(t, filepath.Join(dir, "me.pub")))
	do(t, err)
	certified, err := ssh.NewCertSigner(cert.(*ssh.Certificate), signer(t, filepath.Join(dir, "me")))
	do(t, err)
	if _, err := approval.Sign(certified, nil, approval.Namespace); err == nil || err.Error() != "sign: the key is a certificate's, and only keys are taken" {
		t.Error(err)
	}
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	do(t, err)
	return data
}
