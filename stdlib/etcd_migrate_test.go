package stdlib_test

import (
	"maps"
	"strings"
	"testing"
)

// apiServer is the manifest of an API server that asks etcd there.
func apiServer(servers string) string {
	return "    - kube-apiserver\n    - --etcd-cafile=/x\n    - --etcd-servers=" + servers + "\n    - --secure-port=6443\n"
}

const (
	apiManifest = "/etc/kubernetes/manifests/kube-apiserver.yaml"
	podOfEtcd   = "/etc/kubernetes/manifests/etcd.yaml"
	localEtcd   = "https://127.0.0.1:2379"
	hostsOfEtcd = "https://10.0.2.1:2379,https://10.0.2.2:2379"
)

// A control plane says where etcd is, and only one of a cluster does.
func TestEtcdLayout(t *testing.T) {
	const stacked, elsewhere = "the members of etcd are on the control planes, and the definition has them on hosts of their own",
		"the members of etcd are on hosts of their own, and the definition has them on the control planes"
	var asked, verified []scriptCase
	for _, c := range []struct {
		name           string
		files          map[string]string
		hosts, stacked string // what the modules of these layouts say
		is             string
	}{
		{"no control plane yet", map[string]string{"/etc/kubernetes/x": ""}, "", "", "found place of etcd: nowhere"},
		{"stacked", map[string]string{apiManifest: apiServer(localEtcd), podOfEtcd: ""}, stacked, "-", "differs place of etcd is on the control planes, not on hosts of its own"},
		{"stacked, of IPv6", map[string]string{apiManifest: apiServer("https://[::1]:2379"), podOfEtcd: ""}, stacked, "-", "differs place of etcd is on the control planes, not on hosts of its own"},
		{"its join was killed", map[string]string{apiManifest: apiServer(localEtcd)}, stacked, "-", "differs place of etcd is on the control planes, not on hosts of its own"},
		{"on hosts", map[string]string{apiManifest: apiServer(hostsOfEtcd)}, "-", elsewhere, "found place of etcd: on hosts of its own"},
		{"on hosts that have such an address", map[string]string{apiManifest: apiServer("https://127.0.0.10:2379")}, "-", elsewhere, "found place of etcd: on hosts of its own"},
		{"on its way", map[string]string{apiManifest: apiServer(hostsOfEtcd), podOfEtcd: ""}, stacked, elsewhere, "differs place of etcd is on the control planes, not on hosts of its own"},
	} {
		asked = append(asked, scriptCase{name: c.name + ", hosts", script: "modules/etcd-hosts/layout.sh", files: c.files, want: c.hosts, prints: true},
			scriptCase{name: c.name + ", stacked", script: "modules/kubernetes/layout.sh", files: c.files, want: c.stacked, prints: true})
		want := c.is + " (/etc/kubernetes/manifests)"
		if strings.HasPrefix(want, "differs") {
			want += "; sprayc build --operation migrate -o out-migrate/; sprayc migrate out-migrate/"
		}
		verified = append(verified, scriptCase{name: c.name + ", verified", script: "modules/etcd-hosts/verify-layout.sh", files: c.files, want: want})
	}
	runCases(t, asked)
	runInTurn(t, verified)
}

// Members are left when they are well and their CA can be had.
func TestEtcdStacked(t *testing.T) {
	const key = "/etc/kubernetes/pki/etcd/ca.key"
	const health = " (https://127.0.0.1:2379/health)"
	base := func(name, curl, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: "modules/etcd-hosts/stacked.sh", want: want, files: files, stubs: map[string]string{"curl": curl}}
	}
	const well, sick = `printf '{"health":"true","reason":""}'`, `printf 'curl: (7) refused'; return 7`
	stacked := map[string]string{apiManifest: apiServer(localEtcd), podOfEtcd: "", key: "k"}
	keyless := map[string]string{apiManifest: apiServer(localEtcd), podOfEtcd: ""}
	runInTurn(t, []scriptCase{
		base("well", well, "found health of the member that is here: true"+health, stacked),
		base("sick", sick, "differs health of the member that is here is curl: (7) refused, not true"+health+"; etcd is moved when all of its members are well", stacked),
		base("the key is elsewhere", well, "fail there is no "+key+": hosts of etcd make their certificates with it; put it there for as long as it takes", keyless),
		base("the API server has turned away", sick, "", map[string]string{apiManifest: apiServer(hostsOfEtcd), podOfEtcd: ""}),
		base("it has gone", sick, "", map[string]string{apiManifest: apiServer(hostsOfEtcd)}),
		base("no cluster", sick, "fail this host is no control plane yet: sprayc run founds a cluster, and brings hosts in", map[string]string{"/etc/x": ""}),
	})
}

// A snapshot is made before the first host is a member, and not again.
func TestEtcdBefore(t *testing.T) {
	probe := func(name, want string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: "modules/etcd-hosts/before.probe.sh", want: want, files: files,
			env:   map[string]string{"DATA": "/run/data", "FOLDER": "/run/snapshots", "WANT": "migration", "URL": "", "PKI": "", "NAME": ""},
			stubs: map[string]string{"date": "printf 1003600", "stat": `printf "$(cat "$3")"`}}
	}
	const none = "absent there is no snapshot of etcd that is not old"
	second := scriptCase{name: "the second control plane gives it", script: "modules/etcd-hosts/snapshot.act.sh", files: map[string]string{"/run/snapshots/other": ""},
		env:   map[string]string{"FOLDER": "/run/snapshots", "WANT": "migration", "URL": "https://10.0.0.1:2379 https://10.0.0.2:2379", "PKI": "/etc/etcd/pki", "NAME": "etcd1"},
		stubs: map[string]string{"etcdctl": "case $* in\n*10.0.0.1*) return 1 ;;\nesac\n" + etcdMember, "etcdutl": "printf status"},
		want:  "note etcd as it is now is kept on etcd1 in /run/snapshots/before-migration.db: hash, revision, keys, size: status"}
	runInTurn(t, []scriptCase{
		probe("none", none, map[string]string{"/run/snapshots/before-1.36.4.db": "1003600"}),
		probe("one", "present", map[string]string{"/run/snapshots/before-migration.db": "1000001"}),
		probe("one that is old", none, map[string]string{"/run/snapshots/before-migration.db": "1000000"}),
		probe("it is a member", "present", map[string]string{"/run/data/member/wal/0.wal": ""}),
		second,
	})
}

// away is a control plane whose member has left etcd.
func away() scriptCase {
	return scriptCase{
		script: "modules/etcd-hosts/stacked-away.act.sh",
		env: map[string]string{"DATA": "/run/etcd", "PEER": "https://10.0.0.1:2380", "ENDPOINTS": "https://10.0.2.1:2379 https://10.0.2.2:2379", "PKI": "/etc/etcd/client", "TIMEOUT": "2",
			"MEMBERS": `{"members":[{"ID":"1","peerURLs":["https://10.0.2.1:2380"]}]}`},
		files: map[string]string{apiManifest: apiServer(hostsOfEtcd), podOfEtcd: "    - etcd\n    - --data-dir=/run/etcd\n", "/run/etcd/member/snap/db": "db",
			"/etc/kubernetes/pki/etcd/ca.key": "key", "/etc/kubernetes/pki/etcd/ca.crt": "crt", "/etc/kubernetes/pki/apiserver-etcd-client.key": "k", "/etc/kubernetes/pki/apiserver-etcd-client.crt": "c",
			"/etc/kubernetes/pki/ca.key": "other", "/proc/7/cmdline": "/usr/local/bin/etcd\x00--data-dir=/var/lib/other\x00", "/proc/8/cmdline": "grep\x00etcd\x00--data-dir=/run/etcd\x00"},
		stubs: map[string]string{"date": "printf DATE", "sleep": ":", "curl": `for url; do :; done
case $url in
https://10.0.2.1:*) return 7 ;;
esac
printf '%s' "$MEMBERS"`},
	}
}

// The member that has left is put away whole, and one that has not is left alone.
func TestEtcdStackedAway(t *testing.T) {
	const kept = "note kept: the data of etcd as they were here, with its keys, are in /run/etcd.kept-DATE"
	act := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := away()
		c.name, c.want = name, want
		// The manifest is the test's, so its folder is too.
		c.stubs["grep"] = `case $* in
"-qxF -e     - --data-dir="*) command grep -qF -e '- --data-dir=/run/etcd' "$ROOT_OF_TEST` + podOfEtcd + `" ;;
*) command grep "$@" ;;
esac`
		if change != nil {
			change(&c)
		}
		return c
	}
	const running = "/proc/9/cmdline"
	runs := func(c *scriptCase) {
		c.stubs["tr"] = `case $(command tr '\0' ' ') in
"etcd "*) printf 'etcd --name=cp1 --data-dir=%s --x ' "$DATA" ;;
esac`
	}
	probe := func(name, file string) scriptCase {
		c := away()
		c.name, c.script, c.files, c.want = name, "modules/etcd-hosts/stacked-away.probe.sh", map[string]string{apiManifest: ""}, "ok"
		if file != "" {
			c.files[file], c.want = "", "differs "+strings.TrimSuffix(file, "/x")+" is there\nok"
		}
		return c
	}
	runCases(t, []scriptCase{
		act("it is put away", kept, nil),
		act("nobody tells", "fail no member of etcd tells who they are, of https://10.0.2.1:2379 https://10.0.2.2:2379", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		act("it is a member", "fail etcd still has the member at https://10.0.0.1:2380", func(c *scriptCase) {
			c.env["MEMBERS"] = `{"members":[{"ID":"1","peerURLs":["https://10.0.2.1:2380"]},{"ID":"2","peerURLs":["https://10.0.0.1:2380"]}]}`
		}),
		act("another's address begins so", kept, func(c *scriptCase) {
			c.env["MEMBERS"] = `{"members":[{"ID":"2","peerURLs":["https://10.0.0.1:23800"]}]}`
		}),
		act("the API server asks it", "fail the API server of this host still asks the member here", func(c *scriptCase) { c.files[apiManifest] = apiServer(localEtcd) }),
		act("nothing says whom the API server asks", "fail there is no "+apiManifest+", so nothing says which etcd the API server of this host asks", func(c *scriptCase) { delete(c.files, apiManifest) }),
		act("there is no room", "note rm\nfail cannot put /run/etcd/member aside to /run/etcd.kept: is there room for it?", func(c *scriptCase) {
			c.stubs["stat"], c.stubs["rm"] = `echo "$3"`, `case $2 in */.member) [ ! -e "$2" ] || note rm ;; esac; command rm "$@"`
			c.stubs["cp"] = `case $2 in */member) mkdir "$3" && return 1 ;; esac; command cp "$@"`
		}),
		act("its data are elsewhere", `fail the member here has its data elsewhere than in /run/etcd: write its folder as stacked_data_dir of etcd "hosts"`, func(c *scriptCase) { c.stubs["grep"] = `case $* in -qxF*) return 1 ;; esac; command grep "$@"` }),
		act("it does not end", "fail etcd does not end after 2 s; look at: journalctl -u kubelet.service", func(c *scriptCase) {
			c.files[running] = "etcd\x00"
			runs(c)
		}),
	})
	runInTurn(t, []scriptCase{
		probe("nothing", ""), probe("a manifest", podOfEtcd), probe("data", "/run/etcd/member/x"), probe("being put away", "/run/etcd.kept/x"),
		probe("keys", "/etc/kubernetes/pki/etcd/x"), probe("a key", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
	})
}

// The CA of the control planes becomes that of the hosts, if it is whole.
func TestEtcdTakenCA(t *testing.T) {
	taken := func(name, openssl, want string) scriptCase {
		return scriptCase{name: name, script: "modules/etcd-hosts/taken-ca.act.sh", want: want, env: map[string]string{"PKI": "/etc/etcd/pki", "CA": "/run/ca"},
			files: map[string]string{"/run/ca": "Q1JU S0VZ", "/etc/etcd/pki/.ca.crt": "old"},
			stubs: map[string]string{"openssl": openssl, "mv": `printf 'note %s\n' "${2##*/} $(cat "$1")" >&3; command mv "$@"`}}
	}
	const decodes = "case $1 in base64) command openssl \"$@\" ;; "
	runCases(t, []scriptCase{
		taken("whole", decodes+"x509 | pkey) echo public ;; esac", "note ca.key KEY\nnote ca.crt CRT"),
		taken("another's key", decodes+"x509 | pkey) echo \"$1\" ;; esac", "fail the key is not that of the CA"),
	})
}

// stackedAway is what is killed at each command.
func stackedAway() killedCase {
	c := away()
	files := maps.Clone(c.files)
	files[podOfEtcd] = "    - etcd\n"
	c.stubs["grep"] = `case $* in -qxF*) return 0 ;; esac; command grep "$@"`
	return killedCase{"a member that has left", "etcd-hosts/stacked-away.probe.sh", "etcd-hosts/stacked-away.act.sh", c.env, files, c.stubs}
}
