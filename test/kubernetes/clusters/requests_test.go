//go:build e2e

package clusters

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What each authority signs, by the names of the requests.
var requested = map[string][]string{
	"ca":             {"apiserver", "apiserver-kubelet-client", "admin", "super-admin", "controller-manager", "scheduler", "kubelet"},
	"front-proxy-ca": {"front-proxy-client"},
	"etcd-ca":        {"apiserver-etcd-client", "etcd-server", "etcd-peer", "etcd-healthcheck-client"},
}

// The keys of the CAs are outside, and those of certificates on the host, which makes them and
// asks for certificates before there is anything else: a cluster is founded with what was
// signed. A certificate that ends soon is asked for again, and serves until another is there.
// No key leaves the host.
func TestRequests(t *testing.T) {
	var block strings.Builder
	block.WriteString(strings.TrimSuffix(given("ca.crt", "front-proxy-ca.crt", "etcd-ca.crt"), "}\n"))
	for _, names := range requested {
		for _, name := range names {
			fmt.Fprintf(&block, "  %s_crt = secret(\"file:requests/${host.name}/%s.crt\")\n", strings.ReplaceAll(name, "-", "_"), name)
		}
	}
	w := newWorld(t, 1, 1, "nftables", block.String()+"}\n")
	o := &office{t: t, folder: filepath.Join(w.folder, "pki")}
	signers := map[string]*signer{}
	for name := range requested {
		signers[name] = o.sign(name, nil, pkix.Name{CommonName: "the " + name + " outside"})
	}
	w.signer(signers["ca"])

	// On bare hosts nothing but the requests and what they take comes to be there.
	w.must(0, "build", "--operation", "requests", "-o", "asking", "cluster.hcl", "hosts.hcl")
	if out := w.on(2, "plan", "asking"); !strings.Contains(out, "a key and a request for apiserver_crt: there is none") {
		t.Errorf("the plan says:\n%s", out)
	}
	if got := w.sh("cp1", "ls -d /etc/kubernetes /usr/local/bin/kubeadm 2>/dev/null || :"); got != "" {
		t.Errorf("a plan made %s", got)
	}
	out := w.requests(0)
	t.Logf("requests:\n%s", out)
	if got, want := w.sh("cp1", "ls -A /etc/kubernetes; ls /usr/local/bin"), "requests\nkubeadm\n"; got != want {
		t.Errorf("on cp1 there is\n%s, not\n%s", got, want)
	}
	if got := w.sh("w1", "ls -d /etc/kubernetes /usr/local/bin/kubeadm 2>/dev/null || :"); got != "" {
		t.Errorf("w1 has %s", got)
	}
	if got := w.sh("cp1", "find /etc/kubernetes/requests -printf '%M %u:%g\\n' | sort -u"); got != "-rw------- root:root\ndrwx------ root:root\n" {
		t.Errorf("the requests are\n%s", got)
	}
	for _, word := range []string{"apiserver_crt", "/etc/kubernetes/requests/apiserver.key", "DNS:api.real.example.com", "O=kubeadm:cluster-admins", "server auth, client auth"} {
		if !strings.Contains(out, word) {
			t.Errorf("%q is not in the table", word)
		}
	}
	before := w.brought()
	w.on(0, "plan", "asking")
	w.requests(0)
	if now := w.brought(); now != before {
		t.Errorf("the second time other requests were brought:\n%s\nnot\n%s", now, before)
	}
	canaries := w.canaries()
	w.keysUnseen(canaries)

	// What is signed for another request is refused before anything changes.
	w.sign(o, signers, nil)
	right := o.read("../requests/cp1/apiserver.crt")
	o.write("../requests/cp1/apiserver.crt", []byte(o.read("../requests/cp1/admin.crt")))
	w.on(1, "run") // openssl is not there yet, and looked at as soon as it is
	if got := w.sh("cp1", "ls -A /etc/kubernetes"); got != "requests\n" {
		t.Errorf("with another's certificate cp1 got\n%s", got)
	}
	o.write("../requests/cp1/apiserver.crt", []byte(right))
	w.on(0, "run")
	w.works("cp1", "w1")
	w.shows(right)
	if got := w.sh("cp1", "find /etc/kubernetes /var/lib/sprayc -name '*ca.key'; find /etc/kubernetes/requests -type f ! -name '*.for'"); got != "" {
		t.Errorf("cp1 has\n%s", got)
	}
	w.sh("cp1", "kubectl -n kube-system rollout status deployment coredns --timeout=180s") // it starts while the run ends
	w.again()
	w.on(0, "plan", "asking")

	// One ends soon: another is asked for, with another key, while the old one serves.
	w.sign(o, signers, []string{"apiserver", "scheduler"}) // for twenty days
	w.on(0, "run")
	w.shows(o.read("../requests/cp1/apiserver.crt"))
	short := o.read("../requests/cp1/apiserver.crt")
	if out := w.on(2, "plan", "asking"); !strings.Contains(out, "a key and a request for scheduler_crt: the one that is there ends in 19 days") {
		t.Errorf("the plan says:\n%s", out)
	}
	old := w.sh("cp1", "sha256sum /etc/kubernetes/pki/apiserver.key /etc/kubernetes/scheduler.conf")
	processes := w.processes()
	w.requests(0)
	w.on(0, "run")
	w.shows(short)
	if got := w.sh("cp1", "sha256sum /etc/kubernetes/pki/apiserver.key /etc/kubernetes/scheduler.conf"); got != old {
		t.Error("requests changed what is in service")
	}
	w.startedAnew(processes)
	canaries = append(canaries, w.canaries()...)
	w.sign(o, signers, nil)
	w.on(0, "run")
	w.shows(o.read("../requests/cp1/apiserver.crt"))
	if got := w.sh("cp1", "sha256sum /etc/kubernetes/pki/apiserver.key"); strings.Contains(old, strings.Fields(got)[0]) {
		t.Error("the API server has the key that it had")
	}
	w.again()
	w.on(0, "plan", "asking")
	w.keysUnseen(canaries)

	// What signs by itself has nothing to ask for.
	w.text, _, _ = strings.Cut(w.text, "\ncertificates \"own\"")
	w.change(nil)
	if out := w.must(1, "build", "--operation", "requests", "-o", "none", "cluster.hcl", "hosts.hcl"); !strings.Contains(out, "this cluster's CA signs by itself") {
		t.Errorf("build says:\n%s", out)
	}
}

// requests runs the bundle for them.
func (w *world) requests(code int) string {
	w.t.Helper()
	return w.must(code, "certificates", "requests", "-F", w.fleet.SSHConfig(), "-o", "requests", "asking")
}

// brought are the requests that were brought.
func (w *world) brought() string {
	w.t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Join(w.folder, "requests"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".csr") {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s\n%s", filepath.Base(path), text)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all.String()
}

// sign signs what was brought: all for a hundred days, or some for twenty.
func (w *world) sign(o *office, signers map[string]*signer, short []string) {
	w.t.Helper()
	for by, names := range requested {
		for _, name := range names {
			days := 100
			if short != nil && !slices.Contains(short, name) {
				continue
			} else if short != nil {
				days = 20
			}
			block, _ := pem.Decode([]byte(o.read("../requests/cp1/" + name + ".csr")))
			csr, err := x509.ParseCertificateRequest(block.Bytes)
			if err != nil {
				w.t.Fatal(err)
			}
			o.serial++
			template := &x509.Certificate{SerialNumber: big.NewInt(o.serial), Subject: csr.Subject, DNSNames: csr.DNSNames, IPAddresses: csr.IPAddresses,
				NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Duration(days) * 24 * time.Hour), BasicConstraintsValid: true,
				KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
			if name == "apiserver" || strings.HasPrefix(name, "etcd-") {
				template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
			}
			der, err := x509.CreateCertificate(rand.Reader, template, signers[by].cert, csr.PublicKey, signers[by].key)
			if err != nil {
				w.t.Fatal(err)
			}
			o.write("../requests/cp1/"+name+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		}
	}
}

// shows waits until the endpoint shows a certificate.
func (w *world) shows(crt string) {
	w.t.Helper()
	w.sh("w1", fmt.Sprintf("n=0; until openssl s_client -connect %s </dev/null 2>/dev/null | openssl x509 | grep -qxF '%s'; do n=$((n + 1)); [ $n -lt 180 ] || exit 1; sleep 1; done", endpoint, strings.Split(crt, "\n")[3]))
}

// canaries are a line of the secret half of each key that is kept with a request, as PEM and as a kubeconfig
// has it.
func (w *world) canaries() []string {
	w.t.Helper()
	said := w.sh("cp1", `cd /etc/kubernetes/requests; for f in *.key etcd/*.key; do [ ! -e "$f" ] || sed -n 10p "$f"; done
for f in *.conf; do [ -e "$f" ] || continue; data=$(sed -n 's/^ *client-key-data: //p' "$f"); printf '%s\n' "$data" | cut -c 801-880; printf '%s\n' "$data" | base64 -d | sed -n 10p; done`)
	lines := strings.Fields(said)
	if len(lines) < 3 {
		w.t.Fatalf("the requests of cp1 have the keys\n%s", said)
	}
	return lines
}

// keysUnseen: no part of these keys is here, in what this machine has of the cluster, nor in what
// hosts keep of ours, nor in a file of cp1's that others may read.
func (w *world) keysUnseen(lines []string) {
	w.t.Helper()
	for _, line := range lines {
		w.nowhere("\n" + line + "\n")
	}
	if got := w.sh("cp1", "grep -rlF -e '"+strings.Join(lines, "' -e '")+"' /etc /run /var/lib/sprayc /tmp 2>/dev/null | while read -r f; do [ \"$(stat -c '%a %U' \"$f\")\" = '600 root' ] || printf '%s\\n' \"$f\"; done"); got != "" {
		w.t.Errorf("others may read keys in\n%s", got)
	}
}
