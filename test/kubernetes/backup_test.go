//go:build e2e

package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/stdlib"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// backups runs the scripts of the module backup on this machine, below a folder, with etcd's
// own programs.
type backups struct {
	t        *testing.T
	root     string
	programs string
	env      map[string]string
}

// A snapshot of a real etcd goes into one archive with the authorities, and from that into
// another member's data; what is torn or of another cluster is refused, and changes nothing.
func TestBackupOfEtcd(t *testing.T) {
	catalog, err := fs.Sub(stdlib.FS, "catalog")
	if err != nil {
		t.Fatal(err)
	}
	version, err := artifacts.DefaultVersion(catalog, "etcd")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := artifacts.Programs(context.Background(), Cache("../.."), "etcd", version)
	if err != nil {
		t.Fatal(err)
	}
	b := &backups{t: t, root: t.TempDir(), programs: programs}
	pki := filepath.Join(b.root, "etc/kubernetes/pki")
	for name, text := range map[string]string{"pki/ca.crt": "crt", "pki/ca.key": "key", "pki/sa.pub": "pub", "pki/sa.key": "sa", "encryption/state": "key a"} {
		b.write("etc/kubernetes/"+name, text+"\n")
	}
	b.certificates(filepath.Join(pki, "etcd"))
	b.env = map[string]string{
		"FOLDER": b.root + "/backups", "KEEP": "2", "CLUSTER": "c1", "VERSION": "1.36.4", "NAME": "cp1", "SERVERS": "https://127.0.0.1:1 https://127.0.0.1:43379", "SELF": "https://127.0.0.1:43379",
		"PKI": pki + "/etcd", "ENDPOINTS": "https://127.0.0.1:43379", "CA": pki + "/etcd/ca.crt", "CERT": pki + "/etcd/healthcheck-client.crt", "KEY": pki + "/etcd/healthcheck-client.key",
	}
	b.says("backup.probe", "fail no control plane serves, of https://127.0.0.1:1 https://127.0.0.1:43379: there is nothing to back up from\n")
	stop := b.etcd("one", "43379", "43380")
	b.sh(`i=0; while [ $i -lt 200 ]; do $ETCDCTL --endpoints=https://127.0.0.1:43379 put "/registry/k$i" "v$i" >/dev/null; i=$((i + 1)); done`)

	b.says("backup.probe", "differs there is no backup\n")
	b.matches("backup.act", `note /backups/c1-\d{8}T\d{6}Z.tar: revision 201, 200 keys, hash \d+, from https://127.0.0.1:43379\n`)
	b.says("backup.probe", "ok\n")
	archive := strings.TrimSpace(b.sh(`cat "$ROOT/run/sprayc/backup/made"`))
	if got := b.says("backup.output", ""); strings.TrimSpace(got) != archive {
		t.Errorf("the output is %q, not %q", got, archive)
	}
	b.env["SELF"] = "https://127.0.0.1:2"
	b.says("backup.probe", "note the backup is made on the host of https://127.0.0.1:43379\nok\n")
	b.says("backup.output", "fail the backup was made on another host\n")
	b.env["SELF"] = "https://127.0.0.1:43379"
	want := "./about ./kubernetes/encryption/state ./kubernetes/pki/ca.crt ./kubernetes/pki/ca.key ./kubernetes/pki/etcd/ca.crt ./kubernetes/pki/etcd/ca.key ./kubernetes/pki/sa.key ./kubernetes/pki/sa.pub ./snapshot.db"
	if got := b.sh(`tar -xOf ` + archive + ` SHA256SUMS | sed 's/^[0-9a-f]*  //' | LC_ALL=C sort | tr '\n' ' '`); strings.TrimSpace(got) != want {
		t.Errorf("the archive has %s", got)
	}
	if got := b.sh(`stat -c %a ` + archive + ` "$ROOT/backups"; ls -A "$ROOT/backups" | wc -l`); got != "600\n700\n1\n" {
		t.Errorf("modes and number of files are %q", got)
	}

	// A snapshot of which the end is missing is one that etcdutl takes for whole.
	real := b.programs
	b.programs = filepath.Join(b.root, "programs")
	b.write("programs/etcdctl", "#!/bin/sh\n'"+real+"/etcdctl' \"$@\" || exit\ncase $* in *' snapshot save '*) for f in \"$@\"; do :; done; truncate -s -4096 \"$f\" ;; esac\n")
	b.sh(`chmod +x "$ROOT/programs/etcdctl"; ln -s ` + real + `/etcdutl "$ROOT/programs/etcdutl"`)
	b.matches("backup.act", `fail the snapshot is not what https://127.0.0.1:43379 sent: its digest is .*`)
	b.programs = real
	if got := b.sh(`ls "$ROOT/backups"`); strings.Count(got, "\n") != 1 {
		t.Errorf("a torn snapshot was kept: %s", got)
	}
	b.sh(`for day in 01 02; do touch "$ROOT/backups/c1-202501${day}T000000Z.tar" "$ROOT/backups/other-202501${day}T000000Z.tar"; done`)
	b.matches("backup.act", `note .*`)
	if got := b.sh(`ls "$ROOT/backups" | grep -c '^c1'; ls "$ROOT/backups" | grep -c '^other'`); got != "2\n2\n" {
		t.Errorf("left are %q", got)
	}
	stop()

	b.sh(`mv "$ROOT/etc/kubernetes" "$ROOT/old"; mkdir "$ROOT/etc/kubernetes"`)
	b.env = map[string]string{
		"ARCHIVE": archive, "FROM": "copies/c1.age", "WORK": b.root + "/work", "MARK": b.root + "/etc/kubernetes/restored", "CLUSTER": "c1", "VERSION": "1.36.1", "NAME": "two", "PEER": "https://127.0.0.1:44380",
		"DATA": b.root + "/data/two", "OWNER": "0:0", "AUTHORITIES": "true", "FOUNDING": b.root + "/etc/kubernetes/kubeadm/founding", "ENDPOINT": "127.0.0.1:1",
	}
	b.says("restore.probe", "absent nothing is restored\n")
	for _, c := range []struct{ name, value, want string }{
		{"CLUSTER", "c2", "fail this is a backup of the cluster c1, not of c2\n"},
		{"VERSION", "1.35.9", "fail this is a backup of Kubernetes 1.36.4: restore it with a kubernetes_version 1.36.4 or of that minor, and upgrade then\n"},
	} {
		before := b.env[c.name]
		b.env[c.name] = c.value
		b.says("restore.act", c.want)
		b.env[c.name] = before
	}
	b.sh(`mkdir "$ROOT/torn"; cd "$ROOT/torn"; tar -xf ` + archive + `; printf X | dd of=snapshot.db bs=1 seek=9000 conv=notrunc 2>/dev/null; tar -cf ../torn.tar *`)
	b.env["ARCHIVE"] = b.root + "/torn.tar"
	b.says("restore.act", "fail the backup is not whole: what it has is not of the digests that it has\n")
	b.sh(`cd "$ROOT/torn"; tar -xf ` + archive + `; touch kubernetes/more; tar -cf ../torn.tar *`)
	b.says("restore.act", "fail the backup has 10 files, and digests of 9\n")
	if got := b.sh(`ls -A "$ROOT/etc/kubernetes"; ls "$ROOT/data"`); got != "one\n" {
		t.Errorf("what was refused has left %q", got)
	}
	b.env["ARCHIVE"] = archive
	b.matches("restore.act", `note restored: revision 201, hash \d+\n`)
	b.says("restore.probe", "present\n")
	b.env["FROM"] = "copies/c1-later.age"
	b.matches("restore.probe", `fail this host is of a cluster that was restored from copies/c1.age, it has .*: a backup is restored to bare hosts, .*`)
	if diff := cmp.Diff(b.sh(`cd "$ROOT/old"; find . -name 'server*' -o -name 'health*' -o -type f -exec stat -c %a {} + -exec sha256sum {} + | sort`),
		b.sh(`cd "$ROOT/etc/kubernetes"; find . -name kubeadm -prune -o -name restored -o -type f -exec stat -c %a {} + -exec sha256sum {} + | sort`)); diff != "" {
		t.Errorf("other files than before (-before +after):\n%s", diff)
	}
	b.sh(`cp "$ROOT"/old/pki/etcd/*-client* "$ROOT"/old/pki/etcd/server* "$ROOT/etc/kubernetes/pki/etcd"`)
	stop = b.etcd("two", "44379", "44380")
	defer stop()
	if got := b.sh(`$ETCDCTL --endpoints=https://127.0.0.1:44379 member list | cut -d, -f2-; $ETCDCTL --endpoints=https://127.0.0.1:44379 get --prefix /registry/ | cksum; i=0; while [ $i -lt 200 ]; do printf '/registry/k%d\nv%d\n' $i $i; i=$((i + 1)); done | paste - - | LC_ALL=C sort | tr '\t' '\n' | cksum`); !regexp.MustCompile(`^ started, two, https://127.0.0.1:44380, https://127.0.0.1:44379, false\n(.*)\n(.*)\n$`).MatchString(got) || strings.Split(got, "\n")[1] != strings.Split(got, "\n")[2] {
		t.Errorf("the restored member says %q", got)
	}
	if got := b.sh(`$ETCDCTL --endpoints=https://127.0.0.1:44379 endpoint status --write-out=fields | sed -n 's/^"Revision" : //p'`); strings.TrimSpace(got) != "1000000201" {
		t.Errorf("its revision is %s", got)
	}
}

func (b *backups) write(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		b.t.Fatal(err)
	}
}

// certificates are one authority's, of a member and of who asks it.
func (b *backups) certificates(folder string) {
	b.t.Helper()
	b.write("san", "subjectAltName=IP:127.0.0.1\n")
	b.sh(`mkdir -p ` + folder + `; cd ` + folder + `
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=ca -keyout ca.key -out ca.crt 2>/dev/null
for name in server healthcheck-client; do
	openssl req -new -newkey rsa:2048 -nodes -subj /CN=$name -keyout $name.key -out "$ROOT/csr" 2>/dev/null
	openssl x509 -req -in "$ROOT/csr" -CA ca.crt -CAkey ca.key -set_serial 1 -extfile "$ROOT/san" -out $name.crt 2>/dev/null
done
find "$ROOT/etc" -type f -exec chmod 600 {} +; find "$ROOT/etc" -name '*.crt' -o -name '*.pub' | xargs chmod 644`)
}

// etcd starts a member, and waits until it serves; the function that it returns stops it.
func (b *backups) etcd(name, client, peer string) func() {
	b.t.Helper()
	pki := filepath.Join(b.root, "etc/kubernetes/pki/etcd")
	at := "https://127.0.0.1:"
	cmd := exec.Command(filepath.Join(b.programs, "etcd"), "--name="+name, "--data-dir="+filepath.Join(b.root, "data", name), "--listen-client-urls="+at+client, "--advertise-client-urls="+at+client,
		"--listen-peer-urls="+at+peer, "--initial-advertise-peer-urls="+at+peer, "--initial-cluster="+name+"="+at+peer, "--client-cert-auth", "--trusted-ca-file="+pki+"/ca.crt", "--cert-file="+pki+"/server.crt", "--key-file="+pki+"/server.key",
		"--peer-client-cert-auth", "--peer-trusted-ca-file="+pki+"/ca.crt", "--peer-cert-file="+pki+"/server.crt", "--peer-key-file="+pki+"/server.key", "--log-level=panic")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.sh(fmt.Sprintf(`n=0; until $ETCDCTL --endpoints=https://127.0.0.1:%s endpoint health >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 60 ] || exit 1; sleep 1; done`, client))
	return func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			b.t.Error(err)
		}
		_ = cmd.Wait() // by the signal
	}
}

// sh runs a script, which knows ROOT and ETCDCTL.
func (b *backups) sh(script string) string {
	b.t.Helper()
	cmd := exec.Command("sh", "-c", script)
	pki := filepath.Join(b.root, "etc/kubernetes/pki/etcd")
	cmd.Env = append(os.Environ(), "ROOT="+b.root, "ETCDCTL="+b.programs+"/etcdctl --cacert="+pki+"/ca.crt --cert="+pki+"/healthcheck-client.crt --key="+pki+"/healthcheck-client.key")
	out, err := cmd.Output()
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return string(out)
}

// run runs a script of the module and returns what its verbs said, with the folder left out,
// and its output.
func (b *backups) run(name string) (said, out string) {
	b.t.Helper()
	text, err := fs.ReadFile(stdlib.FS, "modules/backup/"+name+".sh")
	if err != nil {
		b.t.Fatal(err)
	}
	moved := string(text)
	for _, path := range []string{"/etc/kubernetes", "/run/sprayc"} {
		moved = strings.ReplaceAll(moved, path, b.root+path)
	}
	b.write("script.sh", moved)
	b.write("run.sh", `set -eu
for verb in ok differs absent partial present note; do eval "$verb() { printf '%s\n' \"$verb\${1:+ \$1}\" >&3; }"; done
fail() { printf 'fail %s\n' "$1" >&3; exit 1; }
. "$1"
`)
	verbs, err := os.Create(filepath.Join(b.root, "said"))
	if err != nil {
		b.t.Fatal(err)
	}
	defer verbs.Close()
	cmd := exec.Command("dash", filepath.Join(b.root, "run.sh"), filepath.Join(b.root, "script.sh"))
	cmd.Env = []string{"PATH=" + b.programs + ":/usr/bin:/bin", "LC_ALL=C"}
	for name, value := range b.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.ExtraFiles = []*os.File{verbs}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	printed, err := cmd.Output()
	all, readErr := os.ReadFile(filepath.Join(b.root, "said"))
	if readErr != nil {
		b.t.Fatal(readErr)
	}
	if err != nil && !strings.Contains(string(all), "fail ") {
		b.t.Fatalf("%s: %v\n%s%s", name, err, all, stderr.String())
	}
	return strings.ReplaceAll(string(all), b.root, ""), string(printed)
}

func (b *backups) says(name, want string) string {
	b.t.Helper()
	said, out := b.run(name)
	if said != want {
		b.t.Errorf("%s says\n%s\nnot\n%s", name, said, want)
	}
	return out
}

func (b *backups) matches(name, want string) {
	b.t.Helper()
	if said, _ := b.run(name); !regexp.MustCompile(`(?s)^` + want + `$`).MatchString(said) {
		b.t.Errorf("%s says\n%s\nnot\n%s", name, said, want)
	}
}
