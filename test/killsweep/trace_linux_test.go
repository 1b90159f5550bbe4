//go:build killsweep

package killsweep

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// What ptrace(2) is asked for, by the numbers of linux/ptrace.h.
const (
	optionFork     = 0x2
	optionVfork    = 0x4
	optionClone    = 0x8
	optionExec     = 0x10
	optionExit     = 0x40
	optionExitKill = 0x100000
	eventFork      = 1
	eventVfork     = 2
	eventClone     = 3
	eventExec      = 4
	eventExit      = 6
)

// trace is one run under ptrace.
type trace struct {
	killAt int                   // the point at which all of its processes are killed; 0 for none
	forks  bool                  // a fork is a point too, for a shell with programs built in
	at     func(point int) error // called at each point; nil for nothing

	err     error // of at
	points  int   // seen
	killed  bool
	counts  bool // the part that is of interest has begun
	live    map[int]bool
	started map[int]bool // have had their first stop
}

// run runs a command to its end, or to the point at which it is killed. Points are counted
// from the first program on that has run.sh in its arguments: before a program begins (it is
// there and has done nothing) and when a process ends (its parent has not seen it yet).
func (t *trace) run(cmd *exec.Cmd) error {
	runtime.LockOSThread() // ptrace and wait4 are of the thread
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the run: %w", err)
	}
	first := cmd.Process.Pid
	defer cmd.Process.Release()
	t.live, t.started = map[int]bool{first: true}, map[int]bool{first: true}
	options := false
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WALL|syscall.WNOTHREAD, nil)
		if err == syscall.EINTR {
			continue
		}
		if err == syscall.ECHILD {
			return t.err // all have ended
		}
		if err != nil {
			return fmt.Errorf("wait for the run: %w", err)
		}
		if status.Exited() || status.Signaled() {
			delete(t.live, pid)
			continue
		}
		if !options {
			options = true
			if err := syscall.PtraceSetOptions(first, optionFork|optionVfork|optionClone|optionExec|optionExit|optionExitKill); err != nil {
				return fmt.Errorf("ptrace: %w", err)
			}
		}
		t.goOn(pid, status)
	}
}

// goOn counts what a process has stopped for, kills all, or lets it go on.
func (t *trace) goOn(pid int, status syscall.WaitStatus) {
	signal := 0
	switch cause := status.TrapCause(); {
	case cause > 0:
		if child, err := syscall.PtraceGetEventMsg(pid); err == nil && (cause == eventFork || cause == eventVfork || cause == eventClone) {
			t.live[int(child)] = true
		}
		t.count(pid, cause)
	case !t.started[pid]: // stopped by being born traced
		t.live[pid], t.started[pid] = true, true
	case status.StopSignal() != syscall.SIGTRAP:
		signal = int(status.StopSignal())
	}
	if t.killed {
		for p := range t.live {
			_ = syscall.Kill(p, syscall.SIGKILL)
		}
	}
	_ = syscall.PtraceCont(pid, signal) // it may have been killed just now
}

func (t *trace) count(pid, cause int) {
	switch cause {
	case eventExec:
		if !t.counts {
			args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
			t.counts = err == nil && bytes.Contains(args, []byte("/run.sh\x00"))
		}
	case eventExit:
	default:
		if !t.forks {
			return
		}
	}
	if !t.counts {
		return
	}
	t.points++
	if t.at != nil && t.err == nil {
		t.err = t.at(t.points)
	}
	if t.points == t.killAt {
		t.killed = true
	}
}
