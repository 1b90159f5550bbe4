package rehearse

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// unitFolders are where units are looked for, first one first.
var unitFolders = [...]string{"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}

// unit is what the stand-in knows of a unit: its file is looked at, what runs is
// remembered in the file "active", when that was last changed or asked of it in "changed".
type unit struct {
	name, path string
	load, file string // LoadState, UnitFileState
	active     bool
	needReload bool
}

func (s *standIn) unit(name string) unit {
	if !strings.Contains(name, ".") {
		name += ".service"
	}
	u := unit{name: name, load: "not-found", active: s.table("active")[name] == "yes"}
	for _, folder := range unitFolders {
		path := s.path(folder, name)
		if target, err := os.Readlink(path); err == nil && target == "/dev/null" {
			u.path, u.load, u.file, u.active = path, "masked", "masked", false
			return u
		}
		if data, err := os.ReadFile(path); err == nil {
			u.path, u.load, u.file = path, "loaded", "static"
			if strings.Contains(string(data), "[Install]") {
				u.file = "disabled"
			}
			break
		}
	}
	if wanted, err := filepath.Glob(s.path("/etc/systemd/system/*.wants", name)); err == nil && len(wanted) > 0 {
		u.file = "enabled"
	}
	u.needReload = u.load == "loaded" && s.stale(name)
	return u
}

// stale says whether a unit's files were written after systemd last read them.
func (s *standIn) stale(name string) bool {
	read, err := os.Stat(filepath.Join(s.folder, "reloaded"))
	if err != nil {
		return false // read when first asked
	}
	newer := func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.ModTime().After(read.ModTime())
	}
	dropins, _ := filepath.Glob(s.path("/etc/systemd/system", name+".d", "*.conf"))
	for _, path := range append(dropins, s.path("/etc/systemd/system", name)) {
		if newer(path) {
			return true
		}
	}
	return false
}

func systemctl(s *standIn) int {
	s.seen()
	list := words(s.args, "-p", "--property", "-n", "--lines", "-t", "--type", "-o", "--output")
	if len(list) == 0 {
		return 0
	}
	verb, names := list[0], list[1:]
	switch verb {
	case "daemon-reload", "daemon-reexec":
		if err := os.WriteFile(filepath.Join(s.folder, "reloaded"), nil, 0o644); err != nil {
			return 1
		}
		return 0
	case "is-system-running":
		fmt.Fprintln(s.stdout, "running")
		return 0
	case "show":
		return s.systemctlShow(names)
	}
	code := 0
	for _, name := range names {
		if one := s.systemctlOne(verb, s.unit(name)); one != 0 {
			code = one
		}
	}
	return code
}

func (s *standIn) flag(name string) bool {
	for _, arg := range s.args {
		if arg == name {
			return true
		}
	}
	return false
}

// systemctlOne does one verb to one unit.
func (s *standIn) systemctlOne(verb string, u unit) int {
	active := map[bool]string{true: "active", false: "inactive"}[u.active]
	switch verb {
	case "is-active":
		if !s.flag("-q") && !s.flag("--quiet") {
			fmt.Fprintln(s.stdout, active)
		}
		return map[bool]int{true: 0, false: 3}[u.active]
	case "is-enabled":
		fmt.Fprintln(s.stdout, u.file)
		return map[bool]int{true: 0, false: 1}[u.file == "enabled" || u.file == "static"]
	case "is-failed":
		fmt.Fprintln(s.stdout, active)
		return 1
	case "status":
		fmt.Fprintf(s.stdout, "%s - stand-in: %s, %s\n", u.name, u.load, active)
		return map[bool]int{true: 0, false: 3}[u.active]
	case "mask", "unmask", "enable", "disable":
		return s.systemctlFile(verb, u)
	}
	if u.load != "loaded" && verb != "stop" && verb != "reset-failed" {
		fmt.Fprintf(s.stderr, "Failed to %s %s: Unit %s %s.\n", verb, u.name, u.name, map[string]string{"masked": "is masked", "not-found": "not found"}[u.load])
		return 5
	}
	switch verb {
	case "start", "restart", "reload-or-restart":
		s.remember("active", u.name+" yes")
	case "stop", "kill":
		s.remember("active", u.name+" ")
	}
	s.remember("changed", u.name+" "+strconv.FormatInt(time.Now().UnixMicro(), 10))
	if s.flag("--now") && verb == "enable" {
		s.remember("active", u.name+" yes")
	}
	return 0
}

// systemctlFile does what changes links below /etc/systemd/system.
func (s *standIn) systemctlFile(verb string, u unit) int {
	here := s.path("/etc/systemd/system", u.name)
	wants := s.path("/etc/systemd/system/multi-user.target.wants", u.name)
	var err error
	switch verb {
	case "mask":
		if _, found := os.Lstat(here); found == nil && u.load != "masked" {
			fmt.Fprintf(s.stderr, "Failed to mask unit: File %s already exists.\n", here)
			return 1
		}
		err = relink("/dev/null", here)
		s.remember("active", u.name+" ")
	case "unmask":
		if u.load == "masked" {
			err = os.Remove(u.path)
		}
	case "enable":
		if u.load != "loaded" {
			fmt.Fprintf(s.stderr, "Failed to enable unit: Unit file %s does not exist.\n", u.name)
			return 1
		}
		if u.file == "disabled" {
			target, _ := filepath.Rel(filepath.Clean(s.root), u.path)
			err = relink("/"+target, wants)
		}
		if s.flag("--now") {
			s.remember("active", u.name+" yes")
		}
	case "disable":
		found, _ := filepath.Glob(s.path("/etc/systemd/system/*.wants", u.name))
		for _, path := range found {
			err = errors.Join(err, os.Remove(path))
		}
		if s.flag("--now") {
			s.remember("active", u.name+" ")
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	return 0
}

// systemctlShow prints the properties that were asked for, or all that it knows.
func (s *standIn) systemctlShow(names []string) int {
	var want []string
	value := false
	for i, arg := range s.args {
		switch {
		case (arg == "-p" || arg == "--property") && i+1 < len(s.args):
			want = append(want, strings.Split(s.args[i+1], ",")...)
		case strings.HasPrefix(arg, "--property="):
			want = append(want, strings.Split(strings.TrimPrefix(arg, "--property="), ",")...)
		case strings.HasPrefix(arg, "-p") && len(arg) > 2:
			want = append(want, strings.Split(arg[2:], ",")...)
		case arg == "--value":
			value = true
		}
	}
	changed := s.table("changed")
	for i, name := range names {
		if i > 0 {
			fmt.Fprintln(s.stdout)
		}
		u := s.unit(name)
		known := map[string]string{
			"Id": u.name, "Names": u.name, "LoadState": u.load, "UnitFileState": u.file, "FragmentPath": u.path, "Result": "success",
			"ActiveState": map[bool]string{true: "active", false: "inactive"}[u.active], "SubState": map[bool]string{true: "running", false: "dead"}[u.active],
			"NeedDaemonReload": map[bool]string{true: "yes", false: "no"}[u.needReload], "MainPID": map[bool]string{true: "1", false: "0"}[u.active],
			"StateChangeTimestampMonotonic": cmp.Or(changed[u.name], "0"),
		}
		list := want
		if len(list) == 0 {
			list = sorted(known)
		}
		for _, property := range list {
			if value {
				fmt.Fprintln(s.stdout, known[property])
			} else {
				fmt.Fprintf(s.stdout, "%s=%s\n", property, known[property])
			}
		}
	}
	return 0
}

// relink makes a symbolic link, in the place of whatever file is there.
func relink(target, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Symlink(target, path)
}
