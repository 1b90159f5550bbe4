//go:build e2e

package clusters

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

// The key of service accounts and that of encryption are rotated under a pod that asks the API
// with its mounted token: first both keys are good, then the new one signs, and when its time
// has passed the old one leaves; a plain run changes nothing in between or afterwards.
func TestRotation(t *testing.T) {
	w := newWorldOf(t, fleet.Options{Debian: 2, Servers: 1}, "nftables", "")
	w.define("encryption = {}")
	w.on(0, "run")
	w.works("cp1", "w1")
	first := w.keys()
	if len(first) != 1 {
		t.Fatalf("the API server tells of %d keys", len(first))
	}
	old := w.token()
	if got := keyOf(t, old); got != first[0] {
		t.Errorf("a token is by %s, not by %s", got, first[0])
	}
	w.asks()
	w.sh("cp1", `kubectl create secret generic kept --from-literal a=b`)

	w.define("encryption = { generation = 2 }\n  service_account_key = { generation = 2, old_key_hours = 25 }")
	w.rotation("rotation")
	w.on(2, "plan", "rotation")
	processes := w.processes()
	ended := w.poll("cp1")
	t.Logf("rotation:\n%s", w.rotate(0))
	ended()
	both := w.keys()
	if len(both) != 2 || both[1] != first[0] || both[0] == first[0] {
		t.Fatalf("the API server tells of the keys %v, and had %v", both, first)
	}
	if got := keyOf(t, w.token()); got != both[0] {
		t.Errorf("a token is by %s, not by %s", got, both[0])
	}
	if !w.taken(old) {
		t.Error("a token of the key of before is refused")
	}
	w.asksOn()
	w.onlyServersAnew(processes)
	if got := w.sh("cp1", `awk '{ print $1, $2 }' /etc/kubernetes/encryption/state; ls -A /etc/kubernetes/service-account /etc/kubernetes/pki/.??* 2>/dev/null; stat -c '%a %n' /etc/kubernetes/pki/sa.*`); got != "key secretbox-2\norder secrets\n600 /etc/kubernetes/pki/sa.key\n600 /etc/kubernetes/pki/sa.pub\n" {
		t.Errorf("on cp1:\n%s", got)
	}
	if got := w.sh("cp1", `kubectl get secret kept -o 'jsonpath={.data.a}'`); got != "Yg==" {
		t.Errorf("the secret is %q", got)
	}

	processes = w.processes()
	if out := w.rotate(0); !strings.Contains(out, "are good for another 25 hours: run this again then") {
		t.Errorf("it is not said how long the old key stays:\n%s", out)
	}
	w.on(0, "plan")
	w.on(0, "run")
	w.startedAnew(processes)

	// Its time has passed, and a secret has a token of it.
	w.sh("cp1", `kubectl create serviceaccount ci && kubectl apply -f - <<'END'
{"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token", "metadata": {"name": "ci", "annotations": {"kubernetes.io/service-account.name": "ci"}}}
END
n=0; until kubectl get secret ci -o 'jsonpath={.data.token}' | grep -q .; do n=$((n + 1)); [ $n -lt 60 ]; sleep 1; done`)
	if got := keyOf(t, w.secretToken()); got != both[0] {
		t.Errorf("the token of a secret is by %s, not by %s: the controller manager has the key of before", got, both[0])
	}
	w.sh("cp1", fmt.Sprintf(`now=$(date +%%s) && kubectl annotate namespace kube-system --overwrite "sprayc/service-account-key=2 signs %s $((now - 90001))"
kubectl patch secret ci --type merge --patch '{"data": {"token": "%s"}}'`, both[0], base64.StdEncoding.EncodeToString([]byte(old))))
	if out := w.rotate(1); !strings.Contains(out, "default/ci") {
		t.Errorf("the secret is not named:\n%s", out)
	}
	w.startedAnew(processes)
	w.sh("cp1", `kubectl patch secret ci --type json --patch '[{"op":"remove","path":"/data/token"}]'
n=0; until kubectl get secret ci -o 'jsonpath={.data.token}' | grep -q .; do n=$((n + 1)); [ $n -lt 60 ]; sleep 1; done`)
	t.Logf("the old key leaves:\n%s", w.rotate(0))
	if diff := cmp.Diff(both[:1], w.keys()); diff != "" {
		t.Errorf("keys of the API server (-want +got):\n%s", diff)
	}
	if w.taken(old) {
		t.Error("a token of the key of before is not refused")
	}
	w.onlyServersAnew(processes)
	processes = w.processes()
	w.rotate(0)
	w.on(0, "run")
	w.startedAnew(processes)
	w.works("cp1", "w1")

	// The token of the pod is of the key that left; in a day its kubelet would have renewed it.
	w.sh("cp1", `kubectl delete pod asks --now && kubectl delete serviceaccount asks`)
	w.asks()

	// Broken off between the key and the restart of those who have read the one of before, it is
	// gone on with.
	w.define("encryption = { generation = 2 }\n  service_account_key = { generation = 3, old_key_hours = 25 }")
	w.rotation("rotation")
	killed := w.meanwhile("cp1", "until [ -e /etc/kubernetes/service-account/restart ]; do sleep 0.02; done; "+hostDies)
	w.rotate(1)
	killed()
	w.sh("cp1", `[ -e /etc/kubernetes/service-account/restart ]`)
	t.Logf("gone on with:\n%s", w.rotate(0))
	third := w.keys()
	if len(third) != 2 || third[1] != both[0] || keyOf(t, w.token()) != third[0] {
		t.Errorf("the API server has the keys %v, and had %v; a token is by %s", third, both[:1], keyOf(t, w.token()))
	}
	w.asksOn()
	processes = w.processes()
	w.rotate(0)
	w.startedAnew(processes)
	w.works("cp1", "w1")
}

// onlyServersAnew: the API server is another process than before, and but for the two others of
// the control plane, which end by themselves when it is away for long, no other is.
func (w *world) onlyServersAnew(before map[string]string) {
	w.t.Helper()
	left := regexp.MustCompile(`(?m)^kube-(apiserver|controller|scheduler) .*\n`)
	for host, now := range w.processes() {
		if diff := cmp.Diff(left.ReplaceAllString(before[host], ""), left.ReplaceAllString(now, "")); diff != "" {
			w.t.Errorf("processes of %s (-before +now):\n%s", host, diff)
		}
		if is := regexp.MustCompile(`(?m)^kube-apiserver .*\n`).FindString(now); is != "" && strings.Contains(before[host], is) {
			w.t.Errorf("the API server on %s is the same process", host)
		}
	}
}

// rotation builds the bundle for it.
func (w *world) rotation(out string) {
	w.t.Helper()
	w.must(0, "build", "--operation", "rotate-keys", "-o", out, "cluster.hcl", "hosts.hcl")
}

// rotate runs that bundle.
func (w *world) rotate(code int) string {
	w.t.Helper()
	return w.must(code, "certificates", "rotate-keys", "-F", w.fleet.SSHConfig(), "rotation")
}

// keys are the ids of those that the API server of cp1 tells, in their order.
func (w *world) keys() []string {
	w.t.Helper()
	var told struct {
		Keys []struct {
			ID string `json:"kid"`
		} `json:"keys"`
	}
	out := w.sh("cp1", `kubectl get --raw /openid/v1/jwks`)
	if err := json.Unmarshal([]byte(out), &told); err != nil {
		w.t.Fatalf("%v:\n%s", err, out)
	}
	var ids []string
	for _, key := range told.Keys {
		ids = append(ids, key.ID)
	}
	return ids
}

// token is one of the service account default, for an hour.
func (w *world) token() string {
	w.t.Helper()
	return strings.TrimSpace(w.sh("cp1", `kubectl create token default --duration 1h`))
}

// secretToken is that of the secret ci.
func (w *world) secretToken() string {
	w.t.Helper()
	return w.sh("cp1", `kubectl get secret ci -o 'jsonpath={.data.token}' | base64 -d`)
}

// keyOf is the id of the key by which a token is signed.
func keyOf(t *testing.T, token string) string {
	t.Helper()
	head, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		t.Fatal(err)
	}
	var says struct {
		ID string `json:"kid"`
	}
	if err := json.Unmarshal(text, &says); err != nil {
		t.Fatal(err)
	}
	return says.ID
}

// taken: the API server knows who has the token.
func (w *world) taken(token string) bool {
	w.t.Helper()
	out := w.sh("cp1", `kubectl create -o 'jsonpath={.status.authenticated}' -f - <<'END'
{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": "`+token+`"}}
END`)
	return out == "true"
}

// asks starts a pod on w1 with the token that a kubelet mounts.
func (w *world) asks() {
	w.t.Helper()
	w.sh("cp1", `kubectl create serviceaccount asks
kubectl apply -f - <<'END'
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "asks"}, "spec": {"nodeName": "w1", "serviceAccountName": "asks", "containers": [{"name": "asks", "image": "registry.example.com/sprayc/pod:1"}]}}
END
kubectl wait pod/asks --for=condition=Ready --timeout=120s`)
	w.asksOn()
}

// asksOn: the API server takes the token that is mounted in the pod.
func (w *world) asksOn() {
	w.t.Helper()
	token := strings.TrimSpace(w.sh("w1", `for file in /var/lib/kubelet/pods/*/volumes/kubernetes.io~projected/kube-api-access-*/token; do
case $(cut -d . -f 2 "$file" | tr '_-' '/+' | base64 -d 2>/dev/null) in *system:serviceaccount:default:asks*) cat "$file" ;; esac
done`))
	if token == "" || !w.taken(token) {
		w.t.Errorf("the mounted token is refused: %.20q", token)
	}
}
