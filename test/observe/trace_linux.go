package observe

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Trace is the kernel's telling of starts and addresses.
type Trace struct {
	tracefs  int
	instance string
	open     []int // programs, events and the pipe
	pipe     int
	hosts    map[string]string // by the PID namespace
	there    processes         // when it began
	lines    chan []byte
	stop     chan bool
}

// Start begins to trace hosts, given as their processes' PID namespace, as
// readlink /proc/1/ns/pid says it, to the name.
func Start(hosts map[string]string) (*Trace, error) {
	t := &Trace{hosts: hosts, lines: make(chan []byte, 1), stop: make(chan bool)}
	var err error
	if t.tracefs, err = tracefs(); err != nil {
		return nil, fmt.Errorf("the kernel's trace: %w", err)
	}
	if err := t.start(); err != nil {
		return nil, errors.Join(err, t.close())
	}
	go t.read()
	return t, nil
}

// tracefs is the file system of the kernel's trace, mounted nowhere.
func tracefs() (int, error) {
	fs, err := unix.Fsopen("tracefs", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return 0, err
	}
	defer unix.Close(fs)
	if err := unix.FsconfigCreate(fs); err != nil {
		return 0, err
	}
	return unix.Fsmount(fs, unix.FSMOUNT_CLOEXEC, 0)
}

func (t *Trace) start() error {
	top := fmt.Sprintf("/proc/self/fd/%d", t.tracefs)
	left, err := filepath.Glob(top + "/instances/sprayc-*")
	if err != nil {
		return err
	}
	for _, folder := range left { // of a test that was killed
		pid := strings.Split(filepath.Base(folder), "-")[1]
		if _, err := os.Stat("/proc/" + pid); errors.Is(err, os.ErrNotExist) {
			_ = os.Remove(folder)
		}
	}
	t.instance = fmt.Sprintf("%s/instances/sprayc-%d-%d", top, os.Getpid(), t.tracefs)
	if err := os.Mkdir(t.instance, 0o700); err != nil {
		return err
	}
	for _, set := range [][2]string{
		{"trace_clock", "mono"}, {"buffer_size_kb", "16384"},
		{"events/sched/sched_process_fork/enable", "1"}, {"events/sched/sched_process_exec/enable", "1"}, {"events/bpf_trace/bpf_trace_printk/enable", "1"},
	} {
		if err := os.WriteFile(filepath.Join(t.instance, set[0]), []byte(set[1]), 0); err != nil {
			return err
		}
	}
	if t.pipe, err = unix.Open(t.instance+"/trace_pipe", unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
		return err
	}
	t.open = append(t.open, t.pipe)
	programs, err := tellAddresses(top)
	t.open = append(t.open, programs...)
	if err != nil {
		return err
	}
	t.there, err = processesOf(t.hosts)
	return err
}

// last is the line that ends a trace.
const last = "sprayc: that was all"

// read takes what the kernel tells until the last line has come.
func (t *Trace) read() {
	var all []byte
	buffer := make([]byte, 1<<20)
	stop := t.stop
	for {
		n, err := unix.Read(t.pipe, buffer)
		if n > 0 {
			all = append(all, buffer[:n]...)
			if strings.Contains(string(all[max(0, len(all)-n-len(last)):]), last) {
				break
			}
			continue
		}
		if err != nil && err != unix.EAGAIN && err != unix.EINTR {
			all = append(all, "[LOST: "+err.Error()...)
			break
		}
		select {
		case <-stop:
			stop = nil
			if err := os.WriteFile(t.instance+"/trace_marker", []byte(last), 0); err != nil {
				all = append(all, "[LOST: "+err.Error()...)
			}
		default:
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(t.pipe), Events: unix.POLLIN}}, 100)
		}
	}
	t.lines <- all
}

// Stop ends the trace and returns what the hosts' processes did, in order.
func (t *Trace) Stop() ([]Event, error) {
	close(t.stop)
	text := string(<-t.lines)
	if err := t.close(); err != nil {
		return nil, err
	}
	return t.there.follow(text)
}

func (t *Trace) close() error {
	var errs []error
	for _, fd := range t.open {
		errs = append(errs, unix.Close(fd))
	}
	if t.instance != "" {
		errs = append(errs, os.Remove(t.instance))
	}
	return errors.Join(append(errs, unix.Close(t.tracefs))...)
}

// processesOf are the threads of hosts that are there.
func processesOf(hosts map[string]string) (processes, error) {
	folders, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	type one struct {
		parent    int
		host, exe string
	}
	all := map[int]one{}
	for _, folder := range folders {
		pid, _ := strconv.Atoi(filepath.Base(folder))
		namespace, err := os.Readlink(folder + "/ns/pid")
		if err != nil {
			continue // it has ended
		}
		exe, _ := os.Readlink(folder + "/exe") // none: a thread of the kernel
		all[pid] = one{parentOf(folder), hosts[namespace], exe}
	}
	found := processes{}
	var programs func(pid int) (string, []string)
	programs = func(pid int) (string, []string) {
		p, ok := all[pid]
		if !ok {
			return "", nil
		}
		host, chain := p.host, []string(nil)
		if above, more := programs(p.parent); above != "" {
			host, chain = above, more
		}
		if host == "" {
			return "", nil
		}
		return host, append(chain[:len(chain):len(chain)], p.exe)
	}
	for pid := range all {
		host, chain := programs(pid)
		if host == "" {
			continue
		}
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/[0-9]*", pid))
		found[pid] = process{host, chain}
		for _, thread := range threads {
			tid, _ := strconv.Atoi(filepath.Base(thread))
			found[tid] = process{host, chain}
		}
	}
	for namespace, host := range hosts {
		if !found.has(host) {
			return nil, fmt.Errorf("no process of %s is in %s", host, namespace)
		}
	}
	return found, nil
}

func parentOf(folder string) int {
	status, _ := os.ReadFile(folder + "/status")
	_, rest, _ := strings.Cut(string(status), "\nPPid:")
	line, _, _ := strings.Cut(rest, "\n")
	parent, _ := strconv.Atoi(strings.TrimSpace(line))
	return parent
}
