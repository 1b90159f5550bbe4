package rehearse

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// standInInit is PID 1 where systemd cannot be: it starts the SSH server, and
// waits for all that ends.
func (h *hostConfig) standInInit() error {
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGPIPE)
	dropCapabilities()
	facts := Facts{SSHD: "stand-in"}
	if _, err := os.Stat(own + "/sshd_config"); err == nil {
		facts.SSHD = "openssh"
	}
	command := h.sshdCommand(facts)
	null, err := os.Open("/dev/null")
	if err != nil {
		return err
	}
	defer null.Close()
	server, err := os.StartProcess(command[0], command, &os.ProcAttr{
		Dir: "/", Env: []string{"PATH=" + hostPath, "LC_ALL=C", "HOME=/root"}, Files: []*os.File{null, os.Stdout, os.Stderr},
		Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return fmt.Errorf("start the SSH server: %w", err)
	}
	for {
		pid, err := unix.Wait4(-1, nil, 0, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return fmt.Errorf("wait: %w", err)
		case pid == server.Pid:
			return errors.New("the SSH server ended")
		}
	}
}
