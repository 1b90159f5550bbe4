package stdlib_test

import (
	"encoding/base64"
	"maps"
	"testing"
)

// What was brought from outside is not fetched from the cluster by those that join, and
// not put there, when the key of a CA stays outside: kubeadm would refuse it.
func TestJoinWithCertificatesFromOutside(t *testing.T) {
	const all, keyless = "ca.crt\nca.key\nfront-proxy-ca.crt\nfront-proxy-ca.key\n", "ca.crt\nfront-proxy-ca.crt\nfront-proxy-ca.key\nkubelet.conf\n"
	join := func(name, want, role, own string, more map[string]string) scriptCase {
		c := scriptCase{name: name, want: "note " + want, script: kubernetes + "join.act.sh",
			env:   map[string]string{"CONFIG": "/etc/kubernetes/kubeadm/join.yaml", "ENDPOINT": "api:6443", "TOKEN": "/run/token", "KEY": "/run/key", "ROLE": role},
			files: map[string]string{"/run/token": "a.b CA", "/run/key": "k", "/etc/kubernetes/kubeadm/join.yaml": "kind: JoinConfiguration\n"},
			stubs: map[string]string{"kubeadm": `shift 3; note "$*"`}}
		maps.Copy(c.files, more)
		if own != "" {
			c.files["/etc/kubernetes/own-certificates"] = own
		}
		return c
	}
	begun := map[string]string{"/etc/kubernetes/kubeadm/joining": ""}
	key := func(name, want, own string) scriptCase {
		c := scriptCase{name: name, want: want, script: kubernetes + "certificate-key.sh", files: map[string]string{"/etc/kubernetes/kubeadm/init.yaml": "\"kind\": \"InitConfiguration\"\n"},
			stubs: map[string]string{"kubeadm": `note "$1 $2"; [ "$1" != certs ] || echo abc`}}
		if own != "" {
			c.files["/etc/kubernetes/own-certificates"] = own
		}
		return c
	}
	rotated := map[string]string{"/run/token": "a.b " + base64.StdEncoding.EncodeToString([]byte(certificates("old new")))}
	refused := join("a control plane while the CA is rotated", "", "control_plane", "", rotated)
	refused.want = "fail the cluster's CA is being rotated: control planes join when sprayc certificates forget-ca has ended that"
	runInTurn(t, []scriptCase{
		join("nothing from outside", "--skip-phases  --ignore-preflight-errors ", "control_plane", "", nil),
		join("a CA with its key", "--skip-phases  --ignore-preflight-errors ", "control_plane", all, nil),
		join("a CA without", "--skip-phases control-plane-prepare/download-certs --ignore-preflight-errors FileAvailable--etc-kubernetes-kubelet.conf", "control_plane", keyless, nil),
		join("begun", "--skip-phases preflight,control-plane-prepare/download-certs --ignore-preflight-errors FileAvailable--etc-kubernetes-kubelet.conf", "control_plane", keyless, begun),
		join("the front proxy's without", "--skip-phases control-plane-prepare/download-certs --ignore-preflight-errors ", "control_plane", "front-proxy-ca.crt\n", nil),
		join("a worker while the CA is rotated", "--skip-phases  --ignore-preflight-errors ", "worker", "", rotated),
		refused,
		join("a worker", "--skip-phases  --ignore-preflight-errors ", "worker", "", nil),
		key("the key opens what is shared", "note certs certificate-key\nnote init phase", all),
		key("the key opens nothing", "note certs certificate-key", keyless),
	})
}
