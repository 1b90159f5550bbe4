// Package sshdtest starts real OpenSSH servers for tests, each a host of its own
// as far as sprayc can see: in its own mount and process namespaces, with private
// /root, /run and /var/lib/sprayc. Closing one ends all that runs on it, like a
// power cut.
package sshdtest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Server is one host.
type Server struct {
	Name   string
	Host   string // "127.0.0.1"
	Port   int
	Dir    string // its private files: root/, run/ (not visible), state/ (/var/lib/sprayc)
	Key    string // the client's private key file
	Public string // the host key, as in known_hosts

	config string
	mu     sync.Mutex
	cmd    *exec.Cmd
}

// Options changes a server.
type Options struct {
	Sshd  string // further lines of sshd_config
	Setup string // shell, run in the namespaces before sshd
}

// Needs skips the test where there is no sshd, or no right to make namespaces; in
// CI that is a failure.
func Needs(t testing.TB, commands ...string) {
	t.Helper()
	skip := t.Skipf
	if os.Getenv("CI") != "" {
		skip = t.Fatalf
	}
	if os.Getuid() != 0 {
		skip("needs root for namespaces")
	}
	for _, command := range append(commands, "/usr/sbin/sshd", "unshare", "ssh-keygen") {
		if _, err := exec.LookPath(command); err != nil {
			skip("needs %s", command)
		}
	}
}

// Start starts a server and waits until it listens.
func Start(t testing.TB, name string, options Options) *Server {
	t.Helper()
	Needs(t)
	s := &Server{Name: name, Host: "127.0.0.1", Port: freePort(t), Dir: t.TempDir()}
	s.Key = filepath.Join(s.Dir, "client")
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "client", "-f", s.Key)
	run(t, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "host", "-f", filepath.Join(s.Dir, "hostkey"))
	public := read(t, filepath.Join(s.Dir, "hostkey.pub"))
	s.Public = strings.Join(strings.Fields(public)[:2], " ")
	s.Authorize(t, read(t, s.Key+".pub"))
	for _, dir := range []string{"root", "state"} {
		if err := os.MkdirAll(filepath.Join(s.Dir, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll("/var/lib/sprayc", 0o700); err != nil {
		t.Fatal(err)
	}
	// Others must be able to reach authorized_keys below the test's folder.
	for dir := s.Dir; dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.config = filepath.Join(s.Dir, "sshd_config")
	config := fmt.Sprintf("ListenAddress %s:%d\nHostKey %s/hostkey\nAuthorizedKeysFile %s/authorized_keys\nStrictModes no\n"+
		"PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nMaxStartups 1000\n"+
		"MaxSessions 100\nPidFile none\n%s\n", s.Host, s.Port, s.Dir, s.Dir, options.Sshd)
	if err := os.WriteFile(s.config, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	s.boot(t, options)
	t.Cleanup(s.Close)
	return s
}

// Authorize lets a key in.
func (s *Server) Authorize(t testing.TB, public string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.Dir, "authorized_keys"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = f.WriteString(public)
		_ = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s *Server) boot(t testing.TB, options Options) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd = exec.Command("unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc", "--propagation", "private", "sh", "-ec",
		`mount --bind "$1/root" /root; mount --bind "$1/state" /var/lib/sprayc
		mount -t tmpfs -o size=64m,mode=755 tmpfs /run; mkdir -m 755 /run/sshd
		eval "$2"
		exec /usr/sbin/sshd -D -e -f "$1/sshd_config" 2>"$1/sshd.log"`, "sh", s.Dir, options.Setup)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	deadline := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("sshd does not listen on %s: %v", address, err)
		}
		time.Sleep(20 * time.Millisecond) // waits for the port, not for a time
	}
}

// Restart starts the host again after Close.
func (s *Server) Restart(t testing.TB, options Options) {
	t.Helper()
	s.boot(t, options)
}

// Close ends the host and all that runs on it.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	// The end of the first process is that of all others: the port is free again.
	last := -1
	if init, err := s.init(); err == nil {
		if pid, err := strconv.Atoi(init); err == nil {
			last, _ = unix.PidfdOpen(pid, 0) // it may have ended
		}
	}
	_ = s.cmd.Process.Kill() // it may have ended
	_ = s.cmd.Wait()         // killed is how it ends
	if last >= 0 {
		_, _ = unix.Poll([]unix.PollFd{{Fd: int32(last), Events: unix.POLLIN}}, 20_000)
		_ = unix.Close(last)
	}
	s.cmd = nil
}

// Exec runs a shell command on the host, beside sshd.
func (s *Server) Exec(t testing.TB, script string) string {
	t.Helper()
	out, err := s.TryExec(script)
	if err != nil {
		t.Fatalf("on %s: %s: %v\n%s", s.Name, script, err, out)
	}
	return out
}

// TryExec is Exec for a command that may well fail, as the host may end under it.
func (s *Server) TryExec(script string) (string, error) {
	s.mu.Lock()
	init, err := s.init()
	s.mu.Unlock()
	if err != nil {
		return "", err
	}
	out, err := exec.Command("nsenter", "-m", "-p", "-t", init, "sh", "-c", script).CombinedOutput()
	return string(out), err
}

// Freeze stops all processes of the host, as a hypervisor that pauses it does:
// the kernel still takes connections, and nobody answers. Thaw lets them go on.
func (s *Server) Freeze(t testing.TB) { s.signalAll(t, syscall.SIGSTOP) }

// Thaw ends Freeze.
func (s *Server) Thaw(t testing.TB) { s.signalAll(t, syscall.SIGCONT) }

// signalAll sends a signal to all processes of the host, and to those that they
// have started meanwhile.
func (s *Server) signalAll(t testing.TB, signal syscall.Signal) {
	t.Helper()
	s.mu.Lock()
	init, err := s.init()
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	namespace, err := os.Readlink("/proc/" + init + "/ns/pid")
	if err != nil {
		t.Fatal(err)
	}
	told := map[int]bool{}
	for more := true; more; {
		more = false
		found, err := filepath.Glob("/proc/[0-9]*/ns/pid")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if of, err := os.Readlink(path); err != nil || of != namespace {
				continue // another's, or gone
			}
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
			if err != nil {
				t.Fatal(err)
			}
			if !told[pid] {
				told[pid], more = true, true
				_ = syscall.Kill(pid, signal) // it may have ended
			}
		}
	}
}

// init is the host's first process. The lock is held.
func (s *Server) init() (string, error) {
	pid := s.cmd.Process.Pid
	child, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	return strings.TrimSpace(string(child)), err
}

// KnownHosts is the server's line of known_hosts.
func (s *Server) KnownHosts() string {
	return fmt.Sprintf("[%s]:%d %s\n", s.Host, s.Port, s.Public)
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
