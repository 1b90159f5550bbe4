package stdlib_test

import "testing"

// Before an upgrade etcd's state is kept, whole, and the first of several stays.
func TestEtcdSnapshot(t *testing.T) {
	act := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/etcd-hosts/snapshot.act.sh", want: want, files: map[string]string{"/run/snapshots/other": ""},
			env:   map[string]string{"FOLDER": "/run/snapshots", "WANT": "1.36.4", "URL": "https://10.0.0.1:2379", "PKI": "/etc/etcd/pki", "NAME": "etcd1"},
			stubs: map[string]string{"etcdctl": etcdMember, "etcdutl": "printf status", "mv": `for word in "$@"; do [ "$word" = -f ] || printf 'note %s\n' "${word##*/}" >&3; done; command mv "$@"`}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const kept = "note etcd as it is now is kept on etcd1 in /run/snapshots/before-1.36.4.db: hash, revision, keys, size: status"
	const whole = "note .before-1.36.4.db\nnote before-1.36.4.db\n" + kept
	probe := func(name, want, now string, files map[string]string) scriptCase {
		return scriptCase{name: name, script: "modules/etcd-hosts/snapshot.probe.sh", want: want, files: files,
			env:   map[string]string{"FOLDER": "/run/snapshots", "WANT": "1.36.4", "URL": "", "PKI": "", "NAME": ""},
			stubs: map[string]string{"date": "printf " + now, "stat": "printf 1000000"}}
	}
	there := map[string]string{"/run/snapshots/before-1.36.4.db": "x"}
	runInTurn(t, []scriptCase{
		act("the first", whole, nil),
		act("the second", "note before-1.36.4.db\nnote first-before-1.36.4.db\n"+whole, func(c *scriptCase) { c.files["/run/snapshots/before-1.36.4.db"] = "x" }),
		act("the third", whole, func(c *scriptCase) {
			c.files["/run/snapshots/before-1.36.4.db"], c.files["/run/snapshots/first-before-1.36.4.db"] = "x", "x"
		}),
		act("none is given", "fail etcd gives etcd1 no snapshot; the log says why", func(c *scriptCase) { c.stubs["etcdctl"] = "return 1" }),
		act("torn", "fail the snapshot is not what etcd sent: its digest is X, not Y", func(c *scriptCase) {
			c.stubs["etcdctl"], c.stubs["sha256sum"], c.stubs["od"] = `for file in "$@"; do :; done; head -c 512 /dev/zero >"$file"`, "printf 'X  -'", "printf Y"
		}),
		act("unreadable", "fail etcdutl cannot read the snapshot", func(c *scriptCase) { c.stubs["etcdutl"] = "return 1" }),
		probe("none", "absent there is no snapshot of etcd", "1000000", nil),
		probe("new", "present", "1003599", there),
		probe("old", "absent the snapshot of etcd is 2 h old", "1007200", there),
	})
}
