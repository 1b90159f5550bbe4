package rehearse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// bound are the hierarchies of version 1 that the machine has, where its version 2
// has no memory controller: folders of the mounts.
func bound() []string {
	have, err := os.ReadFile(filepath.Join(cgroup2(), "cgroup.controllers"))
	if err != nil || slices.Contains(strings.Fields(string(have)), "memory") {
		return nil
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil
	}
	var folders []string
	for _, line := range strings.Split(string(mounts), "\n") {
		if fields := strings.Fields(line); len(fields) > 2 && fields[2] == "cgroup" {
			folders = append(folders, fields[1])
		}
	}
	return folders
}

// makeBound makes a group for the rehearsal in each hierarchy of version 1, and one
// below it for each host that wants controllers. A host without all of them has
// none.
func makeBound(cfg *config) {
	if !slices.ContainsFunc(cfg.Hosts, func(h hostConfig) bool { return h.Controllers }) {
		return
	}
	for _, hierarchy := range bound() {
		base := filepath.Join(hierarchy, cfg.ID)
		if err := os.Mkdir(base, 0o755); err != nil {
			continue
		}
		cfg.Bound = append(cfg.Bound, base)
		inherit(base)
		for i := range cfg.Hosts {
			group := filepath.Join(base, cfg.Hosts[i].Name)
			if cfg.Hosts[i].Controllers && os.Mkdir(group, 0o755) == nil {
				inherit(group)
				cfg.Hosts[i].Bound = append(cfg.Hosts[i].Bound, group)
			}
		}
	}
}

// inherit gives a group of the cpuset hierarchy what its parent has: without it no
// process can be in it. Other hierarchies have no such files.
func inherit(group string) {
	for _, name := range []string{"cpuset.cpus", "cpuset.mems"} {
		if have, err := os.ReadFile(filepath.Join(filepath.Dir(group), name)); err == nil {
			_ = os.WriteFile(filepath.Join(group, name), have, 0o644)
		}
	}
}

// enterBound puts this process into the host's groups of version 1.
func (h *hostConfig) enterBound() error {
	for _, group := range h.Bound {
		if err := os.WriteFile(filepath.Join(group, "cgroup.procs"), []byte("0"), 0o644); err != nil {
			return fmt.Errorf("enter a control group: %w", err)
		}
	}
	return nil
}

// mountBound gives the host the hierarchies of version 1, whose tops are its own
// groups, and version 2 beside them, as systemd mounts them.
func (h *hostConfig) mountBound(root string) error {
	top := filepath.Join(root, "sys/fs/cgroup")
	if err := unix.Mount("tmpfs", top, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=0755"); err != nil {
		return fmt.Errorf("mount /sys/fs/cgroup: %w", err)
	}
	flags := uintptr(unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC)
	one := func(name, kind, options string) error {
		target := filepath.Join(top, name)
		if err := os.Mkdir(target, 0o755); err != nil {
			return err
		}
		if err := unix.Mount("cgroup", target, kind, flags, options); err != nil {
			return fmt.Errorf("mount /sys/fs/cgroup/%s: %w", name, err)
		}
		return nil
	}
	err := one("unified", "cgroup2", "")
	for _, group := range h.Bound {
		name := filepath.Base(filepath.Dir(filepath.Dir(group)))
		options := name
		if name == "systemd" {
			options = "name=systemd"
		}
		err = errors.Join(err, one(name, "cgroup", options))
	}
	return err
}
