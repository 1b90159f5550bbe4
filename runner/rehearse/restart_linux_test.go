package rehearse

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// A host that restarts itself is back with its disk as it was, and nothing else: another boot id,
// no process, nothing in memory, kernel parameters of its own configuration.
func TestHostRestartsItself(t *testing.T) {
	if os.Geteuid() != 0 || systemdPath() == "" || cgroup2() == "" {
		t.Skip("needs root, systemd and cgroup2")
	}
	host := Host{Name: "w1", Address: "192.0.2.11"}
	h := hosts(t, Options{Hosts: []Host{host}})
	const look = "cat /etc/kept; ls /run/gone 2>/dev/null; sysctl -n kernel.panic; pgrep -x sleep; cat /proc/sys/kernel/random/boot_id"
	before := strings.Fields(command(t, h, host, `
		echo kept >/etc/kept
		: >/run/gone
		mkdir -p /etc/sysctl.d
		echo kernel.panic=7 >/etc/sysctl.d/99-test.conf
		cat /proc/sys/kernel/random/boot_id
		systemctl reboot`))[0]
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for greeted := false; !greeted; { // it has gone down when it greets no more
		if ctx.Err() != nil {
			t.Fatal("it is not back")
		}
		conn, err := h.Dial(ctx, net.JoinHostPort(host.Address, "22"))
		if err != nil {
			continue
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		greeting := make([]byte, 4)
		if _, err := conn.Read(greeting); err == nil && string(greeting) == "SSH-" {
			out, err := try(h, host, "cat /proc/sys/kernel/random/boot_id")
			greeted = err == nil && strings.TrimSpace(out) != before
		}
		conn.Close()
	}
	got := strings.Fields(command(t, h, host, look))
	if len(got) != 3 || got[0] != "kept" || got[1] != "7" || got[2] == before || len(got[2]) != 36 {
		t.Errorf("before %s, after it %q", before, got)
	}
}
