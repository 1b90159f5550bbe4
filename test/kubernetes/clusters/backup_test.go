//go:build e2e

package clusters

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// backedUp is the rest of a definition with backups; what is restored, and with what, has a
// name.
const backedUp = `
addon "backup" {
  recipients = ["RECIPIENT"]
  keep       = 2
  schedule   = "*-*-* 03:30"
  {{.restore}}
}
`

const allInOne = `roles = ["control_plane", "etcd", "worker"]`

// A cluster of one host is backed up and wiped, and is made anew on another host with another
// address: every object of the backup is there, the CA is the same, and what came later is not.
func TestBackup(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1}, "nftables", strings.Replace(backedUp, "RECIPIENT", identity.Recipient().String(), 1))
	w.write("key.txt", "# made by a test\n"+identity.String()+"\n")
	w.only("converge", "out", "10.77.0.11", "cp1")
	w.on(0, "run")
	w.works("cp1")
	w.serves("cp1")
	w.sh("cp1", `i=0; while [ $i -lt 40 ]; do kubectl create configmap "kept-$i" --from-literal "i=$i" >/dev/null; i=$((i + 1)); done
kubectl create namespace kept; kubectl -n kept create secret generic kept --from-literal k=in-the-snapshot; kubectl -n kept create serviceaccount kept`)
	objects := strings.Fields(w.sh("cp1", objectsOfAll))
	before := w.sh("cp1", authorities)

	w.only("backup", "out-backup", "10.77.0.11", "cp1")
	w.on(2, "plan", "out-backup")
	if out := w.on(1, "run", "out-backup"); !strings.Contains(out, "sprayc backup out-backup") {
		t.Errorf("run does not refuse a bundle for backups:\n%s", out)
	}
	out := w.on(0, "backup", "out-backup")
	t.Logf("backup:\n%s", out)
	copies, err := filepath.Glob(filepath.Join(w.folder, "backups/*.age"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("copies are %v (%v):\n%s", copies, err, out)
	}
	sealed, err := os.ReadFile(copies[0])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(sealed, []byte("age-encryption.org/v1\n")) || bytes.Contains(sealed, []byte("PRIVATE KEY")) || bytes.Contains(sealed, []byte("in-the-snapshot")) {
		t.Error("the copy is not encrypted")
	}
	kept := w.sh("cp1", "stat -c '%a %U %n' /var/backups/kubernetes /var/backups/kubernetes/*; tar -xOf /var/backups/kubernetes/*.tar about")
	t.Logf("on the host:\n%s", kept)
	if !regexp.MustCompile(`^700 root /var/backups/kubernetes\n600 root /var/backups/kubernetes/real-\d{8}T\d{6}Z.tar\ncluster real\n`).MatchString(kept) {
		t.Errorf("the host keeps\n%s", kept)
	}
	w.sh("cp1", "kubectl create configmap late")

	t.Run("nothing is restored over a cluster", func(t *testing.T) {
		w.t = t
		w.parts["restore"] = `restore_from = "` + copies[0] + `"` + "\n  identity = secret(\"file:key.txt\")"
		w.only("restore", "out-restore", "10.77.0.11", "cp1")
		if out := w.on(1, "restore", "out-restore"); !strings.Contains(out, "a backup is restored to bare hosts") {
			t.Errorf("it does not say why:\n%s", out)
		}
		w.sh("cp1", "kubectl get configmap late")
	})
	w.t = t
	t.Run("by the timer", func(t *testing.T) {
		w.t = t
		w.sh("cp1", "systemctl is-active sprayc-backup.timer; touch -d '2 hours ago' /var/backups/kubernetes/*; systemctl start sprayc-backup.service; journalctl -u sprayc-backup.service --no-pager | tail -n 5; [ $(ls /var/backups/kubernetes | wc -l) = 2 ]")
	})
	w.t = t

	// Everything is gone, and so is the host.
	w.sh("cp1", wiped)
	w.only("restore", "out-restore", "10.77.0.12", "w1")
	w.on(2, "plan", "out-restore")
	out = w.on(0, "restore", "out-restore")
	t.Logf("restore:\n%s", out[max(0, len(out)-3000):])
	if after := w.sh("w1", authorities); after != before {
		t.Errorf("other authorities than before:\n%snot\n%s", after, before)
	}
	now := strings.Fields(w.sh("w1", objectsOfAll))
	for _, object := range objects {
		// Pods of the first host, and its node, go with it.
		if ours := object != "node/cp1" && !strings.HasPrefix(object, "pod/"); ours && !slices.Contains(now, object) {
			t.Errorf("%s is not there", object)
		}
	}
	t.Logf("%d objects were backed up, %d are there", len(objects), len(now))
	if slices.Contains(now, "configmap/late") {
		t.Error("what came after the backup is there")
	}
	if got := w.sh("w1", `kubectl -n kept get secret kept -o jsonpath='{.data.k}' | base64 -d; kubectl get configmaps kept-39 -o jsonpath='{.data.i}'`); got != "in-the-snapshot39" {
		t.Errorf("the objects hold %q", got)
	}
	for _, file := range []string{"/var/lib/sprayc/given", "/var/lib/sprayc/restoring", "/run/sprayc/in", "/run/sprayc/taken"} {
		if left := w.sh("w1", "find "+file+" -type f -o -type l 2>/dev/null || :"); left != "" {
			t.Errorf("left are %s", left)
		}
	}
	if found := w.sh("w1", "grep -rlF -e '"+identity.String()+"' /var/lib/sprayc /run/sprayc /var/log /etc || :"); found != "" {
		t.Errorf("the identity is in %s", found)
	}

	// What ran on the host that is no more runs here.
	if got := w.sh("w1", "kubectl get nodes -o name"); got != "node/w1\n" {
		t.Errorf("the nodes are %s", got)
	}
	w.sh("w1", `kubectl wait --for=condition=Ready node/w1 --timeout=120s; n=0; until kubectl -n kube-system get pods --no-headers | awk '{ split($2, c, "/"); if (c[1] != c[2] || $3 != "Running") wrong = 1 } END { exit wrong || NR < 7 }'; do n=$((n + 1)); [ $n -lt 300 ] || exit 1; sleep 1; done`)
	if out := w.on(0, "restore", "out-restore"); !strings.Contains(out, "1 host: 1 ok") {
		t.Errorf("a second restore says:\n%s", out)
	}
	w.only("converge", "out", "10.77.0.12", "w1")
	w.on(0, "run")
	w.on(0, "plan")
	w.sh("w1", "kubectl get namespace kept")
}

// only builds the definition for some of the hosts, which are all of the cluster and each
// everything, and for an operation. At the address is the API server that nodes ask.
func (w *world) only(operation, out, address string, hosts ...string) {
	w.t.Helper()
	w.parts["os"] = `extra_hosts = { "` + address + `" = ["api.real.example.com"] }`
	w.write("cluster.hcl", w.fill(strings.Replace(w.text, "# SETTINGS", w.set, 1)))
	w.write("hosts.hcl", regexp.MustCompile(`roles +=.*`).ReplaceAllString(w.hostsHCL(hosts...), allInOne))
	w.must(0, "build", "--operation", operation, "-o", out, "cluster.hcl", "hosts.hcl")
}

// hostsHCL declares some of the hosts.
func (w *world) hostsHCL(hosts ...string) string {
	text := w.fleet.HCL()
	for _, name := range w.fleet.Names() {
		if !slices.Contains(hosts, name) {
			text = regexp.MustCompile(`(?s)hosts "`+name+`" \{\n.*?\n\}\n`).ReplaceAllString(text, "")
		}
	}
	return text
}

// What makes a host bare: nothing runs there, and nothing is left of the cluster.
const wiped = `systemctl disable --now kubelet containerd; while p=$(pidof etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy flanneld coredns); do kill -9 $p; sleep 0.2; done
umount $(awk '{ print $2 }' /proc/mounts | grep '^/var/lib/kubelet/') 2>/dev/null; rm -rf /etc/kubernetes /var/lib/etcd/* /var/backups/kubernetes`

// All three members of etcd are lost with their hosts, and the cluster is made anew on three
// others: every object is there, and all three have what the first was given.
func TestRestoreOfThree(t *testing.T) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, fleet.Options{Debian: 6, Servers: 3}, "nftables", strings.Replace(backedUp, "RECIPIENT", identity.Recipient().String(), 1))
	w.write("key.txt", identity.String()+"\n")
	first, second := []string{"cp1", "cp2", "cp3"}, []string{"w1", "w2", "w3"}
	w.only("converge", "out", w.address("cp1"), first...)
	w.on(0, "run")
	w.works(first...)
	w.sh("cp2", `i=0; while [ $i -lt 40 ]; do kubectl create configmap "kept-$i" --from-literal "i=$i" >/dev/null; i=$((i + 1)); done
kubectl create namespace kept; kubectl -n kept create secret generic kept --from-literal k=in-the-snapshot`)
	objects := strings.Fields(w.sh("cp1", objectsOfAll))
	before := w.sh("cp1", authorities)
	w.only("backup", "out-backup", w.address("cp1"), first...)
	w.on(0, "backup", "out-backup")
	copies, err := filepath.Glob(filepath.Join(w.folder, "backups/*.age"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("copies are %v (%v)", copies, err)
	}
	for _, host := range first {
		w.sh(host, wiped)
	}

	w.parts["restore"] = `restore_from = "` + copies[0] + `"` + "\n  identity = secret(\"file:key.txt\")"
	w.only("restore", "out-restore", w.address("w1"), second...)
	out := w.on(0, "restore", "out-restore")
	t.Logf("restore:\n%s", out[max(0, len(out)-3000):])
	for _, host := range second {
		if after := w.sh(host, authorities); after != before {
			t.Errorf("%s has other authorities than before:\n%snot\n%s", host, after, before)
		}
		w.sh(host, `curl --silent --insecure --fail --max-time 10 --output /dev/null https://`+w.address(host)+`:6443/readyz`)
	}
	now := strings.Fields(w.sh("w3", objectsOfAll))
	for _, object := range objects {
		if ours := !strings.HasPrefix(object, "node/") && !strings.HasPrefix(object, "pod/"); ours && !slices.Contains(now, object) {
			t.Errorf("%s is not there", object)
		}
	}
	t.Logf("%d objects were backed up, %d are there", len(objects), len(now))
	if got := w.sh("w2", `kubectl -n kept get secret kept -o jsonpath='{.data.k}' | base64 -d; kubectl get configmaps kept-39 -o jsonpath='{.data.i}'`); got != "in-the-snapshot39" {
		t.Errorf("the objects hold %q", got)
	}
	if got := w.sh("w1", "kubectl get nodes -o name"); got != "node/w1\nnode/w2\nnode/w3\n" {
		t.Errorf("the nodes are %s", got)
	}
	members := w.sh("w2", `kubectl -n kube-system exec etcd-w2 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key member list | awk -F ', ' '{ print $2, $3, $4, $6 }' | sort`)
	if want := "started w1 https://" + w.address("w1") + ":2380 false\nstarted w2 https://" + w.address("w2") + ":2380 false\nstarted w3 https://" + w.address("w3") + ":2380 false\n"; members != want {
		t.Errorf("etcd's members are\n%s", members)
	}
	w.sh("w1", "kubectl wait --for=condition=Ready node --all --timeout=180s")
	if out := w.on(0, "restore", "out-restore"); !strings.Contains(out, "3 hosts: 3 ok") {
		t.Errorf("a second restore says:\n%s", out)
	}
	w.only("converge", "out", w.address("w1"), second...)
	w.on(0, "run")
	w.on(0, "plan")
}

// What a cluster has, and who it is.
const (
	objectsOfAll = `kubectl get namespaces,configmaps,secrets,serviceaccounts,services,pods,daemonsets,deployments,clusterroles,clusterrolebindings,nodes -A -o name | sort`
	authorities  = `cd /etc/kubernetes/pki; sha256sum ca.crt ca.key sa.key sa.pub front-proxy-ca.crt front-proxy-ca.key etcd/ca.crt etcd/ca.key`
)
