package observe

import (
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The kernel tells of a program that a program starts, and of addresses, by whom; this
// process's own namespace stands for a host.
func TestTrace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the kernel tells root alone")
	}
	own, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		t.Fatal(err)
	}
	trace, err := Start(map[string]string{own: "here"})
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	if err := exec.Command("sh", "-c", "env true observed").Run(); err != nil {
		t.Error(err)
	}
	for _, to := range [][2]string{{"tcp", "127.0.0.1:9"}, {"udp", "[::1]:53"}, {"unix", "/nowhere/observed"}} {
		if conn, err := net.Dial(to[0], to[1]); err == nil {
			conn.Close()
		}
	}
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := packets.WriteTo([]byte("x"), &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}); err != nil {
		t.Error(err)
	}
	packets.Close()
	events, err := trace.Stop()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	saw := func(call, address, programs string) {
		t.Helper()
		found := slices.ContainsFunc(events, func(e Event) bool {
			at := slices.Index(e.Programs, program)
			if at < 0 || e.Host != "here" || e.Call != call || e.Address != address {
				return false
			}
			var names []string
			for _, name := range e.Programs[at+1:] {
				names = append(names, name[strings.LastIndexByte(name, '/')+1:])
			}
			return strings.Join(names, " ") == programs
		})
		if !found {
			t.Errorf("%s of %s by %q is not among %d events", call, address, programs, len(events))
		}
	}
	saw("exec", "", "sh")
	saw("exec", "", "sh env true")
	saw("connect", "127.0.0.1:9", "")
	saw("connect", "[::1]:53", "")
	saw("connect", "unix:/nowhere/observed", "")
	saw("bind", "127.0.0.1:0", "")
	saw("sendto", "127.0.0.1:9", "")
}
