package rehearse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// cgroup2 finds where the machine has the version 2 hierarchy mounted, "" when
// nowhere.
func cgroup2() string {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(mounts), "\n") {
		if fields := strings.Fields(line); len(fields) > 2 && fields[2] == "cgroup2" {
			return fields[1]
		}
	}
	return ""
}

// ownCGroup is the folder of the control group that this process is in.
func ownCGroup(hierarchy string) string {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(text), "\n") {
		if path, ok := strings.CutPrefix(line, "0::"); ok {
			return filepath.Join(hierarchy, path)
		}
	}
	return ""
}

// makeCGroups makes a group for the rehearsal and one below it for each host. It
// leaves CGroup empty where this is not to be had: systemd cannot run then.
func makeCGroups(cfg *config) {
	hierarchy := cgroup2()
	if hierarchy == "" {
		return
	}
	for _, parent := range []string{ownCGroup(hierarchy), hierarchy} {
		if parent == "" {
			continue
		}
		base := filepath.Join(parent, cfg.ID)
		if err := os.Mkdir(base, 0o755); err != nil {
			continue
		}
		cfg.CGroup = base
		enableControllers(base)
		for i := range cfg.Hosts {
			group := filepath.Join(base, cfg.Hosts[i].Name)
			if err := os.Mkdir(group, 0o755); err != nil {
				continue
			}
			cfg.Hosts[i].CGroup = group
		}
		makeBound(cfg)
		return
	}
}

// enableControllers hands down what the parent has. It is no error when it
// cannot: on a machine with version 1 there are none.
func enableControllers(group string) {
	for _, folder := range []string{filepath.Dir(group), group} {
		have, err := os.ReadFile(filepath.Join(folder, "cgroup.controllers"))
		if err != nil {
			return
		}
		for _, controller := range strings.Fields(string(have)) {
			if folder == group { // what the parent does not have on for its own children is not ours to turn on
				_ = os.WriteFile(filepath.Join(folder, "cgroup.subtree_control"), []byte("+"+controller), 0o644)
			}
		}
	}
}

// removeCGroup removes a group and all below it. Their processes have ended.
func removeCGroup(base string) error {
	if !strings.HasPrefix(filepath.Base(base), "sprayc-rehearsal-") {
		return fmt.Errorf("%s is no control group of a rehearsal; this is a bug in sprayc", base)
	}
	var folders []string
	err := filepath.WalkDir(base, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			folders = append(folders, path)
		}
		return nil
	})
	for i := len(folders) - 1; i >= 0; i-- {
		if failed := os.Remove(folders[i]); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
		}
	}
	return err
}
