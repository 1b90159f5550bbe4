package stdlib_test

import (
	"os"
	"strings"
	"testing"
)

// What a control plane's API server says of nodes is told node by node; where none answers
// nothing is.
func TestStatusOfNodes(t *testing.T) {
	nodes := func(name, said, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/status-nodes.sh", want: want, env: map[string]string{"SERVER": "10.0.0.11:6443", "VERSION": "v1.36.4"},
			files: map[string]string{"/etc/kubernetes/admin.conf": "x\n", "/run/said": said}, stubs: map[string]string{"curl": ":", "kubectl": `cat "$ROOT_OF_TEST/run/said"`}}
	}
	const describe, since = "; kubectl describe node says why; there look at: journalctl -u kubelet.service", "|2026-11-22T02:00:00Z|"
	const well = "MemoryPressure=False DiskPressure=False Ready=True " + since + "kubelet is posting ready status"
	none := nodes("no API server", "", "blocked the API server: it does not answer")
	none.stubs["curl"] = "return 7"
	silent := nodes("it does not say", "", "fail the API server at 10.0.0.11:6443 does not say which nodes there are")
	silent.stubs["kubectl"] = "return 1"
	not := nodes("no control plane yet", "", "blocked file /etc/kubernetes/admin.conf: this host is no control plane yet")
	delete(not.files, "/etc/kubernetes/admin.conf")
	runCases(t, []scriptCase{
		nodes("well", "cp1|v1.36.4|||"+well+"\nw1|v1.36.4|||"+well+"\n", "status ok cp1: Ready, v1.36.4\nstatus ok w1: Ready, v1.36.4"),
		nodes("not ready", "w1|v1.36.4|||MemoryPressure=Unknown Ready=Unknown "+since+"Kubelet stopped posting node status.\n",
			"status bad w1: NotReady since 2026-11-22T02:00:00Z (Kubelet stopped posting node status.), v1.36.4"+describe),
		nodes("several lines", "w1|v1.36.4|||Ready=False "+since+"runtime: one\ntwo|three\n", "status bad w1: NotReady since 2026-11-22T02:00:00Z (runtime: one), v1.36.4"+describe),
		nodes("pressure", "w1|v1.36.4|||DiskPressure=True PIDPressure=True Ready=True "+since+"\n", "status bad w1: Ready, v1.36.4, DiskPressure, PIDPressure; kubectl describe node says why"),
		nodes("cordoned by a run", "w1|v1.36.4|true|20261122T020000-1|"+well+"\n", "status warn w1: Ready, v1.36.4, cordoned by sprayc's run 20261122T020000-1; a run of the same kind that ends well lets it take pods again"),
		nodes("cordoned by somebody", "w1|v1.36.4|true||"+well+"\n", "status warn w1: Ready, v1.36.4, cordoned by somebody else; when it may take pods again: kubectl uncordon"),
		nodes("another version", "w1|v1.35.8|||"+well+"\n", "status warn w1: Ready, v1.35.8, not v1.36.4; sprayc build --operation upgrade, then sprayc upgrade"),
		nodes("none", "", "fail the API server at 10.0.0.11:6443 has no nodes"),
		none, silent, not,
	})
}

// A kubelet that does not run, is not well or has no node is told of.
func TestStatusOfTheKubelet(t *testing.T) {
	kubelet := func(name, state, health, node, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/status-kubelet.sh", want: want, env: map[string]string{"NAME": "w1", "HEALTH": "127.0.0.1:10248"},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "    server: https://api:6443\n", "/run/health": health, "/run/node": node, "/run/state": state},
			stubs: map[string]string{"systemctl": `cat "$ROOT_OF_TEST/run/state"`, "kubectl": `cat "$ROOT_OF_TEST/run/node"`,
				"curl": `case "$*" in *"http://127.0.0.1:10248/healthz") [ -s "$ROOT_OF_TEST/run/health" ] && cat "$ROOT_OF_TEST/run/health" ;; *'https://api:6443/readyz') [ -s "$ROOT_OF_TEST/run/node" ] ;; *) echo "$*"; return 9 ;; esac`}}
	}
	none := kubelet("in no cluster", "active", "ok", "", "status bad w1: this host is in no cluster; sprayc run brings it in")
	delete(none.files, "/etc/kubernetes/kubelet.conf")
	own := kubelet("without its health", "active", "", "node/w1", "status ok w1: active")
	own.env["HEALTH"] = ""
	const look = "; there look at: journalctl -u kubelet.service"
	runCases(t, []scriptCase{
		kubelet("well", "active", "ok", "node/w1", "status ok w1: active"),
		kubelet("stopped", "inactive", "ok", "node/w1", "status bad w1: kubelet.service is inactive; there: systemctl start kubelet.service; journalctl -u kubelet.service says why it has ended"),
		kubelet("ill", "active", "[-]syncloop failed", "node/w1", "status bad w1: it says [-]syncloop failed at http://127.0.0.1:10248/healthz"+look),
		kubelet("mute", "active", "", "node/w1", "status bad w1: it says nothing at http://127.0.0.1:10248/healthz"+look),
		kubelet("no node", "active", "ok", `Error from server (NotFound): nodes "w1" not found`, "status bad w1: it runs, and the cluster has no node of this name; there: systemctl restart kubelet.service"),
		kubelet("refused", "active", "ok", "error: Unauthorized", "status bad w1: https://api:6443 does not tell it of its node: error: Unauthorized"+look),
		kubelet("no API server", "active", "ok", "", "status ok w1: active"),
		none, own,
	})
}

// What is to answer at an address is asked once.
func TestStatusAnswers(t *testing.T) {
	answers := func(name, module, curl, want string) scriptCase {
		return scriptCase{name: name, script: "modules/" + module + "/status-answers.sh", want: want, env: map[string]string{"AT": "api:6443", "FIX": "look there", "URL": "http://10.96.0.10:9153/metrics"},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "x\n"}, stubs: map[string]string{"curl": curl}}
	}
	none := answers("in no cluster", "kubernetes", ":", "blocked kubeadm: this host is in no cluster")
	delete(none.files, "/etc/kubernetes/kubelet.conf")
	dns := answers("DNS in no cluster", "coredns", ":", "blocked kubeadm: this host is in no cluster")
	delete(dns.files, "/etc/kubernetes/kubelet.conf")
	runCases(t, []scriptCase{
		answers("an API server", "kubernetes", "printf 200", "ok"),
		answers("that wants a name", "kubernetes", "printf 401", "ok"),
		answers("that is not ready", "kubernetes", "printf 500", "fail the API server at https://api:6443 is not ready (status 500); look there"),
		answers("nobody", "kubernetes", "printf 000; return 7", "fail nothing answers at https://api:6443; look there"),
		none,
		answers("CoreDNS", "coredns", `printf '# HELP\ncoredns_build_info{x="y"} 1\n'`, "ok"),
		answers("no CoreDNS", "coredns", "return 28", "fail CoreDNS does not answer at http://10.96.0.10:9153/metrics from this host; if its pods are Ready, look at what makes Services and the pods' network here"),
		answers("another", "coredns", "printf hello", "fail what answers at http://10.96.0.10:9153/metrics is not CoreDNS"),
		dns,
	})
}

// CoreDNS is asked from the networks of pods that are there, until one reaches it.
func TestStatusOfPods(t *testing.T) {
	pods := func(name, networks, reach, want string) scriptCase {
		c := scriptCase{name: name, script: "modules/coredns/status-pods.sh", want: want, moves: []string{"/run/netns"}, env: map[string]string{"NAME": "w1", "ADDRESS": "10.96.0.10"},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "x\n"},
			stubs: map[string]string{"nsenter": `from=${1##*/}
shift
case $from in gone*) return 1 ;; esac
"$@"`, "curl": `for url; do :; done
case " ` + reach + ` " in *" $from:${url##*:} "*) printf 1 ;; *) printf 0; return 28 ;; esac`}}
		for network := range strings.FieldsSeq(networks) {
			c.files["/run/netns/"+network] = ""
		}
		return c
	}
	none := pods("in no cluster", "a", "a:9153/", "blocked kubeadm: this host is in no cluster")
	delete(none.files, "/etc/kubernetes/kubelet.conf")
	const bad = "status bad w1: CoreDNS is not reached at 10.96.0.10 from pods of this host; if its pods are Ready, look at the pods' network between the hosts: its own pods, its routes, and a firewall"
	runCases(t, []scriptCase{
		pods("reached", "a", "a:9153/", "status ok w1: reached"),
		pods("for names alone", "a", "a:53/", "status ok w1: reached"),
		pods("by the second alone", "a b", "b:9153/", "status ok w1: reached"),
		pods("not reached", "a b", "c:9153/", bad),
		pods("by none of the first five", "a b c d e f", "f:9153/", bad),
		pods("one is gone", "gone1 gone2 gone3 gone4 gone5 gone6 h", "h:9153/", "status ok w1: reached"),
		pods("all are gone", "gone1", "gone1:9153/", "status ok w1: no pod of its own network is here to ask from"),
		pods("no pods", "", "", "status ok w1: no pod of its own network is here to ask from"),
		none,
	})
}

// A member of etcd says what it is, and who is missing.
func TestStatusOfEtcd(t *testing.T) {
	flatten, err := os.ReadFile("modules/kubernetes/flatten.awk")
	if err != nil {
		t.Fatal(err)
	}
	member := func(id, name, host, more string) string {
		return `{"ID":"` + id + `","name":"` + name + `","peerURLs":["https://` + host + `:2380"],"clientURLs":["https://` + host + `:2379"]` + more + `}`
	}
	const head = `{"header":{"cluster_id":"1","member_id":"14841639068965178418","revision":"5","raft_term":"2"}`
	list := func(members ...string) string { return head + `,"members":[` + strings.Join(members, ",") + `]}` }
	cp1, cp2 := member("14841639068965178418", "cp1", "10.0.0.11", ""), member("10276657743932975437", "cp2", "10.0.0.12", "")
	own := func(leader, more string) string {
		return head + `,"version":"3.6.5","dbSize":"21073920",` + leader + `"raftIndex":"9"` + more + `}`
	}
	const me, other, healthy = `"leader":"14841639068965178418",`, `"leader":"10276657743932975437",`, `{"health":"true","reason":""}`
	etcd := func(name, list, own, health, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/status-etcd.sh", want: want,
			env:   map[string]string{"NAME": "cp1", "URL": "https://127.0.0.1:2379", "MEMBERS": "cp1=https://10.0.0.11:2380 cp2=https://10.0.0.12:2380", "CA": "/etc/ca", "CERT": "/etc/cert", "KEY": "/etc/key", "FLATTEN": string(flatten)},
			files: map[string]string{"/etc/cert": "", "/run/list": list, "/run/own": own, "/run/health": health},
			stubs: map[string]string{"curl": `case "$*" in
*'{"linearizable":false} https://127.0.0.1:2379/v3/cluster/member/list') file=list ;;
*'{} https://127.0.0.1:2379/v3/maintenance/status') file=own ;;
*https://127.0.0.1:2379/health) file=health ;;
*https://10.0.0.12:2379/health) [ ! -e "$ROOT_OF_TEST/run/away" ]; return ;;
*) echo "$*"; return 9 ;;
esac
[ -s "$ROOT_OF_TEST/run/$file" ] || { echo 'curl: (7) Failed to connect to 127.0.0.1 port 2379 after 3 ms: no'; return 7; }
cat "$ROOT_OF_TEST/run/$file"`}}
	}
	away := etcd("another does not answer", list(cp1, cp2), own(me, ""), healthy, "status ok cp1: https://10.0.0.11:2380, leader, 20.1 MiB\n"+
		"status bad cp2: it does not answer its clients at https://10.0.0.12:2379; look at that host; where it is lost: sprayc recover")
	away.files["/run/away"] = ""
	none := etcd("none yet", "", "", "", "status bad cp1: there is no member here yet; sprayc run makes it")
	delete(none.files, "/etc/cert")
	cases := []scriptCase{
		etcd("the leader", list(cp1, cp2), own(me, ""), healthy, "status ok cp1: https://10.0.0.11:2380, leader, 20.1 MiB"),
		etcd("a follower", list(cp1, cp2), own(other, `,"dbSizeQuota":"2147483648"`), healthy, "status ok cp1: https://10.0.0.11:2380, follower, 20.1 MiB of 2048.0 MiB"),
		etcd("a learner", list(member("14841639068965178418", "cp1", "10.0.0.11", `,"isLearner":true`), cp2), own(other, `,"isLearner":true`), healthy,
			"status warn cp1: https://10.0.0.11:2380, learner, 20.1 MiB; it does not vote yet: sprayc run promotes it"),
		etcd("nearly full", list(cp1, cp2), own(me, `,"dbSizeQuota":"22020096"`), healthy, "status warn cp1: https://10.0.0.11:2380, leader, 20.1 MiB of 21.0 MiB; etcd takes no more writes when it is full: etcdctl defrag, member by member"),
		etcd("full", list(cp1, cp2), own(me, `,"errors":["memberID:14841639068965178418 alarm:NOSPACE "]`), `{"health":"false","reason":"ALARM NOSPACE"}`,
			"status bad cp1: https://10.0.0.11:2380, leader, 20.1 MiB, alarm:NOSPACE, not healthy; make room (etcdctl compact, etcdctl defrag), then: etcdctl alarm disarm"),
		etcd("no quorum", list(cp1, cp2), own("", `,"errors":["etcdserver: no leader"]`), `{"health":"false","reason":"RAFT NO LEADER"}`,
			"status bad cp1: https://10.0.0.11:2380, no leader, 20.1 MiB, etcdserver: no leader, not healthy; bring back hosts of members until more than half answer; where these are lost: sprayc recover"),
		etcd("it does not answer", "", "", "", "status bad cp1: it does not answer at https://127.0.0.1:2379: curl: (7) Failed to connect to 127.0.0.1 port 2379; there look at the log of etcd: crictl logs, or journalctl -u etcd.service"),
		etcd("one is missing", list(cp1), own(me, ""), healthy, "status ok cp1: https://10.0.0.11:2380, leader, 20.1 MiB\nstatus bad cp2: etcd has no member at https://10.0.0.12:2380; sprayc run"),
		etcd("one has not started", list(cp1, `{"ID":"10276657743932975437","peerURLs":["https://10.0.0.12:2380"]}`), own(me, ""), healthy,
			"status ok cp1: https://10.0.0.11:2380, leader, 20.1 MiB\nstatus bad cp2: its member at https://10.0.0.12:2380 has never started; sprayc run"),
		etcd("a stranger", list(cp1, cp2, member("7", "cp9", "10.0.0.19", "")), own(me, ""), healthy, "status ok cp1: https://10.0.0.11:2380, leader, 20.1 MiB\n"+
			"status bad : the member cp9 at https://10.0.0.19:2380 is of no host of the definition; etcdctl member list has its id, for: etcdctl member remove"),
		away, none,
	}
	runCases(t, cases)

	for _, name := range []string{"status-etcd.sh", "flatten.awk"} {
		ours, err := os.ReadFile("modules/kubernetes/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if theirs, err := os.ReadFile("modules/etcd-hosts/" + name); err != nil || string(theirs) != string(ours) {
			t.Errorf("%s of etcd-hosts is another than that of kubernetes: %v", name, err)
		}
	}
}
