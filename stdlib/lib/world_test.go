package lib_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A world is a root of its own for one test: the machine's /usr, read as it is,
// and all else made by the test, /proc and /sys too. Commands in stubs/ come
// before the machine's. The kinds run in it with the absolute paths that they
// have on a host.
type world struct {
	t     *testing.T
	root  string
	shell []string
	// before is shell text that stands before what is run.
	before string
	// stride makes a sweep try fewer points, of what has many.
	stride int
}

// epoch is when every file of a test was made.
var epoch = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// shells are those that the library must work in, by the name they have in
// tests and how they are started.
var shells = map[string][]string{
	"dash":    {"/usr/bin/dash"},
	"busybox": {"/usr/bin/busybox", "ash"},
	"bash":    {"/usr/bin/bash"},
	"posix":   {"/usr/bin/bash", "--posix"},
	"mksh":    {"/usr/bin/mksh"},
	"yash":    {"/usr/bin/yash"},
	"ksh93":   {"/usr/bin/ksh93"},
}

// tried are the names of the shells that tests run in: all, or those that SHELLS names.
func tried(t *testing.T) []string {
	t.Helper()
	some := strings.Fields(os.Getenv("SHELLS"))
	for _, name := range some {
		if shells[name] == nil {
			t.Fatalf("SHELLS names %q, and there are %s", name, slices.Sorted(maps.Keys(shells)))
		}
	}
	if len(some) > 0 {
		return some
	}
	return slices.Sorted(maps.Keys(shells))
}

// eachShell runs the test once for each shell.
func eachShell(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	for _, name := range tried(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, name))
		})
	}
}

func newWorld(t *testing.T, shell string) *world {
	t.Helper()
	if os.Getuid() != 0 {
		lacking(t, "root, to make a root folder of its own")
	}
	wants(t, "unshare", "chroot", shells[shell][0])
	w := &world{t: t, root: t.TempDir(), shell: shells[shell]}
	for _, dir := range []string{"usr", "dev", "proc/sys/kernel", "sys/module", "etc", "tmp", "t/stubs", "var/lib", "run", "root"} {
		w.mkdir(dir)
	}
	for _, name := range []string{"bin", "sbin", "lib", "lib64"} {
		if target, err := os.Readlink("/" + name); err == nil {
			w.check(os.Symlink(target, w.path(name)))
		}
	}
	w.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
	w.write("etc/group", "root:x:0:\n")
	w.write("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n")
	w.write("proc/mounts", "")
	w.write("proc/locks", "")
	w.write("dev/null", "")
	return w
}

// wants are programs of this machine that a test cannot do without.
func wants(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			lacking(t, tool)
		}
	}
}

// lacking skips a test at home and fails it in CI.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("needs %s", what)
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) path(name string) string { return filepath.Join(w.root, name) }

func (w *world) mkdir(name string) {
	w.t.Helper()
	w.check(os.MkdirAll(w.path(name), 0o755))
}

func (w *world) write(name, content string) {
	w.t.Helper()
	w.check(os.MkdirAll(filepath.Dir(w.path(name)), 0o755))
	w.check(os.WriteFile(w.path(name), []byte(content), 0o644))
}

func (w *world) read(name string) string {
	w.t.Helper()
	data, err := os.ReadFile(w.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return "(none)"
	}
	w.check(err)
	return string(data)
}

func (w *world) inode(name string) uint64 {
	w.t.Helper()
	var info syscall.Stat_t
	w.check(syscall.Stat(w.path(name), &info))
	return info.Ino
}

// stub makes a command that records its call in /t/calls and then runs body.
func (w *world) stub(name, body string) {
	w.t.Helper()
	w.write("t/stubs/"+name, "#!/bin/dash\nprintf '%s' '"+name+"' >>/t/calls\n"+
		"for a; do printf ' %s' \"$a\" >>/t/calls; done\nprintf '\\n' >>/t/calls\n"+body+"\n")
	w.check(os.Chmod(w.path("t/stubs/"+name), 0o755))
}

// calls are the calls of stubs since the last time.
func (w *world) calls() string {
	w.t.Helper()
	said := w.read("t/calls")
	w.check(os.RemoveAll(w.path("t/calls")))
	if said == "(none)" {
		return ""
	}
	return said
}

// command is a shell in the world, with these files of the library, running text.
func (w *world) command(files, text string, args ...string) *exec.Cmd {
	w.t.Helper()
	var script bytes.Buffer
	script.WriteString("set -eu\numask 077\nexport LC_ALL=C HOME=/root\n" +
		"PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin\nexport PATH\n")
	for _, name := range strings.Fields(files) {
		source := name + ".sh"
		if name == "core-stub" {
			source = "testdata/" + source
		}
		data, err := os.ReadFile(source)
		w.check(err)
		w.write("t/lib/"+name+".sh", string(data))
		fmt.Fprintf(&script, ". /t/lib/%s.sh\n", name)
	}
	// Some shells prefer builtins (ksh93: sleep) or applets (busybox) to what PATH has.
	stubs, err := os.ReadDir(w.path("t/stubs"))
	w.check(err)
	for _, stub := range stubs {
		if !strings.Contains(stub.Name(), "-") {
			fmt.Fprintf(&script, "%s() { /t/stubs/%[1]s \"$@\"; }\n", stub.Name())
		}
	}
	script.WriteString(w.before + text + "\n")
	w.write("t/run", script.String())
	enter := `set -e
mount --bind /usr "$1/usr"
mount --bind /dev/null "$1/dev/null"
mount --bind "$1/t/stubs" "$1/usr/local/sbin"
[ ! -e "$1/t/proc" ] || mount --bind /proc "$1/proc"
shift_root=$1
shift
exec chroot "$shift_root" "$@"`
	argv := append([]string{"-m", "/bin/sh", "-c", enter, "enter", w.root}, w.shell...)
	argv = append(argv, "/t/run")
	cmd := exec.Command("unshare", append(argv, args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// drive runs one resource and returns its events, with the exit status when that is
// not 0.
func (w *world) drive(files, operation, kind string, args ...string) string {
	w.t.Helper()
	w.check(os.RemoveAll(w.path("t/events")))
	cmd := w.command("core-stub "+files, "drive \"$@\"", append([]string{kind, operation}, args...)...)
	out, err := cmd.CombinedOutput()
	events := w.read("t/events")
	if events == "(none)" {
		events = ""
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		events += fmt.Sprintf("exit %d\n", exit.ExitCode())
	} else {
		w.check(err)
	}
	if len(out) > 0 {
		w.t.Logf("log of %s %s:\n%s", operation, kind, out)
	}
	return events
}

// tree lists files below a folder: mode, name, and a link's target.
func (w *world) tree(name string) string {
	w.t.Helper()
	var all strings.Builder
	w.check(filepath.Walk(w.path(name), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		rel, err := filepath.Rel(w.path(name), path)
		if err != nil {
			return err
		}
		if info.Mode()&os.ModeSymlink != 0 {
			target, err := os.Readlink(path)
			fmt.Fprintf(&all, "link %s -> %s\n", rel, target)
			return err
		}
		fmt.Fprintf(&all, "%04o %s\n", info.Mode().Perm(), rel)
		return nil
	}))
	return all.String()
}

// times lists the files below these folders with their inode and times of change.
func (w *world) times(names ...string) string {
	w.t.Helper()
	var all strings.Builder
	for _, name := range names {
		for line := range strings.Lines(w.tree(name)) {
			file, _, _ := strings.Cut(strings.TrimSuffix(line, "\n")[5:], " -> ")
			var info syscall.Stat_t
			w.check(syscall.Lstat(filepath.Join(w.path(name), file), &info))
			fmt.Fprintf(&all, "%s %d %d\n", file, info.Ino, info.Ctim.Nano())
		}
	}
	return all.String()
}

// same compares whole texts.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot:\n%s\nwant:\n%s", what, got, want)
	}
}
