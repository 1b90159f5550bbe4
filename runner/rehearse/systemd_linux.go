package rehearse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// hardware are units that belong to a machine with hardware, consoles or a disk
// of its own; generators of the lower root start what its own configuration says.
var hardware = [...]string{
	"systemd-udevd.service", "systemd-udev-trigger.service", "systemd-udev-settle.service", "systemd-udevd-control.socket", "systemd-udevd-kernel.socket",
	"getty@tty1.service", "getty.target", "console-getty.service", "systemd-logind.service", "systemd-firstboot.service", "systemd-modules-load.service",
	"sys-kernel-debug.mount", "sys-kernel-tracing.mount", "sys-kernel-config.mount", "sys-fs-fuse-connections.mount", "dev-hugepages.mount",
	"systemd-resolved.service", "systemd-networkd.service", "systemd-networkd.socket", "systemd-networkd-wait-online.service", "NetworkManager.service", "networking.service",
	"proc-sys-fs-binfmt_misc.automount", "proc-sys-fs-binfmt_misc.mount", "systemd-binfmt.service", "systemd-sysctl.service", "systemd-timesyncd.service",
	"systemd-journald-audit.socket", "systemd-machine-id-commit.service", "systemd-random-seed.service", "systemd-remount-fs.service", "systemd-pstore.service",
	"systemd-update-utmp.service", "systemd-update-utmp-runlevel.service", "systemd-hwdb-update.service", "systemd-pcrphase.service", "systemd-boot-system-token.service",
	"ldconfig.service", "e2scrub_reap.service", "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer", "man-db.timer",
	"ssh.service", "ssh.socket", "sshd.service", "sshd.socket", "systemd-ask-password-console.path", "systemd-ask-password-wall.path", "systemd-initctl.socket",
}

const unitFolder = "/etc/systemd/system"

// systemd prepares the root so that systemd starts what a bare host has and our
// SSH server.
func (h *hostConfig) systemd(facts *Facts) error {
	if h.Root == "/" {
		if err := disarm(); err != nil {
			return fmt.Errorf("mask the machine's own units: %w", err)
		}
		facts.Notes = append(facts.Notes, "the machine's own services are not started")
	}
	for _, unit := range hardware {
		if err := mask(filepath.Join(unitFolder, unit)); err != nil {
			return err
		}
	}
	command := strings.Join(h.sshdCommand(*facts), " ")
	files := map[string]string{
		unitFolder + "/sprayc-rehearsal.target": "[Unit]\nDescription=a throwaway host\nRequires=multi-user.target\nAfter=multi-user.target\nAllowIsolate=yes\n",
		unitFolder + "/sprayc-rehearsal-sshd.service": "[Unit]\nDescription=the way into a throwaway host\nAfter=multi-user.target\nDefaultDependencies=no\nConflicts=shutdown.target\n" +
			"[Service]\nExecStart=" + command + "\nRestart=on-failure\nKillMode=process\nOOMScoreAdjust=0\n",
		"/etc/systemd/system.conf.d/10-rehearsal.conf":   "[Manager]\nDefaultTimeoutStopSec=10s\nDefaultEnvironment=PATH=" + hostPath + "\nShowStatus=no\nLogTarget=journal\n",
		"/etc/systemd/journald.conf.d/10-rehearsal.conf": "[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\nRuntimeMaxUse=16M\n",
	}
	for path, text := range files {
		if err := replace(path, text, 0o644); err != nil {
			return err
		}
	}
	wants := unitFolder + "/sprayc-rehearsal.target.wants"
	if err := os.MkdirAll(wants, 0o755); err != nil {
		return err
	}
	if err := relink(unitFolder+"/sprayc-rehearsal-sshd.service", wants+"/sprayc-rehearsal-sshd.service"); err != nil {
		return err
	}
	return relink(unitFolder+"/sprayc-rehearsal.target", unitFolder+"/default.target")
}

// disarm removes what makes the lower root's own services start: a throwaway host
// is bare.
func disarm() error {
	for _, pattern := range []string{unitFolder + "/*.wants", unitFolder + "/*.requires", unitFolder + "/*.d", "/etc/systemd/system.conf.d", "/run/systemd/generator*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	for _, folder := range []string{"/usr/lib/systemd/system-generators", "/lib/systemd/system-generators"} {
		entries, err := os.ReadDir(folder)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.Name() == "systemd-fstab-generator" {
				continue
			}
			if err := mask("/etc/systemd/system-generators/" + entry.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

func mask(path string) error { return relink("/dev/null", path) }

// machineWide are capabilities with which a host could change the machine: its
// clock, its kernel, its ports.
var machineWide = [...]uintptr{unix.CAP_SYS_MODULE, unix.CAP_SYS_RAWIO, unix.CAP_SYS_TIME, unix.CAP_WAKE_ALARM, unix.CAP_MAC_ADMIN, unix.CAP_MAC_OVERRIDE}

func dropCapabilities() {
	for _, capability := range machineWide {
		_ = unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0) // a kernel that does not know it does not have it
	}
}

// becomeSystemd never returns but with an error.
func (h *hostConfig) becomeSystemd() error {
	dropCapabilities()
	path := systemdPath()
	err := unix.Exec(path, []string{path, "--system", "--log-target=journal", "--show-status=no"}, []string{"PATH=" + hostPath, "container=sprayc"})
	return fmt.Errorf("start %s: %w", path, err)
}
