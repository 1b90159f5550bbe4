package stdlib_test

import (
	"maps"
	"testing"
)

// A member that joins a control plane is one of etcd's in the end, once, wherever its act was
// killed: also when the kubelet has started it by then.
func TestEtcdMemberActKilled(t *testing.T) {
	const others, started = "5 w1 https://10.0.2.1:2380 no\n6 w2 https://10.0.2.2:2380 no\n", "77 cp1 https://10.0.0.1:2380 no\n"
	members := map[string]string{
		"new":                           others,
		"it was one, and lost its data": others + started,
	}
	for _, name := range sortedNames(members) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"/run/members": members[name], apiManifest: apiServer(hostsOfEtcd)}
			killedCase{"", "kubernetes/etcd-member.probe.sh", "kubernetes/etcd-member.act.sh",
				map[string]string{"CONFIG": "init.yaml", "DATA": "/run/etcd", "BEGUN": "/run/joining", "NAME": "cp1", "PEER": "https://10.0.0.1:2380", "ENDPOINTS": "https://10.0.2.1:2379 https://10.0.2.2:2379", "TIMEOUT": "3"},
				files, map[string]string{"curl": etcdOfHosts,
					"kubeadm": `printf '    - etcd\n    - --initial-cluster=cp1=https://10.0.0.1:2380\n    - --name=cp1\n' >"$KUBEADM_INIT_DRYRUN_DIR/etcd.yaml"`,
					// The kubelet starts what is in its folder, when it comes to it.
					"sleep": `[ ! -e "$ROOT_OF_TEST` + podOfEtcd + `" ] || [ -e "$DATA/member/wal/0.wal" ] || {
	mkdir -p "$DATA/member/wal"
	sed 's/^77 - /77 cp1 /' "$ROOT_OF_TEST/run/members" >"$ROOT_OF_TEST/run/m.new"
	mv "$ROOT_OF_TEST/run/m.new" "$ROOT_OF_TEST/run/members"
	: >"$DATA/member/wal/0.wal"
}`}}.leaves(t, map[string]string{
				"/run/members": others + started, "/run/members.new": others + started, apiManifest: apiServer(hostsOfEtcd), "/run/etcd/member/wal/0.wal": "",
				podOfEtcd: memberManifest, "/run/sprayc/kubeadm/etcd/.etcd.yaml": memberManifest,
				"/run/sprayc/kubeadm/etcd/etcd.yaml": "    - etcd\n    - --initial-cluster=cp1=https://10.0.0.1:2380\n    - --name=cp1\n",
			}, true)
		})
	}
}

const memberManifest = "    - etcd\n    - --initial-cluster=w1=https://10.0.2.1:2380,w2=https://10.0.2.2:2380,cp1=https://10.0.0.1:2380\n    - --initial-cluster-state=existing\n    - --name=cp1\n"

// Each certificate of etcd's is whole and of the CA that was given, wherever its act was killed,
// and nothing is left beside.
func TestEtcdKeysActKilled(t *testing.T) {
	const pki = "/etc/kubernetes/pki/"
	want := map[string]string{"/run/ca": "Q1JU S0VZ", pki + "etcd/ca.crt": "CRT", pki + "etcd/ca.key": "KEY"}
	for _, name := range []string{"etcd/server", "etcd/peer", "etcd/healthcheck-client", "apiserver-etcd-client"} {
		want[pki+name+".key"], want[pki+name+".crt"] = "key by CRTKEY\n", "crt by CRTKEY\n"
	}
	killedCase{"", "kubernetes/etcd-keys.probe.sh", "kubernetes/etcd-keys.act.sh", map[string]string{"CA": "/run/ca", "CONFIG": "init.yaml"}, map[string]string{"/run/ca": "Q1JU S0VZ"},
		map[string]string{"kubeadm": `at=$ROOT_OF_TEST/etc/kubernetes/pki
by=$(cat "$at/etcd/ca.crt" "$at/etcd/ca.key")
case $4 in
etcd-*) name=etcd/${4#etcd-} ;;
*) name=$4 ;;
esac
[ ! -e "$at/$name.key" ] || return 1
printf 'key by %s\n' "$by" >"$at/$name.key"
printf 'crt by %s\n' "$by" >"$at/$name.crt"`}}.leaves(t, want, true)
}

// The CA that hosts take is whole, wherever its act was killed, and nothing is left beside.
func TestEtcdTakenCAActKilled(t *testing.T) {
	killedCase{"", "etcd-hosts/ca.probe.sh", "etcd-hosts/taken-ca.act.sh", map[string]string{"PKI": "/etc/etcd/pki", "CA": "/run/ca", "DAYS": ""}, map[string]string{"/run/ca": "Q1JU S0VZ", "/etc/etcd/pki/.ca.conf": "old"},
		map[string]string{"absent": `printf 'absent\n' >&3`, "openssl": `case $1 in base64) command openssl "$@" ;; x509 | pkey) echo public ;; esac`}}.leaves(t,
		map[string]string{"/run/ca": "Q1JU S0VZ", "/etc/etcd/pki/ca.crt": "CRT", "/etc/etcd/pki/ca.key": "KEY"}, true)
}

// onDisks is a case whose folders are each on a disk of its own, so that data are copied.
func (c killedCase) onDisks() killedCase {
	c.stubs = maps.Clone(c.stubs)
	c.stubs["stat"] = `printf '%s\n' "$3"`
	return c
}

// What is put aside from a disk of its own is whole in the end, wherever that was killed; and
// when what it had copied was being removed, the copy stays.
func TestEtcdAwayFromADisk(t *testing.T) {
	for _, c := range []killedCase{left(), stackedAway()} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c = c.onDisks()
			c.sweep(t)
			c.files = maps.Clone(c.files)
			delete(c.files, "/run/etcd/member/snap/db")
			c.files["/run/etcd/member/wal/last"], c.files["/run/etcd.kept/member/snap/db"], c.files["/run/etcd.kept/pki/ca.key"] = "of a half", "db", "key"
			got := c.whole(t, t.TempDir()+"/host")
			if db, half := got["/run/etcd.kept-DATE/member/snap/db"], got["/run/etcd.kept-DATE/member/wal/last"]; db != "db" || half != "" {
				t.Errorf("the copy that was whole has %q, and of what was left %q", db, half)
			}
		})
	}
}
