package lib_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"testing"
	"time"
)

// Two authorities of one name are told apart by the key that a certificate names as its
// issuer's; an id is the digest of a certificate's DER, and what is none has none.
func TestCertificatesByAuthority(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(template, parent *x509.Certificate) (text, id string) {
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(der)
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), hex.EncodeToString(sum[:])
	}
	authority := func(id string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), Subject: pkix.Name{CommonName: "kubernetes"},
			IsCA: true, BasicConstraintsValid: true, SubjectKeyId: []byte(id)}
	}
	first, firstID := issue(authority("first"), authority("first"))
	second, secondID := issue(authority("second"), authority("second"))
	nameless, _ := issue(&x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}, &x509.Certificate{})
	leaf, _ := issue(&x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"a"}}, authority("first"))
	const script = `for id in $(certificate_ids /etc/both); do note "$id"; done
for file in /etc/leaf /etc/conf; do
	certificate_by "$file" /etc/both || fail "$file is by the first"
	if certificate_by "$file" /etc/second; then fail "$file is not by the second"; fi
done
if certificate_by /etc/leaf /etc/nameless; then fail 'an authority without a key is nobody'; fi
if certificate_by /etc/nameless /etc/nameless; then fail 'nobody is by nobody'; fi
ids=$(certificate_ids "$FILE") || exit 1
note "$ids"
`
	eachMachine(t, func(t *testing.T, m *machine) {
		hasAwk(m)
		for name, text := range map[string]string{"both": first + "between\n" + second, "second": second + first, "leaf": leaf + first, "nameless": nameless,
			"conf": "    client-certificate-data: " + base64.StdEncoding.EncodeToString([]byte(leaf)) + "\n",
			"none": "\n", "bad": "-----BEGIN CERTIFICATE-----\n%%\n-----END CERTIFICATE-----\n"} {
			m.write("etc/"+name, text)
		}
		for file, why := range map[string]string{"none": "there is no certificate in /etc/none", "bad": "/etc/bad holds what is no certificate", "absent": "cannot read /etc/absent"} {
			b := one(`verify 'ids' 'm.hcl:9:1' "$SPRAY_STEPS/m/v.sh" 'FILE=/etc/` + file + `'`)
			b.files = map[string]string{"steps/m/v.sh": script}
			m.install(b)
			same(t, file, m.do("verify"), begin("verify")+"step\tm/s\tbegin\nnote\tm/s\t"+firstID+"\nnote\tm/s\t"+secondID+"\nverify\tm/s\tfailed\tm.hcl:9:1\tids: "+why+"\nstep\tm/s\tfailed\nend\tfailed\nexit 1\n")
		}
	})
}
