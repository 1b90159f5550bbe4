package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"sort"
	"syscall"
	"time"
)

// cost is what one command took.
type cost struct {
	wall   time.Duration
	cpu    time.Duration // of the command and what it waited for
	memory int64         // peak resident set of the largest process, bytes
}

// timed runs a command and measures it; status is allowed beside 0.
func timed(cmd *exec.Cmd, status ...int) (cost, error) {
	var said bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &said
	}
	cmd.Stderr = &said
	start := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(start)}
	if cmd.ProcessState != nil {
		c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			c.memory = usage.Maxrss * 1024
		}
		for _, s := range status {
			if cmd.ProcessState.ExitCode() == s {
				err = nil
			}
		}
	}
	if err != nil {
		return c, fmt.Errorf("%s: %w\n%s", cmd, err, said.Bytes())
	}
	return c, nil
}

// median is the middle one by wall time.
func median(costs []cost) cost {
	sort.Slice(costs, func(i, j int) bool { return costs[i].wall < costs[j].wall })
	return costs[len(costs)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.2f", a.Seconds()/b.Seconds()) }
