//go:build linux

package observe

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
)

// event judges a start or a socket. What systemd starts is the service's; what a package
// manager starts, and connects to, is the package's.
func (j *judge) event(e *Event) {
	chain := session(e.Programs)
	if len(chain) == 0 {
		return
	}
	if e.Call == "exec" {
		program := path.Base(chain[len(chain)-1])
		if !managed(chain[:len(chain)-1]) && !slices.Contains(shells, program) && !j.report.Runs(j.Host, program) {
			j.found = append(j.found, "program "+told(chain))
		}
		return
	}
	switch {
	case strings.HasPrefix(e.Address, "unix:"):
		if !j.local(strings.TrimPrefix(e.Address, "unix:")) && !managed(chain) {
			j.found = append(j.found, fmt.Sprintf("%s of %s by %s", e.Call, e.Address, told(chain)))
		}
	case !j.reaches(e, chain):
		j.found = append(j.found, fmt.Sprintf("%s of %s by %s", e.Call, e.Address, told(chain)))
	}
}

// session is what somebody who logged in started, from the shell on; nothing for what
// systemd, or sshd itself, started.
func session(programs []string) []string {
	inside := false
	for i, program := range programs {
		ssh := strings.HasPrefix(path.Base(program), "sshd")
		if inside && !ssh {
			if !slices.Contains(shells, path.Base(program)) {
				return nil // sshd's own helpers
			}
			return programs[i:]
		}
		inside = inside || ssh
	}
	return nil
}

// shells are what scripts are run by.
var shells = []string{"sh", "dash", "bash"}

// managers are the package managers; what they start is the package's effect.
var managers = []string{"apt-get", "apt-mark", "dpkg", "dnf", "dnf-3", "yum", "rpm"}

func managed(chain []string) bool {
	return slices.ContainsFunc(chain, func(program string) bool { return slices.Contains(managers, path.Base(program)) })
}

// told is a chain of programs as one reads it.
func told(chain []string) string {
	var names []string
	for _, program := range chain {
		if name := path.Base(program); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return strings.Join(names, " > ")
}

// local reports whether a Unix socket is one with which programs talk to the system itself,
// or one that an effect is about.
func (j *judge) local(socket string) bool {
	for _, begin := range []string{"/run/systemd/", "/run/dbus/", "/var/run/dbus/", "/var/run/nscd/", "/run/nscd/", "/run/user/", "/dev/log", "/var/lib/sss/", "@"} {
		if strings.HasPrefix(socket, begin) {
			return true
		}
	}
	for _, e := range j.effects {
		if e.Category == "connection" && slices.Contains(j.Names[words(e.Subject)], "unix:"+socket) {
			return true
		}
	}
	return socket == "" || j.covered("file", socket)
}

// words are an effect's subject without what explains it.
func words(subject string) string {
	subject, _, _ = strings.Cut(subject, ", ")
	return subject
}

// reaches reports whether an effect is about the address of a socket.
func (j *judge) reaches(e *Event, chain []string) bool {
	at, err := netip.ParseAddrPort(e.Address)
	if err != nil {
		return false
	}
	if at.Port() == 0 { // the kernel chooses; or is asked which way it would go
		return true
	}
	if e.Call == "bind" {
		return j.covered("port", e.Address+"/tcp") || j.covered("port", e.Address+"/udp") || j.triesPort(at)
	}
	for _, effect := range j.effects {
		switch effect.Category {
		case "connection", "fetch":
			if slices.ContainsFunc(j.addresses(words(effect.Subject)), func(one string) bool {
				return one == e.Address || strings.HasPrefix(one, ":") && strings.HasSuffix(e.Address, one)
			}) {
				return true
			}
		}
	}
	if at.Addr().IsLoopback() && (j.covered("port", e.Address+"/tcp") || j.covered("port", e.Address+"/udp")) {
		return true // what listens here
	}
	return managed(chain) && slices.Contains(j.Names["the host's package repositories"], e.Address)
}

// triesPort reports whether somebody only looks whether the port of an effect is free: on all
// addresses, on which nothing listens later.
func (j *judge) triesPort(at netip.AddrPort) bool {
	if _, stays := j.After["port"][at.String()+"/tcp"]; stays || !at.Addr().IsUnspecified() {
		return false
	}
	return j.covered("port", netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()+"/tcp")
}

// addresses are those that the subject of a connection leads to.
func (j *judge) addresses(subject string) []string {
	if known := j.Names[subject]; known != nil {
		return known
	}
	if !strings.Contains(subject, "://") {
		return nil
	}
	at, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(subject))
	if err != nil {
		return nil
	}
	port := at.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[at.Scheme]
	}
	if known := j.Names[at.Hostname()]; known != nil {
		var list []string
		for _, host := range known {
			list = append(list, net.JoinHostPort(strings.Trim(host, "[]"), port))
		}
		return list
	}
	return []string{net.JoinHostPort(at.Hostname(), port)}
}
