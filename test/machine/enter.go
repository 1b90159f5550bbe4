package machine

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

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

// Command calls run.sh of a bundle on the machine with this root, as the runner does, with a
// shell that is a host's /bin/sh. The folder is of Tools.
func Command(root, bundle, tools string, shell []string, args ...string) *exec.Cmd {
	before := []string{"-m", "/bin/sh", "-c", enter, "enter", root, bundle, tools, "/bin/sh", "/b/run.sh"}
	cmd := exec.Command("unshare", append(before, args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SPRAY_SH=" + strings.Join(shell, " ")}
	return cmd
}

// Ended says whether a run came to its end with one of these results.
func Ended(said string, results ...string) bool {
	for _, result := range results {
		if strings.Contains(said, "\nend\t"+result+"\n") {
			return true
		}
	}
	return false
}

// Tools makes a folder that becomes /dev: with null, urandom that is the same each time, and a busybox that has no programs of the
// names of our stubs, as a shell with programs of its own takes those first. The names in it
// stay sorted.
func Tools(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	null := filepath.Join(folder, "null")
	if err := syscall.Mknod(null, syscall.S_IFCHR|0o666, 1<<8|3); err != nil {
		return fmt.Errorf("make a null device: %w", err)
	}
	if err := os.Chmod(null, 0o666); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "urandom"), bytes.Repeat([]byte("not by chance\n"), 1000), 0o644); err != nil {
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
