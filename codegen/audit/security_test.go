package audit

import (
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// What a security reviewer wants to see is found by what it is, whatever kind or
// script does it; what is near it by name alone is not.
func TestSecurity(t *testing.T) {
	fields := func(pairs ...string) []Field {
		var list []Field
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, Field{Name: pairs[i], Value: pairs[i+1]})
		}
		return list
	}
	for _, c := range []struct {
		e    Effect
		want string
	}{
		{Effect{Category: "file", Subject: "/etc/sudoers.d/admins"}, "who may become root"},
		{Effect{Category: "line", Subject: "/etc/ssh/sshd_config"}, "how one logs in over SSH"},
		{Effect{Category: "file", Subject: "/home/a/.ssh/authorized_keys", Fields: fields("mode", "0666")}, "who may log in over SSH; everybody may write to it"},
		{Effect{Category: "file", Subject: "/etc/sshd"}, ""},
		{Effect{Category: "file", Subject: "/etc/pam.d/login"}, "how logins are checked"},
		{Effect{Category: "file", Subject: "/etc/selinux/config"}, "mandatory access control"},
		{Effect{Category: "file", Subject: "/etc/nftables.conf"}, "the firewall"},
		{Effect{Category: "file", Subject: "/etc/firewalld/zones/public.xml"}, "the firewall"},
		{Effect{Category: "file", Subject: "/etc/apt/keyrings/x.asc"}, "keys that packages are trusted by"},
		{Effect{Category: "file", Subject: "/etc/yum.repos.d/x.repo"}, "where packages come from"},
		{Effect{Category: "file", Subject: "/etc/ld.so.preload"}, "code that every program loads"},
		{Effect{Category: "file", Subject: "/etc/motd", Fields: fields("mode", "0644", "owner", "root")}, ""},
		{Effect{Category: "file", Subject: "/usr/local/bin/x", Fields: fields("mode", "4755")}, "setuid: whoever runs it does so as its owner"},
		{Effect{Category: "file", Subject: "/usr/local/bin/x", Fields: fields("mode", "0755", "owner", "ci")}, "root runs it, and it belongs to another"},
		{Effect{Category: "directory", Subject: "/srv/drop", Fields: fields("mode", "0777")}, "everybody may write to it"},
		{Effect{Category: "directory", Subject: "/srv/tmp", Fields: fields("mode", "1777")}, ""},
		{Effect{Category: "directory", Subject: "/srv/shared", Fields: fields("mode", "2775")}, ""},
		{Effect{Category: "kernel parameter", Subject: "kernel.kptr_restrict"}, "hardening of the kernel"},
		{Effect{Category: "kernel parameter", Subject: "net.ipv4.ip_forward"}, "the host routes packets of others"},
		{Effect{Category: "kernel parameter", Subject: "net/ipv4/conf/eth0.100/rp_filter"}, "which packets the host believes"},
		{Effect{Category: "kernel parameter", Subject: "vm.panic_on_oom"}, ""},
		{Effect{Category: "package", Subject: "sudo", Action: "removed"}, "who may become root"},
		{Effect{Category: "package", Subject: "ethtool"}, ""},
		{Effect{Category: "service", Subject: "firewalld.service"}, "the firewall"},
		{Effect{Category: "service", Subject: "sshd.service"}, "how one logs in from outside"},
		{Effect{Category: "service", Subject: "containerd.service"}, ""},
		{Effect{Category: "user", Subject: "etcd", Fields: fields("shell", "/usr/sbin/nologin")}, ""},
		{Effect{Category: "user", Subject: "ops", Fields: fields("shell", "/bin/sh", "groups", "wheel")}, "an account that can become root by its groups"},
		{Effect{Category: "user", Subject: "ops"}, "an account that has a login shell"},
		{Effect{Category: "user", Subject: "toor", Fields: fields("uid", "0", "shell", "/usr/sbin/nologin")}, "another root"},
		{Effect{Category: "fetch", Subject: "https://example.com/x"}, "nothing checks what is downloaded"},
		{Effect{Category: "fetch", Subject: "https://example.com/x", Fields: fields("sha256", "00")}, ""},
	} {
		if got := (&auditor{}).security(&c.e); got != c.want {
			t.Errorf("%s %s %v: %q, want %q", c.e.Category, c.e.Subject, c.e.Fields, got, c.want)
		}
	}
}

// What is each host's own may be of a guard on one of them alone, or on all in other words.
func TestSecurityByHost(t *testing.T) {
	host := func(name, mode, path string) hostValues {
		own := map[string]string{"h_mode": mode, "h_path": path, "h_guard": "/etc/sudoers.d/" + path[len("/srv/"):]}
		return hostValues{name: name, own: own}
	}
	a := &auditor{values: &values{forms: map[string][]Form{}, hosts: []hostValues{
		host("w1", "0755", "/srv/a"), host("w2", "4755", "/srv/.ssh"), host("w3", "0755", "/srv/b"), {name: "other"},
	}}}
	d := &bundle.KindEffect{Category: "file", Subject: "{path}", Fields: []string{"mode", "owner"}}
	for _, c := range []struct{ path, mode, owner, want string }{
		{"/srv/x", "0644", "root", ""},
		{"/srv/x", "$h_mode", "root", "on some hosts setuid: whoever runs it does so as its owner"},
		{"$h_path", "0644", "root", "on some hosts who may log in over SSH"},
		{"$h_path", "$h_mode", "root", "on some hosts setuid: whoever runs it does so as its owner; on some hosts who may log in over SSH"},
		{"$h_guard", "0644", "root", "who may become root"},
		{"/etc/ssh/x", "$h_mode", "root", "how one logs in over SSH; on some hosts setuid: whoever runs it does so as its owner"},
		{"/usr/bin/x", "0755", "$h_mode", "root runs it, and it belongs to another"},
	} {
		e := a.effect(&Resource{Kind: "file", Args: []Arg{{"path", c.path}, {"mode", c.mode}, {"owner", c.owner}}}, d, element{})
		a.classify(&e)
		if e.Security != c.want {
			t.Errorf("%s %s %s: %q, want %q", c.path, c.mode, c.owner, e.Security, c.want)
		}
		if guarded := e.Section == Security; guarded != (c.want != "") {
			t.Errorf("%s %s %s is in the section %s", c.path, c.mode, c.owner, e.Section)
		}
	}
}
