//go:build e2e

package clusters

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const siteURL = "https://10.77.0.11:9443"

// site starts, on cp1, what the API server asks others; it returns who signs for the issuers.
func (w *world) site(o *office, ca *signer) *signer {
	w.t.Helper()
	o.sign("webhooks", ca, pkix.Name{CommonName: "webhooks"}, "10.77.0.11")
	o.sign("api-server", ca, pkix.Name{CommonName: "api-server"})
	issuer := o.sign("issuer", ca, pkix.Name{CommonName: "issuer"})
	w.place("/usr/local/bin/webhooks", w.compile("../webhooks", "."))
	for path, name := range map[string]string{"/srv/webhooks/tls.crt": "webhooks.crt", "/srv/webhooks/tls.key": "webhooks.key", "/srv/webhooks/ca.crt": "site.crt", "/etc/site/api-server.crt": "api-server.crt", "/etc/site/api-server.key": "api-server.key"} {
		w.place(path, []byte(o.read(name)))
	}
	w.place("/srv/webhooks/tokens.json", []byte(`{"token-of-ann": {"username": "hook:ann", "uid": "9", "groups": ["hooked"]}, "token-of-kai": {"username": "hook:kai"}}`))
	point, err := issuer.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		w.t.Fatal(err)
	}
	key := map[string]string{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1", "x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:])}
	text, err := json.Marshal(map[string]any{"keys": []any{key}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.place("/srv/webhooks/keys.json", text)
	w.sh("cp1", "systemd-run --unit webhooks /usr/local/bin/webhooks 10.77.0.11:9443 /srv/webhooks && n=0; until curl --silent --fail --output /dev/null --cacert /srv/webhooks/ca.crt "+siteURL+"/issuers/a/keys; do n=$((n + 1)); [ $n -lt 100 ] || exit 1; sleep 0.2; done")
	return issuer
}

// compile builds a program for hosts in a folder, as go build names it.
func (w *world) compile(folder, what string) []byte {
	w.t.Helper()
	program := filepath.Join(w.t.TempDir(), "program")
	build := exec.Command("go", "build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o", program, what)
	build.Dir, build.Env = folder, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(program)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// place writes a file on cp1, as root's alone.
func (w *world) place(path string, text []byte) {
	w.t.Helper()
	cmd := exec.Command("ssh", "-F", w.fleet.SSHConfig(), "cp1", "umask 077; mkdir -p "+filepath.Dir(path)+" && cat >"+path+" && chmod 700 "+path)
	cmd.Stdin = bytes.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", path, err, out)
	}
}

// as runs kubectl with a token and nothing else.
func (w *world) as(token, args string) (string, error) {
	return w.try("cp1", "kubectl --kubeconfig /dev/null --server https://10.77.0.11:6443 --certificate-authority /etc/kubernetes/pki/ca.crt --token '"+token+"' "+args)
}

// is waits until the API server takes the token, as it asks an issuer for its keys when it
// has begun to serve; it must then name this user, its uid and its groups.
func (w *world) is(token, want string) {
	w.t.Helper()
	const who = `auth whoami -o jsonpath='{.status.userInfo.username} {.status.userInfo.uid} {.status.userInfo.groups}'`
	got, err := w.as(token, who)
	for tries := 0; err != nil && tries < 40; tries++ {
		time.Sleep(500 * time.Millisecond)
		got, err = w.as(token, who)
	}
	if err != nil || got != want {
		w.t.Errorf("the token of %s is that of %q: %v", want, got, err)
	}
}

func (w *world) isNobody(what, token string) {
	w.t.Helper()
	if got, err := w.as(token, "auth whoami"); err == nil || !strings.Contains(err.Error(), "(Unauthorized)") {
		w.t.Errorf("%s is taken for\n%s%v", what, got, err)
	}
}

// jwt is a token with these claims, good for half an hour unless they say another time.
func (o *office) jwt(by *signer, claims map[string]any) string {
	o.t.Helper()
	now := time.Now()
	all := with(with(claims, "iat", now.Unix()), "exp", now.Add(30*time.Minute).Unix())
	for name, value := range claims {
		all[name] = value
	}
	text, err := json.Marshal(all)
	if err != nil {
		o.t.Fatal(err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"1"}`)) + "." + base64.RawURLEncoding.EncodeToString(text)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, by.key, sum[:])
	if err != nil {
		o.t.Fatal(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
}

// with is a copy of the claims in which one is another.
func with(claims map[string]any, name string, value any) map[string]any {
	all := map[string]any{name: value}
	for other, value := range claims {
		if other != name {
			all[other] = value
		}
	}
	return all
}
