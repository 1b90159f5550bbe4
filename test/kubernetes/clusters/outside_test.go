//go:build e2e

package clusters

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// The keys of the CAs stay outside: all that kubeadm would make with them comes to each
// control plane, and somebody else signs what a kubelet asks for that joins.
func TestExternalCA(t *testing.T) {
	files := []string{"ca.crt", "sa.pub", "sa.key", "apiserver.crt", "apiserver.key", "apiserver-kubelet-client.crt", "apiserver-kubelet-client.key",
		"front-proxy-ca.crt", "front-proxy-client.crt", "front-proxy-client.key", "etcd-ca.crt", "etcd-server.crt", "etcd-server.key", "etcd-peer.crt", "etcd-peer.key",
		"etcd-healthcheck-client.crt", "etcd-healthcheck-client.key", "apiserver-etcd-client.crt", "apiserver-etcd-client.key",
		"admin.conf", "super-admin.conf", "controller-manager.conf", "scheduler.conf", "kubelet.conf"}
	own := strings.NewReplacer("pki/controller", "pki/${host.name}-controller", "pki/scheduler", "pki/${host.name}-scheduler", "pki/kubelet", "pki/${host.name}-kubelet")
	w := newWorld(t, 3, 1, "nftables", own.Replace(given(files...)))
	o := &office{t: t, folder: filepath.Join(w.folder, "pki")}
	ca := o.everything("cp1", "cp2", "cp3")
	w.signer(ca)
	w.on(0, "run")
	w.works("cp1", "cp2", "cp3", "w1")
	w.sh("w1", "openssl verify -CAfile /etc/kubernetes/pki/ca.crt /var/lib/kubelet/pki/kubelet-client-current.pem")

	for _, host := range []string{"cp1", "cp2", "cp3"} {
		if got := w.sh(host, "find /etc/kubernetes /var/lib/kubelet /var/lib/sprayc -name '*ca.key'"); got != "" {
			t.Errorf("%s has\n%s", host, got)
		}
		for path, name := range map[string]string{"ca.crt": "ca.crt", "apiserver.crt": host + "-apiserver.crt", "apiserver-kubelet-client.crt": "apiserver-kubelet-client.crt", "etcd/server.crt": "etcd-server.crt", "../scheduler.conf": host + "-scheduler.conf"} {
			if w.sh(host, "cat /etc/kubernetes/pki/"+path) != o.read(name) {
				t.Errorf("%s has another %s", host, path)
			}
		}
	}
	w.nowhere(o.read("ca.key"), o.read("etcd-ca.key"), o.read("cp1-apiserver.key"), o.read("sa.key"))
	w.sh("cp1", "kubectl -n kube-system rollout status deployment coredns --timeout=180s") // it starts while the run ends
	w.again()
}

// What etcd keeps is encrypted by a key service from the start; the cluster does not leave
// it before all is written anew, and needs it no more then.
func TestKeyService(t *testing.T) {
	const service = `kms = { name = "outside", endpoint = "unix:///run/kms/key.sock" }`
	w := newWorld(t, 1, 0, "nftables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	w.keyService()
	w.define(`encryption = { provider = "kms", ` + service + ` }`)
	w.on(0, "run")
	w.works("cp1")
	w.sh("cp1", "kubectl -n default create secret generic before --from-literal=word=canary-before")
	if got := w.stored("before"); !strings.HasPrefix(got, "k8s:enc:kms:v2:outside:") || strings.Contains(got, "canary") {
		t.Errorf("etcd has\n%q", got)
	}
	if got := w.sh("cp1", "kubectl -n default get secret before -o jsonpath='{.data.word}' | base64 -d"); got != "canary-before" {
		t.Errorf("the API says %q", got)
	}
	w.sh("cp1", "kubectl -n kube-system rollout status deployment coredns --timeout=180s") // it starts while the run ends
	w.again()

	before := w.processes()
	w.define("encryption = {}")
	if out := w.on(1, "run"); !strings.Contains(out, "come to another provider with "+service+" beside it") {
		t.Errorf("the run says:\n%s", out)
	}
	w.define("encryption = { " + service + " }")
	w.on(0, "run")
	if diff := cmp.Diff(before, w.processes()); diff != "" {
		t.Errorf("what was restarted (-before +after):\n%s", diff)
	}
	w.sh("cp1", "systemctl stop kms")
	w.encrypted("secretbox-1", "before")
	w.on(0, "verify")
	w.on(0, "plan")
}

// everything makes all that kubeadm would make for these hosts, 10.77.0.11 and the next; the
// CAs' keys stay in the folder.
func (o *office) everything(hosts ...string) *signer {
	o.t.Helper()
	ca := o.sign("ca", nil, pkix.Name{CommonName: "a CA of ours"})
	members := []string{"localhost", "127.0.0.1"}
	for i, host := range hosts {
		address := fmt.Sprintf("10.77.0.%d", 11+i)
		members = append(members, host, address)
		o.sign(host+"-apiserver", ca, pkix.Name{CommonName: "kube-apiserver"}, append([]string{host, address}, serverNames...)...)
		o.kubeconfig(host+"-controller-manager", address+":6443", ca, pkix.Name{CommonName: "system:kube-controller-manager"})
		o.kubeconfig(host+"-scheduler", address+":6443", ca, pkix.Name{CommonName: "system:kube-scheduler"})
		o.kubeconfig(host+"-kubelet", endpoint, ca, pkix.Name{CommonName: "system:node:" + host, Organization: []string{"system:nodes"}})
	}
	o.sign("apiserver-kubelet-client", ca, pkix.Name{CommonName: "kube-apiserver-kubelet-client", Organization: []string{"kubeadm:cluster-admins"}})
	o.public(o.sign("sa", ca, pkix.Name{CommonName: "sa"}))
	front := o.sign("front-proxy-ca", nil, pkix.Name{CommonName: "a front proxy of ours"})
	o.sign("front-proxy-client", front, pkix.Name{CommonName: "front-proxy-client"})
	etcd := o.sign("etcd-ca", nil, pkix.Name{CommonName: "etcd of ours"})
	for _, name := range []string{"etcd-server", "etcd-peer"} {
		o.sign(name, etcd, pkix.Name{CommonName: "etcd"}, members...)
	}
	o.sign("etcd-healthcheck-client", etcd, pkix.Name{CommonName: "kube-etcd-healthcheck-client"})
	o.sign("apiserver-etcd-client", etcd, pkix.Name{CommonName: "kube-apiserver-etcd-client"})
	o.kubeconfig("admin", endpoint, ca, pkix.Name{CommonName: "kubernetes-admin", Organization: []string{"kubeadm:cluster-admins"}})
	o.kubeconfig("super-admin", endpoint, ca, pkix.Name{CommonName: "kubernetes-super-admin", Organization: []string{"system:masters"}})
	return ca
}

// kubeconfig makes NAME.conf, with all that it takes in itself.
func (o *office) kubeconfig(name, server string, ca *signer, subject pkix.Name) {
	o.t.Helper()
	o.sign(name, ca, subject)
	data := func(file string) string { return base64.StdEncoding.EncodeToString([]byte(o.read(file))) }
	o.write(name+".conf", fmt.Appendf(nil, `apiVersion: v1
kind: Config
clusters:
- name: real
  cluster:
    server: https://%s
    certificate-authority-data: %s
users:
- name: %[3]s
  user:
    client-certificate-data: %[4]s
    client-key-data: %[5]s
contexts:
- name: real
  context: {cluster: real, user: %[3]s}
current-context: real
`, server, data(ca.name+".crt"), name, data(name+".crt"), data(name+".key")))
}

const endpoint = "api.real.example.com:6443"

const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests"

// signer does, until the test ends, what a signer of somebody's does: each approved request
// of a kubelet gets its certificate, by the CA's key outside.
func (w *world) signer(ca *signer) {
	t, end, ended := w.t, make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		for tick := time.NewTicker(time.Second); ; {
			select {
			case <-end:
				return
			case <-tick.C:
				if err := w.answer(ca); err != nil {
					t.Log(err) // there may be no API server at the moment
				}
			}
		}
	}()
	t.Cleanup(func() {
		close(end)
		<-ended
	})
}

func (w *world) answer(ca *signer) error {
	said, err := w.try("cp1", "test -e /etc/kubernetes/manifests/kube-apiserver.yaml || exit 0; kubectl get --raw "+requests+" || :")
	if err != nil || said == "" {
		return err
	}
	var all struct{ Items []map[string]any }
	if err := json.Unmarshal([]byte(said), &all); err != nil {
		return err
	}
	for _, csr := range all.Items {
		status := csr["status"].(map[string]any)
		if status["conditions"] == nil || status["certificate"] != nil {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(csr["spec"].(map[string]any)["request"].(string))
		if err != nil {
			return err
		}
		block, _ := pem.Decode(text)
		request, err := x509.ParseCertificateRequest(block.Bytes)
		if err != nil {
			return err
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: request.Subject, NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(24 * time.Hour),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true}
		der, err := x509.CreateCertificate(rand.Reader, template, ca.cert, request.PublicKey, ca.key)
		if err != nil {
			return err
		}
		csr["apiVersion"], csr["kind"] = "certificates.k8s.io/v1", "CertificateSigningRequest"
		status["certificate"] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
		if text, err = json.Marshal(csr); err != nil {
			return err
		}
		name := csr["metadata"].(map[string]any)["name"].(string)
		if _, err := w.try("cp1", "kubectl replace --raw "+requests+"/"+name+"/status -f - <<'END'\n"+string(text)+"\nEND\n"); err != nil {
			return err
		}
	}
	return nil
}

// keyService starts one on cp1.
func (w *world) keyService() {
	w.t.Helper()
	version, err := kubernetes.Default()
	if err != nil {
		w.t.Fatal(err)
	}
	w.place("/usr/local/bin/kms", w.compile("../programs/kubernetes-"+version, "../kms.go"))
	w.sh("cp1", "mkdir -p /run/kms && systemd-run --unit kms /usr/local/bin/kms /run/kms/key.sock && n=0; until [ -S /run/kms/key.sock ]; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.2; done")
}
