package rehearse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// kernelParameters keeps what a host sets from reaching the machine: those below
// net belong to the host, the others become files of its own with the machine's
// values.
func (h *hostConfig) kernelParameters(root string, facts *Facts) error {
	sys := filepath.Join(root, "proc/sys")
	if err := h.netParameters(sys, facts); err != nil {
		return err
	}
	for _, folder := range []string{"vm", "kernel", "fs", "user"} {
		if err := parameterCopy(filepath.Join(sys, folder)); err != nil {
			return fmt.Errorf("kernel parameters %s: %w", folder, err)
		}
	}
	// Each start of a host is a boot of its own.
	if err := os.WriteFile(filepath.Join(sys, "kernel/random/boot_id"), []byte(bootID()), 0o444); err != nil {
		return err
	}
	for _, folder := range []string{"abi", "crypto", "debug", "dev", "sunrpc"} {
		if err := readOnly(filepath.Join(sys, folder)); err != nil {
			return err
		}
	}
	// The machine's swap is not the host's to switch off.
	swaps, err := os.ReadFile("/proc/swaps")
	if err == nil {
		shown := filepath.Join(root, own, "swaps")
		if err := os.MkdirAll(filepath.Dir(shown), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(shown, swaps, 0o644); err != nil {
			return err
		}
		if err := unix.Mount(shown, filepath.Join(root, "proc/swaps"), "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("bind /proc/swaps: %w", err)
		}
	}
	for _, path := range []string{"proc/sysrq-trigger", "proc/irq", "proc/bus", "proc/acpi", "proc/timer_list"} {
		if err := readOnly(filepath.Join(root, path)); err != nil {
			return err
		}
	}
	facts.StandIns = append(facts.StandIns, "sysctl vm.*, kernel.*, fs.*")
	return nil
}

// netParameters makes copies of the parameters below net too where the kernel
// does not show a host those of bridges.
func (h *hostConfig) netParameters(sys string, facts *Facts) error {
	if _, err := os.Stat(filepath.Join(sys, "net/bridge")); err == nil || !h.Alone {
		return nil
	}
	if err := parameterCopy(filepath.Join(sys, "net")); err != nil {
		return fmt.Errorf("kernel parameters net: %w", err)
	}
	facts.StandIns = append(facts.StandIns, "sysctl net.*")
	for _, name := range []string{"bridge/bridge-nf-call-iptables", "bridge/bridge-nf-call-ip6tables", "bridge/bridge-nf-call-arptables", "netfilter/nf_conntrack_max"} {
		path := filepath.Join(sys, "net", name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte("0\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// live are parameters that are the host's own or change by themselves.
var live = [...]string{"hostname", "domainname", "random/uuid"}

// parameterCopy puts a writable copy of a folder of kernel parameters over it.
func parameterCopy(folder string) error {
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	hold, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer hold.Close()
	below := fmt.Sprintf("/proc/self/fd/%d", hold.Fd())
	if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=0555"); err != nil {
		return err
	}
	err = filepath.WalkDir(below+"/.", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read is not there
		}
		name, _ := filepath.Rel(below, path)
		target := filepath.Join(folder, name)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, _ := os.ReadFile(path) // write-only ones become empty
		return os.WriteFile(target, text, 0o644)
	})
	if err != nil {
		return err
	}
	for _, name := range live {
		source, target := filepath.Join(below, name), filepath.Join(folder, name)
		if _, err := os.Stat(source); err != nil {
			continue
		}
		if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
			return err
		}
	}
	return nil
}

// readOnly keeps a path from being written.
func readOnly(path string) error {
	if _, err := os.Stat(path); err != nil {
		return nil //nolint:nilerr // not every kernel has it
	}
	if err := unix.Mount(path, path, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s: %w", path, err)
	}
	if err := unix.Mount("", path, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY|unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("make %s read-only: %w", path, err)
	}
	return nil
}
