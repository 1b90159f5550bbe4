//go:build e2e

package faults

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/runner/ssh/sshdtest"
)

// every is how far apart the moments of a sweep are: 1 tries each event of a run.
var every = flag.Int("every", 3, "try every n-th moment of a sweep")

// program is the built program.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "sprayc-faults-")
		if err == nil {
			defer os.RemoveAll(folder)
			program = filepath.Join(folder, "sprayc")
			build := exec.Command("go", "build", "-o", program, "./cmd/sprayc")
			build.Dir = filepath.Join("..", "..")
			build.Stderr = os.Stderr
			err = build.Run()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// world is three hosts, each behind a link, and bundles for them.
type world struct {
	t      *testing.T
	dir    string
	config string
	quick  string // the same, but that w1's silence is soon noticed
	names  []string
	hosts  map[string]*host
}

type host struct {
	*sshdtest.Server
	link *link
	// setup is what makes the server a host of its own.
	setup sshdtest.Options
}

// folders of a host that a run writes to, as they are called in its Dir.
var folders = [...]string{"root", "state", "srv", "units"}

const setup = `
mount --bind "$1/srv" /srv
mount --bind "$1/units" /etc/systemd/system
mount --bind "$1/os-release" /etc/os-release
mount -t tmpfs tmpfs /usr/local/sbin
cp "$1/systemctl" /usr/local/sbin/systemctl
`

func newWorld(t *testing.T) *world {
	t.Helper()
	sshdtest.Needs(t, "nsenter", "setsid")
	w := &world{t: t, dir: t.TempDir(), hosts: map[string]*host{}, names: []string{"a1", "w1", "w2"}}
	known, config := "", fmt.Sprintf("Host *\n  User root\n  IdentitiesOnly yes\n  IdentityAgent none\n  ConnectTimeout 30\n  UserKnownHostsFile %s/known_hosts\n", w.dir)
	for _, name := range w.names {
		h := w.start(name)
		w.hosts[name] = h
		known += name + " " + h.Public + "\n"
		config = fmt.Sprintf("Host %s\n  HostName 127.0.0.1\n  Port %d\n  HostKeyAlias %s\n  IdentityFile %s\n", name, h.link.port, name, h.Key) + config
	}
	w.config = filepath.Join(w.dir, "ssh_config")
	w.write(w.config, config)
	w.quick = filepath.Join(w.dir, "ssh_config.quick")
	w.write(w.quick, "Host w1\n  ServerAliveInterval 1\n  ServerAliveCountMax 3\n  ConnectTimeout 2\n"+config)
	w.write(filepath.Join(w.dir, "known_hosts"), known)
	for _, release := range []string{"1", "2"} {
		w.build(release)
	}
	return w
}

// start makes one host.
func (w *world) start(name string) *host {
	w.t.Helper()
	dir := w.t.TempDir()
	prepare := fmt.Sprintf("set -- %q\n", dir) // beside the server's own folder
	for _, folder := range []string{"srv", "units"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			w.t.Fatal(err)
		}
	}
	w.write(filepath.Join(dir, "os-release"), "ID=debian\nVERSION_ID=\"12\"\n")
	systemctl, err := os.ReadFile("testdata/systemctl")
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "systemctl"), systemctl, 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.MkdirAll("/etc/systemd/system", 0o755); err != nil { // something to mount over
		w.t.Fatal(err)
	}
	h := &host{setup: sshdtest.Options{Setup: "own=$1\n" + prepare + setup + `set -- "$own"`}}
	h.Server = sshdtest.Start(w.t, name, h.setup)
	for _, folder := range []string{"srv", "units"} {
		if err := os.Symlink(filepath.Join(dir, folder), filepath.Join(h.Dir, folder)); err != nil {
			w.t.Fatal(err)
		}
	}
	h.link = newLink(w.t, h.Host+":"+strconv.Itoa(h.Port))
	return h
}

// build makes the bundle of a release.
func (w *world) build(release string) {
	w.t.Helper()
	source := filepath.Join(w.dir, "definition")
	if err := os.CopyFS(source, os.DirFS("testdata")); err != nil && !errors.Is(err, fs.ErrExist) {
		w.t.Fatal(err)
	}
	// Data that does not compress, so that an upload has a middle.
	data, random := make([]byte, 200_000), rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[random.IntN(64)]
	}
	w.write(filepath.Join(source, "site", "data.txt"), release+string(data)+"\n")
	out, err := exec.Command(program, "build", "-o", w.bundle(release), "--var", "release="+release, "--var", "arch="+runtime.GOARCH, source).CombinedOutput()
	if err != nil {
		w.t.Fatalf("build: %v\n%s", err, out)
	}
}

func (w *world) bundle(release string) string { return filepath.Join(w.dir, "out"+release) }

func (w *world) write(path, text string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// command prepares an operation with a release's bundle.
func (w *world) command(operation, release string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, append([]string{operation, w.bundle(release), "-F", w.config, "--logs", ""}, args...)...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "HOME="+w.dir)
	return cmd
}

// run runs a release's bundle, which must end with that status.
func (w *world) run(code int, release string, args ...string) string {
	w.t.Helper()
	cmd := w.command("run", release, args...)
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		w.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		w.t.Fatalf("sprayc %s ended with %d, not %d:\n%s", strings.Join(cmd.Args[1:], " "), got, code, out)
	}
	return string(out)
}

// save keeps what is on the hosts, for restore.
func (w *world) save(name string) {
	w.t.Helper()
	for _, h := range w.names {
		for _, folder := range folders {
			w.shell(`mkdir -p "$2" && cp -a "$1"/. "$2"`, filepath.Join(w.hosts[h].Dir, folder), filepath.Join(w.dir, "saved", name, h, folder))
		}
	}
}

// restore brings back what was kept; nothing may be at work on a host.
func (w *world) restore(name string) {
	w.t.Helper()
	for _, h := range w.names {
		w.hosts[h].Exec(w.t, "rm -rf /run/sprayc")
		for _, folder := range folders {
			w.shell(`find "$1"/. -mindepth 1 -delete && cp -a "$2"/. "$1"`, filepath.Join(w.hosts[h].Dir, folder), filepath.Join(w.dir, "saved", name, h, folder))
		}
	}
}

func (w *world) shell(script string, args ...string) {
	w.t.Helper()
	if out, err := exec.Command("sh", append([]string{"-ec", script, "sh"}, args...)...).CombinedOutput(); err != nil {
		w.t.Fatalf("%s %q: %v\n%s", script, args, err, out)
	}
}

// state is what is on the hosts, but for the runs themselves and how long their steps
// took: two that ended the same have the same.
func (w *world) state() string {
	w.t.Helper()
	var b bytes.Buffer
	for _, name := range w.names {
		for _, folder := range folders {
			w.tree(&b, name, folder)
		}
		fmt.Fprintf(&b, "%s: in memory: %s\n", name, w.hosts[name].Exec(w.t, "[ ! -d /run/sprayc ] || find /run/sprayc -name 'lock*' -o -path '*/in/*' -o -path '*/taken*' -o -path '*/bundles/*' | sort | tr '\\n' ' '"))
	}
	return b.String()
}

func (w *world) tree(b *bytes.Buffer, name, folder string) {
	w.t.Helper()
	top, err := filepath.EvalSymlinks(filepath.Join(w.hosts[name].Dir, folder))
	if err == nil {
		err = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, _ := filepath.Rel(top, path)
			where := folder + "/" + rel
			if where == "state/runs" || where == "state/times" {
				return fs.SkipDir
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			text := ""
			switch {
			case info.Mode()&fs.ModeSymlink != 0:
				text, err = os.Readlink(path)
			case info.Mode().IsRegular():
				var data []byte
				data, err = os.ReadFile(path)
				text = content(where, data)
			}
			fmt.Fprintf(b, "%s: %s %s %s\n", name, where, info.Mode(), text)
			return err
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// content is what counts of a file: of what is owned the last word on each, of
// the times that a key was made nothing.
func content(where string, data []byte) string {
	switch {
	case where == "state/owned":
		last := map[string]string{}
		for line := range strings.Lines(string(data)) {
			fields := strings.Split(strings.TrimSpace(line), "\t")
			last[strings.Join(fields[:2], " ")] = strings.Join(fields[2:], " ")
		}
		var all []string
		for key, value := range last {
			all = append(all, key+"="+value)
		}
		sort.Strings(all)
		return strings.Join(all, "; ")
	case len(data) < 200:
		return strconv.Quote(string(data))
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}
