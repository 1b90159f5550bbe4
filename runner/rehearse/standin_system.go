package rehearse

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// modprobe writes the module into the list of what is built into the kernel.
func modprobe(s *standIn) int {
	s.seen()
	release, err := os.ReadFile(s.path("/proc/sys/kernel/osrelease"))
	if err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	folder := s.path("/lib/modules", strings.TrimSpace(string(release)))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	list := words(s.args)
	if len(list) > 1 && !s.flag("-a") && !s.flag("--all") {
		list = list[:1] // the others are parameters
	}
	file, err := os.OpenFile(filepath.Join(folder, "modules.builtin"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	defer file.Close()
	for _, name := range list {
		fmt.Fprintf(file, "kernel/stand-in/%s.ko\n", name)
	}
	return 0
}

// swapoff empties the host's own list: the machine's swap stays on.
func swapoff(s *standIn) int {
	s.seen()
	const head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
	if err := os.WriteFile(s.path("/proc/swaps"), []byte(head), 0o644); err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	return 0
}

func timedatectl(s *standIn) int {
	s.seen()
	list := words(s.args, "-p", "--property")
	switch {
	case len(list) > 1 && list[0] == "set-timezone":
		if err := relink("/usr/share/zoneinfo/"+list[1], s.path("/etc/localtime")); err != nil {
			fmt.Fprintln(s.stderr, err)
			return 1
		}
	case len(list) > 0 && list[0] == "show":
		zone, err := os.Readlink(s.path("/etc/localtime"))
		if err != nil {
			zone = "UTC"
		}
		zone = zone[strings.LastIndex(zone, "zoneinfo/")+1:]
		fmt.Fprintf(s.stdout, "Timezone=%s\nNTPSynchronized=yes\nNTP=yes\n", strings.TrimPrefix(zone, "oneinfo/"))
	}
	return 0
}

// chronyc says that the clock, which is the machine's, is right.
func chronyc(s *standIn) int {
	s.seen()
	for _, arg := range words(s.args) {
		if arg == "tracking" {
			fmt.Fprintf(s.stdout, "7F7F0101,127.127.1.1,2,%d.0,0.000000,0.000000,0.000000,0.0,0.0,0.0,0.0,0.0,1.0,Normal\n", time.Now().Unix())
		}
	}
	return 0
}

// uname says the declared architecture.
func uname(s *standIn) int {
	machine := s.table("settings")["machine"]
	if machine == "" {
		return s.pass()
	}
	s.seen()
	if len(s.args) == 1 && (s.args[0] == "-m" || s.args[0] == "--machine" || s.args[0] == "-p" || s.args[0] == "-i") {
		fmt.Fprintln(s.stdout, machine)
		return 0
	}
	return s.pass()
}

// sudo runs the command as who we are, which is root.
func sudo(s *standIn) int {
	s.seen()
	args := s.args
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		flag := args[0]
		args = args[1:]
		if flag == "--" {
			break
		}
		if (flag == "-p" || flag == "-u" || flag == "-g") && len(args) > 0 {
			args = args[1:]
		}
	}
	if len(args) == 0 {
		return 0
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.stdin, s.stdout, s.stderr
	return exitCode(cmd.Run())
}
