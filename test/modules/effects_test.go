package modules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/compiler/ir"
)

// stated are the effects that the resources of a step have beside those of their kinds.
func stated(t *testing.T, plan *ir.Plan, host, step string) (list []string) {
	t.Helper()
	for _, r := range variant(t, plan, host, step).Resources {
		for _, d := range r.Effects {
			list = append(list, d.Effects...)
		}
	}
	return list
}

// The kernel's parameters that kube-proxy sets are told: those of the table of connections,
// and those that its mode wants.
func TestKubeProxyParameters(t *testing.T) {
	const none = `conntrack = { maxPerCore = 0, tcpEstablishedTimeout = "0s", tcpCloseWaitTimeout = "0s" }`
	for _, c := range []struct {
		mode, settings string
		want           []string
	}{
		{"none", "", nil},
		{"nftables", "", []string{
			"net.netfilter.nf_conntrack_max=32768 for each processor, at least 131072",
			"net.netfilter.nf_conntrack_tcp_timeout_close_wait=1h0m0s, in seconds",
			"net.netfilter.nf_conntrack_tcp_timeout_established=24h0m0s, in seconds",
		}},
		{"nftables", `conntrack = { maxPerCore = 1, min = 2, tcpBeLiberal = true, tcpCloseWaitTimeout = "0s", udpTimeout = "30s", udpStreamTimeout = "0s" }`, []string{
			"net.netfilter.nf_conntrack_max=1 for each processor, at least 2",
			"net.netfilter.nf_conntrack_tcp_be_liberal=1",
			"net.netfilter.nf_conntrack_tcp_timeout_established=24h0m0s, in seconds",
			"net.netfilter.nf_conntrack_udp_timeout=30s, in seconds",
		}},
		{"nftables", none, nil},
		{"iptables", none, []string{"net.ipv4.conf.all.route_localnet=1"}},
		{"iptables", none + `, iptables = { localhostNodePorts = false }`, nil},
		{"iptables", none + `, nodePortAddresses = ["10.0.0.0/8", "::/0"]`, nil},
		{"iptables", none + `, nodePortAddresses = ["10.0.0.0/8", "127.0.0.0/8"]`, []string{"net.ipv4.conf.all.route_localnet=1"}},
		{"iptables", none + `, nodePortAddresses = ["0.0.0.0/0"]`, []string{"net.ipv4.conf.all.route_localnet=1"}},
		{"iptables", none + `, nodePortAddresses = ["primary"]`, nil},
		{"ipvs", none, []string{
			"net.ipv4.ip_forward=1", "net.ipv4.vs.conn_reuse_mode=0, on kernels before 5.9", "net.ipv4.vs.conntrack=1",
			"net.ipv4.vs.expire_nodest_conn=1", "net.ipv4.vs.expire_quiescent_template=1",
		}},
		{"ipvs", none + `, ipvs = { strictARP = true }`, []string{
			"net.ipv4.conf.all.arp_announce=2", "net.ipv4.conf.all.arp_ignore=1",
			"net.ipv4.ip_forward=1", "net.ipv4.vs.conn_reuse_mode=0, on kernels before 5.9", "net.ipv4.vs.conntrack=1",
			"net.ipv4.vs.expire_nodest_conn=1", "net.ipv4.vs.expire_quiescent_template=1",
		}},
	} {
		plan := must(t, kubernetes("kube_proxy_mode = \""+c.mode+"\"\nkube_proxy = { "+c.settings+" }"))
		var got []string
		for _, effect := range stated(t, plan, "worker1", "kubernetes/kubelet") {
			if name, ok := strings.CutPrefix(effect, "sets kernel parameter "); ok {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s { %s } (-want +got):\n%s", c.mode, c.settings, diff)
		}
	}
}

// What the cache of DNS listens on, and sets of its node, is told with the addresses of the
// definition.
func TestEffectsOfTheNodesCache(t *testing.T) {
	plan := must(t, base+"kubernetes \"kubernetes\" {}\nnode_dns \"nodelocaldns\" {\n address = \"fd00::53\"\nmetrics_port = 1\n}\n")
	got := stated(t, plan, "cp1", "nodelocaldns/manifest")
	want := []string{
		"sets interface nodelocaldns, with fd00::53",
		"sets firewall rules, by which questions to fd00::53 are let in and not tracked",
		"writes /run/xtables.lock",
		"listens [fd00::53]:53/udp, for questions of pods",
		"listens [fd00::53]:53/tcp, for questions of pods",
		"listens [fd00::53]:9254/tcp, for the cache's health",
		"listens 1/tcp, for the cache's metrics",
		"listens 9353/tcp, for metrics of the rules and the interface",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
