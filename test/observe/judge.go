//go:build linux

package observe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
)

// Seen is one host before and after a run, and what its processes did between.
type Seen struct {
	Host          string
	Before, After State
	Events        []Event // of all hosts
	Shell         Shell   // of the host

	// Names are the addresses, as HOST:PORT, that an audit's words and names lead to: "the API
	// server", "registry.example.com".
	Names map[string][]string
}

// Judge returns what happened on a host that its audit does not list, a line each, sorted.
func Judge(report *audit.Report, seen *Seen) []string {
	j := &judge{Seen: seen, report: report}
	for i := range report.Effects {
		if e := &report.Effects[i]; e.For(report, seen.Host) {
			j.effects = append(j.effects, e)
		}
	}
	for _, e := range seen.Events {
		if e.Host == seen.Host {
			j.event(&e)
		}
	}
	j.packages()
	j.files()
	j.accounts()
	for _, category := range []string{"kernel parameter", "service", "unit", "mount", "setting", "port"} {
		for _, name := range changed(seen.Before[category], seen.After[category]) {
			if !j.listed(category, name) {
				j.says(category, name)
			}
		}
	}
	slices.Sort(j.found)
	return slices.Compact(j.found)
}

type judge struct {
	*Seen
	report  *audit.Report
	effects []*audit.Effect
	added   map[string]bool // packages
	found   []string
}

// says notes a change that is not listed.
func (j *judge) says(category, name string) {
	value := func(state State) string {
		if text, ok := state[category][name]; ok {
			return fmt.Sprintf("%q", strings.TrimSuffix(text, "\n"))
		}
		return "not there"
	}
	j.found = append(j.found, fmt.Sprintf("%s %s is %s, was %s", category, name, value(j.After), value(j.Before)))
}

func (j *judge) covered(category, name string) bool {
	return slices.ContainsFunc(j.effects, func(e *audit.Effect) bool { return e.Covers(category, name) })
}

// listed reports whether a change is of an effect, or follows from one.
func (j *judge) listed(category, name string) bool {
	old, was := j.Before[category][name]
	now := j.After[category][name]
	switch category {
	case "kernel parameter":
		if !was && interfaceOf(name) != "" || now == "" { // of an interface that is new or gone
			return true
		}
		if follows := leader(name); follows != "" && j.covered(category, follows) {
			return true
		}
	case "service": // a unit's file is a file
		if !was {
			return true
		}
	case "unit":
		running := func(state string) bool { return state == "active" || state == "reloading" }
		if running(old) == running(now) || transient(name) {
			return true
		}
		return j.covered("service", name) || j.owned(name)
	case "port":
		if now == "" && was {
			return true
		}
	case "mount":
		if now == "" { // it was there for a moment
			return true
		}
		for _, begin := range []string{"/run/credentials/", "/run/user/", "/run/systemd/"} { // systemd's own
			if strings.HasPrefix(name, begin) {
				return true
			}
		}
	}
	return j.covered(category, name)
}

// leader is the parameter with which the kernel itself sets another (ip-sysctl).
func leader(name string) string {
	switch words := strings.Split(name, "."); {
	case name == "net.ipv4.conf.all.accept_redirects", len(words) == 5 && strings.HasPrefix(name, "net.ipv4.conf.") && words[4] == "forwarding":
		return "net.ipv4.ip_forward"
	case len(words) == 5 && strings.HasPrefix(name, "net.ipv6.conf.") && words[4] == "forwarding":
		return "net.ipv6.conf.all.forwarding"
	}
	return ""
}

// interfaceOf is the interface that a kernel parameter is of.
func interfaceOf(name string) string {
	words := strings.Split(name, ".")
	if len(words) > 4 && words[0] == "net" && (words[2] == "conf" || words[2] == "neigh") && words[3] != "all" && words[3] != "default" {
		return words[3]
	}
	return ""
}

// transient are units that systemd makes and ends by itself: sessions, and what its timers
// start once.
func transient(name string) bool {
	for _, begin := range []string{"user@", "user-runtime-dir@", "session-", "systemd-tmpfiles-clean", "systemd-hostnamed", "systemd-timedated", "systemd-localed", "ssh@"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// packages finds packages that no effect names and none that is named wants.
func (j *judge) packages() {
	j.added = map[string]bool{}
	for _, name := range changed(j.Before["package"], j.After["package"]) {
		j.added[name] = true
		if !j.covered("package", name) && !j.dependency(name) {
			j.says("package", name)
		}
	}
}

// dependency reports whether another package wants this one.
func (j *judge) dependency(name string) bool {
	return j.Shell(`if ! rpm -qa 2>/dev/null | grep -q .; then apt-mark showauto '`+name+`'; else rpm -e --test '`+name+`' >/dev/null 2>&1 || echo yes; fi`) != ""
}

// owned reports whether a unit came with a package that was added.
func (j *judge) owned(unit string) bool {
	path := strings.TrimSpace(j.Shell("systemctl show -p FragmentPath --value '" + unit + "' 2>/dev/null || :"))
	return path != "" && len(j.ownerless([]string{path})) == 0
}

// accounts finds users and groups that no effect names, and no script of a package that was
// added.
func (j *judge) accounts() {
	const category = "account"
	for _, name := range changed(j.Before[category], j.After[category]) {
		of, account, _ := strings.Cut(name, " ")
		if of == "password" {
			of = "user"
		}
		if j.covered(of, account) || of == "group" && j.covered("user", account) {
			continue
		}
		if _, was := j.Before[category][name]; !was && j.packaged(account) {
			continue
		}
		j.says(category, name)
	}
}

// packaged reports whether the scripts of packages that were added have a name.
func (j *judge) packaged(account string) bool {
	var names []string
	for name := range j.added {
		names = append(names, name)
	}
	if len(names) == 0 {
		return false
	}
	slices.Sort(names)
	return strings.TrimSpace(j.Shell(`for package in `+strings.Join(names, " ")+`; do
		if rpm -q --scripts "$package" 2>/dev/null | grep -qw -e '`+account+`'; then echo yes; fi
		if grep -qsw -e '`+account+`' /var/lib/dpkg/info/"$package".p* /var/lib/dpkg/info/"$package":*.p*; then echo yes; fi
		{ rpm -ql "$package" 2>/dev/null || dpkg -L "$package" 2>/dev/null; } | grep '/sysusers.d/' | while read -r file; do if grep -qsw -e '`+account+`' "$file"; then echo yes; fi; done
	done`)) != ""
}
