package acts

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Act is one thing that a command of a script does.
type Act struct {
	Pos, End syntax.Pos
	Command  []string // the command's plain words, options left out: "kubeadm", "init"; ">" is a redirection
	Verb     Verb
	Subject  string // a path, a unit, a URL, ...; "" is not known; $NAME is a value of env that was not given
	Known    bool   // what it does is told by the text, as far as Subject says it
	Declared bool   // it is as its module declares
}

// Verb is what is done. The same words are used in declarations.
type Verb string

// Verbs are all that there are, with the category that an effect of each has and
// what is said of it.
var verbs = []struct {
	verb             Verb
	category, action string
}{
	{"writes", "file", "written"},
	{"removes", "file", "removed"},
	{"mode", "file", "mode or owner set"},
	{"connects", "connection", ""},
	{"downloads", "fetch", "downloaded"},
	{"listens", "port", "listened on"},
	{"starts", "service", "started"},
	{"stops", "service", "stopped"},
	{"restarts", "service", "restarted"},
	{"reloads", "service", "reloaded"},
	{"enables", "service", "enabled"},
	{"disables", "service", "disabled"},
	{"masks", "service", "masked"},
	{"ends", "process", "ended"},
	{"loads", "kernel module", "loaded"},
	{"unloads", "kernel module", "unloaded"},
	{"sets", "setting", "set"},
	{"mounts", "mount", "mounted"},
	{"unmounts", "mount", "unmounted"},
	{"installs", "package", "installed"},
	{"uninstalls", "package", "removed"},
	{"account", "user", "changed"},
	{"changes", "object", "changed"},
	{"loses", "data", "lost"},
	{"reboots", "restart", "restarted"},
	{"runs", "command", "run"},
}

// Verbs returns the words that a declaration may begin with.
func Verbs() []string {
	var list []string
	for _, v := range verbs {
		list = append(list, string(v.verb))
	}
	return list
}

// Category returns the category of an effect, and what is said of it.
func (v Verb) Category() (category, action string) {
	for _, known := range verbs {
		if known.verb == v {
			return known.category, known.action
		}
	}
	return "command", ""
}

// Scratch reports whether an act is within the folder in memory that sprayc keeps
// for a run, or of a file that is no file.
func (a *Act) Scratch() bool {
	if a.Verb != "writes" && a.Verb != "removes" && a.Verb != "mode" {
		return false
	}
	return scratch(a.Subject)
}

func scratch(path string) bool {
	path = strings.ReplaceAll(path, unknown, "*")
	if strings.Contains(path, "/../") || strings.HasSuffix(path, "/..") {
		return false
	}
	return strings.HasPrefix(path, "/run/sprayc/") || strings.HasPrefix(path, "/tmp/tmp.") ||
		slices.Contains([]string{"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"}, path)
}

// Reads reports whether an act leaves the host as it is: it asks others, or
// writes where a run keeps what it works with.
func (a *Act) Reads() bool { return a.Known && (a.Verb == "connects" || a.Scratch()) }

// known reports whether a value says enough of a path, a unit or an address: its
// beginning.
func known(value string) bool {
	rest := strings.TrimLeft(value, "/")
	return rest != "" && !strings.HasPrefix(rest, unknown) && !strings.HasPrefix(rest, "*")
}
