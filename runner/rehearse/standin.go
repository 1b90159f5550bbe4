package rehearse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
)

// standInFolder is the first of hostPath: what is there is found first.
const standInFolder = "/usr/local/sbin"

// standIn answers for a command that a throwaway host cannot run for real. It
// remembers what was done, so that a probe finds it done.
type standIn struct {
	name   string
	args   []string
	folder string // the rehearsal's own, with what is remembered
	root   string // "/" but in tests
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	real   func(name string, args ...string) (out []byte, code int, there bool)
}

// command is one stand-in: it returns the exit status.
type commandFunc func(*standIn) int

// commands has every stand-in by the name of the command.
func commands() map[string]commandFunc {
	return map[string]commandFunc{
		"apt-cache": aptCache, "apt-get": aptGet, "apt-mark": aptMark, "dpkg": dpkg, "dpkg-query": dpkgQuery,
		"dnf": dnf, "yum": dnf, "rpm": rpm,
		"systemctl": systemctl, "journalctl": quiet, "hostnamectl": quiet, "timedatectl": timedatectl, "udevadm": quiet,
		"modprobe": modprobe, "swapoff": swapoff, "swapon": quiet, "reboot": quiet, "shutdown": quiet, "poweroff": quiet,
		"curl": curl, "wget": wget, "sha256sum": sha256sum, "openssl": openssl, "uname": uname, "sudo": sudo, "chronyc": chronyc, "update-initramfs": quiet, "dracut": quiet, "grubby": quiet,
	}
}

// runStandIn is the hidden part that every stand-in of a host is: NAME ARG...
func runStandIn(args []string) error {
	if len(args) == 0 {
		return errors.New("expected a name; this is a bug in sprayc")
	}
	s := &standIn{name: args[0], args: args[1:], folder: own, root: "/", stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, real: realCommand}
	os.Exit(s.run())
	return nil
}

func (s *standIn) run() int {
	answer, ok := commands()[s.name]
	if !ok {
		answer = madeUp
	}
	return answer(s)
}

// seen writes down that the stand-in answered. One that only passes a question on
// does not call it.
func (s *standIn) seen() {
	line := s.name + " " + strings.Join(s.args, " ")
	s.remember("log", strings.NewReplacer("\n", " ", "\t", " ").Replace(line))
	have := s.recall("stand-ins")
	for _, name := range have {
		if name == s.name {
			return
		}
	}
	s.remember("stand-ins", s.name)
}

// remember appends a line to a file of the rehearsal.
func (s *standIn) remember(file, line string) {
	out, err := os.OpenFile(filepath.Join(s.folder, file), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		fmt.Fprintf(s.stderr, "%s (stand-in): %v\n", s.name, err)
		os.Exit(1)
	}
	defer out.Close()
	fmt.Fprintln(out, line)
}

// recall is the lines of such a file.
func (s *standIn) recall(file string) []string {
	data, err := os.ReadFile(filepath.Join(s.folder, file))
	if err != nil || len(data) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// table is a file of lines NAME VALUE of which the last counts; an empty value
// says that it is gone.
func (s *standIn) table(file string) map[string]string {
	out := map[string]string{}
	for _, line := range s.recall(file) {
		name, value, _ := strings.Cut(line, " ")
		out[name] = value
	}
	return out
}

func (s *standIn) path(elements ...string) string {
	return filepath.Join(append([]string{s.root}, elements...)...)
}

// pass runs the real command with the same arguments and input; 127 when there is
// none.
func (s *standIn) pass() int {
	path := realPath(s.name)
	if path == "" {
		fmt.Fprintf(s.stderr, "%s: this throwaway host has none\n", s.name)
		return 127
	}
	cmd := exec.Command(path, s.args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.stdin, s.stdout, s.stderr
	return exitCode(cmd.Run())
}

func exitCode(err error) int {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	return 127
}

// realPath finds the command that the stand-in is before.
func realPath(name string) string {
	for _, folder := range strings.Split(hostPath, ":") {
		if folder == standInFolder {
			continue
		}
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path
		}
	}
	return ""
}

func realCommand(name string, args ...string) ([]byte, int, bool) {
	path := realPath(name)
	if path == "" {
		return nil, 127, false
	}
	var out bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout = &out
	code := exitCode(cmd.Run())
	return out.Bytes(), code, true
}

// quiet does nothing and says so only in the log.
func quiet(s *standIn) int {
	s.seen()
	return 0
}

// madeUp is a program from a download or a package that a stand-in served: it
// answers a question for its version, waits where it is started as a service, and
// is content with everything else.
func madeUp(s *standIn) int {
	s.seen()
	version := s.table("made-up")[s.name]
	for _, arg := range s.args {
		if arg == "version" || arg == "--version" || arg == "-v" || arg == "-version" || arg == "-V" {
			fmt.Fprintf(s.stdout, "%s %s\nVersion: %s\n", s.name, version, version)
			return 0
		}
	}
	if os.Getenv("INVOCATION_ID") != "" && os.Getppid() == 1 {
		return waitAsService()
	}
	return 0
}

// waitAsService tells systemd that the service is up and waits for the signal to
// end.
func waitAsService() int {
	if socket := os.Getenv("NOTIFY_SOCKET"); socket != "" {
		if strings.HasPrefix(socket, "@") {
			socket = "\x00" + socket[1:]
		}
		if fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0); err == nil {
			_ = syscall.Sendto(fd, []byte("READY=1"), 0, &syscall.SockaddrUnix{Name: socket})
			syscall.Close(fd)
		}
	}
	select {}
}

// install puts a stand-in, or a program that is made up, at a path of the host.
func standInScript(name string) string {
	return "#!/bin/sh\nexec " + own + "/sprayc " + hidden + " stand-in " + name + " \"$@\"\n"
}

// artifacts are the downloads that the bundle makes.
func (s *standIn) artifacts() []Artifact {
	var list []Artifact
	data, err := os.ReadFile(filepath.Join(s.folder, "artifacts.json"))
	if err == nil {
		_ = json.Unmarshal(data, &list) // we wrote it
	}
	return list
}

func sorted(set map[string]string) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
