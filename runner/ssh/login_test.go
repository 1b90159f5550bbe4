package ssh

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// fixture is a server and a client's home.
type fixture struct {
	t      *testing.T
	server *sshdtest.Server
	dir    string
	asked  []string
}

func newFixture(t *testing.T, o sshdtest.Options) *fixture {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	f := &fixture{t: t, server: sshdtest.Start(t, "h1", o), dir: t.TempDir()}
	f.write("known_hosts", f.server.KnownHosts())
	return f
}

func (f *fixture) write(name, text string) string {
	f.t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
	return path
}

// base is a configuration that reaches the server as root.
func (f *fixture) base() string {
	return fmt.Sprintf("Host *\n  User root\n  Port %d\n  HostName %s\n  UserKnownHostsFile %s/known_hosts\n  IdentityFile %s\n",
		f.server.Port, f.server.Host, f.dir, f.server.Key)
}

func (f *fixture) options(config string) Options {
	return Options{ConfigFile: f.write("config", config)}
}

func (f *fixture) ask(answer string) func(string) ([]byte, error) {
	return func(question string) ([]byte, error) {
		f.asked = append(f.asked, question)
		return []byte(answer), nil
	}
}

// try connects and returns what `echo hello` says, or the error.
func (f *fixture) try(o Options) string {
	f.t.Helper()
	return try(f.t, o, Target{Name: "h1"})
}

func try(t *testing.T, o Options, target Target) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := Dial(ctx, target, o)
	if err != nil {
		return "error: " + err.Error()
	}
	defer conn.Close()
	cmd, err := NewCommand(`echo "hello $1 from $(id -u)"`, "you")
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	exit, err := conn.Run(ctx, cmd, nil, &out, &stderr)
	if err != nil {
		return "error: " + err.Error()
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s%s", exit, out.String(), stderr.String()))
}

const welcome = "0 hello you from 0"

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func contains(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in:\n%s", part, got)
		}
	}
}

// serveAgent makes an agent with keys and returns its socket.
func (f *fixture) serveAgent(keys ...any) string {
	f.t.Helper()
	ring := agent.NewKeyring()
	for _, key := range keys {
		if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
			f.t.Fatal(err)
		}
	}
	path := filepath.Join(f.dir, "agent")
	l, err := net.Listen("unix", path)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go agent.ServeAgent(ring, conn)
		}
	}()
	return path
}

func privateKey(t *testing.T, path string) any {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.ParseRawPrivateKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// Every way to log in that people's ~/.ssh/config has.
func TestLogin(t *testing.T) {
	f := newFixture(t, sshdtest.Options{Sshd: "MaxAuthTries 2\nTrustedUserCAKeys /run/user_ca.pub\n", Setup: "touch /run/user_ca.pub"})
	noKey := strings.Replace(f.base(), "IdentityFile "+f.server.Key, "IdentityFile none", 1)
	locked := filepath.Join(f.dir, "locked")
	command(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "open sesame", "-f", locked)
	public, err := os.ReadFile(locked + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	f.server.Authorize(t, string(public))
	lockedConfig := strings.Replace(f.base(), f.server.Key, locked, 1)

	t.Run("key file", func(t *testing.T) { equal(t, f.try(f.options(f.base())), welcome) })
	t.Run("no key", func(t *testing.T) {
		contains(t, f.try(f.options(noKey)), "does not let root in; there was no key to offer")
	})
	t.Run("agent", func(t *testing.T) {
		t.Setenv("SSH_AUTH_SOCK", f.serveAgent(privateKey(t, f.server.Key)))
		equal(t, f.try(f.options(noKey)), welcome)
		equal(t, f.try(f.options(noKey+"  IdentityAgent none\n")), "error: 127.0.0.1:"+fmt.Sprint(f.server.Port)+" does not let root in; there was no key to offer")
		t.Setenv("SSH_AUTH_SOCK", "/nonexistent")
		equal(t, f.try(f.options(noKey+"  IdentityAgent "+f.dir+"/agent\n")), welcome)
		os.Remove(f.dir + "/agent")
	})
	t.Run("named key before an agent full of others", func(t *testing.T) {
		var others []any
		for range 5 {
			_, key, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			others = append(others, &key)
		}
		t.Setenv("SSH_AUTH_SOCK", f.serveAgent(others...))
		equal(t, f.try(f.options(f.base())), welcome)
		os.Remove(f.dir + "/agent")
	})
	t.Run("encrypted key, no terminal", func(t *testing.T) {
		contains(t, f.try(f.options(lockedConfig)), "does not let root in", "ssh-add "+locked)
	})
	t.Run("encrypted key, passphrase", func(t *testing.T) {
		o := f.options(lockedConfig)
		f.asked = nil
		o.Ask = f.ask("open sesame")
		equal(t, f.try(o), welcome)
		equal(t, strings.Join(f.asked, "|"), "Passphrase for "+locked+": ")
	})
	t.Run("encrypted key in the agent", func(t *testing.T) {
		text, err := os.ReadFile(locked)
		if err != nil {
			t.Fatal(err)
		}
		key, err := ssh.ParseRawPrivateKeyWithPassphrase(text, []byte("open sesame"))
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("SSH_AUTH_SOCK", f.serveAgent(key))
		equal(t, f.try(f.options(lockedConfig+"  IdentitiesOnly yes\n")), welcome)
		os.Remove(f.dir + "/agent")
	})
	t.Run("user certificate", func(t *testing.T) {
		ca, key := filepath.Join(f.dir, "ca"), filepath.Join(f.dir, "certified")
		command(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ca)
		command(t, "ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key)
		command(t, "ssh-keygen", "-q", "-s", ca, "-I", "me", "-n", "root", key+".pub")
		f.server.Exec(t, "cat "+ca+".pub > /run/user_ca.pub")
		config := strings.Replace(f.base(), f.server.Key, key, 1)
		equal(t, f.try(f.options(config)), welcome)
		if err := os.Rename(key+"-cert.pub", key+".certificate"); err != nil {
			t.Fatal(err)
		}
		contains(t, f.try(f.options(config)), "does not let root in")
		equal(t, f.try(f.options(config+"  CertificateFile "+key+".certificate\n")), welcome)
	})
}

// The configuration is read as ssh reads it.
func TestConfig(t *testing.T) {
	f := newFixture(t, sshdtest.Options{})
	t.Run("include, and what is said of the address", func(t *testing.T) {
		f.write("more", f.base())
		equal(t, f.try(f.options("Include "+f.dir+"/more\n")), welcome)
		config := fmt.Sprintf("Host 127.*\n  User root\n  Port %d\n  IdentityFile %s\nHost *\n  User nobody\n  Port 1\n  UserKnownHostsFile %s/known_hosts\n", f.server.Port, f.server.Key, f.dir)
		equal(t, try(t, f.options(config), Target{Name: "cp1", Address: "127.0.0.1", FallbackUser: "someone"}), welcome)
	})
	t.Run("what the definition says where the configuration is silent", func(t *testing.T) {
		config := fmt.Sprintf("IdentityFile %s\nUserKnownHostsFile %s/known_hosts\n", f.server.Key, f.dir)
		equal(t, try(t, f.options(config), Target{Name: "cp1", Address: "127.0.0.1", FallbackUser: "root", FallbackPort: f.server.Port}), welcome)
	})
	t.Run("not readable", func(t *testing.T) {
		contains(t, f.try(Options{ConfigFile: f.dir + "/none"}), "read the SSH configuration", "no such file")
	})
	t.Run("nobody there", func(t *testing.T) {
		contains(t, f.try(f.options(strings.Replace(f.base(), fmt.Sprint("Port ", f.server.Port), "Port 1", 1))), "connect to 127.0.0.1:1", "refused")
	})
	t.Run("proxy command", func(t *testing.T) {
		sshdtest.Needs(t, "bash")
		config := f.base() + "  ProxyCommand bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + fmt.Sprint(f.server.Port) + "; cat <&3 & exec cat >&3'\n"
		equal(t, f.try(f.options(config)), welcome)
	})
	t.Run("jump hosts", func(t *testing.T) {
		first, second := sshdtest.Start(t, "j1", sshdtest.Options{}), sshdtest.Start(t, "j2", sshdtest.Options{})
		f.write("known_hosts", f.server.KnownHosts()+first.KnownHosts()+second.KnownHosts())
		config := fmt.Sprintf("Host h1\n  ProxyJump root@j1,j2\nHost j1\n  HostName 127.0.0.1\n  Port %d\n  IdentityFile %s\nHost j2\n  HostName 127.0.0.1\n  Port %d\n  User root\n  IdentityFile %s\n%s",
			first.Port, first.Key, second.Port, second.Key, f.base())
		equal(t, f.try(f.options(config)), welcome)
		for _, jump := range []*sshdtest.Server{first, second} {
			log, err := os.ReadFile(jump.Dir + "/sshd.log")
			if err != nil || !strings.Contains(string(log), "Accepted publickey for root") {
				t.Errorf("nobody came through %s", jump.Name)
			}
		}
		first.Close()
		contains(t, f.try(f.options(config)), "jump host root@j1")
	})
}

// A key that is not the known one is refused, with its fingerprint and what to do.
func TestHostKeys(t *testing.T) {
	f := newFixture(t, sshdtest.Options{})
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(f.server.Public))
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("[127.0.0.1]:%d", f.server.Port)
	refused := func(t *testing.T, o Options) *HostKeyError {
		t.Helper()
		_, err := Dial(context.Background(), Target{Name: "h1"}, o)
		var failure *HostKeyError
		if !errors.As(err, &failure) {
			t.Fatalf("got %v, not a HostKeyError", err)
		}
		return failure
	}
	t.Run("hashed", func(t *testing.T) {
		f.write("known_hosts", knownhosts.HashHostname(address)+" "+f.server.Public+"\n")
		equal(t, f.try(f.options(f.base())), welcome)
	})
	t.Run("alias", func(t *testing.T) {
		f.write("known_hosts", "the-rack "+f.server.Public+"\n")
		equal(t, f.try(f.options(f.base()+"  HostKeyAlias the-rack\n")), welcome)
	})
	t.Run("unknown", func(t *testing.T) {
		f.write("known_hosts", "")
		o := f.options(f.base())
		failure := refused(t, o)
		equal(t, failure.Error(), fmt.Sprintf("the host key of %s is not known: it shows ssh-ed25519 %s", address, ssh.FingerprintSHA256(key)))
		equal(t, failure.Command, fmt.Sprintf("ssh -F %s -p %d root@127.0.0.1 true", o.ConfigFile, f.server.Port))
		if text, _ := os.ReadFile(f.dir + "/known_hosts"); len(text) > 0 {
			t.Errorf("known_hosts was written: %s", text)
		}
	})
	t.Run("changed, and not even accept-new takes it", func(t *testing.T) {
		command(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f.dir+"/other")
		other, err := os.ReadFile(f.dir + "/other.pub")
		if err != nil {
			t.Fatal(err)
		}
		f.write("known_hosts", address+" "+string(other))
		for _, strict := range []string{"ask", "accept-new", "no"} {
			failure := refused(t, f.options(f.base()+"  StrictHostKeyChecking "+strict+"\n"))
			contains(t, failure.Error(), "has changed", "known_hosts:1 has another")
			equal(t, failure.Command, fmt.Sprintf("ssh-keygen -R '%s' -f %s/known_hosts", address, f.dir))
		}
	})
	t.Run("another type of key than the known one", func(t *testing.T) {
		command(t, "ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", f.dir+"/ecdsa")
		other, err := os.ReadFile(f.dir + "/ecdsa.pub")
		if err != nil {
			t.Fatal(err)
		}
		f.write("known_hosts", address+" "+string(other))
		if failure := refused(t, f.options(f.base())); !failure.Changed {
			t.Errorf("%v is not called changed", failure)
		}
	})
	t.Run("revoked", func(t *testing.T) {
		f.write("known_hosts", f.server.KnownHosts()+"@revoked * "+f.server.Public+"\n")
		contains(t, refused(t, f.options(f.base())).Error(), "is revoked")
	})
	t.Run("authority", func(t *testing.T) {
		ca := filepath.Join(f.dir, "hostca")
		command(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ca)
		hostKey := filepath.Join(f.dir, "hostkey")
		command(t, "ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", hostKey)
		command(t, "ssh-keygen", "-q", "-s", ca, "-I", "h", "-h", "-n", "127.0.0.1", hostKey+".pub")
		certified := sshdtest.Start(t, "h2", sshdtest.Options{Sshd: "HostKey " + hostKey + "\nHostCertificate " + hostKey + "-cert.pub\n"})
		public, err := os.ReadFile(ca + ".pub")
		if err != nil {
			t.Fatal(err)
		}
		f.write("known_hosts", "@cert-authority *,[127.0.0.1]:* "+string(public))
		config := strings.NewReplacer(fmt.Sprint("Port ", f.server.Port), fmt.Sprint("Port ", certified.Port), f.server.Key, certified.Key).Replace(f.base())
		equal(t, f.try(f.options(config)), welcome)
	})
	t.Run("accept-new", func(t *testing.T) {
		f.write("known_hosts", "")
		var notices []string
		o := f.options(f.base() + "  StrictHostKeyChecking accept-new\n")
		o.Notice = func(text string) { notices = append(notices, text) }
		equal(t, f.try(o), welcome)
		text, err := os.ReadFile(f.dir + "/known_hosts")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, string(text), f.server.KnownHosts())
		contains(t, strings.Join(notices, "\n"), "accept-new", ssh.FingerprintSHA256(key))

		f.write("known_hosts", "w7 "+f.server.Public) // without a last line break
		equal(t, f.try(f.options(f.base()+"  StrictHostKeyChecking accept-new\n")), welcome)
		if text, err = os.ReadFile(f.dir + "/known_hosts"); err != nil {
			t.Fatal(err)
		}
		equal(t, string(text), "w7 "+f.server.Public+"\n"+f.server.KnownHosts())
	})
	t.Run("no", func(t *testing.T) {
		f.write("known_hosts", "")
		var notices []string
		o := f.options(f.base() + "  StrictHostKeyChecking no\n")
		o.Notice = func(text string) { notices = append(notices, text) }
		equal(t, f.try(o), welcome)
		contains(t, strings.Join(notices, "\n"), "StrictHostKeyChecking no")
	})
}
