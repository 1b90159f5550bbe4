package audit

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// For reports whether an effect is for a host.
func (e *Effect) For(report *Report, host string) bool {
	for i := range report.Classes {
		class := &report.Classes[i]
		if !slices.Contains(class.Hosts, host) {
			continue
		}
		return slices.ContainsFunc(e.On, func(on On) bool {
			return bundle.InRole(class.Roles, on.Role) && (len(on.Classes) == 0 || slices.Contains(on.Classes, class.Name))
		})
	}
	return false
}

// Covers reports whether an effect is about a thing: a file, directory or link by
// its path, any other by its category and name. A subject may be a pattern: * is
// any text without a slash, ** any text. A port is told as ADDRESS:PORT/tcp; a subject
// without an address is about all of the host's, and what explains it comes after a comma.
func (e *Effect) Covers(category, name string) bool {
	file := func(category string) bool {
		return slices.Contains([]string{"file", "directory", "symlink", "line", "mount"}, category)
	}
	if e.Category != category && (!file(e.Category) || !file(category)) {
		return false
	}
	subject := e.Subject
	switch category {
	case "port":
		subject, _, _ = strings.Cut(subject, ", ")
		return isPort(subject, name)
	case "setting":
		subject, _, _ = strings.Cut(subject, ", ")
	}
	return glob(subject, name) || file(category) && subject == name+"/**" // the folder itself
}

// firstChosen is the first port that the kernel chooses for who does not say one, as
// net.ipv4.ip_local_port_range has it unless told otherwise.
const firstChosen = 32768

// isPort reports whether a port, as PORT/tcp or ADDRESS:PORT/tcp, is one that something
// listens on. A port may be *: one that the kernel has chosen.
func isPort(subject, name string) bool {
	where, network, _ := strings.Cut(name, "/")
	at, err := netip.ParseAddrPort(where)
	if err != nil {
		return false
	}
	where, wanted, found := strings.Cut(subject, "/")
	if !found {
		wanted = "tcp"
	}
	host, port := "", where
	if i := strings.LastIndexByte(where, ':'); i >= 0 {
		host, port = strings.Trim(where[:i], "[]"), where[i+1:]
	}
	own := strconv.Itoa(int(at.Port()))
	if port == "*" && at.Port() >= firstChosen {
		port = own
	}
	if network != wanted || port != own {
		return false
	}
	switch {
	case host == "" || host == "*" || host == "0.0.0.0" || host == "::" || strings.HasPrefix(host, "{"):
		return true
	case host == "localhost":
		return at.Addr().IsLoopback()
	}
	return host == at.Addr().String()
}

// Runs reports whether a program is one that scripts run on a host: what every host has,
// and what the report names.
func (r *Report) Runs(host, program string) bool {
	if slices.Contains(shell.Utilities(), program) || slices.Contains(shell.Builtins(), program) {
		return true
	}
	for i := range r.Effects {
		e := &r.Effects[i]
		if e.Category != "script" && e.Category != "command" || !e.For(r, host) {
			continue
		}
		for _, name := range []string{"runs", mayRun} {
			if f := e.Field(name); f != nil && slices.Contains(strings.Fields(f.Value), program) {
				return true
			}
		}
		if name, _, _ := strings.Cut(e.Subject, ","); e.Category == "command" && e.Section != Undeclared && strings.TrimSpace(name) == program {
			return true
		}
	}
	return false
}

// glob matches a name against a pattern; what is a host's own, in braces, may be
// anything.
func glob(pattern, name string) bool {
	switch {
	case pattern == "":
		return name == ""
	case strings.HasPrefix(pattern, "**"):
		for i := 0; i <= len(name); i++ {
			if glob(pattern[2:], name[i:]) {
				return true
			}
		}
		return false
	case pattern[0] == '*', pattern[0] == '{' && strings.Contains(pattern, "}"):
		rest := pattern[1:]
		if pattern[0] == '{' {
			_, rest, _ = strings.Cut(pattern, "}")
		}
		for i := 0; i <= len(name); i++ {
			if glob(rest, name[i:]) {
				return true
			}
			if i < len(name) && name[i] == '/' {
				break
			}
		}
		return false
	}
	return name != "" && pattern[0] == name[0] && glob(pattern[1:], name[1:])
}
