//go:build e2e

package clusters

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The profile on one host that is everything, from the start: audit, encryption and the
// rest of it are on, and what is changed later reaches the process.
func TestSecurity(t *testing.T) {
	w := newWorld(t, 1, 0, "nftables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	w.define(`hardening = "cis"`)
	w.on(0, "run")
	w.works("cp1")

	t.Run("callers without a name reach health checks alone", func(t *testing.T) {
		w.t = t
		for path, want := range map[string]string{"livez": "200", "readyz": "200", "version": "401", "api/v1/namespaces": "401"} {
			if got := w.sh("cp1", "curl --silent --insecure --output /dev/null --write-out '%{http_code}' https://api.real.example.com:6443/"+path); got != want {
				t.Errorf("/%s answers %s, not %s", path, got, want)
			}
		}
	})

	t.Run("pods and nodes are limited", func(t *testing.T) {
		w.t = t
		if out, err := w.try("cp1", "kubectl -n default run privileged --image registry.example.com/sprayc/pod:1 --privileged"); err == nil || !strings.Contains(err.Error(), "violates PodSecurity") {
			t.Errorf("a privileged pod: %s%v", out, err)
		}
		w.sh("cp1", `kubectl get nodes -o jsonpath='{range .items[*]}{.status.capacity.memory} {.status.allocatable.memory}{"\n"}{end}' | awk '{ if ($2 + 0 >= $1 + 0) exit 1 }'`)
	})

	t.Run("a secret is ciphertext in etcd, and not in the audit log", func(t *testing.T) {
		w.t = t
		w.sh("cp1", "kubectl -n default create secret generic before --from-literal=word=canary-before")
		w.encrypted("secretbox-1", "before")
		w.audited("cp1", `"verb":"create".*"resource":"secrets".*"name":"before"`)
		if n := w.sh("cp1", "grep -c -e canary-before -e Y2FuYXJ5LWJlZm9yZ /var/log/kubernetes/audit/audit.log || :"); n != "0\n" {
			t.Errorf("it stands in %s lines of the log", n)
		}
	})

	w.t = t
	w.sh("cp1", "kubectl -n kube-system rollout status deployment coredns --timeout=180s") // it starts while the run ends
	w.again()

	t.Run("a changed policy restarts the API server, and nothing else", func(t *testing.T) {
		w.t = t
		before := w.processes()["cp1"]
		w.define(`hardening = "cis"
  audit = { policy = { rules = [{ level = "Request", resources = [{ group = "", resources = ["configmaps"] }] }, { level = "None" }] } }`)
		w.on(2, "plan")
		w.on(0, "run")
		if diff := cmp.Diff([]string{"kube-apiserver"}, restartedWithoutLease(before, w.processes()["cp1"])); diff != "" {
			t.Errorf("what was restarted (-want +got):\n%s", diff)
		}
		w.sh("cp1", "kubectl -n default create configmap seen --from-literal=word=shown")
		w.audited("cp1", `"name":"seen".*"requestObject".*shown`)
	})

	t.Run("verify finds what is not as the profile has it", func(t *testing.T) {
		w.t = t
		w.sh("cp1", "chmod 644 /etc/kubernetes/pki/ca.crt")
		if out := w.on(1, "verify"); !strings.Contains(out, "/etc/kubernetes/pki/ca.crt (CIS 1.1.20, certificates are root's alone) is mode 644") {
			t.Errorf("verify says:\n%s", out)
		}
		w.on(0, "run")
		w.on(0, "verify")
		w.on(0, "plan")
	})
}

// Encryption is turned on in a cluster that has secrets, its key is changed, and it is
// taken back; what is encrypted is never left without its key.
func TestEncryption(t *testing.T) {
	w := newWorld(t, 1, 0, "nftables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	w.on(0, "run")
	w.works("cp1")
	w.sh("cp1", "kubectl -n default create secret generic before --from-literal=word=canary-before")

	t.Run("turned on, and what there is is written anew", func(t *testing.T) {
		w.t = t
		before := w.processes()["cp1"]
		w.define("encryption = {}")
		w.on(2, "plan")
		w.on(0, "run")
		if diff := cmp.Diff([]string{"kube-apiserver"}, restartedWithoutLease(before, w.processes()["cp1"])); diff != "" {
			t.Errorf("what was restarted (-want +got):\n%s", diff)
		}
		w.encrypted("secretbox-1", "before")
		w.again()
	})

	t.Run("another key takes the place of the first, and nothing is restarted", func(t *testing.T) {
		w.t = t
		before := w.processes()["cp1"]
		w.define("encryption = { provider = \"aesgcm\", generation = 2 }")
		w.on(0, "run")
		if diff := cmp.Diff([]string(nil), restarted(before, w.processes()["cp1"])); diff != "" {
			t.Errorf("what was restarted (-want +got):\n%s", diff)
		}
		w.encrypted("aesgcm-2", "before")
		if keys := w.sh("cp1", "awk '$1 == \"key\" { print $2 }' /etc/kubernetes/encryption/state"); keys != "aesgcm-2\n" {
			t.Errorf("the keys kept are %q", keys)
		}
		w.on(0, "verify")
	})

	t.Run("encryption is not taken away from what is encrypted", func(t *testing.T) {
		w.t = t
		w.define("")
		if out := w.on(1, "run"); !strings.Contains(out, `write encryption = { provider = "identity" } and run`) {
			t.Errorf("the run says:\n%s", out)
		}
		w.define("encryption = { provider = \"identity\" }")
		w.on(0, "run")
		if got := w.stored("before"); !strings.Contains(got, "canary-before") {
			t.Errorf("without encryption etcd has\n%q", got)
		}
		w.define("")
		w.on(0, "run")
		w.sh("cp1", "kubectl -n default get secret before")
	})
}

// No secret of three control planes shows. They have one key of what is encrypted, and
// change it together: what one API server writes each other can read, at any moment. What
// its files say reaches one after the other.
func TestSecretsOfThreeControlPlanes(t *testing.T) {
	w := newWorld(t, 3, 1, "nftables", "\nendpoint \"local\" {}\n")
	t.Run("no secret shows", w.unseen)
	w.t = t
	w.sh("cp1", "kubectl -n default create secret generic before --from-literal=word=canary-before")

	const audit = `
  audit = { policy = { rules = [{ level = "Request", resources = [{ group = "", resources = ["configmaps"] }] }, { level = "None" }] } }`
	for _, c := range []struct{ name, set, key, restarts string }{
		{"turned on", "encryption = {}", "secretbox-1", "kube-apiserver"},
		{"an audit policy", "encryption = {}" + audit, "secretbox-1", "kube-apiserver"},
		{"another key", "encryption = { generation = 2 }" + audit, "secretbox-2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.define(c.set)
			before := w.started()
			w.runWatched("cp1")
			var want []string
			if c.restarts != "" {
				want = on(c.restarts, servers)
			}
			got := slices.DeleteFunc(anew(before, w.started()), func(process string) bool { return c.restarts != "" && slices.Contains(leaders, process) })
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("what was restarted (-want +got):\n%s", diff)
			}
			w.encrypted(c.key, "before")
			w.oneKey(c.key)
			w.on(0, "verify")
		})
		w.t = t
	}
	w.sh("cp1", `for h in `+strings.Join(servers, " ")+`; do kubectl -n default --server "https://$(getent hosts $h | awk '{ print $1; exit }'):6443" create configmap seen-$h --from-literal=word=shown; done`)
	for _, host := range servers {
		w.audited(host, `"name":"seen-`+host+`".*"requestObject".*shown`)
	}
}

// oneKey: this is the only key of all control planes, the same on each, and each API server
// reads what is encrypted with it.
func (w *world) oneKey(name string) {
	w.t.Helper()
	all := w.sh("cp1", "cat /etc/kubernetes/encryption/state")
	for _, host := range servers {
		state := w.sh(host, "cat /etc/kubernetes/encryption/state")
		if state != all || strings.Count(state, "key ") != 1 || !strings.HasPrefix(state, "key "+name+" ") {
			w.t.Errorf("%s does not have %s alone, or another one than cp1", host, name)
		}
		word := w.sh(host, "kubectl -n default --server https://$(getent hosts "+host+" | awk '{ print $1; exit }'):6443 get secret before -o jsonpath='{.data.word}' | base64 -d")
		if word != "canary-before" {
			w.t.Errorf("the API server of %s says %q", host, word)
		}
	}
}

// stored is what etcd has of a secret, asked of etcd itself.
func (w *world) stored(name string) string {
	w.t.Helper()
	return w.sh("cp1", `kubectl -n kube-system exec etcd-cp1 -- etcdctl --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/server.crt --key /etc/kubernetes/pki/etcd/server.key get --print-value-only /registry/secrets/default/`+name)
}

// encrypted: etcd has these secrets with that key, the API answers them, and no canary is
// to be found.
func (w *world) encrypted(key string, names ...string) {
	w.t.Helper()
	provider, _, _ := strings.Cut(key, "-")
	for _, name := range names {
		got := w.stored(name)
		if !strings.HasPrefix(got, "k8s:enc:"+provider+":v1:"+key+":") || strings.Contains(got, "canary") {
			w.t.Errorf("etcd has of %s\n%q", name, got)
		}
		if got := w.sh("cp1", "kubectl -n default get secret "+name+" -o jsonpath='{.data.word}' | base64 -d"); got != "canary-"+name {
			w.t.Errorf("the API says of %s %q", name, got)
		}
	}
}

// audited waits for a line of a host's audit log.
func (w *world) audited(host, line string) {
	w.t.Helper()
	w.sh(host, "n=0; until grep -q '"+line+"' /var/log/kubernetes/audit/audit.log; do n=$((n + 1)); [ $n -lt 120 ] || exit 1; sleep 0.5; done")
}

// restarted are the names of the processes that are there after and were not before.
func restarted(before, after string) []string {
	var names []string
	for _, line := range strings.Split(strings.TrimSpace(after), "\n") {
		if name, _, _ := strings.Cut(line, " "); !strings.Contains(before, line+"\n") {
			names = append(names, name)
		}
	}
	return names
}

// restartedWithoutLease is what was restarted beside the controller manager and the
// scheduler, which end by themselves when their only API server is away for longer than
// their lease.
func restartedWithoutLease(before, after string) []string {
	return slices.DeleteFunc(restarted(before, after), func(name string) bool { return name == "kube-controller" || name == "kube-scheduler" })
}
