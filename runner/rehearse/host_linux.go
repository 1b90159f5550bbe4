package rehearse

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// host is PID 1 of a host, before it becomes systemd or the stand-in.
func host() error {
	runtime.LockOSThread() // unshare is for a thread
	in, out := os.NewFile(orders, "orders"), os.NewFile(reports, "reports")
	h := &hostConfig{}
	if err := json.NewDecoder(in).Decode(h); err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	facts, err := h.build()
	answer := status{Facts: &facts}
	if err != nil {
		answer = status{Error: err.Error()}
	}
	if said := json.NewEncoder(out).Encode(answer); said != nil || err != nil {
		return errors.Join(err, said)
	}
	in.Close()
	out.Close()
	if facts.Init == "systemd" {
		return h.becomeSystemd()
	}
	return h.standInInit()
}

// build makes the host around this process: network, names, mounts, files.
func (h *hostConfig) build() (Facts, error) {
	var facts Facts
	if err := network("eth0", append([]string{h.Address}, h.More...)); err != nil {
		return facts, fmt.Errorf("network: %w", err)
	}
	if err := unix.Sethostname([]byte(h.Name)); err != nil {
		return facts, fmt.Errorf("hostname: %w", err)
	}
	root, err := h.mountRoot()
	if err != nil {
		return facts, fmt.Errorf("root over %s: %w", h.Root, err)
	}
	if err := h.mountSystem(root, &facts); err != nil {
		return facts, err
	}
	if err := enter(root); err != nil {
		return facts, fmt.Errorf("enter the root: %w", err)
	}
	if err := h.furnish(&facts); err != nil {
		return facts, err
	}
	return facts, nil
}

// mountRoot lays an overlay over the lower root: what the host writes goes to
// its own folder.
func (h *hostConfig) mountRoot() (string, error) {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return "", fmt.Errorf("make mounts private: %w", err)
	}
	if h.UserNS {
		root := filepath.Join(h.State, "root")
		if err := os.MkdirAll(root, 0o755); err != nil {
			return "", err
		}
		return root, h.farm(root)
	}
	root, upper, work := filepath.Join(h.State, "root"), filepath.Join(h.State, "upper"), filepath.Join(h.State, "work")
	for _, folder := range []string{root, upper, work} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", err
		}
	}
	return root, overlay(h.Root, upper, work, root)
}

func overlay(lower, upper, work, target string) error {
	for _, path := range []string{lower, upper, work} {
		if strings.ContainsAny(path, `:,\`) {
			return fmt.Errorf("%s: an overlay's folder cannot have a colon, a comma or a backslash in its path", path)
		}
	}
	options := "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work
	if err := unix.Mount("overlay", target, "overlay", 0, options); err != nil {
		return fmt.Errorf("overlay: %w", err)
	}
	return nil
}

// enter makes root this process's own and lets the machine's root go.
func enter(root string) error {
	old := filepath.Join(root, "run", ".old")
	if err := os.MkdirAll(old, 0o700); err != nil {
		return err
	}
	if err := unix.PivotRoot(root, old); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	if err := unix.Unmount("/run/.old", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("unmount the machine's root: %w", err)
	}
	if err := os.Remove("/run/.old"); err != nil {
		return err
	}
	// As on a real host: kubelet and container runtimes need mounts that spread.
	return os.NewSyscallError("make mounts shared", unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""))
}
