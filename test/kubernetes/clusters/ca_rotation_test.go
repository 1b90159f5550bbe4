//go:build e2e

package clusters

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/hosts/fleet"
)

const (
	// The CAs that a host trusts, and that pods and those who join are told of: one a line.
	fileCAs = `of() { awk '/BEGIN/ { one = ""; next } /END/ { print one; next } { one = one $0 }'; }; of </etc/kubernetes/pki/ca.crt`
	toldCAs = `of() { awk '/BEGIN/ { one = ""; next } /END/ { print one; next } { one = one $0 }'; }
kubectl get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\.crt}' | of
kubectl -n kube-public get configmap cluster-info -o 'jsonpath={.data.kubeconfig}' | awk '$1 == "certificate-authority-data:" { print $2 }' | base64 -d | of`
	// What kubeadm and the kubelet have that is not by the first of ca.crt; nothing is to be left
	// of the first where what is shown is asked for.
	notByFirst = `cd /etc/kubernetes/pki; awk '{ print } /END/ { exit }' ca.crt >/root/first.crt
for file in apiserver.crt apiserver-kubelet-client.crt /var/lib/kubelet/pki/kubelet-client-current.pem; do [ ! -e "$file" ] || openssl verify -CAfile /root/first.crt "$file" >/dev/null || echo "$file"; done
for name in admin super-admin controller-manager scheduler; do [ ! -e "../$name.conf" ] || awk '$1 == "client-certificate-data:" { print $2 }' "../$name.conf" | base64 -d | openssl verify -CAfile /root/first.crt >/dev/null || echo "$name.conf"; done
[ ! -e front-proxy-ca.crt ] || { awk '{ print } /END/ { exit }' front-proxy-ca.crt >/root/proxy.crt; openssl verify -CAfile /root/proxy.crt front-proxy-client.crt >/dev/null || echo front-proxy-client.crt; }
:`
)

// The cluster's CA is rotated under a client and a pod with a token: a run that dies is gone on
// with, one pod that nobody starts anew keeps the old CA signing, a plain run changes nothing in
// between or afterwards, and in the end the new CA alone is trusted.
func TestCARotation(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1}, "nftables", "")
	w.define("")
	w.on(0, "run")
	w.works("cp1", "w1")
	w.sh("cp1", `kubectl create deployment web --image registry.example.com/sprayc/pod:1 --replicas 2 && kubectl rollout status deployment/web --timeout=120s
cp /etc/kubernetes/admin.conf /root/old.conf`)
	w.asks()
	first := w.authorities("cp1", 1)
	if out := w.must(1, "build", "--operation", "rotate-ca", "-o", "rotation", "cluster.hcl", "hosts.hcl"); !strings.Contains(out, "there is no CA to rotate") {
		t.Errorf("a rotation to the same generation is not refused:\n%s", out)
	}

	w.define("ca = { generation = 2 }")
	w.must(0, "build", "--operation", "rotate-ca", "-o", "rotation", "cluster.hcl", "hosts.hcl")
	w.must(0, "build", "--operation", "forget-ca", "-o", "forgetting", "cluster.hcl", "hosts.hcl")
	if out := w.must(1, "certificates", "forget-ca", "-F", w.fleet.SSHConfig(), "--accept", "real", "forgetting"); !strings.Contains(out, "rotate-ca comes first") {
		t.Errorf("a CA that does not sign is not refused:\n%s", out)
	}
	w.on(2, "plan", "rotation")
	ended := w.poll("cp1")
	killed := w.meanwhile("cp1", "until [ -e /etc/kubernetes/pki/rotation/signing.crt ]; do sleep 0.02; done; "+hostDies)
	w.rotateCA(1)
	killed()
	w.sh("cp1", "kubectl get --raw /readyz")
	if out := w.rotateCA(1); !strings.Contains(out, "Pod default/asks") {
		t.Errorf("the pod that nobody starts anew is not named:\n%s", out)
	}
	both := w.authorities("cp1", 2)
	if both[0] != first[0] || both[1] == first[0] {
		t.Errorf("the old CA is not the first still")
	}
	w.authorities("w1", 2)
	if got := w.sh("cp1", notByFirst); got != "" {
		t.Errorf("not by the CA that signs: %s", got)
	}
	w.on(0, "run")
	processes := w.processes()
	w.on(0, "plan")
	w.on(0, "run")
	w.startedAnew(processes)

	// What it trusts is told anew when it starts anew.
	w.sh("cp1", `kubectl delete pod asks --now && kubectl delete serviceaccount asks`)
	w.asks()
	t.Logf("rotation:\n%s", w.rotateCA(0))
	ended()
	for _, host := range []string{"cp1", "w1"} {
		now := w.authorities(host, 2)
		if now[0] != both[1] || now[1] != both[0] {
			t.Errorf("%s: the new CA is not the first", host)
		}
		if got := w.sh(host, notByFirst); got != "" {
			t.Errorf("%s: not by the new CA: %s", host, got)
		}
	}
	w.asksOn()
	w.sh("cp1", `curl -sS --cacert /root/first.crt -o /dev/null https://$(awk '$1 == "server:" { sub("https://", "", $2); print $2; exit }' /etc/kubernetes/admin.conf)/livez
kubectl --kubeconfig /root/old.conf --insecure-skip-tls-verify get namespaces >/dev/null 2>&1 || { sed '/certificate-authority-data/d' /root/old.conf >/root/any.conf; kubectl --kubeconfig /root/any.conf --insecure-skip-tls-verify get namespaces >/dev/null; }
kubectl rollout status deployment/web --timeout=120s`)
	w.podsReady()
	if out := w.on(3, "verify"); !strings.Contains(out, "generation 2 is trusted still: sprayc certificates forget-ca ends that") {
		t.Errorf("verify does not say that the old CA is trusted still:\n%s", out)
	}
	processes = w.processes()
	w.rotateCA(0)
	w.on(0, "plan")
	w.on(0, "run")
	w.startedAnew(processes)
	if table := w.on(0, "certificates", "--json"); strings.Count(table, "the first of which signs") < 2 {
		t.Errorf("the table does not say that there are two:\n%s", table)
	}

	if out := w.must(1, "certificates", "forget-ca", "-F", w.fleet.SSHConfig(), "forgetting"); !strings.Contains(out, "--accept real") {
		t.Errorf("what has no way back is done unasked:\n%s", out)
	}
	ended = w.poll("cp1")
	t.Logf("the old CA leaves:\n%s", w.forgetCA())
	ended()
	for _, host := range []string{"cp1", "w1"} {
		if now := w.authorities(host, 1); now[0] != both[1] {
			t.Errorf("%s trusts another CA than the new one", host)
		}
	}
	if got := strings.Fields(w.sh("cp1", toldCAs)); len(got) != 2 || got[0] != both[1] || got[1] != both[1] {
		t.Errorf("others than the new CA are told: %d", len(got))
	}
	if _, err := w.try("cp1", `sed '/certificate-authority-data/d' /root/old.conf >/root/any.conf; kubectl --kubeconfig /root/any.conf --insecure-skip-tls-verify get namespaces`); err == nil || !strings.Contains(err.Error(), "Unauthorized") && !strings.Contains(err.Error(), "logged in") {
		t.Errorf("a client of the old CA is taken: %v", err)
	}
	if got := w.sh("cp1", `ls -A /etc/kubernetes/pki/rotation; ls /etc/kubernetes/kubeadm/patches | grep 0ca; grep -c cluster-signing-cert-file /etc/kubernetes/manifests/kube-controller-manager.yaml`); got != "node\n1\n" {
		t.Errorf("left on cp1:\n%s", got)
	}
	w.asksOn()
	processes = w.processes()
	w.on(0, "plan")
	w.on(0, "run")
	w.rotateCA(0)
	w.forgetCA()
	w.startedAnew(processes)
	w.sh("cp1", `kubectl create deployment after --image registry.example.com/sprayc/pod:1 && kubectl rollout status deployment/after --timeout=120s`)
	w.works("cp1", "w1")
	w.certificates(0)
}

func (w *world) rotateCA(code int) string {
	w.t.Helper()
	return w.must(code, "certificates", "rotate-ca", "-F", w.fleet.SSHConfig(), "rotation")
}

func (w *world) forgetCA() string {
	w.t.Helper()
	return w.must(0, "certificates", "forget-ca", "-F", w.fleet.SSHConfig(), "--accept", "real", "forgetting")
}

// authorities are the CAs that a host trusts, of which there are so many; its kubelet trusts the
// same.
func (w *world) authorities(host string, count int) []string {
	w.t.Helper()
	all := strings.Fields(w.sh(host, fileCAs))
	if len(all) != count {
		w.t.Fatalf("%s trusts %d CAs, not %d", host, len(all), count)
	}
	if got := w.sh(host, `awk '$1 == "certificate-authority-data:" { print $2 }' /etc/kubernetes/kubelet.conf | base64 -d | cmp - /etc/kubernetes/pki/ca.crt && grep -c BEGIN /etc/kubernetes/pki/ca.crt`); strings.TrimSpace(got) != fmt.Sprint(count) {
		w.t.Errorf("the kubelet of %s trusts others: %s", host, got)
	}
	return all
}
