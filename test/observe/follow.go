//go:build linux

package observe

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// Event is a program that was started, or a socket that was connected, bound or sent from.
type Event struct {
	Host string
	Call string // "exec", "connect", "bind", "sendto", ...

	// Programs are those that the process has been, after those that its ancestors had been
	// when they started it, from the host's first one; of an exec the new one is the last.
	Programs []string

	Address string // of a socket: "192.0.2.1:80", "unix:/run/x"
}

// process is one thread of a host.
type process struct {
	host     string
	programs []string
}

// processes are the threads of hosts, by number.
type processes map[int]process

func (p processes) has(host string) bool {
	for _, one := range p {
		if one.host == host {
			return true
		}
	}
	return false
}

var (
	traced = regexp.MustCompile(`-(\d+)\s+\[\d+\]\s+\S+\s+[0-9.]+: (\w+): (.*)`)
	forked = regexp.MustCompile(`pid=(\d+) child_comm=.* child_pid=(\d+)$`)
	became = regexp.MustCompile(`^filename=(.*) pid=(\d+) old_pid=(\d+)$`)
)

// follow reads the text of a trace.
func (p processes) follow(text string) ([]Event, error) {
	if i := strings.Index(text, "[LOST"); i >= 0 {
		line, _, _ := strings.Cut(text[i:], "\n")
		return nil, fmt.Errorf("the trace is not whole: %s", line)
	}
	p = maps.Clone(p)
	var events []Event
	for line := range strings.Lines(text) {
		m := traced.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		pid, _ := strconv.Atoi(m[1])
		switch m[2] {
		case "sched_process_fork":
			if f := forked.FindStringSubmatch(m[3]); f != nil {
				parent, _ := strconv.Atoi(f[1])
				child, _ := strconv.Atoi(f[2])
				if of, ok := p[parent]; ok {
					p[child] = of
				} else {
					delete(p, child) // the number was another's
				}
			}
		case "sched_process_exec":
			f := became.FindStringSubmatch(m[3])
			if f == nil {
				return nil, fmt.Errorf("a line of the trace says %q", m[3])
			}
			old, _ := strconv.Atoi(f[3])
			pid, _ = strconv.Atoi(f[2])
			of, ok := p[old]
			if !ok {
				continue
			}
			of.programs = append(of.programs[:len(of.programs):len(of.programs)], f[1])
			p[pid] = of
			events = append(events, Event{Host: of.host, Call: "exec", Programs: of.programs})
		case "bpf_trace_printk":
			words := strings.Fields(m[3])
			of, ok := p[pid]
			if !ok || len(words) < 3 || words[0] != "address" {
				continue
			}
			if to := address(words[2:]); to != "" {
				events = append(events, Event{Host: of.host, Call: words[1], Programs: of.programs, Address: to})
			}
		}
	}
	return events, nil
}
