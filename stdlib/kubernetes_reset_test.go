package stdlib_test

import (
	"maps"
	"strings"
	"testing"
)

// resetRules are what a host's firewall has: ours go by name, and rules of others only where
// they lead to ours or say whose they are.
const resetRules = `# by iptables-save
*filter
:INPUT ACCEPT [0:0]
:FLANNEL-FWD - [0:0]
:KUBE-FORWARD - [0:0]
:THEIRS-KUBE- - [0:0]
-A INPUT -m comment --comment "to KUBE-" -j KUBE-FORWARD
-A INPUT -s 192.0.2.1/32 -j THEIRS-KUBE-
-A INPUT -m comment --comment "NodeLocal DNS Cache: allow DNS traffic" -j ACCEPT
-A KUBE-FORWARD -j ACCEPT
-A THEIRS-KUBE- -g FLANNEL-FWD
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE
COMMIT
`

const resetUndone = `*filter
-D INPUT -m comment --comment "to KUBE-" -j KUBE-FORWARD
-D INPUT -m comment --comment "NodeLocal DNS Cache: allow DNS traffic" -j ACCEPT
-D THEIRS-KUBE- -g FLANNEL-FWD
-F FLANNEL-FWD
-F KUBE-FORWARD
-X FLANNEL-FWD
-X KUBE-FORWARD
COMMIT`

func resetCase(name, want string, change func(c *scriptCase)) scriptCase {
	c := scriptCase{
		name: name, script: "modules/kubernetes/reset.act.sh", want: want,
		env: map[string]string{"DATA": "", "ASKED": "", "SOCKET": "unix:///run/x.sock", "PROCESSES": "flanneld", "INTERFACES": "cni0", "ADDRESSES": "", "SUBNETS": "10.244.0.0/16 fd00::/48",
			"CHAINS": "KUBE- FLANNEL-", "TABLES": "kube-proxy flannel-ipv4", "RULES": "NodeLocal DNS Cache: ", "FILES": "/etc/cni/ours"},
		files: map[string]string{"/proc/mounts": "", "/etc/rules": "", "/etc/tables": ""},
		links: map[string]string{"/proc/self/ns/net": "net:[1]"},
		stubs: maps.Clone(heard("systemctl", "kubeadm", "umount", "kill")),
	}
	c.stubs["date"] = "printf 'now\\n'"
	c.stubs["command"] = `case $2 in iptables-save | nft | kubeadm) ;; *) return 1 ;; esac`
	c.stubs["ip"] = `case "$1 $2 $3" in "-o address show") printf '%s' "${ADDRESSES:+2: eth0    inet 10.0.0.9/32 scope global eth0}" ;; *) printf 'ip %s\n' "$*" >&3 ;; esac`
	c.stubs["chroot"] = `case $* in
*iptables-save) cat "$ROOT_OF_TEST/etc/rules" ;;
*iptables-restore*) cat >&3 ;;
*' nft list tables') cat "$ROOT_OF_TEST/etc/tables" ;;
*) printf 'chroot %s\n' "$*" | sed "s|$ROOT_OF_TEST||" >&3 ;;
esac`
	if change != nil {
		change(&c)
	}
	return c
}

// A host of others, and one with something of ours.
func TestKubernetesResetProbe(t *testing.T) {
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := resetCase(name, want, nil)
		c.script = "modules/kubernetes/reset.probe.sh"
		c.env["DATA"], c.env["ADDRESSES"] = "/etc/data", "10.0.0.9"
		c.files["/proc/mounts"] = "x /var/lib/other tmpfs rw 0 0\n"
		c.stubs["systemctl"], c.stubs["ip"] = "return 3", ":"
		c.stubs["command"] = `case $2 in nft | ip) ;; *) return 1 ;; esac`
		c.stubs["nft"] = "printf 'table inet theirs\\n'"
		if change != nil {
			change(&c)
		}
		return c
	}
	cases := []scriptCase{
		base("nothing of ours", "ok", nil),
		base("no texts of rules", "ok", func(c *scriptCase) { c.env["RULES"] = "" }),
		base("a kubelet", "differs the kubelet runs\nok", func(c *scriptCase) { c.stubs["systemctl"] = ":" }),
		base("a file of pods", "differs /etc/cni/ours is there\nok", func(c *scriptCase) { c.files["/etc/cni/ours"] = "" }),
		base("a key that was to come", "differs /etc/kubernetes/service-account is there\nok", func(c *scriptCase) { c.files["/etc/kubernetes/service-account/2/sa.key"] = "" }),
		base("data", "differs /etc/data/member is there\nok", func(c *scriptCase) { c.files["/etc/data/member/db"] = "" }),
		base("data half aside", "differs /etc/data.kept is there\nok", func(c *scriptCase) { c.files["/etc/data.kept/pki/ca.crt"] = "" }),
		base("an interface", "differs there is an interface cni0\nok", func(c *scriptCase) { c.files["/sys/class/net/cni0"] = "" }),
		base("a route", "differs there is a route to 10.244.0.0/16\nok", func(c *scriptCase) { c.stubs["ip"] = `[ "$*" != "route show root 10.244.0.0/16" ] || printf x` }),
		base("an address", "differs the address 10.0.0.9 is there\nok", func(c *scriptCase) { c.stubs["ip"] = `[ "$2" != address ] || printf x` }),
		base("a table", "differs the firewall has a table kube-proxy\nok", func(c *scriptCase) { c.stubs["nft"] = "printf 'table ip kube-proxy\\n'" }),
	}
	runCases(t, cases)
}

func TestKubernetesReset(t *testing.T) {
	const flush = "\nip route flush root 10.244.0.0/16\nip -6 route flush root fd00::/48"
	// What is left of the data and the keys, when all else is done.
	left := func(c *scriptCase) {
		c.stubs["chroot"] = `case $* in *' nft list tables') (cd "$ROOT_OF_TEST/etc" && find kubernetes data* -type f | LC_ALL=C sort >&3) ;; esac`
		c.env["DATA"], c.env["INTERFACES"], c.env["SUBNETS"], c.env["TABLES"] = "/etc/data", "", "", ""
		c.files["/etc/kubernetes/pki/ca.crt"], c.files["/etc/kubernetes/pki/etcd/ca.key"] = "ca", "key"
		c.files["/etc/data/member/snap/db"] = "db"
		c.files["/etc/kubernetes/encryption/state"] = "another key"
		c.files["/etc/kubernetes/service-account/2/sa.key"] = "the next key"
	}
	kept := "systemctl stop kubelet.service\nnote kept: the data of etcd, with the keys of the cluster, are in "
	runCases(t, []scriptCase{
		resetCase("nothing there", "systemctl stop kubelet.service"+flush, nil),
		resetCase("the firewall, by name", "systemctl stop kubelet.service"+flush+"\n"+resetUndone+"\nchroot / nft delete table ip kube-proxy\nchroot / nft delete table ip6 kube-proxy", func(c *scriptCase) {
			c.files["/etc/rules"] = resetRules
			c.files["/etc/tables"] = "table inet theirs\ntable ip kube-proxy\ntable ip6 kube-proxy\ntable ip flannel-ipv4-theirs\n"
		}),
		// No texts of rules are not an empty one, which every rule has.
		resetCase("the firewall, without texts", "systemctl stop kubelet.service"+flush+"\n"+strings.ReplaceAll(resetUndone, "-D INPUT -m comment --comment \"NodeLocal DNS Cache: allow DNS traffic\" -j ACCEPT\n", ""), func(c *scriptCase) {
			c.files["/etc/rules"], c.env["RULES"] = resetRules, ""
		}),
		resetCase("an interface, an address and files", "systemctl stop kubelet.service\nip link delete cni0\nip address delete 10.0.0.9/32 dev eth0"+flush, func(c *scriptCase) {
			c.files["/sys/class/net/cni0"], c.files["/etc/cni/ours"] = "", ""
			c.env["ADDRESSES"] = "10.0.0.9"
		}),
		// Those of the host's network alone are held; kube-proxy cleans up with its own programs.
		resetCase("pods of the network", "systemctl stop kubelet.service\nkill -STOP 7\nkill -STOP 8\nchroot /proc/7/root /usr/local/bin/kube-proxy --cleanup\n"+resetUndone+flush+"\n"+resetUndone, func(c *scriptCase) {
			c.files["/etc/rules"] = resetRules
			for pid, command := range map[string]string{"7": "kube-proxy", "8": "flanneld", "9": "kube-proxy", "10": "sshd"} {
				c.files["/proc/"+pid+"/comm"] = command + "\n"
				c.files["/proc/"+pid+"/root/usr/local/bin/kube-proxy"] = ""
				c.links["/proc/"+pid+"/ns/net"] = "net:[1]"
			}
			c.links["/proc/9/ns/net"] = "net:[2]"
		}),
		resetCase("mounts, the last first", "systemctl stop kubelet.service\numount /var/lib/kubelet/b/c\numount /var/lib/kubelet/b"+flush, func(c *scriptCase) {
			c.stubs["systemctl"] = `printf 'systemctl %s\n' "$*" >&3
printf 'x %s tmpfs rw 0 0\n' / "$ROOT_OF_TEST/var/lib/kubelet/b" "$ROOT_OF_TEST/var/lib/kubelet/b/c" /var/lib/other >"$ROOT_OF_TEST/proc/mounts"`
		}),
		resetCase("data are put aside", kept+"/etc/data.kept-now\ndata.kept-now/encryption/state\ndata.kept-now/member/snap/db\ndata.kept-now/pki/ca.crt\ndata.kept-now/pki/etcd/ca.key", left),
		resetCase("data are asked for", "systemctl stop kubelet.service", func(c *scriptCase) {
			left(c)
			c.env["ASKED"] = "yes"
		}),
		// Killed when some keys were gone already: those that were copied before are whole.
		resetCase("killed among the keys", kept+"/etc/data.kept-now\ndata.kept-now/encryption/state\ndata.kept-now/member/snap/db\ndata.kept-now/pki/ca.crt\ndata.kept-now/pki/etcd/ca.key", func(c *scriptCase) {
			left(c)
			delete(c.files, "/etc/kubernetes/pki/etcd/ca.key")
			delete(c.files, "/etc/kubernetes/encryption/state")
			c.files["/etc/data.kept/pki/ca.crt"], c.files["/etc/data.kept/pki/etcd/ca.key"], c.files["/etc/data.kept/encryption/state"] = "ca", "key", ""
		}),
		resetCase("killed while keys were copied", kept+"/etc/data.kept-now\ndata.kept-now/encryption/state\ndata.kept-now/member/snap/db\ndata.kept-now/pki/ca.crt\ndata.kept-now/pki/etcd/ca.key", func(c *scriptCase) {
			left(c)
			c.files["/etc/data.kept/.pki/ca.crt"] = "c"
		}),
		// Killed before the new name, and a new cluster was made since: both are kept.
		resetCase("killed before the name", kept+"/etc/data.kept-1\n"+strings.TrimPrefix(kept, "systemctl stop kubelet.service\n")+"/etc/data.kept-2\n"+
			"data.kept-1/member/old\ndata.kept-1/pki/ca.crt\ndata.kept-2/encryption/state\ndata.kept-2/member/snap/db\ndata.kept-2/pki/ca.crt\ndata.kept-2/pki/etcd/ca.key", func(c *scriptCase) {
			left(c)
			c.files["/etc/data.kept/member/old"], c.files["/etc/data.kept/pki/ca.crt"] = "", "of before"
			c.stubs["date"] = `[ -e "$ROOT_OF_TEST/etc/data.kept-1" ] && printf '2\n' || printf '1\n'`
		}),
		// A disk of its own: whole on the other first.
		resetCase("data on another disk", kept+"/etc/data.kept-now\ndata.kept-now/encryption/state\ndata.kept-now/member/snap/db\ndata.kept-now/pki/ca.crt\ndata.kept-now/pki/etcd/ca.key", func(c *scriptCase) {
			left(c)
			c.stubs["stat"] = `printf '%s\n' "$3"`
			c.files["/etc/data.kept/.member/half"] = ""
		}),
	})
}

// Members' data are put aside with the keys, which go last; whatever a kill has left.
func TestEtcdHostsReset(t *testing.T) {
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{
			name: name, script: "modules/etcd-hosts/reset.act.sh", want: "systemctl stop a.service\nsystemctl stop b.service\n" + want,
			env:   map[string]string{"UNITS": "a.service b.service", "DATA": "/etc/a /etc/b", "PKI": "/etc/etcd/pki", "TOLD": "/etc/etcd/told", "ASKED": ""},
			files: map[string]string{"/etc/a/member/db": "", "/etc/etcd/pki/ca.key": "key", "/etc/etcd/told": "", "/etc/etcd/etcd.env": ""},
			stubs: heard("systemctl"),
		}
		c.stubs["chown"], c.stubs["date"] = ":", "printf 'now\\n'"
		// What is there at the end.
		c.stubs["rm"] = `command rm "$@"
case $* in *told) (cd "$ROOT_OF_TEST/etc" && find . -type f | LC_ALL=C sort >&3) ;; esac`
		if change != nil {
			change(&c)
		}
		return c
	}
	kept := "note kept: the data of etcd, with its keys, are in /etc/a.kept-now\n./a.kept-now/member/db\n./a.kept-now/pki/ca.key\n./etcd/etcd.env"
	runCases(t, []scriptCase{
		base("kept", kept, nil),
		base("asked for", "./etcd/etcd.env", func(c *scriptCase) { c.env["ASKED"] = "yes" }),
		base("killed before the name", kept, func(c *scriptCase) {
			delete(c.files, "/etc/a/member/db")
			c.files["/etc/a.kept/member/db"], c.files["/etc/a.kept/pki/ca.key"] = "", "key"
		}),
		base("killed with the keys alone", kept, func(c *scriptCase) { c.files["/etc/a.kept/pki/half"] = "" }),
		base("a disk of its own, killed midway", kept, func(c *scriptCase) {
			c.stubs["stat"] = `printf '%s\n' "$3"`
			c.files["/etc/a.kept/.member/half"] = ""
		}),
	})
}
