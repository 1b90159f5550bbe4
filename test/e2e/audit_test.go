//go:build e2e

package e2e

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/audit"
)

// What a run changes on a host is what audit has listed: every file, with its mode
// and owner, every package, kernel parameter and unit.
func TestAuditListsWhatARunDoes(t *testing.T) {
	w := newWorld(t, 1, 1)
	var report audit.Report
	if err := json.Unmarshal([]byte(w.must(0, "audit", "out", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	before := map[string]observed{}
	w.each(func(host string) { before[host] = w.observe(host) })
	w.on(0, "run")
	w.each(func(host string) {
		after := w.observe(host)
		w.checkListed(&report, host, before[host], after)
		// The check would see one thing more.
		after["file"]["/etc/sudoers.d/more"] = "f 440 root:root  1"
		if left := unlisted(&report, host, "file", before[host], after); !slices.Contains(left, "/etc/sudoers.d/more") {
			t.Errorf("%s: a file that nothing lists is not seen among %q", host, left)
		}
	})
}

// observed is the state of a host as far as an effect can change it: by what it
// is, then by name.
type observed map[string]map[string]string

func (w *world) observe(host string) observed {
	w.t.Helper()
	all := observed{}
	for what, script := range map[string]string{
		"file": `find / -xdev \( -path /proc -o -path /sys -o -path /var/log -o -path /tmp -o -path /var/tmp -o -path /run \) -prune \
			-o \( -type f -o -type l \) -printf '%p\t%y %m %u:%g %l %C@\n' -o -type d -printf '%p\t%y %m %u:%g\n'`,
		"package":          `if rpm -qa 2>/dev/null | grep -q .; then rpm -qa --queryformat '%{NAME}\t%{VERSION}-%{RELEASE}\n'; else dpkg-query -W; fi`,
		"kernel parameter": `for key in /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops /proc/sys/vm/* /proc/sys/fs/inotify/* /proc/sys/kernel/keys/* /proc/sys/net/ipv4/ip_* /proc/sys/net/ipv4/conf/all/* /proc/sys/kernel/*restrict* /proc/sys/fs/protected_*; do [ ! -r "$key" ] || { value=$(cat "$key" 2>/dev/null) && printf '%s\t%s\n' "$(printf '%s' "${key#/proc/sys/}" | tr / .)" "$(printf '%s' "$value" | tr '\n\t' '  ')"; } || :; done`,
		"service":          `systemctl list-unit-files --no-legend --type service,socket,timer,target,swap | while read -r unit state rest; do printf '%s\t%s\n' "$unit" "$state"; done`,
	} {
		all[what] = map[string]string{}
		for line := range strings.Lines(w.sh(host, script)) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			all[what][name] = value
		}
	}
	return all
}

// checkListed compares what has changed with the report.
func (w *world) checkListed(report *audit.Report, host string, before, after observed) {
	w.t.Helper()
	packages := unlisted(report, host, "package", before, after)
	packages = slices.DeleteFunc(packages, func(name string) bool { return w.dependency(host, name) })
	added := map[string]bool{}
	for _, name := range changed(before["package"], after["package"]) {
		added[strings.TrimSuffix(name, ":amd64")] = true
	}
	files := w.notOf(host, added, unlisted(report, host, "file", before, after))
	for what, left := range map[string][]string{
		"package": packages, "file": files,
		"kernel parameter": unlisted(report, host, "kernel parameter", before, after),
		"service":          unlisted(report, host, "service", before, after),
	} {
		w.t.Logf("%s: %d of %s changed", host, len(changed(before[what], after[what])), what)
		for _, name := range left {
			w.t.Errorf("%s: %s %s is now %q, was %q: audit does not list it", host, what, name, after[what][name], before[what][name])
		}
	}
}

// changed are the names whose value is another, or that are new.
func changed(before, after map[string]string) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if old, there := before[name]; !there || old != after[name] {
			list = append(list, name)
		}
	}
	return list
}

// unlisted are those changes that no effect of the host covers. What packages and
// services write while they work is theirs, as are units that a package brings.
func unlisted(report *audit.Report, host, what string, before, after observed) []string {
	var left []string
	for _, name := range changed(before[what], after[what]) {
		_, there := before[what][name]
		if what == "service" && !there || what == "file" && theirs(name) || what == "kernel parameter" && followsForwarding(name) {
			continue
		}
		covers := func(e audit.Effect) bool {
			return e.For(report, host) && (e.Covers(what, name) || e.Covers(what, strings.TrimSuffix(name, ":amd64")) || strings.HasPrefix(after[what][name], "d ") && above(&e, name))
		}
		if !slices.ContainsFunc(report.Effects, covers) {
			left = append(left, name)
		}
	}
	return left
}

// above reports whether a folder is on the way to what an effect makes.
func above(e *audit.Effect, folder string) bool { return strings.HasPrefix(e.Subject, folder+"/") }

// followsForwarding reports whether the kernel itself sets a parameter when it is
// told to route (ip-sysctl: ip_forward).
func followsForwarding(name string) bool {
	return name == "net.ipv4.conf.all.forwarding" || name == "net.ipv4.conf.all.accept_redirects"
}

// theirs are the folders in which programs that were installed or started keep
// what they work with.
func theirs(name string) bool {
	for _, folder := range []string{
		"/var/lib/containerd", "/opt/containerd", "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/lib/rpm", "/var/lib/dnf", "/var/lib/systemd",
		"/usr/lib/sysimage", "/usr/lib/.build-id", "/etc/ld.so.cache", "/root/.", "/etc/alternatives", "/usr/share/info/dir",
	} {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}

// dependency reports whether another package wants this one.
func (w *world) dependency(host, name string) bool {
	w.t.Helper()
	return w.sh(host, `if ! rpm -qa 2>/dev/null | grep -q .; then apt-mark showauto '`+name+`'; else rpm -e --test '`+name+`' >/dev/null 2>&1 || echo yes; fi`) != ""
}

// notOf are the files that belong to none of these packages.
func (w *world) notOf(host string, packages map[string]bool, files []string) []string {
	w.t.Helper()
	out := w.sh(host, `while IFS= read -r file; do owner=$(rpm -qf --queryformat '%{NAME}: ' "$file" 2>/dev/null || dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null) || owner=-; printf '%s\t%s\n' "${owner%%:*}" "$file"; done`, []byte(strings.Join(append(files, ""), "\n"))...)
	var left []string
	for line := range strings.Lines(out) {
		owner, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !packages[owner] {
			left = append(left, file)
		}
	}
	return left
}
