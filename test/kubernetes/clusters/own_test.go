//go:build e2e

package clusters

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An office makes certificates outside of any cluster.
type office struct {
	t      *testing.T
	folder string
	serial int64
}

type signer struct {
	name string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// sign makes NAME.crt and NAME.key by a CA; without one it is a CA itself.
func (o *office) sign(name string, by *signer, subject pkix.Name, names ...string) *signer {
	o.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	o.serial++
	template := &x509.Certificate{SerialNumber: big.NewInt(o.serial), Subject: subject, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(100 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	if by == nil {
		template.IsCA, template.ExtKeyUsage = true, nil
		template.KeyUsage |= x509.KeyUsageCertSign
		by = &signer{cert: template, key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, &key.PublicKey, by.key)
	if err != nil {
		o.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		o.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		o.t.Fatal(err)
	}
	o.write(name+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	o.write(name+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return &signer{name: name, cert: cert, key: key}
}

func (o *office) write(name string, text []byte) {
	o.t.Helper()
	if err := os.MkdirAll(o.folder, 0o700); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.folder, name), text, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) read(name string) string {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.folder, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return string(text)
}

// public makes NAME.pub of NAME.key.
func (o *office) public(s *signer) {
	o.t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		o.t.Fatal(err)
	}
	o.write(s.name+".pub", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

var serverNames = []string{"localhost", "127.0.0.1", "api.real.example.com", "cp1", "10.77.0.11", "10.96.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}

// given is a block with a file for each input.
func given(files ...string) string {
	var b strings.Builder
	b.WriteString("\ncertificates \"own\" {\n")
	for _, file := range files {
		input := strings.NewReplacer("-", "_", ".", "_").Replace(file)
		fmt.Fprintf(&b, "  %s = secret(\"file:pki/%s\")\n", input, strings.Replace(file, "apiserver.", "${host.name}-apiserver.", 1))
	}
	b.WriteString("}\n")
	return b.String()
}

// A CA and certificates from outside: what does not fit is refused before anything
// changes; the cluster is made with what does, and no key is in a bundle or a log. The
// network is a manifest from outside too; what leaves it leaves the cluster.
func TestOwnCA(t *testing.T) {
	w := newWorld(t, 1, 1, "nftables", given("ca.crt", "ca.key", "sa.pub", "sa.key", "apiserver.crt", "apiserver.key", "front-proxy-ca.crt", "front-proxy-client.crt", "front-proxy-client.key",
		"etcd-ca.crt", "etcd-server.crt", "etcd-server.key", "etcd-peer.crt", "etcd-peer.key", "etcd-healthcheck-client.crt", "etcd-healthcheck-client.key", "apiserver-etcd-client.crt", "apiserver-etcd-client.key"))
	o := &office{t: t, folder: filepath.Join(w.folder, "pki")}
	ca := o.sign("ca", nil, pkix.Name{CommonName: "a CA of ours"})
	o.sign("cp1-apiserver", ca, pkix.Name{CommonName: "kube-apiserver"}, serverNames...)
	o.public(o.sign("sa", ca, pkix.Name{CommonName: "sa"}))
	front := o.sign("front-proxy-ca", nil, pkix.Name{CommonName: "a front proxy of ours"})
	o.sign("front-proxy-client", front, pkix.Name{CommonName: "front-proxy-client"})
	members := o.sign("etcd-ca", nil, pkix.Name{CommonName: "etcd of ours"})
	for _, name := range []string{"etcd-server", "etcd-peer"} {
		o.sign(name, members, pkix.Name{CommonName: "cp1"}, "cp1", "localhost", "127.0.0.1", "10.77.0.11")
	}
	o.sign("etcd-healthcheck-client", members, pkix.Name{CommonName: "kube-etcd-healthcheck-client"})
	o.sign("apiserver-etcd-client", members, pkix.Name{CommonName: "kube-apiserver-etcd-client"})

	w.networkFromOutside("extra")

	right := o.read("ca.key")
	o.write("ca.key", []byte(o.read("front-proxy-ca.key")))
	said := w.on(1, "run")
	if !strings.Contains(said, "ca.key is not the key of ca.crt") {
		t.Errorf("another's key is not told of:\n%s", said)
	}
	if left := w.sh("cp1", "ls -d /etc/kubernetes /usr/local/bin/kubeadm /etc/containerd 2>/dev/null || true"); left != "" {
		t.Errorf("before the certificates were good cp1 got\n%s", left)
	}

	o.write("ca.key", []byte(right))
	w.on(0, "run")
	w.works("cp1", "w1")
	w.serves("w1")
	w.again()
	for _, name := range []string{"ca.crt", "sa.pub"} {
		if w.sh("cp1", "cat /etc/kubernetes/pki/"+name) != o.read(name) {
			t.Errorf("cp1 has another %s", name)
		}
	}
	if served := w.sh("cp1", "openssl s_client -connect 10.77.0.11:6443 </dev/null 2>/dev/null | openssl x509"); served != o.read("cp1-apiserver.crt") {
		t.Errorf("the API server shows\n%s", served)
	}
	w.sh("w1", "openssl verify -CAfile /etc/kubernetes/pki/ca.crt /var/lib/kubelet/pki/kubelet-client-current.pem")
	w.nowhere(o.read("ca.key"), o.read("cp1-apiserver.key"), o.read("sa.key"), o.read("etcd-peer.key"))

	// A certificate that is made anew outside is shown by the API server; an object that left
	// the manifest goes, one of somebody else stays.
	w.sh("cp1", "kubectl -n kube-flannel create configmap others")
	o.sign("cp1-apiserver", ca, pkix.Name{CommonName: "kube-apiserver"}, serverNames...)
	w.networkFromOutside("another")
	w.on(2, "plan")
	said = w.on(0, "run")
	w.sh("cp1", fmt.Sprintf("n=0; until openssl s_client -connect 10.77.0.11:6443 </dev/null 2>/dev/null | openssl x509 | grep -qxF '%s'; do n=$((n + 1)); [ $n -lt 180 ] || exit 1; sleep 1; done", strings.Split(o.read("cp1-apiserver.crt"), "\n")[3]))
	w.on(0, "plan")
	if got, want := w.sh("cp1", "kubectl -n kube-flannel get configmaps -o name"), "configmap/another\nconfigmap/kube-flannel-cfg\nconfigmap/kube-root-ca.crt\nconfigmap/others\n"; got != want {
		t.Errorf("after another manifest there is\n%s\nthe run said\n%s", got, said)
	}
	w.works("cp1", "w1")
}

// networkFromOutside fills the slot with flannel's manifests as files, and a ConfigMap of
// that name beside.
func (w *world) networkFromOutside(name string) {
	w.t.Helper()
	if w.flannel == "" {
		text, err := os.ReadFile(filepath.Join(w.folder, "out/steps/flannel/files/manifest.flannel"))
		if err != nil {
			w.t.Fatal(err)
		}
		w.flannel = "apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-flannel, labels: {pod-security.kubernetes.io/enforce: privileged}}\n---\n" + string(text)
	}
	text := w.flannel + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: kube-flannel}\n"
	w.write("net.yaml", text)
	before, after, found := strings.Cut(w.text, "network \"flannel\" {}")
	if !found {
		before, after, _ = strings.Cut(w.text, "network \"manifest\"")
		_, after, _ = strings.Cut(after, "# END")
	}
	w.text = fmt.Sprintf("%snetwork \"manifest\" { manifests = { net = { content = file(\"net.yaml\"), sha256 = \"%x\" } } } # END%s", before, sha256.Sum256([]byte(text)), after)
	w.define("")
}

// nowhere: no line of the keys is in the bundle, the logs, or what hosts keep of ours.
func (w *world) nowhere(keys ...string) {
	w.t.Helper()
	for _, key := range keys {
		line := strings.Split(key, "\n")[1]
		if out, err := exec.Command("grep", "-rlF", "--exclude-dir=pki", line, w.folder).CombinedOutput(); err == nil {
			w.t.Errorf("a key is in %s", out)
		}
		for _, host := range w.fleet.Names() {
			if found := w.sh(host, fmt.Sprintf("grep -rlF '%s' /var/lib/sprayc /run/sprayc /var/log 2>/dev/null || true", line)); found != "" {
				w.t.Errorf("on %s a key is in %s", host, found)
			}
		}
	}
}
