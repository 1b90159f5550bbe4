//go:build linux

package observe

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/audit"
)

// What is listed is said nothing of; each thing that is not is a line of its own.
func TestJudge(t *testing.T) {
	on := []audit.On{{Role: "all"}}
	report := &audit.Report{
		Classes: []audit.Class{{Name: "c", Roles: []string{"worker"}, Hosts: []string{"w1"}}},
		Effects: []audit.Effect{
			{Category: "file", Subject: "/etc/listed/**", On: on},
			{Category: "package", Subject: "tool", On: on},
			{Category: "user", Subject: "ann", On: on},
			{Category: "service", Subject: "tool.service", On: on},
			{Category: "kernel parameter", Subject: "net.ipv4.ip_forward", On: on},
			{Category: "port", Subject: "127.0.0.1:80/tcp, for tools", On: on},
			{Category: "fetch", Subject: "https://files.example.com/tool", On: on},
			{Category: "connection", Subject: "http://{address}:81/health", On: on},
			{Category: "connection", Subject: "http://[::1]:82/health", On: on},
			{Section: audit.Commands, Category: "script", Subject: "x.sh", Fields: []audit.Field{{Name: "runs", Value: "curl apt-get"}}, On: on},
		},
	}
	chain := func(programs string) []string {
		return append([]string{"/sbin/init", "/usr/sbin/sshd", "/bin/sh"}, strings.Fields(programs)...)
	}
	seen := &Seen{
		Host: "w1",
		Before: State{
			"file": {"/etc/listed": "d 755 root:root", "/etc/mode": "f 644 root:root 1", "/etc/gone": "f", "/run/gone": "f", "/etc/both": "d 755 root:root"},
			"unit": {"tool.service": "inactive", "other.service": "inactive", "ended.service": "active"},
			"port": {"0.0.0.0:22/tcp": ""}, "kernel parameter": {"net.ipv4.ip_forward": "0", "net.ipv4.conf.all.forwarding": "0", "vm.swappiness": "1"},
		},
		After: State{
			"file":             {"/etc/listed": "d 755 root:root", "/etc/listed/x": "f", "/etc/mode": "f 600 root:root 1", "/etc/new": "f", "/usr/bin/tool": "f", "/etc/both": "d 700 root:root", "/etc/both.d": "d 755 root:root", "/etc/others.d": "d 755 root:root", "/var/lib/dpkg/status": "f", "/etc/passwd": "f"},
			"package":          {"tool": "1", "more": "1", "wanted": "1"},
			"account":          {"user ann": "x", "group ann": "x", "user bob": "x"},
			"unit":             {"tool.service": "active", "other.service": "active", "ended.service": "inactive", "session-1.scope": "active"},
			"port":             {"0.0.0.0:22/tcp": "", "127.0.0.1:80/tcp": "", "0.0.0.0:80/tcp": ""},
			"kernel parameter": {"net.ipv4.ip_forward": "1", "net.ipv4.conf.all.forwarding": "1", "vm.swappiness": "2", "net.ipv4.conf.eth7.rp_filter": "1"},
		},
		Events: []Event{
			{Host: "w1", Call: "exec", Programs: chain("/usr/bin/curl")},
			{Host: "w1", Call: "exec", Programs: chain("/usr/bin/env /usr/bin/perl")},
			{Host: "w1", Call: "exec", Programs: chain("/usr/bin/apt-get /usr/bin/dpkg /bin/sh /usr/sbin/useradd")},
			{Host: "w1", Call: "exec", Programs: []string{"/sbin/init", "/usr/bin/daemon"}},
			{Host: "w2", Call: "exec", Programs: chain("/usr/bin/ruby")},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "192.0.2.1:443"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "192.0.2.1:444"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "10.0.0.1:81"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "[::1]:82"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/apt-get"), Address: "192.0.2.253:80"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "192.0.2.253:80"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "unix:/run/dbus/system_bus_socket"},
			{Host: "w1", Call: "connect", Programs: chain("/usr/bin/curl"), Address: "unix:/run/other"},
			{Host: "w1", Call: "bind", Programs: chain("/usr/bin/curl"), Address: "127.0.0.1:80"},
			{Host: "w1", Call: "bind", Programs: chain("/usr/bin/curl"), Address: "127.0.0.1:81"},
			{Host: "w1", Call: "bind", Programs: chain("/usr/bin/curl"), Address: "0.0.0.0:0"},
		},
		Names: map[string][]string{"the host's package repositories": {"192.0.2.253:80"}, "files.example.com": {"192.0.2.1"}, "address": {"10.0.0.1"}},
		Shell: func(script string) string {
			switch {
			case strings.Contains(script, "showauto 'wanted'"):
				return "wanted\n"
			case strings.HasPrefix(script, owners):
				out := ""
				_, list, _ := strings.Cut(script, "<<'END'\n")
				for name := range strings.Lines(list) {
					switch {
					case strings.HasPrefix(name, "/usr/bin/tool"):
						out += "tool \t" + name
					case strings.HasPrefix(name, "/etc/both"): // of several packages
						out += "tool other \t" + name
					case strings.HasPrefix(name, "/etc/others"):
						out += "other third \t" + name
					case name != "END\n":
						out += "\t" + name
					}
				}
				return out
			}
			return ""
		},
	}
	want := []string{
		`account user bob is "x", was not there`,
		"bind of 127.0.0.1:81 by sh > curl",
		"connect of 192.0.2.1:444 by sh > curl",
		"connect of 192.0.2.253:80 by sh > curl",
		"connect of unix:/run/other by sh > curl",
		`file /etc/both is "d 700 root:root", was "d 755 root:root"`,
		`file /etc/gone is not there, was "f"`,
		`file /etc/mode is "f 600 root:root 1", was "f 644 root:root 1"`,
		`file /etc/new is "f", was not there`,
		`file /etc/others.d is "d 755 root:root", was not there`,
		`kernel parameter vm.swappiness is "2", was "1"`,
		`package more is "1", was not there`,
		`port 0.0.0.0:80/tcp is "", was not there`,
		"program sh > env > perl",
		`unit ended.service is "inactive", was "active"`,
		`unit other.service is "active", was "inactive"`,
	}
	if diff := cmp.Diff(want, Judge(report, seen)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
