package rehearse

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/sys/unix"
)

func hosts(t *testing.T, options Options) *Hosts {
	t.Helper()
	if err := allowed(); os.Geteuid() != 0 && err != nil {
		t.Skip(err)
	}
	h, err := Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// command runs a command on a host over SSH, as the runner would.
func command(t *testing.T, h *Hosts, host Host, line string) string {
	t.Helper()
	out, err := try(h, host, line)
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return out
}

// try is the same of a command that may fail.
func try(h *Hosts, host Host, line string) (string, error) {
	key, err := os.ReadFile(filepath.Join(h.Dir(), "id_ed25519"))
	if err != nil {
		return "", err
	}
	signer, err := ssh.ParsePrivateKey(key)
	if err != nil {
		return "", err
	}
	address := net.JoinHostPort(host.Address, host.port())
	raw, err := h.Dial(context.Background(), address)
	if err != nil {
		return "", err
	}
	defer raw.Close()
	conn, channels, requests, err := ssh.NewClientConn(raw, address, &ssh.ClientConfig{User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		return "", err
	}
	session, err := ssh.NewClient(conn, channels, requests).NewSession()
	if err != nil {
		return "", err
	}
	out, err := session.CombinedOutput(line)
	return string(out), err
}

func TestHostHasItsOwnNameAddressAndRoot(t *testing.T) {
	for name, options := range map[string]Options{
		"stand-ins":               {Init: "stand-in", SSHD: "stand-in"},
		"systemd":                 {SSHD: "stand-in"},
		"systemd and OpenSSH":     {},
		"OpenSSH without systemd": {Init: "stand-in"},
	} {
		t.Run(name, func(t *testing.T) {
			host := Host{Name: "w1", Address: "192.0.2.11", More: []string{"2001:db8::11"}}
			options.Hosts = []Host{host}
			h := hosts(t, options)
			got := command(t, h, host, `
				uname -n
				id -u
				ls /root /home /tmp | grep -c sprayc
				grep -A 1 -w 192.0.2.11 /proc/net/fib_trie | grep -q "host LOCAL" && echo 192.0.2.11
				grep -q "^20010db8000000000000000000000011 .* eth0$" /proc/net/if_inet6 && echo 2001:db8::11
				echo written >/etc/sprayc-was-here && cat /etc/sprayc-was-here
				echo 7 >/proc/sys/kernel/panic && cat /proc/sys/kernel/panic`)
			want := "w1\n0\n0\n192.0.2.11\n2001:db8::11\nwritten\n7\n"
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			facts := h.Facts("w1")
			if wants := options.Init != "stand-in" && systemdPath() != "" && cgroup2() != "" && os.Geteuid() == 0; wants != (facts.Init == "systemd") {
				t.Errorf("init is %s", facts.Init)
			}
			if facts.Init == "systemd" {
				if got := command(t, h, host, "systemctl is-system-running --wait; systemctl --failed --quiet"); got != "running\n" {
					t.Errorf("systemd says %q", got)
				}
			}
		})
	}
}

// machine is what a rehearsal must leave as it was.
// Another rehearsal may be under way: only what is of the one named counts.
func machine(t *testing.T, dir, id string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range []string{"/proc/self/mountinfo", "/proc/net/dev", "/proc/sys/kernel/panic", "/proc/sys/kernel/hostname", "/etc/passwd", "/etc/hosts", "/etc/machine-id", "/etc/os-release"} {
		data, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		out[path] = string(data)
	}
	out["/proc/net/dev"] = strings.Join(linkNames(out["/proc/net/dev"]), " ")
	for name, pattern := range map[string]string{"folders": dir + "/*", "groups": cgroup2() + "/" + id, "written": "/etc/sprayc-was-here"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = strings.Join(found, "\n")
	}
	return out
}

func linkNames(dev string) []string {
	var names []string
	for _, line := range strings.Split(dev, "\n") {
		if name, _, ok := strings.Cut(line, ":"); ok {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

func TestNothingOfTheMachineIsChanged(t *testing.T) {
	dir := t.TempDir()
	before := machine(t, dir, "none")
	host := []Host{{Name: "cp1", Address: "10.0.0.11"}, {Name: "w1", Address: "10.0.1.1"}}
	h := hosts(t, Options{Hosts: host, Dir: dir})
	command(t, h, host[0], "echo 7 >/proc/sys/kernel/panic; echo x >/etc/sprayc-was-here; echo 0.0.0.0 x >>/etc/hosts; mount -t tmpfs none /srv; hostname other")
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, machine(t, dir, h.id)); diff != "" {
		t.Errorf("the machine was changed (-before +after):\n%s", diff)
	}
}

// A rehearsal whose owner is killed ends with it: that is what TestMain's
// "abandon" is for.
func TestNothingIsLeftWhenTheOwnerIsKilled(t *testing.T) {
	if err := allowed(); os.Geteuid() != 0 && err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	before := machine(t, dir, "none")
	owner := exec.Command("/proc/self/exe")
	owner.Env = append(os.Environ(), "SPRAYC_TEST_ABANDON="+dir)
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	line, err := said.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var keeper int
	var id string
	if _, err := fmt.Sscan(line, &keeper, &id); err != nil {
		t.Fatal(err)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()
	gone(t, keeper)
	if diff := cmp.Diff(before, machine(t, dir, id)); diff != "" {
		t.Errorf("something is left (-before +after):\n%s", diff)
	}
}

// gone waits until a process that is not ours has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if n, err := unix.Poll(poll, 30_000); n != 1 {
		t.Fatalf("process %d is still there: %v", pid, err)
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("SPRAYC_TEST_ABANDON"); dir != "" {
		h, err := Start(context.Background(), Options{Dir: dir, Hosts: []Host{{Name: "w1", Address: "192.0.2.11"}}})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(h.process.pid, h.id)
		select {}
	}
	os.Exit(m.Run())
}

func TestConfigurationErrors(t *testing.T) {
	for name, test := range map[string]struct {
		hosts []Host
		want  string
	}{
		"none":          {nil, "a rehearsal needs at least one host"},
		"no address":    {[]Host{{Name: "a", Address: "a.example.com"}}, `host a: "a.example.com" is not an IP address; a rehearsal gives each host its own`},
		"two with one":  {[]Host{{Name: "a", Address: "10.0.0.1"}, {Name: "b", Address: "10.0.0.1"}}, "hosts a and b have the same address 10.0.0.1"},
		"a name with /": {[]Host{{Name: "../a", Address: "10.0.0.1"}}, `a host is named "../a"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Start(context.Background(), Options{Hosts: test.hosts})
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
