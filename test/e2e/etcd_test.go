//go:build e2e && kubernetes

package e2e

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/sprayc/sprayc/test/hosts/fleet"
)

const etcdCluster = `
cluster "etcd" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "api.e2e.example.com:6443"
}

catalog "./versions.hcl" {}

runtime "none" {}

etcd "hosts" {
  quota_backend_bytes = 1073741824
  snapshot_count      = 5000
}
`

// etcdMembers are the hosts of the role etcd; cp1 is a control plane beside them.
var etcdMembers = []string{"w1", "w2", "w3"}

// newEtcdWorld is one control plane and three hosts for etcd, all of them bare.
func newEtcdWorld(t *testing.T) *world {
	t.Helper()
	w := startWorld(t, fleet.Options{Debian: 4, More: []artifacts.Want{{Name: "etcd"}}})
	hosts := strings.NewReplacer(`["control_plane", "etcd"]`, `["control_plane"]`, `["worker"]`, `["etcd"]`).Replace(w.fleet.HCL())
	w.write("hosts.hcl", hosts)
	w.write("cluster.hcl", etcdCluster)
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
	return w
}

// runs runs the bundle, with logs.
func (w *world) runs(code int, args ...string) string {
	w.t.Helper()
	return w.must(code, append([]string{"run", "-F", w.fleet.SSHConfig(), "--logs", "logs"}, args...)...)
}

// killAt kills the run, and etcd with it, on a host when it has begun a step and a
// condition holds. The function that it returns waits until that has happened.
func (w *world) killAt(host, step, condition string) func() {
	w.t.Helper()
	session, err := w.ssh(host).NewSession()
	if err != nil {
		w.t.Fatal(err)
	}
	killed := make(chan string, 1)
	go func() {
		out, err := session.CombinedOutput("until grep -qs '^step[[:space:]]" + step + "[[:space:]]begin' /var/lib/sprayc/runs/*/events; do sleep 0.02; done; until " + condition + "; do :; done; pkill -9 -f run[.]sh; pkill -9 -x etcd; rm -f /var/lib/sprayc/runs/*/events")
		if err != nil {
			killed <- err.Error() + string(out)
			return
		}
		killed <- ""
	}()
	return func() {
		w.t.Helper()
		if said := <-killed; said != "" {
			w.t.Fatal(said)
		}
	}
}

// etcdctl runs etcdctl on a member, through that member alone.
func (w *world) etcdctl(host, args string) string {
	w.t.Helper()
	return w.sh(host, fmt.Sprintf("etcdctl --endpoints=https://%s:2379 --cacert=/etc/etcd/pki/ca.crt --cert=/etc/etcd/pki/client.crt --key=/etc/etcd/pki/client.key %s", w.address(host), args))
}

// members is the list that a member gives, without the ids.
func (w *world) members(host string) []string {
	w.t.Helper()
	var list []string
	for _, line := range strings.Split(strings.TrimSpace(w.etcdctl(host, "member list")), "\n") {
		_, rest, _ := strings.Cut(line, ", ")
		list = append(list, rest)
	}
	sort.Strings(list)
	return list
}

// memberID is the id of a member, as it gives it itself.
func (w *world) memberID(host string) string {
	w.t.Helper()
	return strings.Split(w.etcdctl(host, "endpoint status"), ", ")[1]
}

// etcd on three bare hosts, killed while it is made, with a control plane that
// reaches it.
func TestEtcdHosts(t *testing.T) {
	w := newEtcdWorld(t)

	t.Run("killed while it is founded and joined, then whole", func(t *testing.T) {
		w.t = t
		// Its write-ahead log has no entries then: this etcd would never have a leader.
		killed := w.killAt("w1", "etcd-hosts/found", "[ -d /var/lib/etcd/member/wal ]")
		w.runs(1)
		killed()
		t.Logf("entries in the write-ahead log of w1: %s", w.sh("w1", "grep -c 10.77 /var/lib/etcd/member/wal/*.wal || :"))
		killed = w.killAt("w2", "etcd-hosts/member", "pgrep -x etcd >/dev/null")
		w.runs(1, "--only", "w1,w2") // w3 would wait for w2, a learner that does not come
		killed()
		w.runs(0)
	})

	t.Run("each member takes and gives, and has the same members", func(t *testing.T) {
		w.t = t
		var want []string
		for _, host := range etcdMembers {
			want = append(want, fmt.Sprintf("started, %s, https://%s:2380, https://%[2]s:2379, false", host, w.address(host)))
		}
		for _, host := range etcdMembers {
			if diff := cmp.Diff(want, w.members(host)); diff != "" {
				t.Errorf("the members, as %s has them (-want +got):\n%s", host, diff)
			}
			w.etcdctl(host, "put through-"+host+" yes")
		}
		for _, host := range etcdMembers {
			if got := w.etcdctl(host, "get --prefix through- --keys-only=false"); got != "through-w1\nyes\nthrough-w2\nyes\nthrough-w3\nyes\n" {
				t.Errorf("%s gives %q", host, got)
			}
			if got := w.sh("cp1", "cd /etc/etcd/client && curl -sS --cacert ca.crt --cert client.crt --key client.key https://"+w.address(host)+":2379/health"); !strings.HasPrefix(got, `{"health":"true"`) {
				t.Errorf("%s tells cp1 %q", host, got)
			}
			w.sh("cp1", "! curl -sS --cacert /etc/etcd/client/ca.crt https://"+w.address(host)+":2379/health")
		}
	})

	t.Run("a second run changes nothing", func(t *testing.T) {
		w.t = t
		state := func(host string) []string {
			return strings.Split(w.sh(host, `find /etc /usr/local -xdev ! -type d -printf '%p %M %U:%G %s %T@ %l\n' | sort; pidof etcd || :`), "\n")
		}
		before := map[string][]string{}
		w.each(func(host string) { before[host] = state(host) })
		if out := w.runs(0); !strings.Contains(out, "4 hosts: 4 ok") {
			t.Errorf("the second run says:\n%s", out)
		}
		w.each(func(host string) {
			if diff := cmp.Diff(before[host], state(host)); diff != "" {
				t.Errorf("the second run changed %s (-before +after):\n%s", host, diff)
			}
		})
		w.on(0, "plan")
		w.on(0, "verify")
	})

	t.Run("a changed quota reaches each process, one at a time", func(t *testing.T) {
		w.t = t
		w.write("cluster.hcl", strings.Replace(etcdCluster, "1073741824", "1610612736", 1))
		w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
		w.runs(0)
		type span struct{ from, to int }
		var down []span
		for _, host := range etcdMembers {
			if got := w.sh(host, "curl -sS http://127.0.0.1:2381/metrics | grep '^etcd_server_quota_backend_bytes '"); got != "etcd_server_quota_backend_bytes 1.610612736e+09\n" {
				t.Errorf("%s has %q", host, got)
			}
			var s span
			if _, err := fmt.Sscanf(w.sh(host, "systemctl show -p ActiveExitTimestampMonotonic -p ActiveEnterTimestampMonotonic --value etcd"), "%d\n%d", &s.to, &s.from); err != nil {
				t.Fatal(err)
			}
			if s.from > s.to {
				s.from, s.to = s.to, s.from
			}
			down = append(down, s)
		}
		sort.Slice(down, func(i, j int) bool { return down[i].from < down[j].from })
		for i := 1; i < len(down); i++ {
			if down[i-1].from == 0 || down[i].from <= down[i-1].to {
				t.Errorf("members were down at once: %v", down)
			}
		}
		w.on(0, "plan")
	})

	t.Run("no member is restarted while another is down", func(t *testing.T) {
		w.t = t
		w.write("cluster.hcl", strings.Replace(etcdCluster, "1073741824", "1879048192", 1))
		w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
		w.sh("w2", "systemctl stop etcd")
		pid := w.sh("w1", "pidof etcd")
		if out, want := w.runs(1, "--only", "w1"), "would leave no quorum while these are not healthy: https://"+w.address("w2")+":2379"; !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
		if got := w.sh("w1", "pidof etcd"); got != pid {
			t.Errorf("w1's etcd was restarted without a quorum: %s, not %s", got, pid)
		}
		w.runs(0)
		for _, host := range etcdMembers {
			if got := w.sh(host, "curl -sS http://127.0.0.1:2381/metrics | grep '^etcd_server_quota_backend_bytes '"); got != "etcd_server_quota_backend_bytes 1.879048192e+09\n" {
				t.Errorf("%s has %q", host, got)
			}
		}
	})

	t.Run("a member that has lost all joins anew, under another id", func(t *testing.T) {
		w.t = t
		before, id := w.members("w1"), w.memberID("w3")
		w.sh("w3", "systemctl stop etcd && rm -rf /var/lib/etcd/member && ! systemctl start etcd")
		if got := w.members("w1"); !cmp.Equal(before, got) {
			t.Errorf("w3 without its data is still a member until it is replaced; they are %q", got)
		}
		w.sh("w3", "rm -rf /etc/etcd/pki")
		w.runs(0)
		for _, host := range etcdMembers {
			if diff := cmp.Diff(before, w.members(host)); diff != "" {
				t.Errorf("the members, as %s has them (-before +after):\n%s", host, diff)
			}
		}
		if w.memberID("w3") == id {
			t.Errorf("w3 has no data and is still member %s", id)
		}
		if got := w.etcdctl("w3", "get through-w2 --print-value-only"); got != "yes\n" {
			t.Errorf("w3 gives %q", got)
		}
		w.on(0, "plan")
	})

	t.Run("a stopped member for events is started, though another host has the turn", func(t *testing.T) {
		w.t = t
		events := strings.Replace(strings.Replace(etcdCluster, "1073741824", "1879048192", 1), "etcd \"hosts\" {", "etcd \"hosts\" {\n  events = true", 1)
		w.write("cluster.hcl", events)
		w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
		w.runs(0)
		w.write("cluster.hcl", strings.Replace(events, "5000", "6000", 1)) // of both clusters
		w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
		w.sh("w3", "systemctl stop etcd-events")
		w.runs(0)
		for _, host := range etcdMembers {
			for _, unit := range []string{"etcd", "etcd-events"} {
				if got := w.sh(host, "tr '\\0' '\\n' </proc/$(systemctl show -p MainPID --value "+unit+")/environ | grep SNAPSHOT"); got != "ETCD_SNAPSHOT_COUNT=6000\n" {
					t.Errorf("%s of %s has %q", unit, host, got)
				}
			}
		}
		w.on(0, "plan")
	})

	t.Run("no key is in the bundle, a log, or anybody's reach", func(t *testing.T) {
		w.t = t
		var keys []string
		for _, path := range []string{"w1:/etc/etcd/pki/ca.key", "w1:/etc/etcd/pki/server.key", "w2:/etc/etcd/pki/peer.key", "w3:/etc/etcd/pki/client.key", "cp1:/etc/etcd/client/client.key"} {
			host, file, _ := strings.Cut(path, ":")
			lines := strings.Split(w.sh(host, "cat "+file), "\n")
			keys = append(keys, lines[1], strings.TrimRight(w.sh(host, "openssl base64 -A -in "+file), "=\n"))
			if len(lines[1]) != 64 {
				t.Fatalf("%s is no key: %q", path, lines)
			}
		}
		for _, folder := range []string{"out", "logs"} {
			w.walk(folder, func(path, text string) {
				for _, key := range keys {
					if strings.Contains(text, key) {
						t.Errorf("%s has a key", path)
					}
				}
			})
		}
		w.each(func(host string) {
			for _, key := range keys {
				if found := w.sh(host, "grep -rlF -e '"+key+"' /var/lib/sprayc /run/sprayc /var/log || :"); found != "" {
					t.Errorf("%s has a key in %s", host, found)
				}
			}
			if got := w.sh(host, "find /etc/etcd -name '*.key' -perm /027 ! -group etcd; find /etc/etcd -name '*.key' -perm /007; find /etc/etcd -name '.*' -type f"); got != "" {
				t.Errorf("%s: others can read, or there is left: %s", host, got)
			}
		})
	})
}
