//go:build linux

package observe

import (
	"encoding/hex"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// State is a host as far as an effect can change it: by category, as an audit has them, then
// by name.
type State map[string]map[string]string

// Shell runs a script on a host as root and returns what it prints.
type Shell func(script string) string

// looks are the scripts that a host is looked at with: each prints NAME, a tab, VALUE.
var looks = map[string]string{
	// What a runtime keeps of images and containers is below one folder, and too much to list.
	"file": `find / /run /tmp /var/tmp -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /var/lib/containerd -o -path /run/containerd -o -path /var/lib/containers \) -prune -printf '%p\t%y %m %u:%g\n' \
		-o -type d -printf '%p\t%y %m %u:%g\n' -o -type f -printf '%p\t%y %m %u:%g %s %T@ %C@\n' -o -printf '%p\t%y %m %u:%g %l\n' || :`,
	"package":          `if rpm -qa 2>/dev/null | grep -q .; then rpm -qa --queryformat '%{NAME}\t%{VERSION}-%{RELEASE}\n'; else dpkg-query -W -f '${Package}\t${Version} ${db:Status-Status}\n'; fi`,
	"kernel parameter": `cd /proc/sys && grep -ars '' . | tr '\t' ' ' | sed -e 's/:/\t/' -e 's/^[.][/]//'`,
	"service":          `systemctl list-unit-files --no-legend --type service,socket,timer,target,swap,path | while read -r unit state rest; do printf '%s\t%s\n' "$unit" "$state"; done`,
	"unit":             `systemctl list-units --no-legend --plain --all --type service,socket,timer,swap,path | while read -r unit load active rest; do printf '%s\t%s\n' "$unit" "$active"; done`,
	"mount":            `while read -r id parent device root point rest; do printf '%s\t%s\n' "$point" "${rest##* - }"; done </proc/1/mountinfo`,
	"account":          `for of in user:passwd group:group password:shadow; do while IFS=: read -r name rest; do printf '%s %s\t%s\n' "${of%:*}" "$name" "$rest"; done <"/etc/${of#*:}"; done`,
	"setting": `sed -n 's/^ *\([^: ]*\):.*/interface \1\tthere/p' /proc/net/dev
		if command -v iptables-save >/dev/null; then { iptables-save; ip6tables-save; } 2>/dev/null | sed -n 's/^:\([^ ]*\) .*/firewall chain \1\tthere/p'; fi
		if command -v nft >/dev/null; then nft list tables | sed 's/^table \(.*\)/firewall table \1\tthere/'; fi
		for key in hostname domainname; do printf 'host %s\t%s\n' "$key" "$(cat "/proc/sys/kernel/$key")"; done
		printf 'time zone\t%s\n' "$(readlink /etc/localtime)"`,
	"port": `for of in tcp tcp6 udp udp6; do sed "s/^/$of /" "/proc/net/$of" 2>/dev/null || :; done`,
}

// Look is how a host is now.
func Look(sh Shell) State {
	all := State{}
	for category, script := range looks {
		all[category] = map[string]string{}
		for line := range strings.Lines(sh(script)) {
			line = strings.TrimSuffix(line, "\n")
			name, value, _ := strings.Cut(line, "\t")
			switch category {
			case "port":
				if name = listening(line); name == "" {
					continue
				}
			case "kernel parameter":
				if name = strings.ReplaceAll(name, "/", "."); moves(name) {
					continue
				}
				value = all[category][name] + value + "\n"
			case "setting":
				if builtIn(name) {
					continue
				}
			}
			all[category][name] = value
		}
	}
	return all
}

// builtIn reports whether a chain, or a table of such, is there as soon as there is any other.
func builtIn(name string) bool {
	words := strings.Fields(name)
	if words[0] != "firewall" {
		return false
	}
	return slices.Contains([]string{"INPUT", "OUTPUT", "FORWARD", "PREROUTING", "POSTROUTING"}, words[2]) ||
		words[1] == "table" && len(words) > 3 && slices.Contains([]string{"filter", "nat", "mangle", "raw"}, words[3])
}

// listening reads a line of /proc/net/tcp and its like, with the name of the file before it.
// It is "" for a socket that waits for nobody.
func listening(line string) string {
	words := strings.Fields(line)
	if len(words) < 5 || !strings.Contains(words[2], ":") {
		return ""
	}
	network := strings.TrimSuffix(words[0], "6")
	if state := words[4]; network == "tcp" && state != "0A" || network == "udp" && state != "07" {
		return ""
	}
	host, port, _ := strings.Cut(words[2], ":")
	raw, err := hex.DecodeString(host)
	if err != nil {
		return ""
	}
	for i := 0; i+4 <= len(raw); i += 4 { // each word is in the machine's order
		slices.Reverse(raw[i : i+4])
	}
	ip, ok := netip.AddrFromSlice(raw)
	number, err := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil {
		return ""
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(number)).String() + "/" + network
}

// moves reports whether a kernel parameter is a measurement, or a number that the kernel
// itself sets as it goes.
func moves(name string) bool {
	for _, begin := range []string{
		"kernel.random.", "kernel.ns_last_pid", "kernel.pty.nr", "kernel.perf_event_max_sample_rate", "kernel.sched_domain.", "kernel.tainted",
		"fs.dentry-state", "fs.file-nr", "fs.inode-nr", "fs.inode-state", "fs.aio-nr", "fs.quota.", "fs.binfmt_misc.",
		"net.netfilter.nf_conntrack_count",
	} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// changed are the names whose value is another, or that are new or gone.
func changed(before, after map[string]string) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if old, there := before[name]; !there || old != after[name] {
			list = append(list, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, there := after[name]; !there {
			list = append(list, name)
		}
	}
	return list
}
