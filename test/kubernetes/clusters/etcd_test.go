//go:build e2e

package clusters

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// etcdOnHosts is the rest of a definition with etcd on w1, w2 and w3.
const etcdOnHosts = `
etcd "hosts" {
  quota_backend_bytes = 1073741824
  events              = true
}

host "w1" { roles = ["etcd"] }
host "w2" { roles = ["etcd"] }
host "w3" { roles = ["etcd"] }
host "cp1" { roles = ["control_plane"] }
`

// One control plane, etcd on three other hosts, with a second cluster for events, and one
// worker.
func TestEtcdOnOtherHosts(t *testing.T) {
	members := []string{"w1", "w2", "w3"}
	w := newWorld(t, 1, 4, "nftables", etcdOnHosts)
	recorded := w.record("cp1", "w1", "w4")
	w.on(0, "run")
	arguments := recorded()
	w.works("cp1", "w4")
	w.serves("cp1", "w4")
	w.again()

	t.Run("the API server keeps its objects on those hosts, and nowhere else", func(t *testing.T) {
		w.t = t
		want := []string{"--etcd-cafile=/etc/etcd/client/ca.crt", "--etcd-certfile=/etc/etcd/client/client.crt", "--etcd-keyfile=/etc/etcd/client/client.key", "--etcd-servers-overrides=/events#https://10.77.0.12:2383;https://10.77.0.13:2383;https://10.77.0.14:2383", "--etcd-servers=https://10.77.0.12:2379,https://10.77.0.13:2379,https://10.77.0.14:2379"}
		var got []string
		for _, argument := range strings.Split(w.sh("cp1", "tr '\\0' '\\n' <\"/proc/$(pidof kube-apiserver)/cmdline\""), "\n") {
			if strings.HasPrefix(argument, "--etcd-") {
				got = append(got, argument)
			}
		}
		sort.Strings(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		w.sh("cp1", "! pidof etcd && [ ! -e /etc/kubernetes/manifests/etcd.yaml ] && [ ! -e /etc/kubernetes/pki/etcd ]")
		for _, host := range members {
			if got := w.sh(host, w.etcdctl("get /registry/pods/default/web-w4 --keys-only")); strings.TrimSpace(got) != "/registry/pods/default/web-w4" {
				t.Errorf("%s has %q", host, got)
			}
			if got := w.sh(host, w.etcdctl("get /registry/events/ --prefix --keys-only")); got != "" {
				t.Errorf("%s has events among all the rest: %q", host, got)
			}
			events := strings.Replace(w.etcdctl("get / --prefix --keys-only --limit 1"), ":2379", ":2383", 1)
			if got := w.sh(host, events); !strings.HasPrefix(got, "/registry/events/") {
				t.Errorf("%s has %q where events should be", host, got)
			}
			w.sh(host, "! pidof kubelet && [ ! -e /etc/kubernetes ]")
		}
	})

	t.Run("a changed quota reaches each process, one at a time, and the API answers", func(t *testing.T) {
		w.t = t
		apiserver := w.sh("cp1", "pidof kube-apiserver")
		answers := w.poll("cp1")
		w.text = strings.Replace(w.text, "1073741824", "1610612736", 1)
		w.define("")
		w.on(2, "plan")
		w.on(0, "run")
		answers()
		type span struct{ from, to int }
		var down []span
		for _, host := range members {
			if got := w.sh(host, "curl -sS http://127.0.0.1:2384/metrics | grep '^etcd_server_quota_backend_bytes '"); got != "etcd_server_quota_backend_bytes 1.610612736e+09\n" {
				t.Errorf("%s has %q for events", host, got)
			}
			if got := w.sh(host, "curl -sS http://127.0.0.1:2381/metrics | grep '^etcd_server_quota_backend_bytes '"); got != "etcd_server_quota_backend_bytes 1.610612736e+09\n" {
				t.Errorf("%s has %q", host, got)
			}
			var s span
			if _, err := fmt.Sscanf(w.sh(host, "systemctl show -p InactiveEnterTimestampMonotonic --value etcd; systemctl show -p ActiveEnterTimestampMonotonic --value etcd"), "%d\n%d", &s.from, &s.to); err != nil {
				t.Fatal(err)
			}
			down = append(down, s)
		}
		sort.Slice(down, func(i, j int) bool { return down[i].from < down[j].from })
		for i, s := range down {
			if s.from == 0 || s.from >= s.to || i > 0 && s.from <= down[i-1].to {
				t.Errorf("members were down at once, or never: %v", down)
			}
		}
		if got := w.sh("cp1", "pidof kube-apiserver"); got != apiserver {
			t.Errorf("the API server was restarted: %s, was %s", got, apiserver)
		}
		w.again()
	})

	t.Run("no member is restarted while another is down", func(t *testing.T) {
		w.t = t
		w.text = strings.Replace(w.text, "1610612736", "1879048192", 1)
		w.define("")
		w.sh("w2", "systemctl stop etcd")
		const pid = "systemctl show -p MainPID --value etcd"
		before := w.sh("w1", pid)
		want := "would leave no quorum while these are not healthy: https://10.77.0.13:2379"
		if out := w.on(1, "run", "--only", "w1"); !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
		if got := w.sh("w1", pid); got != before {
			t.Errorf("w1's etcd was restarted without a quorum: %s, was %s", got, before)
		}
		w.sh("cp1", "kubectl get --raw /readyz")
		w.on(0, "run")
		w.again()
	})

	t.Run("no key is in the bundle, a log, an argument, or anybody's reach", func(t *testing.T) {
		w.t = t
		var keys []string
		for _, path := range []string{"cp1:/etc/etcd/client/client.key", "w1:/etc/etcd/pki/ca.key", "w1:/etc/etcd/pki/client.key"} {
			host, file, _ := strings.Cut(path, ":")
			line := strings.Split(w.sh(host, "cat "+file), "\n")[1]
			if len(line) != 64 {
				t.Fatalf("%s is no key", path)
			}
			keys = append(keys, line, strings.TrimRight(w.sh(host, "openssl base64 -A -in "+file), "=\n"))
		}
		files := w.files("out", ".sprayc")
		files["arguments"] = arguments
		for name, text := range files {
			for _, key := range keys {
				if strings.Contains(text, key) {
					t.Errorf("%s has a key", name)
				}
			}
		}
		for _, host := range w.fleet.Names() {
			for _, key := range keys {
				if found := w.sh(host, "grep -rlF -e '"+key+"' /var/lib/sprayc /run/sprayc /var/log || :"); found != "" {
					t.Errorf("%s has a key in %s", host, found)
				}
			}
		}
		if got := w.sh("cp1", "find /etc/etcd/client -name '*.key' -printf '%f %U:%G %m\\n'"); got != "client.key 0:0 600\n" {
			t.Errorf("the client's key is %q", got)
		}
	})

	t.Run("two of its hosts are lost, and it goes on from the third", func(t *testing.T) {
		w.t = t
		w.sh("cp1", "kubectl create configmap kept")
		ca := w.sh("w1", "sha256sum /etc/etcd/pki/ca.crt")
		w.unplug("w2", "w3")
		w.waits("cp1", "! kubectl --request-timeout 3s get --raw /readyz >/dev/null 2>&1")
		w.change(map[string]string{"w2": gone, "w3": gone})
		w.must(0, "build", "--operation", "recover", "-o", "recover", "cluster.hcl", "hosts.hcl")
		w.on(2, "plan", "recover")
		t.Logf("%s", w.on(0, "recover", "recover", "--accept", "real"))
		w.sh("cp1", "kubectl get configmap kept && kubectl delete configmap kept")
		w.membersAre("w1", "w1")
		w.sh("w1", "ls -d /var/lib/etcd.kept-* /var/lib/etcd-events.kept-* && ! systemctl cat etcd etcd-events | grep FORCE")
		w.on(0, "run")
		w.on(0, "plan")

		w.replug("w2", "w3")
		w.on(0, "recover", "recover", "--accept", "real")
		w.sh("w2", "ls -d /var/lib/etcd.kept-* && ! pidof etcd")
		w.change(map[string]string{"w2": "", "w3": ""})
		w.on(0, "run")
		w.membersAre("w1", "w1 w2 w3")
		w.equal("the CA of etcd on w2", w.sh("w2", "sha256sum /etc/etcd/pki/ca.crt"), ca)
		w.works("cp1", "w4")
		w.again()
	})
}

// membersAre checks whom etcd and that for events have as their members.
func (w *world) membersAre(host, want string) {
	w.t.Helper()
	list := w.etcdctl("member list") + ` | awk -F ', ' '{ print $3 }' | sort | tr '\n' ' '`
	w.equal("members of etcd", strings.TrimSpace(w.sh(host, list)), want)
	w.equal("members of etcd for events", strings.TrimSpace(w.sh(host, strings.Replace(list, ":2379", ":2383", 1))), want)
}

// etcdctl is a command for a member's host.
func (w *world) etcdctl(args string) string {
	return "etcdctl --cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/client.crt --key=/etc/etcd/pki/client.key --endpoints=https://127.0.0.1:2379 " + args
}

// record notes the arguments of the processes of some hosts, again and again. The function
// that it returns ends that, and gives them all.
func (w *world) record(hosts ...string) func() string {
	w.t.Helper()
	for _, host := range hosts {
		w.sh(host, `setsid sh -c 'until [ -e /run/recorded ]; do cat /proc/[0-9]*/cmdline; sleep 0.1; done 2>/dev/null >/run/arguments' </dev/null >/dev/null 2>&1 &`)
	}
	return func() string {
		all := ""
		for _, host := range hosts {
			seen := w.sh(host, "touch /run/recorded; tr '\\0' '\\n' </run/arguments | sort -u")
			if !strings.Contains(seen, "run.sh") {
				w.t.Errorf("the arguments on %s do not have run.sh:\n%s", host, seen)
			}
			all += seen
		}
		return all
	}
}

// poll asks the API server again and again. The function that it returns ends that, and
// fails the test when the API did not answer in the end; it logs how often it did not.
func (w *world) poll(host string) func() {
	w.t.Helper()
	w.sh(host, `rm -f /run/polled; setsid sh -c 'until [ -e /run/polled ]; do kubectl --request-timeout=5s get --raw /api/v1/namespaces/default >/dev/null && printf "%s answered\n" "$(date +%s)" || printf "%s failed\n" "$(date +%s)"; done 2>/run/poll.errors >/run/polls' </dev/null >/dev/null 2>&1 &`)
	return func() {
		w.t.Helper()
		w.sh(host, "touch /run/polled")
		w.t.Logf("the API, polled: %s", w.sh(host, `awk '{ n[$2]++ } $2 == "answered" { if (last && $1 - last > gap) gap = $1 - last; last = $1 } END { printf "%d answers, %d failures, at most %d s between two answers", n["answered"], n["failed"], gap }' /run/polls`))
		w.sh(host, "kubectl get --raw /readyz")
	}
}

// files has the text of every file below folders of the definition's.
func (w *world) files(folders ...string) map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for _, folder := range folders {
		count := len(all)
		err := filepath.WalkDir(filepath.Join(w.folder, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			all[path] = string(text)
			return err
		})
		if err != nil || len(all) == count {
			w.t.Fatalf("%s has %d files: %v", folder, len(all)-count, err)
		}
	}
	return all
}
