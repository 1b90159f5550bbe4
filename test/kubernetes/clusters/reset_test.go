//go:build e2e

package clusters

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/observe"
)

// Install, reset: files, packages, units, kernel parameters, interfaces and chains of the
// firewall are as before but for what is kept: the data of etcd, put aside. A session that was
// open all the time lives, a rule of somebody else's is there, and it can be installed again.
func TestReset(t *testing.T) {
	w := newWorld(t, 1, 0, "iptables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	look := func() observe.State {
		return observe.Look(func(script string) string { return w.sh("cp1", script) })
	}
	before := look()
	session := exec.Command("ssh", "-F", w.fleet.SSHConfig(), "cp1", "cat")
	in, err := session.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	session.Stdout = &said
	if err := session.Start(); err != nil {
		t.Fatal(err)
	}
	w.on(0, "run")
	w.works("cp1")
	w.serves("cp1")
	w.sh("cp1", "iptables -t nat -N THEIRS && iptables -t nat -A POSTROUTING -s 192.0.2.1 -j THEIRS")
	// The host has no program for tables of nftables; the image of kube-proxy has, and is kept to look with.
	w.sh("cp1", "mkdir /run/look && cp -ax /proc/$(pgrep -x kube-proxy)/root/. /run/look")
	firewall := func() string { return w.sh("cp1", "chroot /run/look nft list tables; chroot /run/look iptables-save") }
	if rules := firewall(); !strings.Contains(rules, "KUBE-") || !strings.Contains(rules, "flannel-ipv4") {
		t.Errorf("a cluster has more than this:\n%s", rules)
	}
	w.must(0, "build", "--operation", "reset", "-o", "away", "cluster.hcl", "hosts.hcl")
	t.Log(w.on(2, "plan", "--operation", "reset", "away"))
	t.Log(w.on(0, "reset", "--accept", "real", "away"))
	if rules := firewall(); strings.Contains(rules, "KUBE-") || strings.Contains(rules, "lannel-") || !strings.Contains(rules, "-j THEIRS") {
		t.Error(rules)
	}
	after := look()
	for _, line := range observe.Differences(before, after) {
		switch {
		case strings.HasPrefix(line, "file /var/lib/etcd.kept-"): // the data that nobody asked to be gone
		case strings.HasPrefix(line, "setting firewall chain THEIRS "): // put there since
		case strings.HasPrefix(line, "file /root/.kube"): // of this test's own kubectl
		case strings.HasPrefix(line, "kernel parameter net.ipv4.conf.all.route_localnet "): // of kube-proxy's mode iptables, until the next boot
		default:
			t.Error(line)
		}
	}
	if _, err := in.Write([]byte("still here\n")); err != nil {
		t.Error(err)
	}
	in.Close()
	if err := session.Wait(); err != nil || said.String() != "still here\n" {
		t.Errorf("%v: %q", err, said.String())
	}
	w.on(0, "run")
	w.works("cp1")
	w.serves("cp1")
	w.again()
}
