package stdlib_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const backupModule = "modules/backup/"

// backupEnv are the values of the scripts that make a backup.
func backupEnv() map[string]string {
	return map[string]string{
		"FOLDER": "/run/backups", "KEEP": "2", "CLUSTER": "c1", "VERSION": "1.36.4", "NAME": "cp2", "SERVERS": "https://10.0.0.1:2379 https://10.0.0.2:2379", "SELF": "https://10.0.0.2:2379",
		"PKI": "/etc/kubernetes/pki/etcd", "ENDPOINTS": "https://10.0.0.2:2379", "CA": "ca", "CERT": "crt", "KEY": "key",
	}
}

// Of several control planes one makes the backup: the first that serves.
func TestBackupProbe(t *testing.T) {
	probe := func(name, curl, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: backupModule + "backup.probe.sh", want: want, env: backupEnv(), files: map[string]string{"/run/backups/c1-20260101T000000Z.tar": "x"},
			stubs: map[string]string{"curl": curl, "date": "echo 2000", "stat": "echo 1950"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const second = `case $* in *10.0.0.2:*) printf '{"health":"true","reason":""}' ;; *) return 7 ;; esac`
	runCases(t, []scriptCase{
		probe("the first does", `printf '{"health":"true","reason":""}'`, "note the backup is made on the host of https://10.0.0.1:2379\nok", nil),
		probe("the first is down, and this has one", second, "ok", nil),
		probe("the first is not healthy", `case $* in *10.0.0.2:*) printf '{"health":"true"}' ;; *) printf '{"health":"false"}' ;; esac`, "differs the newest backup is 350 s old", func(c *scriptCase) { c.stubs["stat"] = "echo 1650" }),
		probe("of another cluster", second, "differs there is no backup", func(c *scriptCase) { c.env["CLUSTER"] = "c2" }),
		probe("none serves", "return 7", "fail no control plane serves, of https://10.0.0.1:2379 https://10.0.0.2:2379: there is nothing to back up from", nil),
		probe("etcd elsewhere", "case $* in *10.0.0.2:*/readyz) echo ok ;; *) return 7 ;; esac", "ok", func(c *scriptCase) { c.env["PKI"] = "" }),
	})
}

// etcdMember answers etcdctl: a status, and a snapshot with its digest behind it.
const etcdMember = `case $* in
*'endpoint status') echo '"Revision" : 7' ;;
*'snapshot save'*)
	for file in "$@"; do :; done
	head -c 512 /dev/zero >"$file"
	sum=$(sha256sum "$file")
	sum=${sum%% *}
	while [ -n "$sum" ]; do
		rest=${sum#??}
		printf "\\$(printf %o "0x${sum%"$rest"}")" >>"$file"
		sum=$rest
	done
	;;
esac`

// A member whose snapshot is torn, older than what it had, or empty, and one that does not
// answer, give no backup, and nothing that was kept goes; in every shell.
func TestBackupAct(t *testing.T) {
	const member = etcdMember
	const status = `printf '"Hash" : 5\n"Revision" : 8\n"Keys" : 3\n"Size" : 512\n'`
	act := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: backupModule + "backup.act.sh", want: want, env: backupEnv(),
			files: map[string]string{"/run/backups/c1-20260101T000000Z.tar": "x", "/run/backups/c1-20260102T000000Z.tar": "x",
				"/etc/kubernetes/pki/ca.crt": "c\n", "/etc/kubernetes/pki/ca.key": "k\n", "/etc/kubernetes/pki/sa.key": "s\n", "/etc/kubernetes/pki/sa.pub": "p\n"},
			stubs: map[string]string{"etcdctl": member, "etcdutl": status, "curl": `printf '{"health":"true"}'`, "sync": ":",
				"date": "echo 20260103T000000Z", "rm": `case $* in *.tar) printf 'rm %s\n' "${2##*/}" >&3 ;; esac
command rm "$@"`}}
		if change != nil {
			change(&c)
		}
		return c
	}
	runCases(t, []scriptCase{
		act("whole", "note /run/backups/c1-20260103T000000Z.tar: revision 8, 3 keys, hash 5, from https://10.0.0.2:2379\nrm c1-20260101T000000Z.tar", nil),
	})
	runInTurn(t, []scriptCase{
		act("not healthy", "fail no member of etcd is healthy, of https://10.0.0.2:2379", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		act("no revision", "fail https://10.0.0.2:2379 does not tell its revision", func(c *scriptCase) { c.stubs["etcdctl"] = "return 1" }),
		act("older", "fail the snapshot has the revision 8, and https://10.0.0.2:2379 had 9 before it", func(c *scriptCase) { c.stubs["etcdctl"] = strings.Replace(member, ": 7", ": 9", 1) }),
		act("without its end", "fail the snapshot has 512 bytes: it has no digest at its end", func(c *scriptCase) { c.stubs["etcdctl"] = strings.Replace(member, "while [ -n", "while [ -z", 1) }),
		act("no keys", "fail the snapshot has no key", func(c *scriptCase) { c.stubs["etcdutl"] = strings.Replace(status, ": 3", ": 0", 1) }),
		act("no authority", "fail there is no /etc/kubernetes/pki/sa.key to be backed up", func(c *scriptCase) { delete(c.files, "/etc/kubernetes/pki/sa.key") }),
		act("a full disk", "fail cannot write an archive in /run/backups: is the disk full?", func(c *scriptCase) { c.stubs["tar"] = "return 1" }),
	})
}

// A host that has not made the last backup has none to give.
func TestBackupOutput(t *testing.T) {
	runInTurn(t, []scriptCase{
		{name: "another host", script: backupModule + "backup.output.sh", want: "fail the backup was made on another host", files: map[string]string{"/run/x": ""}},
		{name: "gone", script: backupModule + "backup.output.sh", want: "fail /run/backups/a.tar is not there any more", files: map[string]string{"/run/sprayc/backup/made": "/run/backups/a.tar\n"}},
	})
}

// What was restored is known again by the backup's name; what else is there is refused.
func TestRestoreProbe(t *testing.T) {
	probe := func(name, want string, files map[string]string) scriptCase {
		files["/run/x"] = ""
		return scriptCase{name: name, script: backupModule + "restore.probe.sh", want: want, files: files, env: map[string]string{
			"ARCHIVE": "/run/archive", "FROM": "backups/a.age", "WORK": "/run/work", "MARK": "/etc/kubernetes/restored", "DATA": "/run/etcd", "AUTHORITIES": "true", "FOUNDING": "/etc/kubernetes/kubeadm/founding",
			"CLUSTER": "c1", "VERSION": "1.36.4", "NAME": "cp1", "PEER": "https://10.0.0.1:2380", "OWNER": "root:root", "ENDPOINT": "api:6443"}, stubs: map[string]string{"partial": `printf 'partial %s\n' "$1" >&3`}}
	}
	const mark, ca, wal = "/etc/kubernetes/restored", "/etc/kubernetes/pki/ca.crt", "/run/etcd/member/wal/0.wal"
	refused := func(of, there string) string {
		return "fail this host is of a cluster" + of + ", it has " + there + ": a backup is restored to bare hosts, so reset this one first; if this is the cluster that is to be there: sprayc run"
	}
	runInTurn(t, []scriptCase{
		probe("bare", "absent nothing is restored", map[string]string{}),
		probe("a mark of what is gone", "absent nothing is restored", map[string]string{mark: "backups/a.age\n"}),
		probe("begun", "partial begun, and not finished", map[string]string{mark + ".begun": "", ca: "x", wal: ""}),
		probe("restored", "present", map[string]string{mark: "backups/a.age\n", ca: "x", wal: ""}),
		probe("of another backup", refused(" that was restored from backups/b.age", ca), map[string]string{mark: "backups/b.age\n", ca: "x"}),
		probe("a cluster", refused("", "/etc/kubernetes/kubelet.conf"), map[string]string{ca: "x", "/etc/kubernetes/kubelet.conf": "x"}),
		probe("a member's data", refused("", "data of etcd in /run/etcd"), map[string]string{wal: ""}),
		probe("begun by kubeadm", refused("", "/etc/kubernetes/kubeadm/founding"), map[string]string{"/etc/kubernetes/kubeadm/founding": ""}),
	})
}

// Nothing is put back while a cluster answers in its place.
func TestRestoreBesideACluster(t *testing.T) {
	runInTurn(t, []scriptCase{{name: "answers", script: backupModule + "restore.act.sh", want: "fail a cluster answers at api:6443: a backup is restored where there is none", files: map[string]string{"/run/x": ""},
		env: map[string]string{"ARCHIVE": "/run/archive", "FROM": "a", "MARK": "/etc/kubernetes/restored", "ENDPOINT": "api:6443"}, stubs: map[string]string{"curl": `printf '{"gitVersion": "v1.36.4"}'`}}})
}

// Control planes that the definition does not have lose their nodes, whole names alone.
func TestRestoredNodes(t *testing.T) {
	nodes := func(name, script, kubectl, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: backupModule + script, want: want, env: map[string]string{"NODES": "cp1 cp21"}, files: map[string]string{"/etc/kubernetes/admin.conf": ""}, stubs: map[string]string{"kubectl": kubectl}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const all = `case $* in *' get nodes '*) printf 'cp1 cp2 cp21 cp22' ;; *) printf 'kubectl %s\n' "$*" >&3 ;; esac`
	runInTurn(t, []scriptCase{
		nodes("gone", "nodes.probe.sh", all, "differs cp2 is of the backup alone\ndiffers cp22 is of the backup alone\nok", nil),
		nodes("none is", "nodes.probe.sh", "printf 'cp21 cp1'", "ok", nil),
		nodes("no answer", "nodes.probe.sh", "return 1", "blocked the API server: it does not say which nodes there are", nil),
		nodes("no API server", "nodes.probe.sh", all, "blocked file /etc/kubernetes/admin.conf: it is not there, so there is no API server to ask", func(c *scriptCase) { c.files = map[string]string{"/etc/x": ""} }),
		nodes("deleted", "nodes.act.sh", all, "note cp2 is of the backup alone: its node goes\nkubectl --cache-dir /run/sprayc/kubectl delete node cp2 --ignore-not-found\n"+
			"note cp22 is of the backup alone: its node goes\nkubectl --cache-dir /run/sprayc/kubectl delete node cp22 --ignore-not-found", nil),
	})
}

// Wherever a backup or its way back is killed, the next run ends as if nothing had been.
func TestBackupKilledAnywhere(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	const fields = `printf '"Hash" : 5\n"Revision" : 8\n"Keys" : 3\n"Size" : 512\n'`
	restore := backupEnv()
	for name, value := range map[string]string{"ARCHIVE": "/run/archive.tar", "FROM": "a.age", "WORK": "/run/work", "MARK": "/etc/kubernetes/restored", "DATA": "/run/etcd", "AUTHORITIES": "true",
		"FOUNDING": "/etc/kubernetes/kubeadm/founding", "PEER": "https://10.0.0.2:2380", "OWNER": "0:0", "ENDPOINT": "api:6443"} {
		restore[name] = value
	}
	backup := backupEnv()
	backup["SERVERS"] = backup["SELF"]
	for _, c := range []killedCase{
		{"backup", "backup/backup.probe.sh", "backup/backup.act.sh", backup,
			map[string]string{"/etc/kubernetes/pki/ca.crt": "c", "/etc/kubernetes/pki/sa.key": "s", "/etc/kubernetes/pki/sa.pub": "p", "/run/backups/c1-20250101T000000Z.tar": "1", "/run/backups/c1-20250102T000000Z.tar": "2"},
			map[string]string{"curl": `printf '{"health":"true"}'`, "sync": ":", "etcdctl": etcdMember, "etcdutl": fields, "tar": `printf tar >"$2"`, "stat": `case $3 in *.db) command stat "$@" ;; *2026*) echo 100 ;; *) echo 0 ;; esac`,
				"date": `case $1 in +%s) echo 101 ;; *) echo 20260103T000000Z ;; esac`}},
		{"restore", "backup/restore.probe.sh", "backup/restore.act.sh", restore,
			map[string]string{"/etc/hosts": "", "/run/archive.tar": archiveOf(t, map[string]string{"about": "cluster c1\nkubernetes 1.36.4\nhash 5\nrevision 8\n", "snapshot.db": "db", "kubernetes/pki/ca.crt": "c", "kubernetes/pki/ca.key": "k",
				"kubernetes/pki/etcd/ca.crt": "e", "kubernetes/encryption/state": "s"})},
			map[string]string{"partial": "printf 'partial %s\\n' \"$1\" >&3", "curl": "return 7", "sync": ":",
				"etcdutl": `case $2 in status) ` + fields + ` ;; *) mkdir -p "$5/member/wal" && printf wal >"$5/member/wal/0.wal" ;; esac`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.sweep(t)
		})
	}
}

// archiveOf is a backup with these files, and their digests.
func archiveOf(t *testing.T, files map[string]string) string {
	t.Helper()
	sums := ""
	for _, name := range sortedNames(files) {
		sums += fmt.Sprintf("%x  ./%s\n", sha256.Sum256([]byte(files[name])), name)
	}
	files["SHA256SUMS"] = sums
	var text bytes.Buffer
	w := tar.NewWriter(&text)
	for _, name := range sortedNames(files) {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(files[name]))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
