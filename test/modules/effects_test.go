package modules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		for _, r := range variant(t, plan, "worker1", "kubernetes/kubelet").Resources {
			for _, d := range r.Effects {
				for _, effect := range d.Effects {
					if name, ok := strings.CutPrefix(effect, "sets kernel parameter "); ok {
						got = append(got, name)
					}
				}
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s { %s } (-want +got):\n%s", c.mode, c.settings, diff)
		}
	}
}
