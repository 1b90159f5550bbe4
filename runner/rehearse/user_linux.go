package rehearse

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// prepare finds out what this user and this machine can do, and says exactly what
// is missing.
func prepare(cfg *config) error {
	cfg.User = os.Geteuid() != 0
	if !cfg.User {
		makeCGroups(cfg)
	} else {
		if err := allowed(); err != nil {
			return err
		}
		cfg.SubUID, cfg.SubGID = subordinate("/etc/subuid", "newuidmap"), subordinate("/etc/subgid", "newgidmap")
		if cfg.SubUID.Count == 0 || cfg.SubGID.Count == 0 {
			cfg.SubUID, cfg.SubGID = idRange{}, idRange{}
		}
	}
	for i := range cfg.Hosts {
		cfg.Hosts[i].UserNS, cfg.Hosts[i].OneUID = cfg.User, cfg.User && cfg.SubUID.Count == 0
	}
	return nil
}

// allowed looks for the settings with which a machine keeps users from making
// namespaces.
func allowed() error {
	for _, setting := range []struct{ path, bad, fix string }{
		{"/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"},
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "sysctl kernel.apparmor_restrict_unprivileged_userns=0"},
	} {
		text, err := os.ReadFile(setting.path)
		if err == nil && strings.TrimSpace(string(text)) == setting.bad {
			return fmt.Errorf("this machine keeps users from making namespaces: %s is %s; run the rehearsal as root, or have root run: %s", setting.path, setting.bad, setting.fix)
		}
	}
	return nil
}

// subordinate reads the ids that a user may have beside his own; none when the
// program that maps them is not there.
func subordinate(path, program string) idRange {
	if _, err := exec.LookPath(program); err != nil {
		return idRange{}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return idRange{}
	}
	names := []string{strconv.Itoa(os.Getuid())}
	if me, err := user.Current(); err == nil {
		names = append(names, me.Username)
	}
	for _, line := range strings.Split(string(data), "\n") {
		fields := strings.Split(line, ":")
		for _, name := range names {
			if len(fields) != 3 || fields[0] != name {
				continue
			}
			first, err1 := strconv.Atoi(fields[1])
			count, err2 := strconv.Atoi(fields[2])
			if err1 == nil && err2 == nil && count > 0 {
				return idRange{First: first, Count: count}
			}
		}
	}
	return idRange{}
}

// userNamespace makes the cell root of a user namespace where we are not root.
// With one id it is mapped at once; with more newuidmap does it, and until then
// the cell keeps its rights as ambient capabilities.
func userNamespace(cfg *config, attributes *syscall.SysProcAttr) {
	if !cfg.User {
		return
	}
	attributes.Cloneflags |= unix.CLONE_NEWUSER
	if cfg.SubUID.Count == 0 {
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
		return
	}
	for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
		if bounded, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, capability, 0, 0, 0); err == nil && bounded == 1 {
			attributes.AmbientCaps = append(attributes.AmbientCaps, capability)
		}
	}
}

// mapUsers gives the cell the user's subordinate ids.
func mapUsers(cfg *config, pid int) error {
	if !cfg.User || cfg.SubUID.Count == 0 {
		return nil
	}
	for _, one := range []struct {
		program string
		own     int
		more    idRange
	}{{"newuidmap", os.Getuid(), cfg.SubUID}, {"newgidmap", os.Getgid(), cfg.SubGID}} {
		out, err := exec.Command(one.program, strconv.Itoa(pid), "0", strconv.Itoa(one.own), "1", "1", strconv.Itoa(one.more.First), strconv.Itoa(one.more.Count)).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w: %s", one.program, err, out)
		}
	}
	return nil
}

// becomeRoot is the cell's part of mapUsers.
func becomeRoot(cfg *config) error {
	if !cfg.User || cfg.SubUID.Count == 0 {
		return nil
	}
	if err := syscall.Setresgid(0, 0, 0); err != nil {
		return fmt.Errorf("become root of the user namespace: %w", err)
	}
	if err := syscall.Setresuid(0, 0, 0); err != nil {
		return fmt.Errorf("become root of the user namespace: %w", err)
	}
	return nil
}

// hint says what to do about a failure to make namespaces.
func hint(err error) string {
	switch {
	case errors.Is(err, unix.EPERM):
		return "; this process may not make namespaces: run as root, outside of a container, or allow user namespaces"
	case errors.Is(err, unix.ENOSPC):
		return "; the limit of namespaces is reached: see the files max_*_namespaces in /proc/sys/user"
	case errors.Is(err, unix.EINVAL):
		return "; this kernel lacks one of: mount, PID, network, UTS, IPC and user namespaces"
	}
	return ""
}
