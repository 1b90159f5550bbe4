//go:build linux

package observe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A trace, as the kernel writes it, becomes who started what: through forks of threads, and
// of numbers that were another's before.
func TestFollow(t *testing.T) {
	there := processes{10: {"a", []string{"/sbin/init"}}, 20: {"b", []string{"/sbin/init", "/usr/sbin/sshd"}}}
	zero := strings.Repeat(" 0", 10)
	text := `            init-10      [000] .....     1.000001: sched_process_fork: comm=init pid=10 child_comm=init child_pid=11
 some (odd) -name-11      [001] .....     1.000002: sched_process_exec: filename=/bin/sh pid=11 old_pid=11
            sshd-20      [001] .....     1.000003: sched_process_fork: comm=sshd pid=20 child_comm=sshd child_pid=21
            sshd-21      [001] .....     1.000004: sched_process_fork: comm=sshd pid=21 child_comm=sshd child_pid=22
              sh-21      [001] .....     1.000005: sched_process_exec: filename=/bin/a b pid=21 old_pid=22
            curl-11      [000] .....     1.000007: bpf_trace_printk: address connect 1000007fbb010002 0` + zero + `
          foreign-7      [000] .....     1.000008: sched_process_exec: filename=/bin/foreign pid=7 old_pid=7
          foreign-7      [000] .....     1.000009: sched_process_fork: comm=foreign pid=7 child_comm=foreign child_pid=11
              sh-11      [000] .....     1.000010: sched_process_exec: filename=/bin/late pid=11 old_pid=11
`
	events, err := there.follow(text)
	if err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{Host: "a", Call: "exec", Programs: []string{"/sbin/init", "/bin/sh"}},
		{Host: "b", Call: "exec", Programs: []string{"/sbin/init", "/usr/sbin/sshd", "/bin/a b"}},
		{Host: "a", Call: "connect", Programs: []string{"/sbin/init", "/bin/sh"}, Address: "127.0.0.16:443"},
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := there.follow(text + "CPU:1 [LOST 12 EVENTS]\n"); err == nil {
		t.Error("a trace with a hole is taken")
	}
}

func TestSession(t *testing.T) {
	for _, c := range []struct{ programs, want string }{
		{"/sbin/init /usr/bin/containerd /usr/bin/runc", ""},
		{"/sbin/init /usr/sbin/sshd /usr/sbin/sshd", ""},
		{"/sbin/init /usr/sbin/sshd /usr/sbin/unix_chkpwd", ""},
		{"/sbin/init /usr/sbin/sshd /usr/sbin/sshd /bin/bash /usr/bin/env /usr/bin/x", "/bin/bash /usr/bin/env /usr/bin/x"},
	} {
		if got := strings.Join(session(strings.Fields(c.programs)), " "); got != c.want {
			t.Errorf("%s: %q", c.programs, got)
		}
	}
}

// Sockets that wait are told by their address; what talks is not.
func TestListening(t *testing.T) {
	for line, want := range map[string]string{
		"tcp   0: 0100007F:0947 00000000:0000 0A 00000000:00000000":                                                  "127.0.0.1:2375/tcp",
		"tcp   1: 0100007F:0947 0100007F:9999 01 00000000:00000000":                                                  "",
		"tcp6   0: 00000000000000000000000000000000:192B 00000000000000000000000000000000:0000 0A 00000000:00000000": "[::]:6443/tcp",
		"tcp6   0: 0000000000000000FFFF00000100007F:192B 00000000000000000000000000000000:0000 0A 00000000:00000000": "127.0.0.1:6443/tcp",
		"udp  12: 00000000:2118 00000000:0000 07 00000000:00000000":                                                  "0.0.0.0:8472/udp",
		"udp   sl  local_address rem_address   st tx_queue rx_queue":                                                 "",
	} {
		if got := listening(line); got != want {
			t.Errorf("%s: %q, not %q", line, got, want)
		}
	}
}
