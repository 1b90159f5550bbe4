package lib_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// signed makes a certificate in PEM from a template.
func signed(t *testing.T, template *x509.Certificate) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	by := *template
	by.Subject = pkix.Name{CommonName: "the CA"}
	der, err := x509.CreateCertificate(rand.Reader, template, &by, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// Certificates, and what each is told as after HOW WHAT WHERE NOTE.
func someCertificates(t *testing.T) (full, plain, late string, told map[string]string) {
	day := func(year int) time.Time { return time.Date(year, 2, 3, 4, 5, 6, 0, time.UTC) }
	full = signed(t, &x509.Certificate{
		SerialNumber: big.NewInt(0x1234567890), NotBefore: day(2026), NotAfter: day(2027),
		Subject:        pkix.Name{CommonName: `käte \ "x"`, Organization: []string{"system:masters", "b, c"}, Locality: []string{"two\nlines\ttab"}, ExtraNames: []pkix.AttributeTypeAndValue{{Type: []int{1, 2, 3}, Value: "y"}}},
		DNSNames:       []string{"api.example.com", "*.below"},
		IPAddresses:    []net.IP{net.IPv4(10, 0, 0, 11), net.ParseIP("fd00::a:1")},
		URIs:           []*url.URL{{Scheme: "spiffe", Host: "a", Path: "/b"}},
		EmailAddresses: []string{"a@b"}, IsCA: true, BasicConstraintsValid: true,
	})
	plain = signed(t, &x509.Certificate{SerialNumber: big.NewInt(7), NotBefore: day(1999), NotAfter: day(2049), Subject: pkix.Name{CommonName: "plain"}})
	late = signed(t, &x509.Certificate{SerialNumber: big.NewInt(200), NotBefore: day(2050), NotAfter: day(2126), Subject: pkix.Name{CommonName: "late"}})
	tell := func(parts ...string) string { return strings.Join(parts, "\t") + "\n" }
	const by = "CN=the CA"
	return full, plain, late, map[string]string{
		full: tell("2027-02-03T04:05:06Z", "2026-02-03T04:05:06Z", "1234567890", by,
			`L=two\x0alines\x09tab, O=b, c, O=system:masters, CN=k\xc3\xa4te \x5c "x", OID.2A03=y`,
			"DNS:api.example.com, DNS:*.below, email:a@b, IP:10.0.0.11, IP:fd00:0:0:0:0:0:a:1, URI:spiffe://a/b"),
		plain: tell("2049-02-03T04:05:06Z", "1999-02-03T04:05:06Z", "07", by, "CN=plain", ""),
		late:  tell("2126-02-03T04:05:06Z", "2050-02-03T04:05:06Z", "00C8", by, "CN=late", ""),
	}
}

// hasAwk gives the machine this one's awk; busybox has its own.
func hasAwk(m *machine) {
	m.t.Helper()
	if target, err := os.Readlink("/etc/alternatives/awk"); err == nil {
		m.mkdir("etc/alternatives")
		m.check(os.Symlink(target, m.path("etc/alternatives/awk")))
	}
}

// What is in a file is read without any program but awk, in each shell's own: PEM with text
// around it and several of them, and kubeconfigs. A report is made by verify alone.
func TestCertificatesOnDisk(t *testing.T) {
	full, plain, late, told := someCertificates(t)
	const script = `certificate apiserver /etc/a.crt
certificate 'a  b' /etc/c.conf 'brought from outside'
[ ! -e /etc/more ] || certificate more /etc/more
`
	eachMachine(t, func(t *testing.T, m *machine) {
		hasAwk(m)
		b := one(`report 'the certificates' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files = map[string]string{"steps/m/v.sh": script}
		m.install(b)
		m.write("etc/a.crt", "subjectAltName: DNS:a\n"+full+"text\n"+strings.ReplaceAll(plain, "\n", "\r\n"))
		m.write("etc/c.conf", "users:\n- name: u\n  user:\n    client-certificate-data: "+base64.StdEncoding.EncodeToString([]byte(late))+"\n    client-key-data: AAAA\n")
		const line = "certificate\tm/s\tm.hcl:9:1\tfile\t"
		const end = "step\tm/s\tok\nend\tok\n"
		all := line + "apiserver\t/etc/a.crt\t\t" + told[full] + line + "apiserver\t/etc/a.crt\t\t" + told[plain] + line + "a  b\t/etc/c.conf\tbrought from outside\t" + told[late]
		same(t, "verify", m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+all+end)
		for _, operation := range []string{"plan", "apply"} {
			same(t, operation, m.do(operation), begin(operation)+"step\tm/s\tbegin\n"+end)
		}
		same(t, "by hand", m.said("sh /b/run.sh verify"), `2027-02-03T04:05:06Z  apiserver  /etc/a.crt
2049-02-03T04:05:06Z  apiserver  /etc/a.crt
2126-02-03T04:05:06Z  a  b  /etc/c.conf: brought from outside
ok       m/s
end      ok
`)

		failed := func(what, text, why string) {
			m.write("etc/more", text)
			same(t, what, m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+all+"verify\tm/s\tfailed\tm.hcl:9:1\tthe certificates: "+why+"\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n")
		}
		failed("none", "nothing\n", "there is no certificate in /etc/more")
		half := strings.Split(full, "\n")
		failed("half of one", strings.Join(append(half[:4:4], half[len(half)-2:]...), "\n"), "/etc/more holds what is no certificate")
		failed("no certificate", "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", "/etc/more holds what is no certificate")
	})
}

// What is served is told by curl, whole or in words; one that is another than the file says so.
func TestCertificatesServed(t *testing.T) {
	full, plain, _, told := someCertificates(t)
	const script = `served api 10.0.0.11:6443 "$(cat /etc/said)" /etc/a.crt
served scheduler 127.0.0.1:10259 "$(cat /etc/said)"
`
	words := func(subject, ends string) string {
		return "*   Trying 10.0.0.11:6443...\n* Server certificate:\n*  subject: " + subject + "\n*  start date: Feb  3 04:05:06 2026 GMT\n*  expire date: " + ends + "\n*  issuer: CN=the CA\n*  SSL certificate verify result: unable to get local issuer certificate (20), continuing anyway.\n< HTTP/2 200\n"
	}
	eachMachine(t, func(t *testing.T, m *machine) {
		hasAwk(m)
		b := one(`report 'the certificates' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh"`)
		b.files = map[string]string{"steps/m/v.sh": script}
		m.install(b)
		m.write("etc/a.crt", full)
		says := func(what, said, note, tells string) {
			t.Helper()
			m.write("etc/said", said)
			const line = "certificate\tm/s\tm.hcl:9:1\tserved\t"
			alone := note
			if strings.HasPrefix(note, "another") {
				alone = ""
			}
			same(t, what, m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+line+"api\t10.0.0.11:6443\t"+note+"\t"+tells+
				line+"scheduler\t127.0.0.1:10259\t"+alone+"\t"+tells+"step\tm/s\tok\nend\tok\n")
		}
		says("whole, and of those that signed it", words("CN=other", "May  1 00:00:00 2031 GMT")+"Subject:CN = x\nCert:"+full+"Cert:"+plain, "", told[full])
		says("another", words("CN=other", "May  1 00:00:00 2031 GMT")+"Cert:"+plain, "another than /etc/a.crt", told[plain])
		inWords := func(ends string) string {
			return ends + "\t2026-02-03T04:05:06Z\t\tCN=the CA\tO=system:masters, CN=k??te ? \"x\"\t\n"
		}
		says("in words", words("O=system:masters; CN=käte \\ \"x\"", "Feb  3 04:05:06 2027 GMT"), "", inWords("2027-02-03T04:05:06Z"))
		says("another in words", words("O = system:masters; CN = käte \\ \"x\"", "Dec 31 23:59:59 2026 GMT"), "another than /etc/a.crt", inWords("2026-12-31T23:59:59Z"))
		says("nobody", "*   Trying 10.0.0.11:6443...\ncurl: (7) Failed to connect to 10.0.0.11 port 6443\n", "nothing is shown there: curl: (7) Failed to connect to 10.0.0.11 port 6443", "\n")
		says("what makes no sense", "*  expire date: tomorrow\n", "nothing is shown there", "\n")
		m.check(os.Remove(m.path("etc/a.crt")))
		says("its file is not there", words("CN=x", "x")+"Cert:"+full, "another than /etc/a.crt", told[full])
	})
}

// How many days are left is known of each form, to a minute; and whether what is shown is
// that of a file.
func TestCertificateDays(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Now()
	of := func(left time.Duration) string {
		return signed(t, &x509.Certificate{SerialNumber: big.NewInt(int64(left/time.Minute) + 1<<40), NotBefore: now.Add(-800 * day), NotAfter: now.Add(left), Subject: pkix.Name{CommonName: "x"}})
	}
	long, soon, gone, ago := of(3653*day+time.Hour), of(30*day-time.Minute), of(-time.Minute), of(-365*day-time.Hour)
	half := long[:len(long)/2] + "\n-----END CERTIFICATE-----\n"
	const script = `for file in /etc/long /etc/soon /etc/gone /etc/ago /etc/both /etc/conf /etc/said; do note "$(certificate_days "$file")"; done
certificate_shown "$(cat /etc/said)" /etc/soon || fail 'it is not shown'
if certificate_shown "$(cat /etc/said)" /etc/long; then fail 'another is shown'; fi
if certificate_shown 'curl: (7) no' /etc/long; then fail 'nothing is shown'; fi
days=$(certificate_days "$FILE") || exit 1
note "$days"
`
	eachMachine(t, func(t *testing.T, m *machine) {
		hasAwk(m)
		for name, text := range map[string]string{"long": long, "soon": soon, "gone": gone, "ago": ago, "both": long + soon, "half": half, "none": "\n",
			"conf": "    client-certificate-data: " + base64.StdEncoding.EncodeToString([]byte(soon)) + "\n",
			"said": "* Server certificate:\n*  expire date: " + now.Add(-time.Hour).UTC().Format("Jan _2 15:04:05 2006") + " GMT\nCert:" + soon} {
			m.write("etc/"+name, text)
		}
		for file, why := range map[string]string{"half": "/etc/half holds what is no certificate", "none": "there is no certificate in /etc/none", "absent": "cannot read /etc/absent"} {
			b := one(`verify 'days' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh" 'FILE=/etc/` + file + `'`)
			b.files = map[string]string{"steps/m/v.sh": script}
			m.install(b)
			var notes strings.Builder
			for _, days := range []string{"3653", "29", "-1", "-366", "29", "29", "29"} {
				notes.WriteString("note\tm/s\t" + days + "\n")
			}
			same(t, file, m.do("verify"), begin("verify")+"step\tm/s\tbegin\n"+notes.String()+"verify\tm/s\tfailed\tm.hcl:9:1\tdays: "+why+"\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n")
		}
	})
}

// The id of a public key is the digest of its DER, whatever key it is; what is none is no id.
func TestPublicKeyIDs(t *testing.T) {
	public := func(key any) (text, id string) {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(der)
		return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), base64.RawURLEncoding.EncodeToString(sum[:])
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	short, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	first, firstID := public(&long.PublicKey)
	second, secondID := public(&short.PublicKey)
	eachMachine(t, func(t *testing.T, m *machine) {
		hasAwk(m)
		m.write("etc/keys", first+"between\n"+second)
		for file, text := range map[string]string{"none": "\n", "bad": "-----BEGIN PUBLIC KEY-----\n%%\n-----END PUBLIC KEY-----\n", "empty": "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"} {
			m.write("etc/"+file, text)
		}
		for file, why := range map[string]string{"none": "there is no public key in /etc/none", "bad": "/etc/bad holds what is no public key", "empty": "/etc/empty holds what is no public key", "absent": "cannot read /etc/absent"} {
			b := one(`verify 'keys' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh" 'FILE=/etc/` + file + `'`)
			b.files = map[string]string{"steps/m/v.sh": `for id in $(public_key_ids /etc/keys); do note "$id"; done
ids=$(public_key_ids "$FILE") || exit 1
note "$ids"
`}
			m.install(b)
			same(t, file, m.do("verify"), begin("verify")+"step\tm/s\tbegin\nnote\tm/s\t"+firstID+"\nnote\tm/s\t"+secondID+"\nverify\tm/s\tfailed\tm.hcl:9:1\tkeys: "+why+"\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n")
		}
	})
}
