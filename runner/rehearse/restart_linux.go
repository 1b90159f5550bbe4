package rehearse

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// restarts reports whether a host has ended by restarting itself: what reboot(2) does to
// process 1 of a namespace.
func restarts(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGHUP
}

// restart starts a host again over the disk that it has left: its processes, mounts, memory and
// network are new, and its boot id. The kernel is the machine's, which goes on.
func (c *cellState) restart(i int) error {
	// The kernel takes the old network away after its last process.
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := net.InterfaceByName("host" + strconv.Itoa(i)); err != nil {
			break
		}
		if time.Now().After(until) {
			return errors.New("its network is there still")
		}
	}
	h := c.cfg.Hosts[i]
	for _, group := range append([]string{h.CGroup}, h.Bound...) {
		if err := clearCGroup(group); err != nil {
			return fmt.Errorf("its control groups from before: %w", err)
		}
	}
	return c.host(i, true)
}

// clearCGroup removes what a host has made below its control group.
func clearCGroup(group string) error {
	if group == "" {
		return nil
	}
	var folders []string
	err := filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path != group {
			folders = append(folders, path)
		}
		return nil
	})
	for i := len(folders) - 1; i >= 0; i-- {
		if failed := os.Remove(folders[i]); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
		}
	}
	// A group that hands controllers down takes no process.
	handed, _ := os.ReadFile(filepath.Join(group, "cgroup.subtree_control"))
	for _, controller := range strings.Fields(string(handed)) {
		err = errors.Join(err, os.WriteFile(filepath.Join(group, "cgroup.subtree_control"), []byte("-"+controller), 0o644))
	}
	return err
}

// refurnish writes what a host has in memory alone. Kernel parameters are set at its start, as on
// a host of its own.
func (h *hostConfig) refurnish(facts *Facts) error {
	for _, file := range h.access() {
		if err := replace(file.path, file.text, file.mode); err != nil {
			return err
		}
	}
	if err := os.Remove(unitFolder + "/systemd-sysctl.service"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	h.choose(facts)
	if err := h.standIns(facts); err != nil {
		return fmt.Errorf("stand-ins: %w", err)
	}
	if facts.SSHD == "openssh" {
		return h.openSSH()
	}
	return nil
}

// bootID is one for a start of a host.
func bootID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x\n", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
