//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/hosts/fleet"
	"golang.org/x/crypto/ssh"
)

// world is a set of hosts, a definition for them, and the program.
type world struct {
	t      *testing.T
	fleet  *fleet.Fleet
	folder string // of the definition and its bundle
	sprayc string
}

func newWorld(t *testing.T, debian, rocky int) *world {
	t.Helper()
	w := startWorld(t, fleet.Options{Debian: debian, Rocky: rocky})
	w.write("cluster.hcl", definition.Cluster)
	w.write("hosts.hcl", w.fleet.HCL())
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
	return w
}

// startWorld starts hosts, and leaves the definition to the test.
func startWorld(t *testing.T, options fleet.Options) *world {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("test hosts with systemd need root")
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, folder: t.TempDir()}
	w.sprayc = filepath.Join(t.TempDir(), "sprayc")
	build := exec.Command("go", "build", "-o", w.sprayc, "./cmd/sprayc")
	build.Dir = top
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cache := os.Getenv("SPRAYC_CACHE")
	if cache == "" {
		cache = filepath.Join(top, ".cache")
	}
	options.Cache, options.Artifacts = cache, true
	w.fleet, err = fleet.Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.fleet.Close(); err != nil {
			t.Error(err)
		}
	})
	w.write("versions.hcl", w.fleet.Artifacts.Catalog())
	return w
}

func (w *world) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// must runs the program, which must end with that status.
func (w *world) must(code int, args ...string) string {
	w.t.Helper()
	cmd := exec.Command(w.sprayc, args...)
	cmd.Dir = w.folder
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		w.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		w.t.Fatalf("sprayc %s ended with %d, not %d:\n%s", strings.Join(args, " "), got, code, out)
	}
	return string(out)
}

// on runs a command that reaches the hosts.
func (w *world) on(code int, command string, args ...string) string {
	w.t.Helper()
	return w.must(code, append([]string{command, "-F", w.fleet.SSHConfig(), "--logs", ""}, args...)...)
}

// ssh connects to a host as root.
func (w *world) ssh(host string) *ssh.Client {
	w.t.Helper()
	address := ""
	for _, h := range w.fleet.All {
		if h.Name == host {
			address = net.JoinHostPort(h.Address, "22")
		}
	}
	key, err := os.ReadFile(filepath.Join(w.fleet.Dir(), "id_ed25519"))
	if err != nil {
		w.t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(key)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := w.fleet.Dial(context.Background(), address)
	if err != nil {
		w.t.Fatal(err)
	}
	conn, channels, requests, err := ssh.NewClientConn(raw, address, &ssh.ClientConfig{
		User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), // the program checks them
	})
	if err != nil {
		w.t.Fatal(err)
	}
	client := ssh.NewClient(conn, channels, requests)
	w.t.Cleanup(func() { client.Close() })
	return client
}

// sh runs a script on a host and returns what it prints.
func (w *world) sh(host, script string, stdin ...byte) string {
	w.t.Helper()
	session, err := w.ssh(host).NewSession()
	if err != nil {
		w.t.Fatal(err)
	}
	defer session.Close()
	var stderr bytes.Buffer
	session.Stdin, session.Stderr = bytes.NewReader(stdin), &stderr
	out, err := session.Output(script)
	if err != nil {
		w.t.Fatalf("%s: %v: %s\n%s", host, err, script, stderr.String())
	}
	return string(out)
}

// each calls f for every host.
func (w *world) each(f func(host string)) {
	for _, name := range w.fleet.Names() {
		f(name)
	}
}

// snapshot is every file of a host's disk with its owner, mode, size and times,
// but for what sprayc keeps of its runs, what containerd itself writes, and the
// index of its log that rpm's database makes anew at every question.
func (w *world) snapshot(host string) string {
	w.t.Helper()
	return w.sh(host, `find / -xdev \( -path /var/lib/sprayc -o -path /var/lib/containerd -o -path /var/cache/ldconfig -o -path /var/lib/systemd/timers -o -path /var/log/journal -o -path /var/lib/rpm/rpmdb.sqlite-shm \) -prune -o ! -type d -printf '%p %M %U:%G %s %T@ %l\n' | sort`)
}

// content is what a run has put on a host, by digest, without what makes each host
// its own.
func (w *world) content(host string) string {
	w.t.Helper()
	return w.sh(host, `cd / && find etc usr/local opt usr/lib/systemd -xdev -type f ! -path 'etc/machine-id' ! -path 'etc/hostname' ! -path 'etc/hosts' -exec sha256sum {} + | sort -k 2
		find etc usr/local opt -xdev -printf '%p %M %U:%G %l\n' | sort
		dpkg-query -W 2>/dev/null || rpm -qa | sort`)
}

// walk calls f with every file below a folder of the definition's.
func (w *world) walk(folder string, f func(path, text string)) {
	w.t.Helper()
	files := 0
	err := filepath.WalkDir(filepath.Join(w.folder, folder), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			files++
			f(path, string(text))
		}
		return err
	})
	if err != nil || files == 0 {
		w.t.Fatalf("%s has %d files: %v", folder, files, err)
	}
}
