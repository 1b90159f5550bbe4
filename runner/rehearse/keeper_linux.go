package rehearse

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// The files that keeper, cell and host are started with beside the usual three.
const (
	orders  = 3 // the configuration, then nothing; its end is the order to end
	reports = 4 // status lines
)

// launch starts the keeper and tells it what to make.
func launch(_ context.Context, cfg *config, _ string) (*process, error) {
	cmd, orders, said, err := again("keeper", &syscall.SysProcAttr{Setsid: true})
	if err != nil {
		return nil, err
	}
	log := &tail{}
	cmd.Stderr = log
	if err := started(cmd); err != nil {
		return nil, fmt.Errorf("start the rehearsal: %w", err)
	}
	if err := json.NewEncoder(orders).Encode(cfg); err != nil {
		return nil, fmt.Errorf("start the rehearsal: %w", errors.Join(err, orders.Close(), cmd.Wait()))
	}
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	stop := func() error {
		orders.Close()
		said.Close()
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("end the rehearsal: %w: %s", err, log)
		}
		return nil
	}
	return &process{stop: stop, said: lines, log: log.String, pid: cmd.Process.Pid}, nil
}

// again prepares this program to be started as another part, with a pipe to it
// and one from it.
func again(name string, attributes *syscall.SysProcAttr) (cmd *exec.Cmd, orders io.WriteCloser, said io.ReadCloser, err error) {
	ordersRead, ordersWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	saidRead, saidWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, errors.Join(err, ordersRead.Close(), ordersWrite.Close())
	}
	cmd = &exec.Cmd{
		Path: "/proc/self/exe", Args: []string{"sprayc", hidden, name}, Env: []string{"PATH=" + hostPath, "LC_ALL=C"},
		ExtraFiles: []*os.File{ordersRead, saidWrite}, SysProcAttr: attributes,
	}
	return cmd, ordersWrite, saidRead, nil
}

// started starts a prepared part and closes the ends of the pipes that it has.
func started(cmd *exec.Cmd) error {
	err := cmd.Start()
	for _, file := range cmd.ExtraFiles {
		err = errors.Join(err, file.Close())
	}
	return err
}

// keeper stands outside the cell, so that it outlives whatever happens there. It
// starts the cell, ends it when its own orders end, and cleans up.
func keeper() error {
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGPIPE)
	in := os.NewFile(orders, "orders")
	decoder := json.NewDecoder(in)
	cfg := &config{}
	if err := decoder.Decode(cfg); err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	attributes := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC}
	userNamespace(cfg, attributes)
	cmd, tell, said, err := again("cell", attributes)
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	if err := started(cmd); err != nil {
		return errors.Join(fmt.Errorf("make namespaces: %w%s", err, hint(err)), tidy(cfg))
	}
	if err := mapUsers(cfg, cmd.Process.Pid); err != nil {
		return errors.Join(err, cmd.Process.Kill(), tidy(cfg))
	}
	if err := json.NewEncoder(tell).Encode(cfg); err != nil {
		return errors.Join(err, cmd.Process.Kill(), tidy(cfg))
	}
	go io.Copy(os.NewFile(reports, "reports"), said)
	go func() {
		io.Copy(io.Discard, in)
		tell.Close() // the cell ends by itself; a killed keeper has the same effect
		cmd.Process.Kill()
	}()
	cmd.Wait() // all of its processes are gone when this returns
	return tidy(cfg)
}

// tidy removes what outlives processes: control groups and files.
func tidy(cfg *config) error {
	var err error
	if cfg.CGroup != "" {
		err = removeCGroup(cfg.CGroup)
	}
	for _, base := range cfg.Bound {
		err = errors.Join(err, removeCGroup(base))
	}
	if cfg.Disk != "" {
		err = errors.Join(err, os.RemoveAll(filepath.Join(cfg.Disk, cfg.ID)))
	}
	return errors.Join(err, os.RemoveAll(cfg.Dir))
}

// tail keeps the last of what was written to it.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.text.Len() > 1<<16 {
		t.text.Next(t.text.Len() - 1<<15)
	}
	return t.text.Write(p)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
