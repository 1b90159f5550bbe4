// Package mutants has modules that do one thing more than they did, in many ways: in an act,
// a probe or a verify script, by a resource, hidden in a command's arguments, put together
// while running, behind a declaration that says less than what is done. Each says by what it
// is caught: it is refused, its audit lists it, or only a look at a host can show it.
package mutants

import "fmt"

// Mutant is a module that does one thing more than before.
type Mutant struct {
	Name string
	Mark string // what is seen of the one thing: a path, a program, a unit, an account, an address

	commands                    string // that the step declares
	probe, act, verify          string // further lines
	effects, verified, resource string // HCL: of the exec, of the verify, of the step

	// Want is how it is caught: refused, when it is built; listed, by its own audit, beside
	// what the module's audit had; observed, by what is seen on the host alone, since its own
	// audit says nothing of it.
	Want string
}

// All are mutants that do each thing in several ways. A lie is a declaration that says less
// than the command does: nothing but the host tells.
func All() []Mutant {
	return []Mutant{
		{Name: "file-in-act", Mark: "/etc/mutant-1", act: `printf 'x\n' >/etc/mutant-1`, Want: "listed"},
		{Name: "file-by-resource", Mark: "/etc/mutant-2", resource: `file "/etc/mutant-2" { content = "x\n" }`, Want: "listed"},
		{Name: "file-in-verify", Mark: "/etc/mutant-3", verify: `printf 'x\n' >/etc/mutant-3`, Want: "refused"},
		{Name: "file-in-probe", Mark: "/etc/mutant-4", probe: `printf 'x\n' >/etc/mutant-4`, Want: "refused"},
		{Name: "file-in-awk", Mark: "/etc/mutant-5", act: `awk 'BEGIN { print "x" >"/etc/mutant-5" }'`, Want: "refused"},
		{Name: "file-in-awk-lie", Mark: "/etc/mutant-6", act: `awk 'BEGIN { print "x" >"/etc/mutant-6" }'`, effects: `awk = []`, Want: "observed"},
		{Name: "file-in-sed", Mark: "/etc/mutant-7", act: `printf 'x\n' | sed -n 'w /etc/mutant-7'`, Want: "refused"},
		{Name: "file-in-awk-behind-quote", Mark: "/etc/mutant-16", act: `printf 'x\n' | awk '/"/ { next } { print "x" >"/etc/mutant-16" }'`, Want: "refused"},
		{Name: "file-in-sed-by-other-marks", Mark: "/etc/mutant-17", act: `printf 'x\n' | sed 's|x|y|w/etc/mutant-17' >/dev/null`, Want: "refused"},
		{Name: "file-by-uniq", Mark: "/etc/mutant-18", act: `uniq /etc/hostname /etc/mutant-18`, Want: "listed"},
		{Name: "mode-without-operand", Mark: "/srv/mode-5", act: `chmod -x /srv/mode-5`, Want: "listed"},
		{Name: "file-by-relative-path", Mark: "/etc/mutant-8", act: "cd /etc\n: >mutant-8", Want: "refused"},
		{Name: "file-in-trap", Mark: "/etc/mutant-9", act: `trap ': >/etc/mutant-9' EXIT`, Want: "listed"},
		{Name: "file-in-sh", Mark: "/etc/mutant-10", act: `sh -c ': >/etc/mutant-10'`, Want: "listed"},
		{Name: "file-in-text-for-sh", Mark: "/etc/mutant-11", act: "sh <<'END'\n: >/etc/mutant-11\nEND", Want: "refused"},
		{Name: "file-behind-link", Mark: "/etc/mutant-12", act: "ln -s /etc /run/sprayc/there\n: >/run/sprayc/there/mutant-12\nrm /run/sprayc/there", Want: "observed"},
		{Name: "file-by-find", Mark: "/etc/mutant-13", act: `find /etc/hostname -exec cp {} /etc/mutant-13 \;`, Want: "listed"},
		{Name: "file-by-xargs", Mark: "/etc/mutant-14", act: `printf '/etc/mutant-14' | xargs touch`, Want: "refused"},
		{Name: "file-by-tar", Mark: "/etc/mutant-15", act: `tar -cf /etc/mutant-15 /etc/hostname`, Want: "listed"},
		{Name: "mode-in-act", Mark: "/srv/mode-1", act: `chmod 0600 /srv/mode-1`, Want: "listed"},
		{Name: "mode-in-verify", Mark: "/srv/mode-2", verify: `chmod 0600 /srv/mode-2`, Want: "refused"},
		{Name: "mode-by-name-put-together", Mark: "/srv/mode-3", act: "set -- ch mod\nprogram=$1$2\n\"$program\" 0600 /srv/mode-3", Want: "refused"},
		{Name: "mode-by-name-put-together-lie", Mark: "/srv/mode-4", act: "set -- ch mod\nprogram=$1$2\n\"$program\" 0600 /srv/mode-4", effects: `"$program" = []`, Want: "observed"},
		{Name: "package-by-resource", Mark: "socat", resource: `package "socat" {}`, Want: "listed"},
		{Name: "package-undeclared", Mark: "haproxy", act: `apt-get -qq -y install haproxy`, Want: "refused"},
		{Name: "package-in-act", Mark: "haproxy", commands: `"apt-get"`, act: `apt-get -qq -y install haproxy`, Want: "refused"},
		{Name: "package-in-act-lie", Mark: "haproxy", commands: `"apt-get"`, act: `apt-get -qq -y install haproxy`, effects: `"apt-get" = []`, Want: "observed"},
		{Name: "maintainer-script", Mark: "/etc/mutant-20", resource: "repository \"mutant\" {\n url = \"file:///srv/mutant\"\n unsigned = true\n suites = [\"./\"]\n}\npackage \"mutant\" {}", Want: "observed"},
		{Name: "unit-in-act", Mark: "mutant-1.service", commands: `"systemctl"`, act: `systemctl start mutant-1.service`, Want: "listed"},
		{Name: "unit-in-verify", Mark: "mutant-2.service", commands: `"systemctl"`, verify: `systemctl start mutant-2.service`, Want: "refused"},
		{Name: "unit-in-act-lie", Mark: "mutant-3.service", commands: `"systemctl"`, act: `systemctl start mutant-3.service`, effects: `systemctl = []`, Want: "observed"},
		{Name: "unit-in-act-lie-enabled", Mark: "mutant-4.service", commands: `"systemctl"`, act: `systemctl -q enable mutant-4.service`, effects: `"systemctl" = []`, Want: "observed"},
		{Name: "parameter-in-act", Mark: "net.ipv4.tcp_fin_timeout", act: `printf '55\n' >/proc/sys/net/ipv4/tcp_fin_timeout`, Want: "listed"},
		{Name: "parameter-in-verify", Mark: "net.ipv4.tcp_fin_timeout", verify: `printf '55\n' >/proc/sys/net/ipv4/tcp_fin_timeout`, Want: "refused"},
		{Name: "parameter-by-sysctl-lie", Mark: "net.ipv4.tcp_retries2", commands: `"sysctl"`, act: `sysctl -q -w net.ipv4.tcp_retries2=11`, effects: `sysctl = []`, Want: "observed"},
		{Name: "parameter-by-dd-lie", Mark: "net.ipv4.tcp_syn_retries", act: `printf '4\n' | dd of=/proc/sys/net/ipv4/tcp_syn_retries 2>/dev/null`, effects: `dd = []`, Want: "observed"},
		{Name: "connection-in-act", Mark: "127.0.0.1:2001", commands: `"curl"`, act: `if curl -s http://127.0.0.1:2001/; then note there; fi`, Want: "listed"},
		{Name: "connection-in-verify", Mark: "127.0.0.1:2002", commands: `"curl"`, verify: `if curl -s http://127.0.0.1:2002/; then note there; fi`, Want: "listed"},
		{Name: "connection-in-verify-lie", Mark: "127.0.0.1:2003", commands: `"curl"`, verify: `if curl -s http://127.0.0.1:2003/; then note there; fi`, verified: `curl = []`, Want: "observed"},
		{Name: "connection-by-perl", Mark: "127.0.0.1:2004", commands: `"perl"`, act: `perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); connect(S, pack_sockaddr_in(2004, inet_aton("127.0.0.1")))'`, Want: "refused"},
		{Name: "connection-by-perl-lie", Mark: "127.0.0.1:2005", commands: `"perl"`, act: `perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); connect(S, pack_sockaddr_in(2005, inet_aton("127.0.0.1")))'`, effects: `perl = []`, Want: "observed"},
		{Name: "datagram-by-perl-lie", Mark: "127.0.0.1:2006", commands: `"perl"`, act: `perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0); send(S, "x", 0, pack_sockaddr_in(2006, inet_aton("127.0.0.1")))'`, effects: `perl = []`, Want: "observed"},
		{Name: "port-by-perl-lie", Mark: "127.0.0.1:2007", commands: `"perl"`, act: `perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0); bind(S, pack_sockaddr_in(2007, inet_aton("127.0.0.1")))'`, effects: `perl = []`, Want: "observed"},
		{Name: "unix-socket-by-perl-lie", Mark: "unix:/run/mutant.sock", commands: `"perl"`, act: `perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, pack_sockaddr_un("/run/mutant.sock"))'`, effects: `perl = []`, Want: "observed"},
		{Name: "program", Mark: "shuf", act: `shuf -e a b >/dev/null`, Want: "refused"},
		{Name: "program-by-env", Mark: "tac", act: `env tac /dev/null`, Want: "refused"},
		{Name: "program-by-path", Mark: "factor", act: `/usr/bin/factor 6 >/dev/null`, Want: "refused"},
		{Name: "program-by-find", Mark: "nproc", act: `find /etc/hostname -exec nproc \; >/dev/null`, Want: "refused"},
		{Name: "program-by-xargs", Mark: "seq", act: `printf '3' | xargs seq >/dev/null`, Want: "refused"},
		{Name: "program-in-awk-lie", Mark: "md5sum", act: `awk 'BEGIN { system("md5sum /dev/null >/dev/null") }'`, effects: `awk = []`, Want: "observed"},
		{Name: "program-in-sh", Mark: "sha1sum", act: `sh -c 'sha1sum /dev/null' >/dev/null`, Want: "refused"},
		{Name: "program-put-together-lie", Mark: "numfmt", act: "set -- num fmt\nprogram=$1$2\n\"$program\" 5 >/dev/null", effects: `"$program" = []`, Want: "observed"},
		{Name: "program-by-tar", Mark: "sha224sum", act: `tar -cf /dev/null --checkpoint=1 --checkpoint-action=exec='sha224sum /dev/null' /etc/apt 2>/dev/null`, Want: "refused"},
		{Name: "program-by-timeout", Mark: "ss", act: `timeout 5 ss >/dev/null`, Want: "refused"},
		{Name: "program-by-tar-lie", Mark: "b2sum", act: `tar -cf /dev/null --checkpoint=1 --checkpoint-action=exec='b2sum /dev/null' /etc/apt 2>/dev/null`, effects: `tar = []`, Want: "observed"},
		{Name: "program-sourced", Mark: "shred", act: `. /srv/sourced`, Want: "refused"},
		{Name: "account-in-act", Mark: "mutant1", commands: `"useradd"`, act: `useradd mutant1`, Want: "listed"},
		{Name: "account-in-act-lie", Mark: "mutant2", commands: `"useradd"`, act: `useradd mutant2`, effects: `useradd = []`, Want: "observed"},
		{Name: "account-in-verify", Mark: "mutant3", commands: `"useradd"`, verify: `useradd mutant3`, Want: "refused"},
		{Name: "account-by-line-lie", Mark: "mutant4", act: `printf 'mutant4:x:0:0::/:/bin/sh\n' | tee -a /etc/passwd >/dev/null`, effects: `tee = []`, Want: "observed"},
	}
}

// Before is the module without the one thing more.
func (m Mutant) Before() Mutant { return Mutant{Name: m.Name} }

// Files are the module's, by name.
func (m Mutant) Files() map[string]string {
	done := "/etc/site-" + m.Name
	lines := func(more, last string) string {
		if more != "" {
			more += "\n"
		}
		return more + last + "\n"
	}
	return map[string]string{
		"module.hcl": fmt.Sprintf(`module { summary = %q }
step "do" {
  roles    = ["all"]
  stage    = "finish"
  commands = [%s]
  exec "thing" {
    probe   = file("probe.sh")
    act     = file("act.sh")
    effects = { %s }
  }
  %s
  verify "it is done" {
    script  = file("verify.sh")
    effects = { %s }
  }
}
`, m.Name, m.commands, m.effects, m.resource, m.verified),
		"probe.sh":  lines(m.probe, "if [ -e "+done+" ]; then ok; else differs 'not done'; fi"),
		"act.sh":    lines(m.act, "printf 'done\\n' >"+done),
		"verify.sh": lines(m.verify, "[ -e "+done+" ] || fail 'it is not done'"),
	}
}

// Site is a definition of a host with these modules, given as folders.
func Site(hosts string, modules ...string) string {
	text := "cluster \"site\" {\n  kubernetes_version     = \"1.36.3\"\n  control_plane_endpoint = \"api.example.com:6443\"\n}\nruntime \"none\" {}\n" + hosts
	for _, module := range modules {
		text += fmt.Sprintf("module \"./%s\" {}\n", module)
	}
	return text
}
