//go:build killsweep

package killsweep

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

//go:embed stubs
var stubs embed.FS

// system is an operating system that a machine says it has.
type system struct{ os, release string }

var systems = map[string]system{
	"debian": {"debian-12", "ID=debian\nVERSION_ID=\"12\"\n"},
	"rocky":  {"rocky-9", "ID=\"rocky\"\nVERSION_ID=\"9.4\"\n"},
}

// parameters are below /proc/sys before the first run.
var parameters = []string{
	"fs/inotify/max_user_instances", "fs/inotify/max_user_watches", "kernel/keys/root_maxbytes", "kernel/keys/root_maxkeys",
	"kernel/panic", "kernel/panic_on_oops", "net/ipv4/ip_forward", "net/ipv4/ip_local_reserved_ports",
	"vm/overcommit_memory", "vm/panic_on_oom",
}

// older is a containerd that runs before the first run, and is not ours.
var older = map[string]string{
	"etc/systemd/system/containerd.service": "[Service]\nExecStart=/usr/bin/containerd\n",
	"etc/containerd/config.toml":            "version = 2\n",
	"local/bin/containerd":                  "the old one\n",
	"sd/active.containerd.service":          "yes\n",
	"sd/read.containerd.service":            "what was there before\n",
}

// mounted are what a machine has of the real one.
var mounted = []string{"usr", "proc", "dev"}

// newMachine is the root of a bare machine below a folder. It has programs below /usr and
// the processes of the real one; /proc/sys, /proc/swaps, /proc/modules and /sys are its own.
func newMachine(folder string, s system) error {
	files := map[string]string{
		"etc/os-release":                   s.release,
		"etc/hosts":                        "127.0.0.1 localhost\n",
		"etc/hostname":                     "one\n",
		"etc/machine-id":                   "0123456789abcdef0123456789abcdef\n",
		"etc/passwd":                       "root:x:0:0:root:/root:/bin/sh\n",
		"etc/group":                        "root:x:0:\n",
		"etc/fstab":                        "/dev/sda1 / ext4 defaults 0 1\n/dev/sda2 none swap sw 0 0\n",
		"etc/containerd/mine":              "not ours\n",
		"kernel/swaps":                     "Filename Type Size Used Priority\n/dev/sda2 partition 1000 0 -2\n",
		"kernel/modules":                   "",
		"kernel/sys/kernel/osrelease":      "6.1.0-test\n",
		"kernel/sys/kernel/hostname":       "one\n",
		"kernel/sys/kernel/random/boot_id": "00000000-0000-4000-8000-000000000001\n",
		// All that verify blocks ask is what a running service would answer.
		"run/sprayc-rehearsal/stand-ins": "systemctl\nverify\n",
	}
	for _, name := range parameters {
		files["kernel/sys/"+name] = "1\n"
	}
	if s == systems["debian"] {
		maps.Copy(files, older)
	}
	names, err := fs.Glob(stubs, "stubs/*")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := stubs.ReadFile(name)
		if err != nil {
			return err
		}
		files["local/sbin/"+filepath.Base(name)] = string(text)
	}
	for name, text := range files {
		mode := os.FileMode(0o644)
		if strings.HasPrefix(name, "local/sbin/") {
			mode = 0o755
		}
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			return err
		}
	}
	for _, name := range append([]string{"local/bin", "sys/module", "run/systemd/system", "etc/systemd/system", "etc/sysctl.d", "etc/modules-load.d", "etc/alternatives", "packages", "sd", "opt", "srv", "root", "var/lib", "var/cache", "tmp", "b"}, mounted...) {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			return err
		}
	}
	links := map[string]string{"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64", "etc/alternatives/awk": "/usr/bin/mawk"}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}

// enter runs in a mount namespace of its own: $1 the machine's root, $2 the bundle, $3 what
// becomes /dev, then a command.
const enter = `set -e
mount --make-rprivate /
mount --bind /usr "$1/usr"
mount --bind "$1/local" "$1/usr/local"
mount --rbind /proc "$1/proc"
mount --bind "$1/kernel/sys" "$1/proc/sys"
for name in swaps modules; do
	[ ! -e "$1/proc/$name" ] || mount --bind "$1/kernel/$name" "$1/proc/$name"
done
mount --bind "$2" "$1/b"
mount --bind "$3" "$1/dev"
root=$1
shift 3
exec chroot "$root" "$@"`

// start is the command that runs the step of a scene on a machine.
func start(s scene, root, tools string, shell []string, run string, out *os.File) *exec.Cmd {
	args := []string{"-m", "/bin/sh", "-c", enter, "enter", root, s.bundle, tools, "/bin/sh", "/b/run.sh", "start", run, "apply", "--host", s.host, s.step}
	cmd := exec.Command("unshare", args...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SPRAY_SH=" + strings.Join(shell, " ")}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}

// tools is a folder that becomes /dev: with null, and a busybox that has no programs of the
// names of our stubs, as a shell with programs of its own takes those first. The names in it
// stay sorted.
func tools(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := syscall.Mknod(filepath.Join(folder, "null"), syscall.S_IFCHR|0o666, 1<<8|3); err != nil {
		return fmt.Errorf("make a null device: %w", err)
	}
	if err := os.Chmod(filepath.Join(folder, "null"), 0o666); err != nil {
		return err
	}
	path, err := exec.LookPath("busybox")
	if err != nil {
		return nil // a shell that is not here is skipped or failed by the test
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for name, other := range map[string]string{"rpm": "rpl", "modprobe": "modproba", "swapoff": "swapofe", "dpkg": "dpkf"} {
		was, becomes := []byte("\x00"+name+"\x00"), []byte("\x00"+other+"\x00")
		data = bytes.ReplaceAll(data, was, becomes)
	}
	return os.WriteFile(filepath.Join(folder, "busybox"), data, 0o755)
}

// ignored are what a run keeps of itself, and /tmp, where mksh and ksh93 have the text of their
// here-documents.
var ignored = []string{"var/lib/sprayc/runs", "run/sprayc", "tmp", "usr", "proc", "dev", "b"}

// unordered are files whose lines have no order that matters, or stand there more than once.
var unordered = []string{"var/lib/sprayc/owned", "var/lib/sprayc/archives/"}

// state is all that a machine has, a line a file: mode, owner, and content or target.
func state(root string) ([]string, error) {
	var lines []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if slices.Contains(ignored, name) {
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		owner, _ := info.Sys().(*syscall.Stat_t)
		what := ""
		switch {
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			what = content(name, data)
		case info.Mode()&os.ModeSymlink != 0:
			if what, err = os.Readlink(path); err != nil {
				return err
			}
		}
		lines = append(lines, fmt.Sprintf("%s %s %d:%d %s", name, info.Mode(), owner.Uid, owner.Gid, what))
		return nil
	})
	return lines, err
}

// temporary is the end of a temporary's name, which is another in each run.
var temporary = regexp.MustCompile(`\.spray\.[0-9A-Za-z]+`)

// remains is the digest of all on a machine that a next run can come upon: its state, and of
// what runs keep of themselves which files are there, empty or not. What stands in them is
// another in each run: process numbers, and events, which only who follows that run reads.
//
// Who starts a run and who does its work are two, so a file may go away while this looks.
func remains(root string) ([sha256.Size]byte, error) {
	lines, err := state(root)
	for range 20 {
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		lines, err = state(root)
	}
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	for _, folder := range []string{"var/lib/sprayc/runs", "run/sprayc"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			var info fs.FileInfo
			if err == nil {
				info, err = entry.Info()
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			lines = append(lines, fmt.Sprintf("%s %s %t", path, info.Mode(), info.Size() > 0))
			return nil
		})
		if err != nil {
			return [sha256.Size]byte{}, err
		}
	}
	return sha256.Sum256([]byte(temporary.ReplaceAllString(strings.Join(lines, "\n"), ".spray."))), nil
}

// content is the text of a small file, of others the digest.
func content(name string, data []byte) string {
	for _, prefix := range unordered {
		if strings.HasPrefix(name, prefix) {
			lines := strings.Split(string(data), "\n")
			slices.Sort(lines)
			data = []byte(strings.Join(slices.Compact(lines), "\n"))
		}
	}
	if len(data) <= 4096 {
		return fmt.Sprintf("%q", data)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// copyTree makes a folder a copy of another. It starts no program: whoever waits for what it
// traces would take its end for one of theirs.
func copyTree(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case info.IsDir():
			err = os.MkdirAll(target, 0o700)
		case info.Mode()&os.ModeSymlink != 0:
			var link string
			if link, err = os.Readlink(path); err == nil {
				err = os.Symlink(link, target)
			}
			return err
		case info.Mode().IsRegular():
			var data []byte
			if data, err = os.ReadFile(path); err == nil {
				err = os.WriteFile(target, data, 0o600)
			}
		default:
			err = fmt.Errorf("%s: neither a file nor a folder nor a link", path)
		}
		if err != nil {
			return err
		}
		return os.Chmod(target, info.Mode())
	})
}
