package stdlib_test

import (
	"maps"
	"strings"
	"testing"
)

// Of what was begun and not finished that goes which kubeadm cannot read; what is whole
// stays, and so does what was brought from outside.
func TestKubeadmTorn(t *testing.T) {
	const pem, pki, founding = "-----BEGIN X-----\nAAAA\n-----END X-----\n", "/etc/kubernetes/pki/", "/etc/kubernetes/kubeadm/founding"
	whole := map[string]string{founding: "", pki + "ca.crt": pem, pki + "ca.key": pem, pki + "sa.key": pem, pki + "sa.pub": pem,
		pki + "etcd/ca.crt": pem, pki + "etcd/ca.key": pem, pki + "etcd/peer.crt": pem, pki + "etcd/peer.key": pem, "/etc/kubernetes/admin.conf": "apiVersion: v1\n"}
	base := func(name, want string, change func(files map[string]string)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/torn.probe.sh", want: want, files: maps.Clone(whole), env: map[string]string{"FOLDER": "/etc/kubernetes/kubeadm"},
			// What the act would remove.
			stubs: map[string]string{"ok": `awk '{ print "torn " $0 }' "$ROOT_OF_TEST/run/sprayc/kubeadm/torn" >&3; printf 'ok\n' >&3`}}
		if change != nil {
			change(c.files)
		}
		return c
	}
	all := func(files ...string) string { return "torn " + pki + strings.Join(files, "\ntorn "+pki) + "\nok" }
	pair := func(name, crt string) string {
		return "differs " + pki + name + " is half written\n" + all(name+".key", crt)
	}
	runCases(t, []scriptCase{
		base("all is whole", "ok", nil),
		base("a key alone", pair("etcd/peer", "etcd/peer.crt"), func(f map[string]string) { delete(f, pki+"etcd/peer.crt") }),
		base("an authority, and what it has signed", "differs "+pki+"etcd/ca is half written\n"+all("etcd/ca.key", "etcd/ca.crt", "etcd/peer.key", "etcd/peer.crt"), func(f map[string]string) { delete(f, pki+"etcd/ca.crt") }),
		base("the CA, by which kubeconfigs are", "differs "+pki+"ca is half written\n"+strings.Replace(all("ca.key", "ca.crt"), "ok", "torn /etc/kubernetes/admin.conf\nok", 1), func(f map[string]string) { f[pki+"ca.crt"] = pem[:20] }),
		base("the CA where a control plane joins", pair("ca", "ca.crt"), func(f map[string]string) {
			f[pki+"ca.crt"], f["/etc/kubernetes/kubeadm/joining"] = "", ""
			delete(f, founding)
		}),
		base("an empty certificate", pair("etcd/peer", "etcd/peer.crt"), func(f map[string]string) { f[pki+"etcd/peer.crt"] = "" }),
		base("an empty key", pair("etcd/peer", "etcd/peer.crt"), func(f map[string]string) { f[pki+"etcd/peer.key"] = "" }),
		base("no public half", pair("sa", "sa.pub"), func(f map[string]string) { delete(f, pki+"sa.pub") }),
		base("a CA without its key", "ok", func(f map[string]string) { delete(f, pki+"ca.key") }),
		base("a worker's empty CA", pair("ca", "ca.crt"), func(f map[string]string) {
			f[pki+"ca.crt"] = ""
			delete(f, pki+"ca.key")
			delete(f, founding)
			f["/etc/kubernetes/kubeadm/joining"] = ""
		}),
		base("an empty kubeconfig", "differs /etc/kubernetes/admin.conf is empty\ntorn /etc/kubernetes/admin.conf\nok", func(f map[string]string) { f["/etc/kubernetes/admin.conf"] = "" }),
		base("brought from outside", "ok", func(f map[string]string) {
			f[pki+"ca.crt"], f["/etc/kubernetes/own-certificates"] = "", "ca.crt\nca.key\n"
		}),
		base("nothing was begun", "ok", func(f map[string]string) {
			delete(f, pki+"ca.crt")
			delete(f, founding)
		}),
		{name: "act", script: "modules/kubernetes/torn.act.sh", env: map[string]string{"FOLDER": "/etc/kubernetes/kubeadm"},
			files: map[string]string{"/run/sprayc/kubeadm/torn": pki + "ca.key\n" + pki + "ca.crt\n/etc/kubernetes/admin.conf\n"},
			stubs: heard("rm", "curl"), want: "rm -f /etc/kubernetes/admin.conf\nrm -f " + pki + "ca.crt\nrm -f " + pki + "ca.key"},
		{name: "nothing to do", script: "modules/kubernetes/torn.act.sh", env: map[string]string{"FOLDER": "/etc/kubernetes/kubeadm"},
			files: map[string]string{"/run/sprayc/kubeadm/torn": ""}, stubs: heard("rm", "curl")},
	})
}
