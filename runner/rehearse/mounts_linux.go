package rehearse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// fresh are folders that a host has empty whatever the lower root holds there:
// people's files, and what a boot empties.
func (h *hostConfig) fresh() []string {
	if h.Root == "/" {
		return []string{"/run", "/tmp", "/var/tmp", "/home", "/root", "/mnt", "/media"}
	}
	return []string{"/run", "/tmp"}
}

// mountSystem mounts what a kernel and a boot give a host.
func (h *hostConfig) mountSystem(root string, facts *Facts) error {
	at := func(path string) string { return filepath.Join(root, path) }
	for _, path := range append(h.fresh(), "/proc", "/sys", "/dev") {
		if err := os.MkdirAll(at(path), 0o755); err != nil {
			return err
		}
	}
	if err := unix.Mount("proc", at("/proc"), "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if err := unix.Mount("sysfs", at("/sys"), "sysfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC|unix.MS_RDONLY, ""); err != nil {
		if err := unix.Mount("/sys", at("/sys"), "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
			return fmt.Errorf("mount /sys: %w", err)
		}
	}
	modes := map[string]string{"/tmp": "mode=1777", "/var/tmp": "mode=1777", "/root": "mode=0700"}
	for _, path := range h.fresh() {
		mode := modes[path]
		if mode == "" {
			mode = "mode=0755"
		}
		if err := unix.Mount("tmpfs", at(path), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, mode); err != nil {
			return fmt.Errorf("mount %s: %w", path, err)
		}
	}
	if err := h.data(root); err != nil {
		return err
	}
	if err := devices(root); err != nil {
		return err
	}
	if h.Controllers { // where a kubelet looks for processes that memory ran out for
		if err := bind("/dev/kmsg", at("/dev/kmsg")); err != nil {
			return err
		}
	}
	if err := h.mountCGroup(root, facts); err != nil {
		return err
	}
	if err := h.kernelParameters(root, facts); err != nil {
		return err
	}
	// The program itself, for sshd and stand-ins.
	if err := os.MkdirAll(at(own), 0o755); err != nil {
		return err
	}
	return program(at(own + "/sprayc"))
}

// program shows this program at target: the file itself where its path still
// leads to it, else a copy.
func program(target string) error {
	running, err := os.Stat("/proc/self/exe")
	if err != nil {
		return err
	}
	if path, err := os.Readlink("/proc/self/exe"); err == nil {
		if there, err := os.Stat(path); err == nil && os.SameFile(running, there) {
			return bind(path, target)
		}
	}
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err
	}
	return os.WriteFile(target, data, 0o755)
}

// data gives the folders in which container runtimes lay overlays of their own a
// place that is not on one: the kernel takes an overlay as an upper layer of none.
func (h *hostConfig) data(root string) error {
	if h.UserNS {
		return nil
	}
	for _, name := range []string{"containerd", "kubelet", "etcd"} {
		source, target := filepath.Join(h.State, "data", name), filepath.Join(root, "var/lib", name)
		for _, folder := range []string{source, target} {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("mount /var/lib/%s: %w", name, err)
		}
	}
	return nil
}

// bind shows source at target, a file that is made.
func bind(source, target string) error {
	if err := os.WriteFile(target, nil, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s: %w", target, err)
	}
	return nil
}

// devices makes a /dev with the few devices that a program may expect, the
// machine's own nodes, and terminals of its own.
func devices(root string) error {
	dev := filepath.Join(root, "dev")
	if err := unix.Mount("tmpfs", dev, "tmpfs", unix.MS_NOSUID, "mode=0755"); err != nil {
		return fmt.Errorf("mount /dev: %w", err)
	}
	for _, name := range []string{"null", "zero", "full", "random", "urandom", "tty"} {
		if err := bind("/dev/"+name, filepath.Join(dev, name)); err != nil {
			return err
		}
	}
	if _, err := os.Stat("/dev/fuse"); err == nil {
		if err := bind("/dev/fuse", filepath.Join(dev, "fuse")); err != nil {
			return err
		}
	}
	for name, target := range map[string]string{"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2", "ptmx": "pts/ptmx", "core": "/proc/kcore"} {
		if err := os.Symlink(target, filepath.Join(dev, name)); err != nil {
			return err
		}
	}
	for _, folder := range []string{"pts", "shm", "mqueue"} {
		if err := os.Mkdir(filepath.Join(dev, folder), 0o755); err != nil {
			return err
		}
	}
	if err := unix.Mount("devpts", filepath.Join(dev, "pts"), "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"); err != nil {
		return fmt.Errorf("mount /dev/pts: %w", err)
	}
	if err := unix.Mount("tmpfs", filepath.Join(dev, "shm"), "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=1777"); err != nil {
		return fmt.Errorf("mount /dev/shm: %w", err)
	}
	if err := unix.Mount("mqueue", filepath.Join(dev, "mqueue"), "mqueue", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil && !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("mount /dev/mqueue: %w", err)
	}
	return nil
}

// mountCGroup gives the host a hierarchy of control groups whose top is its own
// group.
func (h *hostConfig) mountCGroup(root string, facts *Facts) error {
	if h.CGroup == "" {
		facts.Notes = append(facts.Notes, "no control groups of its own: the machine has no cgroup2 that this user may write")
		facts.StandIns = append(facts.StandIns, "cgroup.controllers")
		folder := filepath.Join(root, "sys/fs/cgroup")
		if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=0755"); err != nil {
			return fmt.Errorf("mount /sys/fs/cgroup: %w", err)
		}
		return os.WriteFile(filepath.Join(folder, "cgroup.controllers"), []byte(usual), 0o444)
	}
	if err := h.enterBound(); err != nil {
		return err
	}
	if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
		return fmt.Errorf("cgroup namespace: %w", err)
	}
	if len(h.Bound) > 0 {
		return h.mountBound(root)
	}
	if err := unix.Mount("cgroup2", filepath.Join(root, "sys/fs/cgroup"), "cgroup2", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /sys/fs/cgroup: %w", err)
	}
	return controllers(root, facts)
}

// usual are the controllers that a machine with version 2 alone has.
const usual = "cpuset cpu io memory hugetlb pids\n"

// controllers says that the usual ones are there on a machine that has them bound
// to version 1, so that what looks at the file goes on.
func controllers(root string, facts *Facts) error {
	path := filepath.Join(root, "sys/fs/cgroup/cgroup.controllers")
	have, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(have), "memory") {
		return err
	}
	facts.StandIns = append(facts.StandIns, "cgroup.controllers")
	facts.Notes = append(facts.Notes, "control groups without controllers: the machine has them in version 1")
	shown := filepath.Join(root, own, "cgroup.controllers")
	if err := os.MkdirAll(filepath.Dir(shown), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(shown, []byte(usual), 0o444); err != nil {
		return err
	}
	return os.NewSyscallError("mount", unix.Mount(shown, path, "", unix.MS_BIND, ""))
}
