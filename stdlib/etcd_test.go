package stdlib_test

import (
	"strings"
	"testing"
)

const etcdHosts = "modules/etcd-hosts/"

// What is done to the host is said beside what the script says.
const (
	saysSystemctl = `case $1 in
is-active) return 3 ;;
esac
printf 'systemctl %s\n' "$*" >&3`
	saysRm = `printf 'rm %s\n' "$*" >&3
command rm "$@"`
)

// A founder that was killed: etcd starts from a write-ahead log that has entries, and never
// from one that has none.
func TestEtcdFound(t *testing.T) {
	const wal, begun = "/run/data/member/wal/0000000000000000-0000000000000000.wal", "/etc/etcd/cluster.env"
	const entry = "\x04\x00{\"id\":21,\"peerURLs\":[\"https://10.0.0.1:2380\"],\"name\":\"e1\"}\n"
	const starts = "systemctl reset-failed etcd.service\nsystemctl start etcd.service\nrm -f /etc/etcd/cluster.env"
	found := func(name, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: etcdHosts + "found.act.sh", want: want, files: files,
			env:   map[string]string{"UNIT": "etcd.service", "DATA": "/run/data", "BEGUN": begun, "NAME": "e1", "PEER": "https://10.0.0.1:2380"},
			stubs: map[string]string{"systemctl": saysSystemctl, "rm": saysRm}}
	}
	served := found("killed when it served", "systemctl reset-failed etcd.service\nsystemctl start etcd.service\nrm -f /etc/etcd/cluster.env", map[string]string{wal: "", begun: "# founds\n"})
	served.stubs["systemctl"] = `[ "$1" = is-active ] || printf 'systemctl %s\n' "$*" >&3`
	runCases(t, []scriptCase{
		found("bare", starts, map[string]string{"/etc/etcd/etcd.env": ""}),
		found("killed before there was a log", "systemctl stop etcd.service\nrm -rf /run/data/member\n"+starts, map[string]string{"/run/data/member/snap/db": "", begun: "# founds\n"}),
		found("killed before the first entry", "systemctl stop etcd.service\nnote /run/data/member has a write-ahead log without entries: the cluster is founded anew\nrm -rf /run/data/member\n"+starts,
			map[string]string{wal: "\x00\x00\n", begun: "# founds\n"}),
		found("killed after the first entry", "systemctl stop etcd.service\n"+starts, map[string]string{wal: entry, begun: "# founds\n"}),
		served,
		found("an old member", starts, map[string]string{wal: ""}),
		found("data of somebody's", "fail /run/data/member has no write-ahead log and is not of ours: move it away", map[string]string{"/etc/etcd/etcd.env": "", "/run/data/member/snap/db": ""}),
	})
}

// A restart that is due leaves a quorum.
func TestEtcdRestart(t *testing.T) {
	const three = `printf '%s\n' 'https://10.0.0.1:2379 is healthy: successfully committed proposal: took = 9ms' 'https://10.0.0.2:2379 is healthy: successfully committed proposal: took = 9ms' 'https://10.0.0.3:2379 is healthy: successfully committed proposal: took = 9ms'`
	const two = `printf '%s\n' 'https://10.0.0.1:2379 is healthy: successfully committed proposal: took = 9ms' 'https://10.0.0.2:2379 is unhealthy: failed to commit proposal: context deadline exceeded' 'https://10.0.0.3:2379 is healthy: successfully committed proposal: took = 9ms' 'Error: unhealthy cluster'; return 1`
	restart := func(name, etcdctl, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: etcdHosts + "restart.probe.sh", want: want,
			env: map[string]string{"UNIT": "etcd.service", "DATA": "/run/data", "SETTINGS": "ETCD_NAME=e1\nETCD_MAX_WALS=5\n", "PKI": "/etc/etcd/pki", "URL": "https://10.0.0.1:2379"},
			files: map[string]string{"/run/data/member/wal/0.wal": "",
				"/proc/77/environ": "PATH=/bin\x00ETCD_INITIAL_CLUSTER=e1=x\x00ETCD_INITIAL_CLUSTER_STATE=new\x00ETCD_NAME=e1\x00ETCD_MAX_WALS=6\x00"},
			links: map[string]string{"/proc/77/exe": "/usr/local/bin/etcd"},
			stubs: map[string]string{"systemctl": "[ \"$1\" = is-active ] || echo 77", "etcdctl": etcdctl, "curl": "echo etcd_server_has_leader 1"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const lost = "ok\ndiffers a restart is due, and would leave no quorum while these are not healthy: https://10.0.0.2:2379"
	runCases(t, []scriptCase{
		restart("all are healthy", three, "ok", nil),
		restart("one is down", two, lost, nil),
		restart("one is down, and no restart is due", two, "ok", func(c *scriptCase) {
			c.files["/proc/77/environ"] = "ETCD_INITIAL_CLUSTER_STATE=existing\x00ETCD_MAX_WALS=5\x00ETCD_NAME=e1\x00"
		}),
		restart("a setting is gone", two, lost, func(c *scriptCase) {
			c.files["/proc/77/environ"] = "ETCD_MAX_WALS=5\x00ETCD_NAME=e1\x00ETCD_LOG_LEVEL=debug\x00"
		}),
		restart("another program", two, lost, func(c *scriptCase) {
			c.files["/proc/77/environ"] = "ETCD_MAX_WALS=5\x00ETCD_NAME=e1\x00"
			c.links["/proc/77/exe"] = "/usr/local/bin/etcd (deleted)"
		}),
		restart("it does not run", two, "ok", func(c *scriptCase) { c.stubs["systemctl"] = "return 3" }),
		restart("slow", "return 1", "ok\ndiffers a restart is due, and the cluster does not tell its members in time", nil),
		restart("no leader", "return 1", "ok", func(c *scriptCase) { c.stubs["curl"] = "echo etcd_server_has_leader 0" }),
		restart("one of five is down", `n=1; while [ $n -le 4 ]; do echo "https://10.0.0.$n:2379 is healthy: successfully"; n=$((n + 1)); done; echo 'https://10.0.0.5:2379 is unhealthy: failed'; return 1`, "ok", nil),
	})
}

// A member that was stopped is started with what it has; one that fails so is not waited for.
func TestEtcdUp(t *testing.T) {
	up := func(name, state, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: etcdHosts + "up.probe.sh", want: want, files: files,
			env:   map[string]string{"UNIT": "etcd-events.service", "DATA": "/run/data", "BEGUN": "/etc/etcd/events-cluster.env"},
			stubs: map[string]string{"systemctl": "echo " + state + "; [ " + state + " = active ]"}}
	}
	const wal = "/run/data/member/wal/0.wal"
	runCases(t, []scriptCase{
		up("runs", "active", "ok", map[string]string{wal: ""}),
		up("stopped", "inactive", "differs etcd-events.service does not run\nok", map[string]string{wal: ""}),
		up("fails", "failed", "ok", map[string]string{wal: ""}),
		up("is about to start again", "activating", "ok", map[string]string{wal: ""}),
		up("no member yet", "inactive", "ok", map[string]string{"/run/x": ""}),
		up("has not been promoted", "inactive", "ok", map[string]string{wal: "", "/etc/etcd/events-cluster.env": ""}),
		{name: "it does not start", script: etcdHosts + "up.act.sh", env: map[string]string{"UNIT": "e", "DATA": "d", "BEGUN": "b"},
			stubs: map[string]string{"systemctl": "return 1"}, want: "note e does not start yet; look at: journalctl -u e"},
	})
}

// How long certificates are good for, and which one is shown.
func TestEtcdCertificates(t *testing.T) {
	certificates := func(name, server, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: etcdHosts + "verify-certificates.sh", want: want,
			env: map[string]string{"PKI": "/etc/etcd/pki", "FILES": "server client", "RENEW": "5184000", "AT": "10.0.0.1:2379", "THERE": "false"},
			// 2026-11-21 14:00:00 UTC
			stubs: map[string]string{"date": "echo 1795269600", "openssl": `case $* in
s_client*) echo shown ;;
"x509 -noout -fingerprint -sha256") cat >/dev/null && echo "$TEST_SHOWN" ;;
*-fingerprint*) echo sha256 Fingerprint=AA ;;
*"server.crt -noout -enddate"*) printf '%s\n' 'notAfter=` + server + `' ;;
*-enddate*) printf '%s\n' 'notAfter=Mar  1 00:00:00 2036 GMT' ;;
*"server.crt -noout -checkend"*) [ "$TEST_LEFT" -gt "$6" ] ;;
esac`}}
		c.env["TEST_LEFT"], c.env["TEST_SHOWN"] = "90000000", "sha256 Fingerprint=AA"
		if change != nil {
			change(&c)
		}
		return c
	}
	told := func(name, days string) string {
		return "found certificate /etc/etcd/pki/" + name + ".crt: good for 60 days or more (openssl x509: " + days + " days)\n"
	}
	wrong := func(name, is, days string) string {
		return "differs certificate /etc/etcd/pki/" + name + ".crt is " + is + ", not good for 60 days or more (openssl x509: " + days + " days); a run makes it anew\n"
	}
	const ca = "found certificate /etc/etcd/pki/ca.crt: not past its end (openssl x509: 3388 days)\n"
	const at = " (the fingerprint of what is served at 10.0.0.1:2379; wanted is that of /etc/etcd/pki/server.crt)"
	const shown = " certificate of 10.0.0.1:2379: AA" + at
	left := func(seconds string) func(c *scriptCase) {
		return func(c *scriptCase) { c.env["TEST_LEFT"] = seconds }
	}
	// A renewal makes none where there is none.
	nowhere := func(script, there, want string) scriptCase {
		c := certificates("no member yet, "+script+" "+there, "", want, func(c *scriptCase) { c.env["THERE"] = there })
		c.script, c.files, c.env["OWNER"], c.env["NAMES"] = etcdHosts+script, map[string]string{"/etc/x": ""}, "root:etcd", "DNS:a"
		return c
	}
	runInTurn(t, []scriptCase{
		nowhere("certificates.probe.sh", "true", "note there are no certificates in /etc/etcd/pki yet\nok"),
		nowhere("certificates.probe.sh", "false", "differs there is no whole certificate /etc/etcd/pki/server.crt\ndiffers there is no whole certificate /etc/etcd/pki/client.crt\nok"),
		nowhere("verify-certificates.sh", "true", ""),
	})
	runCases(t, []scriptCase{
		certificates("all well", "Nov 21 14:00:00 2027 GMT", ca+told("server", "365")+told("client", "3388")+"found"+shown, nil),
		certificates("soon", "Jan  1 00:00:00 2027 GMT", ca+wrong("server", "good for 41 days", "41")+told("client", "3388")+"found"+shown, left("3500000")),
		certificates("after a leap day", "Mar  1 00:00:00 2028 GMT", ca+wrong("server", "good for 466 days", "466")+told("client", "3388")+"found"+shown, left("3500000")),
		certificates("ended", "Nov 20 00:00:00 2026 GMT", ca+wrong("server", "past its end", "-1")+told("client", "3388")+"found"+shown, left("-90000")),
		certificates("another is shown", "Nov 21 14:00:00 2027 GMT", ca+told("server", "365")+told("client", "3388")+"differs certificate of 10.0.0.1:2379 is BB, not AA"+at,
			func(c *scriptCase) { c.env["TEST_SHOWN"] = "sha256 Fingerprint=BB" }),
		certificates("none is shown", "Nov 21 14:00:00 2027 GMT", ca+told("server", "365")+told("client", "3388")+"differs certificate of 10.0.0.1:2379 is none, not AA"+at,
			func(c *scriptCase) {
				c.stubs["openssl"] = "case $* in s_client*) return 1 ;; 'x509 -noout -fingerprint -sha256') return 1 ;; esac\n" + c.stubs["openssl"]
			}),
	})
}

// A member's process is asked for its settings, each of which is told.
func TestEtcdVerifySettings(t *testing.T) {
	const restart = "; run: systemctl restart etcd.service"
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: etcdHosts + "verify-settings.sh", want: want,
			env:   map[string]string{"UNIT": "etcd.service", "DATA": "/run/data", "SETTINGS": "ETCD_NAME=e1\nETCD_QUOTA_BACKEND_BYTES=5\nETCD_LISTEN_PEER_URLS=https://a,https://b\n", "PKI": "/etc/pki", "URL": "https://10.0.0.1:2379"},
			files: map[string]string{"/run/data/member/wal/0.wal": "", "/proc/77/environ": "ETCD_INITIAL_CLUSTER_STATE=new\x00ETCD_LISTEN_PEER_URLS=https://a,https://b\x00PATH=/bin\x00ETCD_QUOTA_BACKEND_BYTES=5\x00ETCD_NAME=e1\x00"},
			links: map[string]string{"/proc/77/exe": "/usr/local/bin/etcd"},
			stubs: map[string]string{"systemctl": "case $1 in show) echo 77 ;; esac", "curl": `printf '{"health":"true","reason":""}'`, "sleep": ":"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	told := func(name, value string) string {
		return "found --" + name + " of etcd: " + value + " (environment of process 77)\n"
	}
	const program, health = "found program of etcd.service: /usr/local/bin/etcd (/proc/77/exe)\n", "found health of https://10.0.0.1:2379: true (/health)"
	const peers = "https://a,https://b"
	runInTurn(t, []scriptCase{
		base("as wanted", program+told("name", "e1")+told("quota-backend-bytes", "5")+told("listen-peer-urls", peers)+health, nil),
		base("another, one that is not there, one too many", program+told("name", "e1")+"differs --quota-backend-bytes of etcd is 4, not 5 (environment of process 77)"+restart+
			"\ndiffers --listen-peer-urls of etcd is not set, not "+peers+" (environment of process 77)"+restart+"\ndiffers --max-wals of etcd is 9, not unset (environment of process 77)"+restart+"\n"+health,
			func(c *scriptCase) {
				c.files["/proc/77/environ"] = "ETCD_MAX_WALS=9\x00ETCD_QUOTA_BACKEND_BYTES=4\x00ETCD_NAME=e1\x00"
			}),
		base("another program", "differs program of etcd.service is /usr/local/bin/etcd (deleted), not /usr/local/bin/etcd (/proc/77/exe)"+restart+"\n"+told("name", "e1")+told("quota-backend-bytes", "5")+told("listen-peer-urls", peers)+health,
			func(c *scriptCase) { c.links["/proc/77/exe"] = "/usr/local/bin/etcd (deleted)" }),
		base("it does not answer", program+told("name", "e1")+told("quota-backend-bytes", "5")+told("listen-peer-urls", peers)+"fail https://10.0.0.1:2379 is not healthy", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		base("no member yet", "", func(c *scriptCase) { delete(c.files, "/run/data/member/wal/0.wal") }),
	})
}

// The cluster is asked for what it knows of the member.
func TestEtcdVerifyMember(t *testing.T) {
	member := func(name, list, want string) scriptCase {
		return scriptCase{name: name, script: etcdHosts + "verify-member.sh", want: want, env: map[string]string{"PKI": "/etc/pki", "NAME": "e1", "PEER": "https://10.0.0.1:2380", "URL": "https://10.0.0.1:2379"},
			stubs: map[string]string{"etcdctl": `case $* in
*health) ;;
*status) printf 'https://10.0.0.1:2379, 8e9e, 3.6.8, 20 kB, true\n' ;;
*list) printf '%s\n' ` + "'" + list + `' '91bc, started, e2, https://10.0.0.2:2380, https://10.0.0.2:2379, false' ;;
esac`}}
	}
	line := func(what, setting, text string) string {
		return what + " " + setting + " of member 8e9e" + text + " (etcdctl member list)"
	}
	down := member("it does not answer", "", "fail https://10.0.0.1:2379 is not healthy")
	down.stubs["etcdctl"] = "return 1"
	lines := func(lines ...string) string { return strings.Join(lines, "\n") }
	runInTurn(t, []scriptCase{
		member("a member that votes", "8e9e, started, e1, https://10.0.0.1:2380, https://10.0.0.1:2379, false", lines(line("found", "state", ": started"), line("found", "name", ": e1"),
			line("found", "peer URL", ": https://10.0.0.1:2380"), line("found", "client URL", ": https://10.0.0.1:2379"), line("found", "vote", ": yes"))),
		member("a learner with another URL", "8e9e, started, e1, https://10.0.0.9:2380, https://10.0.0.1:2379, true", lines(line("found", "state", ": started"), line("found", "name", ": e1"),
			line("differs", "peer URL", " is https://10.0.0.9:2380, not https://10.0.0.1:2380"), line("found", "client URL", ": https://10.0.0.1:2379"), line("differs", "vote", " is no, a learner, not yes"))),
		member("unknown", "8e9f, started, e1, https://10.0.0.1:2380, https://10.0.0.1:2379, false", lines(line("differs", "state", " is not set, not started"), line("differs", "name", " is not set, not e1"),
			line("differs", "peer URL", " is not set, not https://10.0.0.1:2380"), line("differs", "client URL", " is not set, not https://10.0.0.1:2379"), line("differs", "vote", " is not set, not yes"))),
		down,
	})
}
