//go:build linux

package observe

import (
	"path"
	"slices"
	"strings"
)

// files finds files that no effect names, whose package nobody wanted, and that no program
// keeps for itself.
func (j *judge) files() {
	const category = "file"
	var left []string
	for _, name := range changed(j.Before[category], j.After[category]) {
		now, there := j.After[category][name]
		switch {
		case theirs(name) || accountFile(name):
		case j.covered(category, name):
		case strings.HasPrefix(now, "d ") && j.above(name): // on the way to what an effect makes
		case !there && strings.HasPrefix(name, "/run/"): // of what ran before
		default:
			left = append(left, name)
		}
	}
	for _, name := range j.ownerless(left) {
		j.says(category, name)
	}
}

// above reports whether a folder is new, and on the way to what an effect makes.
func (j *judge) above(folder string) bool {
	if _, was := j.Before["file"][folder]; was {
		return false
	}
	for _, e := range j.effects {
		if strings.HasPrefix(e.Subject, folder+"/") {
			return true
		}
	}
	return false
}

// accountFile are the files of users and groups, which are looked at line by line.
func accountFile(name string) bool {
	switch strings.TrimSuffix(name, "-") {
	case "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid", "/etc/.pwd.lock":
		return true
	}
	return false
}

// theirs are files in which package managers, systemd, sshd and their likes keep what they
// work with.
func theirs(name string) bool {
	if ok, _ := path.Match("/etc/rc?.d/*", name); ok { // links to packages' scripts
		return true
	}
	for _, begin := range []string{
		"/var/lib/dpkg/", "/var/lib/apt/", "/var/cache/apt/", "/var/cache/debconf/", "/var/log/apt/", "/var/log/dpkg.log", "/var/log/alternatives.log", "/etc/alternatives/", "/var/lib/ucf/", "/run/adduser",
		"/var/lib/rpm/", "/usr/lib/sysimage/", "/var/lib/dnf/", "/var/cache/dnf/", "/var/log/dnf", "/var/log/hawkey.log", "/usr/lib/.build-id", "/run/dnf/",
		"/usr/share/info/dir", "/etc/ld.so.cache", "/var/cache/ldconfig/", "/var/cache/man/",
		"/run/systemd/", "/run/log/", "/run/user", "/run/lock", "/run/utmp", "/run/sshd", "/run/motd", "/run/udev/", "/var/lib/systemd/", "/var/log/journal", "/var/log/wtmp", "/var/log/btmp", "/var/log/lastlog",
		"/run/sprayc-rehearsal", "/tmp/systemd-private-", "/var/tmp/systemd-private-",
	} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// owners prints for each line of its input, a path, the packages that it belongs to, or the
// one that the folder above it belongs to: nothing when that is several packages'. What a link
// leads to counts for the link.
const owners = `owner() {
	if rpm -qa 2>/dev/null | grep -q .; then rpm -qf --queryformat '%{NAME}\n' "$1" 2>/dev/null || :; else
		{ dpkg -S "$1" 2>/dev/null || dpkg -S "${1#/usr}" 2>/dev/null || dpkg -S "/usr$1" 2>/dev/null; } | sed -n 's/: .*//p' | tr -d ' ' | tr , '\n' | sed 's/:.*//'
	fi | sort -u | tr '\n' ' '
}
while IFS= read -r file; do
	at=$file of=
	if [ -L "$file" ]; then of=$(owner "$(readlink -f "$file")"); fi
	[ -n "$of" ] || of=$(owner "$file")
	while [ -z "$of" ] && [ "$at" != / ]; do
		at=$(dirname "$at")
		of=$(owner "$at")
		case $of in *' '?*) of=' ' ;; esac
	done
	printf '%s\t%s\n' "$of" "$file"
done <<'END'
`

// ownerless are the files that belong to none of the packages that were added. What several
// packages share is of one that was added only when it is new.
func (j *judge) ownerless(files []string) []string {
	var left []string
	for len(files) > 0 {
		some := files[:min(len(files), 300)] // a command's text has an end
		files = files[len(some):]
		for line := range strings.Lines(j.Shell(owners + strings.Join(some, "\n") + "\nEND\n")) {
			text, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			packages := strings.Fields(text)
			_, was := j.Before["file"][file]
			if was && len(packages) > 1 || !slices.ContainsFunc(packages, func(name string) bool { return j.added[name] }) {
				left = append(left, file)
			}
		}
	}
	return left
}
