//go:build linux

package observe

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kept is what is otherwise after a reset than it was, by how its name begins, and why.
var kept = map[string]string{
	"file /var/lib/dpkg/":        "the package manager's memory",
	"file /var/lib/rpm/":         "the package manager's memory",
	"file /usr/lib/sysimage/":    "the package manager's memory",
	"file /var/lib/dnf/":         "the package manager's memory",
	"file /var/lib/apt/":         "the package manager's memory",
	"file /var/lib/systemd/":     "systemd's memory: of deb-systemd-helper's too",
	"file /var/lib/ucf/":         "the package manager's memory",
	"file /var/cache/":           "caches",
	"file /var/log/":             "logs",
	"file /run/":                 "what is in memory goes with the next boot",
	"file /etc/passwd":           "accounts are looked at one by one",
	"file /etc/shadow":           "accounts are looked at one by one",
	"file /etc/group":            "accounts are looked at one by one",
	"file /etc/gshadow":          "accounts are looked at one by one",
	"file /etc/subuid-":          "what useradd and its like keep",
	"file /etc/subgid-":          "what useradd and its like keep",
	"file /etc/.pwd.lock":        "what useradd and its like keep",
	"file /etc/ld.so.cache":      "the loader's cache",
	"file /tmp/systemd-private-": "of units that were restarted",
	"file /var/tmp/systemd-":     "of units that were restarted",
}

// Differences are what is not as before, but for what a host keeps, whatever was there.
func Differences(before, after State) []string {
	var list []string
	for _, category := range slices.Sorted(maps.Keys(before)) {
		names := map[string]bool{}
		for name := range before[category] {
			names[name] = true
		}
		for name := range after[category] {
			names[name] = true
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			was, is := plain(category, before[category][name]), plain(category, after[category][name])
			if was == is || isKept(category+" "+name) {
				continue
			}
			list = append(list, fmt.Sprintf("%s %s was %q and is %q", category, name, was, is))
		}
	}
	return list
}

// plain is without the time of a file's last change of any kind, which no copy keeps.
func plain(category, value string) string {
	if words := strings.Fields(value); category == "file" && len(words) == 6 {
		return strings.Join(words[:5], " ")
	}
	return value
}

func isKept(name string) bool {
	for begin := range kept {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}
