//go:build e2e

package clusters

import (
	"strings"
	"testing"
)

// etcdElsewhere is the rest of a definition with etcd on w1, w2 and w3.
const etcdElsewhere = `
etcd "hosts" {}

host "w1" { roles = ["etcd"] }
host "w2" { roles = ["etcd"] }
host "w3" { roles = ["etcd"] }
host "cp1" { roles = ["control_plane"] }
`

// etcd moves from the control plane to three hosts of its own, while a client asks the API. A run
// founds no second one there, and every object is where it was.
func TestMigrate(t *testing.T) {
	w := newWorld(t, 1, 4, "nftables", "")
	w.alone("cp1", "w4")
	w.on(0, "run")
	w.works("cp1", "w4")
	w.serves("cp1", "w4")
	w.sh("cp1", "kubectl create configmap kept --from-literal=word=before")
	// A token that somebody joined with ends meanwhile; a member's pod is gone with it.
	objects := `kubectl get all,configmaps,secrets,serviceaccounts,clusterroles,clusterrolebindings --all-namespaces -o name | grep -v -e '^pod/etcd-' -e '^secret/bootstrap-token-' | sort`
	before := w.sh("cp1", objects)
	pki := w.sh("cp1", "cd /etc/kubernetes/pki && sha256sum ca.crt front-proxy-ca.crt sa.pub etcd/ca.crt")

	stacked := w.text
	w.text += etcdElsewhere
	w.change(nil)
	for _, command := range []string{"plan", "run"} {
		said := w.on(1, command)
		for _, part := range []string{"other-cluster", "the members of etcd are on the control planes, and the definition has them on hosts of their own", "sprayc migrate out-migrate/"} {
			if !strings.Contains(said, part) {
				t.Errorf("%s does not say %q:\n%s", command, part, said)
			}
		}
	}
	for _, host := range []string{"w1", "w2", "w3"} {
		w.sh(host, "! [ -e /etc/etcd ] && ! [ -e /usr/local/bin/etcd ]")
	}

	w.must(0, "build", "--operation", "migrate", "-o", "migrate", "cluster.hcl", "hosts.hcl")
	planned := w.on(2, "plan", "migrate")
	t.Logf("%s", planned)
	o := w.watch("cp1")
	t.Logf("%s", w.on(0, "migrate", "migrate"))
	gap, _ := o.end()
	t.Logf("to hosts: the longest time without an answer of the API: %v", gap)
	list := w.etcdctl("member list") + ` | awk -F ', ' '{ print $3, $6 }' | sort | tr '\n' ' '`
	w.equal("members of etcd", strings.TrimSpace(w.sh("w1", list)), "w1 false w2 false w3 false")
	w.sh("cp1", "! pidof etcd && [ ! -e /etc/kubernetes/manifests/etcd.yaml ] && [ ! -e /etc/kubernetes/pki/etcd ] && [ ! -e /var/lib/etcd/member ]")
	w.equal("what is kept", w.sh("cp1", "cd /var/lib && ls etcd.kept-* && stat -c %a etcd.kept-*"), "etcd.yaml\nmember\npki\n700\n")
	w.sh("cp1", `[ "$(kubectl get configmap kept -o 'jsonpath={.data.word}')" = before ]`)
	if after := w.sh("cp1", objects); after != before {
		t.Errorf("objects were\n%s\nand are\n%s", before, after)
	}
	for _, host := range []string{"w1", "w2", "w3"} {
		if ca := w.sh(host, "sha256sum </etc/etcd/pki/ca.crt"); !strings.Contains(pki, strings.Fields(ca)[0]) {
			t.Errorf("%s has another CA", host)
		}
	}
	w.on(0, "migrate", "migrate")
	w.on(0, "run")
	w.works("cp1", "w4")
	w.serves("cp1", "w4")
	w.again()

	t.Run("and back", func(t *testing.T) {
		w.t = t
		w.text = stacked + strings.NewReplacer("etcd \"hosts\" {}", "etcd \"stacked\" {}", `["control_plane"]`, `["control_plane", "etcd"]`).Replace(etcdElsewhere)
		w.write("cluster.hcl", w.fill(w.text))
		w.must(0, "build", "--operation", "migrate", "-o", "migrate", "cluster.hcl", "hosts.hcl")
		t.Logf("%s", w.on(2, "plan", "migrate"))
		o := w.watch("cp1")
		t.Logf("%s", w.on(0, "migrate", "migrate"))
		gap, _ := o.end()
		t.Logf("back: the longest time without an answer of the API: %v", gap)
		list := w.sh("cp1", `kubectl -n kube-system exec etcd-cp1 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key member list | awk -F ', ' '{ print $3, $6 }'`)
		w.equal("members of etcd", strings.TrimSpace(list), "cp1 false")
		for _, host := range []string{"w1", "w2", "w3"} {
			w.sh(host, "! pidof etcd && ! systemctl is-enabled --quiet etcd.service && [ ! -e /var/lib/etcd/member ] && [ ! -e /etc/etcd/pki/ca.key ] && [ -e /var/lib/etcd.kept-*/member ]")
		}
		w.sh("cp1", `! [ -e /etc/etcd/client/client.key ] && [ "$(kubectl get configmap kept -o 'jsonpath={.data.word}')" = before ]`)
		w.equal("authorities", w.sh("cp1", "cd /etc/kubernetes/pki && sha256sum ca.crt front-proxy-ca.crt sa.pub etcd/ca.crt"), pki)
		w.on(0, "migrate", "migrate")
		w.text = stacked
		w.write("cluster.hcl", w.fill(w.text))
		w.alone("cp1", "w4")
		w.on(0, "run")
		w.works("cp1", "w4")
		w.serves("cp1", "w4")
		if out := w.on(0, "run"); !strings.Contains(out, "2 hosts: 2 ok") {
			t.Errorf("a run more changes something:\n%s", out)
		}
	})
}
