package lib_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"strings"
	"testing"
)

// requestOf makes a request and its key in PEM.
func requestOf(t *testing.T, name string) (csr, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}}, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}))
}

// Requests are told of by verify alone, in every shell; a file that holds more than a request,
// or a key, is not.
func TestRequests(t *testing.T) {
	csr, key := requestOf(t, "kube-apiserver")
	eachMachine(t, func(t *testing.T, m *machine) {
		b := one(`report 'the requests' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files = map[string]string{"steps/m/v.sh": "request apiserver apiserver_crt 'server auth' /etc/r/a.key /etc/a.csr\n"}
		m.install(b)
		m.write("etc/a.csr", csr)
		text := strings.TrimSuffix(csr, "\n")
		line := "request\tm/s\tm.hcl:9:1\tapiserver\tapiserver_crt\tserver auth\t/etc/r/a.key\t" + strings.ReplaceAll(text, "\n", `\n`) + "\n"
		const end = "step\tm/s\tok\nend\tok\n"
		same(t, "verify", m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+line+end)
		for _, operation := range []string{"plan", "apply"} {
			same(t, operation, m.do(operation), begin(operation)+"step\tm/s\tbegin\n"+end)
		}
		same(t, "by hand", m.said("sh /b/run.sh verify"), "request  apiserver for apiserver_crt (server auth), its key in /etc/r/a.key\n"+text+"\nok       m/s\nend      ok\n")
		for text, why := range map[string]string{
			key:       "/etc/a.csr holds more than a request",
			csr + key: "/etc/a.csr holds more than a request",
			csr + csr: "/etc/a.csr holds more than a request",
			"nothing": "/etc/a.csr holds no request in PEM",
		} {
			m.write("etc/a.csr", text)
			same(t, why, m.do("verify"), begin("verify")+"step\tm/s\tbegin\nverify\tm/s\tfailed\tm.hcl:9:1\tthe requests: "+why+"\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n")
		}
	})
}
