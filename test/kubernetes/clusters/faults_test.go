//go:build e2e

package clusters

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostDies ends all that sprayc and kubeadm do on a host, as a loss of power does: what has
// been written stays.
const hostDies = `pkill -9 -f run[.]sh; pkill -9 kubeadm; :`

// linkDies ends the sessions of SSH.
const linkDies = `for p in /proc/[0-9]*; do case $(tr '\0' ' ' <$p/cmdline 2>/dev/null) in "sshd: root@"*) kill -9 "${p#/proc/}" ;; esac; done`

// when waits on a host until a run there has said so.
func when(said string) string {
	return "until grep -qs '" + said + "' /var/lib/sprayc/runs/*/events; do sleep 0.05; done; "
}

// founded makes the cluster, with all that may die in between dying once: in the middle of
// init and of a join the host, the link and the program. The cluster is one, of one CA.
func (w *world) founded(t *testing.T) {
	w.t = t
	ca := ""
	t.Run("a host dies in init", func(t *testing.T) {
		w.t = t
		killed := w.meanwhile("cp1", when("kubeadm init phase control-plane")+hostDies)
		w.on(1, "run")
		killed()
		ca = w.sh("cp1", "cat /etc/kubernetes/pki/ca.crt")
	})
	w.t = t
	t.Run("the link dies in init, and comes back; a host dies in a join", func(t *testing.T) {
		w.t = t
		cut := w.meanwhile("cp1", when("waits for the API server")+linkDies)
		killed := w.meanwhile("w1", "until pidof kubeadm >/dev/null && [ -e /var/lib/kubelet/config.yaml ]; do sleep 0.02; done; "+hostDies)
		w.on(1, "run")
		cut()
		killed()
	})
	w.t = t
	t.Run("the program dies in a join, and the host too", func(t *testing.T) {
		w.t = t
		if !strings.Contains(w.on(2, "plan"), "w1") {
			t.Fatal("nothing is left to do on w1")
		}
		cmd := exec.Command(w.sprayc, "run", "-F", w.fleet.SSHConfig())
		cmd.Dir = w.folder
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.sh("w1", "until pidof kubeadm >/dev/null; do sleep 0.02; done")
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		w.sh("w1", hostDies)
	})
	w.t = t
	t.Run("the next run completes it", func(t *testing.T) {
		w.t = t
		w.on(0, "run")
		for _, host := range w.fleet.Names() {
			if got := w.sh(host, "cat /etc/kubernetes/pki/ca.crt"); ca != "" && got != ca {
				t.Errorf("%s has another CA", host)
			}
		}
	})
	w.t = t
}

// meanwhile runs a script on a host, whose end the result waits for. The script may end its
// own connection.
func (w *world) meanwhile(host, script string) (wait func()) {
	done := make(chan error, 1)
	go func() {
		_, err := w.try(host, script)
		done <- err
	}()
	return func() {
		w.t.Helper()
		if err := <-done; err != nil && !strings.Contains(err.Error(), "exit status 255") {
			w.t.Error(err)
		}
	}
}

// silent keeps all but SSH from a host and of it, and lets it again.
const (
	silent = `for chain in INPUT OUTPUT; do iptables -I $chain -s 10.77.0.0/24 -j DROP; iptables -I $chain -d 10.77.0.0/24 -j DROP; done
iptables -I INPUT -p tcp --dport 22 -j ACCEPT; iptables -I OUTPUT -p tcp --sport 22 -j ACCEPT; for chain in INPUT OUTPUT; do iptables -I $chain -i lo -j ACCEPT 2>/dev/null || iptables -I $chain -o lo -j ACCEPT; done`
	heard = `iptables -D INPUT -p tcp --dport 22 -j ACCEPT; iptables -D OUTPUT -p tcp --sport 22 -j ACCEPT
iptables -D INPUT -i lo -j ACCEPT; iptables -D OUTPUT -o lo -j ACCEPT
for chain in INPUT OUTPUT; do iptables -D $chain -s 10.77.0.0/24 -j DROP; iptables -D $chain -d 10.77.0.0/24 -j DROP; done`
	// halted is a control plane whose processes are gone, and whose host answers.
	halted  = `systemctl stop kubelet containerd; pkill -9 containerd-shim; pkill -9 kube-apiserver; pkill -9 etcd; pkill -9 kube-controller; pkill -9 kube-scheduler; :`
	resumed = `systemctl start containerd kubelet`
)

// without takes each control plane away, the first included: by turns its processes end, or
// the host falls silent. Workers and kubectl go on through the endpoint.
func (w *world) without(t *testing.T) {
	for i, gone := range servers {
		others := slices.DeleteFunc(slices.Clone(servers), func(name string) bool { return name == gone })
		for _, how := range []struct{ name, end, begin string }{{"halted", halted, resumed}, {"silent", silent, heard}}[i%2 : i%2+1] {
			t.Run(gone+" is "+how.name, func(t *testing.T) {
				w.t = t
				o := w.watch("w1")
				w.sh(gone, how.end)
				// A kubelet renews its lease every ten seconds: three of them.
				for range 3 {
					for _, worker := range []string{"w1", "w2"} {
						w.renewed(others[0], worker)
					}
				}
				for _, host := range others {
					w.sh(host, "kubectl --request-timeout 20s get --raw /readyz >/dev/null")
				}
				w.sh(others[0], fmt.Sprintf(`kubectl --request-timeout 30s create configmap without-%[1]s --from-literal a=b && kubectl --request-timeout 30s delete configmap without-%[1]s`, gone))
				w.sh(others[1], "kubectl get node w1 w2 --output 'jsonpath={.items[*].status.conditions[?(@.type==\"Ready\")].status}' | grep -qx 'True True'")
				if how.name == "silent" {
					w.keepsQuorum(others[1])
				}
				if out := w.on(1, "status"); !strings.Contains(out, "bad   etcd member of "+gone+": it does not answer its clients at ") {
					t.Errorf("the others do not tell of %s:\n%s", gone, out)
				}
				gap, _ := o.end()
				t.Logf("the longest time without an answer of the API: %v", gap)
				if gap > 10*time.Second {
					t.Logf("no answers:\n%s\nw1's balancer:\n%s", strings.Join(o.refused, "\n"), w.sh("w1", "journalctl --no-pager --unit sprayc-endpoint --lines 30"))
					for _, host := range others {
						t.Logf("%s:\n%s", host, w.sh(host, `grep -hE 'leader|election|term' /var/log/pods/kube-system_etcd-*/etcd/*.log | grep -v 'took too long' | tail -n 20 | cut -c 1-400
tail -n 60 /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/*.log | cut -c 1-300`))
					}
				}
				w.sh(gone, how.begin)
				w.sh(gone, "n=0; until curl --silent --insecure --fail --max-time 5 --output /dev/null https://127.0.0.1:6443/readyz; do n=$((n + 1)); [ $n -lt 180 ] || exit 1; sleep 1; done")
				// What etcd's members have written to one that was silent is sent again after
				// up to twice the silence, by TCP: one more lost before that is a second fault.
				for _, host := range others {
					w.sh(host, "n=0; until [ -z \"$(ss -Htn dst "+w.address(gone)+" | awk '$3 > 0')\" ]; do n=$((n + 1)); [ $n -lt 180 ] || exit 1; sleep 1; done")
				}
			})
			w.t = t
		}
	}
	// A node that was away becomes Ready by itself.
	w.sh("cp1", "kubectl wait --for=condition=Ready node --all --timeout=180s")
	w.on(0, "run")
	w.on(0, "plan")
}

// keepsQuorum: while another member is away, a member of etcd is not restarted.
func (w *world) keepsQuorum(host string) {
	w.t.Helper()
	args, before := w.parts["etcd"], w.started()[host+" etcd"]
	w.change(map[string]string{"etcd": strings.TrimPrefix(args+", ", ", ") + `"snapshot-count" = "20000"`})
	if out := w.on(1, "run", "--only", host); !strings.Contains(out, "etcd would have no quorum without this host's member") {
		w.t.Errorf("the run says:\n%s", out)
	}
	if w.started()[host+" etcd"] != before {
		w.t.Errorf("etcd of %s was restarted", host)
	}
	w.change(map[string]string{"etcd": args})
}

// renewed waits until a node has renewed its lease once more.
func (w *world) renewed(server, node string) {
	w.t.Helper()
	lease := fmt.Sprintf("kubectl --request-timeout 20s --namespace kube-node-lease get lease %s --output 'jsonpath={.spec.renewTime}'", node)
	first := w.sh(server, "n=0; until "+lease+"; do n=$((n + 1)); [ $n -lt 10 ] || exit 1; sleep 1; done")
	for until := time.Now().Add(90 * time.Second); ; time.Sleep(time.Second) {
		if got, err := w.try(server, lease); err == nil && got != first {
			return
		}
		if time.Now().After(until) {
			w.t.Fatalf("%s does not renew its lease", node)
		}
	}
}
