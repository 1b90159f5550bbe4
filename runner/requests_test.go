package runner

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// csrOf makes a request in PEM, as an event has it.
func csrOf(t *testing.T, subject pkix.Name, names ...string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.CertificateRequest{Subject: subject}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

func requestLineOf(name, csr string) string {
	return strings.Join([]string{"request", "o/list", "m.hcl:1:1", name, strings.ReplaceAll(name, "-", "_") + "_crt", "server auth", "/etc/r/" + name + ".key", strings.ReplaceAll(csr, "\n", `\n`)}, "\t")
}

// Requests are gathered, shown by host and name, and written as they are; what is there
// already stays.
func TestRequests(t *testing.T) {
	plan := fakePlan([]bundle.Role{{Name: "control_plane", Hosts: []string{"cp1", "cp2"}}, {Name: "worker", Hosts: []string{"w1"}}}, []bundle.Step{
		{Name: "o/make", Roles: []string{"control_plane"}},
		{Name: "o/list", Roles: []string{"control_plane"}, Reports: []string{"requests"}},
	})
	run := func(more func(*world)) *RequestReport {
		w := newWorld(plan)
		more(w)
		gathered := &Requests{}
		runBundle(t, &bundle.Bundle{Plan: *plan}, Options{Dialer: w, Operation: Verify, Reports: "requests", Sinks: []Sink{gathered}})
		if len(w.executed) > 0 {
			t.Errorf("hosts have done %v", w.executed)
		}
		return gathered.Report
	}
	server, peer := csrOf(t, pkix.Name{CommonName: "kube-apiserver"}, "api.example.com", "10.0.0.11"), csrOf(t, pkix.Name{CommonName: "cp1", Organization: []string{"a,b"}})
	report := run(func(w *world) {
		for _, host := range w.hosts {
			host.done["o/list"] = true
		}
		w.hosts["cp2"].tells = []Event{eventOf(t, requestLineOf("apiserver", server))}
		w.hosts["cp1"].tells = []Event{eventOf(t, requestLineOf("etcd-peer", peer)), eventOf(t, requestLineOf("apiserver", server))}
	})
	dir := filepath.Join(t.TempDir(), "requests")
	for range 2 {
		if err := report.Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"cp1/apiserver.csr": server, "cp2/apiserver.csr": server, "cp1/etcd-peer.csr": peer} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(text) != want {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if list, err := filepath.Glob(filepath.Join(dir, "*", "*")); err != nil || len(list) != 3 {
		t.Errorf("there are %v, %v", list, err)
	}
	want := `HOST  REQUEST    SUBJECT            USAGES       INPUT          KEY ON THE HOST
cp1   apiserver  CN=kube-apiserver  server auth  apiserver_crt  /etc/r/apiserver.key
      DNS:api.example.com, IP:10.0.0.11
cp1   etcd-peer  CN=cp1,O=a\,b      server auth  etcd_peer_crt  /etc/r/etcd-peer.key
cp2   apiserver  CN=kube-apiserver  server auth  apiserver_crt  /etc/r/apiserver.key
      DNS:api.example.com, IP:10.0.0.11

3 requests in rq/HOST/NAME.csr, each for NAME.crt beside it and its input of certificates "own", without a key:
  apiserver_crt = secret("file:rq/${host.name}/apiserver.crt")
`
	if diff := cmp.Diff(want, report.Text(Paper{}, "rq")); diff != "" {
		t.Error(diff)
	}
	narrow := report.Text(Paper{Width: 60}, "rq")
	if !strings.Contains(narrow, "\n      for apiserver_crt, its key in /etc/r/apiserver.key\n      DNS:api.example.com, IP:10.0.0.11\n") {
		t.Error(narrow)
	}
	none := run(func(w *world) { w.hosts["cp1"].away = true })
	if text := none.Text(Paper{}, "rq"); none.Code != ExitSkipped || text != "cp1 unreachable: no route to host\nno request waits for its certificate\n" {
		t.Errorf("code %d:\n%s", none.Code, text)
	}
}

// What a host says is a request is one, and its name no way to another folder: a key is not
// written anywhere, nor said.
func TestRequestEvents(t *testing.T) {
	csr := csrOf(t, pkix.Name{CommonName: "a\x1b[2Jb"})
	const key = "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5IGNhbmFyeQ==\n-----END PRIVATE KEY-----\n"
	block, _ := pem.Decode([]byte(csr))
	block.Bytes[len(block.Bytes)-1] ^= 1
	for line, want := range map[string]string{
		requestLineOf("../x", csr): `"../x" is no name of a request`,
		requestLineOf("", csr):     `"" is no name of a request`,
		strings.TrimSuffix(requestLineOf("x", csr), "\t"+strings.ReplaceAll(csr, "\n", `\n`)): "it has 7 fields, not 8",
		requestLineOf("x", key):                               "it holds no request in PEM alone",
		requestLineOf("x", csr+key):                           "it holds no request in PEM alone",
		requestLineOf("x", "nothing"):                         "it holds no request in PEM alone",
		requestLineOf("x", string(pem.EncodeToMemory(block))): "it holds no good request",
	} {
		_, err := ParseEvent(line)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "Y2FuYXJ5") {
			t.Errorf("%q: %v", line, err)
		}
	}
	e := eventOf(t, requestLineOf("x", csr))
	s := &sinks{redact: &redactor{}}
	s.clean(&e)
	if strings.Contains(e.Request.Subject, "\x1b") {
		t.Errorf("%q", e.Request.Subject)
	}
}
