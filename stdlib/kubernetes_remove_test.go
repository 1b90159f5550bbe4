package stdlib_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/stdlib"
)

// A node that leaves is drained as long as its kubelet can end pods; one that is dead or gone
// has none to give away.
func TestDrainForRemoval(t *testing.T) {
	probe := func(name, node, want string) scriptCase {
		return upgradeCase(name, "drain.probe.sh", `*"get node w1"*) printf '`+node+`' ;;
			*" drain "*) : ;;`, want, map[string]string{"WANT": "removal", "SERVERS": "", "FORCE": "false"})
	}
	runInTurn(t, []scriptCase{
		probe("it is well", "v1.36.4 ready=True unschedulable= drained= os=", "differs its pods are here, and it leaves the cluster"),
		probe("drained", "v1.36.4 ready=True unschedulable=true drained=removal os=", "ok"),
		probe("drained for an upgrade", "v1.36.4 ready=True unschedulable=true drained=1.36.4", "differs its pods are here, and it leaves the cluster"),
		probe("dead", "v1.36.4 ready=Unknown unschedulable= drained= os=", "ok"),
		probe("gone", "", "ok"),
	})
}

// members are the lines of etcdctl member list, ID NAME ADDRESS LEARNER each.
func members(list ...string) string {
	var lines []string
	for _, one := range list {
		f := strings.Fields(one)
		line := f[0] + ", started, " + f[1] + ", https://" + f[2] + ":2380, https://" + f[2] + ":2379, " + f[3]
		if f[1] == "-" { // added, and never started
			line = f[0] + ", unstarted, , https://" + f[2] + ":2380, , " + f[3]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, `\n`) + `\n`
}

// healthy are the lines of etcdctl endpoint health.
func healthy(addresses ...string) string {
	text := `{"level":"warn","msg":"retrying"}\n`
	for _, a := range addresses {
		well := "is healthy: successfully committed proposal: took = 2ms"
		if b, dead := strings.CutPrefix(a, "!"); dead {
			a, well = b, "is unhealthy: failed to commit proposal: context deadline exceeded"
		}
		text += "https://" + a + ":2379 " + well + `\n`
	}
	return text
}

// A member leaves when what is left of etcd is enough; it is known by its peer URL alone, the
// whole of it.
func TestLeaveEtcdProbe(t *testing.T) {
	const pods = `cp1 etcd-cp1 True\ncp2 etcd-cp2 True\ncp3 etcd-cp3 True\n`
	three := []string{"a1 cp1 10.0.0.1 false", "a2 cp2 10.0.0.2 false", "a3 cp21 10.0.0.21 false"}
	probe := func(name, list, health, want string, env map[string]string) scriptCase {
		c := upgradeCase(name, "leave-etcd.probe.sh", `*"get pods --selector component=etcd"*) printf '`+pods+`' ;;
			*" member list") printf '`+list+`' ;;
			*" endpoint health --cluster "*) printf '`+health+`'; return 1 ;;`, want, map[string]string{"NAME": "cp2", "PEER": "https://10.0.0.2:2380", "GOING": "https://10.0.0.2:2380"})
		maps.Copy(c.env, env)
		return c
	}
	all := healthy("10.0.0.1", "10.0.0.2", "10.0.0.21")
	last := map[string]string{"NAME": "cp21", "PEER": "https://10.0.0.21:2380", "GOING": "https://10.0.0.21:2380"}
	two := map[string]string{"GOING": "https://10.0.0.2:2380 https://10.0.0.21:2380"}
	alone := probe("no other is ready", members(three...), all, "fail no member of etcd is ready beside that of cp2", nil)
	alone.stubs["kubectl"] = `case "$*" in *"get pods "*) printf 'cp1 etcd-cp1 False\ncp2 etcd-cp2 True\n' ;; esac`
	nowhere := probe("not on control planes", members(three...), all, "blocked etcd: it has no member on a control plane yet", nil)
	nowhere.stubs["kubectl"] = ":"
	runInTurn(t, []scriptCase{
		nowhere,
		probe("three, all well", members(three...), all, "differs etcd has member a2, at https://10.0.0.2:2380", nil),
		probe("the address that another begins with", members(three...), all, "differs etcd has member a3, at https://10.0.0.21:2380", last),
		probe("it has left", members(three[0], three[2]), healthy("10.0.0.1", "10.0.0.21"), "ok", nil),
		probe("it is dead", members(three...), healthy("10.0.0.1", "!10.0.0.2", "10.0.0.21"), "differs etcd has member a2, at https://10.0.0.2:2380", nil),
		probe("another is dead", members(three...), healthy("10.0.0.1", "10.0.0.2", "!10.0.0.21"), "fail without cp2 etcd would lose its quorum: of 2 members that are left 1 answer, and 2 must", nil),
		probe("another is dead, and leaves before it", members(three...), healthy("10.0.0.1", "10.0.0.2", "!10.0.0.21"), "differs etcd has member a2, at https://10.0.0.2:2380", two),
		probe("two leave", members(three...), all, "differs etcd has member a2, at https://10.0.0.2:2380", two),
		probe("the quorum is lost", members(three...), healthy("10.0.0.1", "!10.0.0.2", "!10.0.0.21"), "fail etcd has lost its quorum: of 3 members that vote 1 answer, and 2 must", two),
		probe("one that never started", members(three[0], "a2 - 10.0.0.2 false", three[2]), healthy("10.0.0.1", "10.0.0.21"), "differs etcd has member a2, at https://10.0.0.2:2380", nil),
		probe("a learner", members(three[0], "a2 cp2 10.0.0.2 true"), healthy("10.0.0.1"), "differs etcd has member a2, at https://10.0.0.2:2380", nil),
		probe("the last", members(three[1]), healthy("10.0.0.2"), "fail cp2 has the only member of etcd that would be left", nil),
		probe("somebody else's", members("a2 db7 10.0.0.2 false", three[0], three[2]), all, "fail the member at https://10.0.0.2:2380 is called db7, not cp2", nil),
		alone,
	})
}

// The node goes when the API server knows it.
func TestForgetProbe(t *testing.T) {
	probe := func(name, node, want string) scriptCase {
		return upgradeCase(name, "forget.probe.sh", `*"get node w1 --ignore-not-found --output name") `+node+` ;;`, want, nil)
	}
	runInTurn(t, []scriptCase{
		probe("it is there", "echo node/w1", "differs the cluster has node w1\nok"),
		probe("it is gone", ":", "ok"),
		probe("the API server does not say", "return 1", "fail the API server does not say whether there is a node w1"),
	})
}

// etcd on hosts of its own reckons as that of control planes does.
func TestLeaveEtcdAlike(t *testing.T) {
	tail := func(file string) string {
		text, err := stdlib.FS.ReadFile("modules/" + file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(text), "\nmembers=$(")
		reckoning, _, ends := strings.Cut(rest, "\nmkdir -p ")
		if !found || !ends || len(reckoning) < 1000 {
			t.Fatalf("%s has no reckoning", file)
		}
		return reckoning
	}
	if diff := cmp.Diff(tail("kubernetes/leave-etcd.probe.sh"), tail("etcd-hosts/leave.probe.sh")); diff != "" {
		t.Error(diff)
	}
}

// It asks the members that stay, with the certificate of those who look after it.
func TestLeaveEtcdHosts(t *testing.T) {
	const ctl = "--endpoints=https://10.0.0.1:2379,https://10.0.0.21:2379 --cacert=$PKI/ca.crt --cert=$PKI/client.crt --key=$PKI/client.key "
	env := map[string]string{"NAME": "etcd2", "NOTE": "etcd", "PEER": "https://10.0.0.2:2380", "GOING": "https://10.0.0.2:2380", "PKI": "/etc/etcd/pki",
		"ENDPOINTS": "https://10.0.0.1:2379,https://10.0.0.21:2379"}
	probe := func(name, list, want string) scriptCase {
		return scriptCase{name: name, script: "modules/etcd-hosts/leave.probe.sh", want: want, env: env, stubs: map[string]string{"etcdctl": `case "$*" in
			"` + ctl + `member list") printf '` + list + `' ;;
			"` + ctl + `endpoint health --cluster "*) printf '` + healthy("10.0.0.1", "!10.0.0.2", "10.0.0.21") + `'; return 1 ;;
			*) note "etcdctl $*"; return 1 ;;
			esac`}}
	}
	three := []string{"a1 etcd1 10.0.0.1 false", "a2 etcd2 10.0.0.2 false", "a3 etcd21 10.0.0.21 false"}
	silent := probe("etcd lists nobody", "", "blocked etcd: it does not list its members")
	silent.stubs["etcdctl"] = "return 1"
	whole := members(three...)
	runInTurn(t, []scriptCase{
		silent,
		probe("etcd says nothing", "", "blocked etcd: it does not list its members"),
		probe("its list breaks off", whole[:strings.Index(whole, ":2379, false")], "blocked etcd: it does not list its members"),
		probe("dead", members(three...), "differs etcd has member a2, at https://10.0.0.2:2380"),
		probe("it has left", members(three[0], three[2]), "ok"),
		probe("without it too few answer", members(three[0], three[1], "a3 etcd3 10.0.0.3 false"), "fail etcd has lost its quorum: of 3 members that vote 1 answer, and 2 must"),
		{name: "it leaves", script: "modules/etcd-hosts/leave.act.sh", env: env, files: map[string]string{"/run/sprayc/leave/etcd2.etcd": "a2\n"},
			stubs: map[string]string{"etcdctl": `note "$*"`}, want: "note " + strings.ReplaceAll(ctl, "$PKI", "/etc/etcd/pki") + "member remove a2"},
	})
}
