package stdlib_test

import "testing"

// curlSays stands in for curl: it says whom it asks, and with which certificate.
const curlSays = `for word; do
	case $word in
	--cert) next=cert ;;
	https://*) url=$word ;;
	*)
		[ "${next-}" != cert ] || with=" with $word"
		next=
		;;
	esac
done
printf 'asked for %s%s' "$url" "${with-}"`

// Every certificate of a node is told of: what there is on disk, and what serves.
func TestCertificateList(t *testing.T) {
	list := func(name, want string, files ...string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/certificate-list.sh", want: want, files: map[string]string{"/etc/kubernetes/kubelet.conf": "user:\n    client-certificate: /x.pem\n"},
			env: map[string]string{"ADDRESS": "10.0.0.11", "PORT": "6443", "KUBELET_PORT": "10250", "KUBELET_FILE": "", "ENDPOINT": "api.example.com:8443",
				"CONTROLLER_MANAGER": "127.0.0.1:10257", "CONTROLLER_MANAGER_FILE": "", "SCHEDULER": "", "SCHEDULER_FILE": ""},
			stubs: map[string]string{"curl": curlSays}}
		for _, file := range files {
			c.files[file] = ""
		}
		return c
	}
	const pki, kubelet = "/etc/kubernetes/pki/", "/var/lib/kubelet/pki/"
	none := list("in no cluster", "")
	delete(none.files, "/etc/kubernetes/kubelet.conf")
	none.files["/etc/kubernetes/pki/ca.crt"] = ""
	given := list("the definition's own certificates", "certificate kubelet as a server: /etc/k.crt\nserved kubelet: 10.0.0.11:10250, /etc/k.crt: asked for https://10.0.0.11:10250/healthz",
		"/etc/k.crt", kubelet+"kubelet.crt")
	given.env["KUBELET_FILE"] = "/etc/k.crt"
	own := list("brought from outside", "certificate ca: "+pki+"ca.crt\ncertificate apiserver: "+pki+"apiserver.crt (brought from outside)\ncertificate etcd/ca: "+pki+"etcd/ca.crt (brought from outside)\n"+
		"certificate admin.conf: /etc/kubernetes/admin.conf (brought from outside)\nserved kubelet: 10.0.0.11:10250, "+kubelet+"kubelet.crt: asked for https://10.0.0.11:10250/healthz",
		pki+"apiserver.crt", pki+"ca.crt", pki+"etcd/ca.crt")
	own.want = "certificate apiserver: " + pki + "apiserver.crt (brought from outside)\ncertificate ca: " + pki + "ca.crt\n" + own.want[len("certificate ca: "+pki+"ca.crt\ncertificate apiserver: "+pki+"apiserver.crt (brought from outside)\n"):]
	own.files["/etc/kubernetes/own-certificates"] = "apiserver.crt\netcd/ca.crt\nadmin.conf\n"
	own.files["/etc/kubernetes/admin.conf"] = "    client-certificate-data: AAAA\n"
	control := list("a control plane", "certificate apiserver: "+pki+"apiserver.crt\ncertificate etcd/server: "+pki+"etcd/server.crt\ncertificate scheduler.conf: /etc/kubernetes/scheduler.conf\n"+
		"certificate kubelet as a client: "+kubelet+"kubelet-client-current.pem\ncertificate kubelet as a server: "+kubelet+"kubelet-server-current.pem\n"+
		"served kubelet: 10.0.0.11:10250, "+kubelet+"kubelet-server-current.pem: asked for https://10.0.0.11:10250/healthz\n"+
		"served kube-apiserver: 10.0.0.11:6443, "+pki+"apiserver.crt: asked for https://10.0.0.11:6443/healthz\n"+
		"served kube-apiserver through the endpoint: api.example.com:8443: asked for https://api.example.com:8443/healthz\n"+
		"served kube-controller-manager: 127.0.0.1:10257: asked for https://127.0.0.1:10257/healthz\n"+
		"served etcd for clients: 10.0.0.11:2379, "+pki+"etcd/server.crt: asked for https://10.0.0.11:2379/healthz with "+pki+"etcd/peer.crt\n"+
		"served etcd for peers: 10.0.0.11:2380, "+pki+"etcd/peer.crt: asked for https://10.0.0.11:2380/healthz with "+pki+"etcd/peer.crt",
		pki+"apiserver.crt", pki+"apiserver.key", pki+"sa.pub", pki+"etcd/server.crt", kubelet+"kubelet-client-current.pem", kubelet+"kubelet.crt", kubelet+"kubelet-server-current.pem",
		"/etc/kubernetes/manifests/kube-apiserver.yaml", "/etc/kubernetes/manifests/etcd.yaml")
	control.files["/etc/kubernetes/scheduler.conf"] = "    client-certificate-data: AAAA\n"
	runInTurn(t, []scriptCase{none, given, own, control})
}

// Certificates of etcd on hosts of its own, and on the control planes that are its clients.
func TestEtcdCertificateList(t *testing.T) {
	list := func(name, pki, files, shown, want string, there ...string) scriptCase {
		c := scriptCase{name: name, script: "modules/etcd-hosts/certificate-list.sh", want: want, files: map[string]string{"/etc/x": ""}, env: map[string]string{"PKI": pki, "FILES": files, "SHOWN": shown},
			stubs: map[string]string{"curl": curlSays}}
		for _, file := range there {
			c.files[pki+"/"+file] = ""
		}
		return c
	}
	runInTurn(t, []scriptCase{
		list("a member", "/etc/etcd/pki", "server peer client", "10.0.0.11:2379/server 10.0.0.11:2380/peer",
			"certificate etcd ca: /etc/etcd/pki/ca.crt\ncertificate etcd server: /etc/etcd/pki/server.crt\ncertificate etcd peer: /etc/etcd/pki/peer.crt\n"+
				"served etcd for clients: 10.0.0.11:2379, /etc/etcd/pki/server.crt: asked for https://10.0.0.11:2379/health with /etc/etcd/pki/server.crt\n"+
				"served etcd for peers: 10.0.0.11:2380, /etc/etcd/pki/peer.crt: asked for https://10.0.0.11:2380/health with /etc/etcd/pki/peer.crt", "ca.crt", "server.crt", "peer.crt"),
		list("a client", "/etc/etcd/client", "client", "", "certificate etcd ca: /etc/etcd/client/ca.crt\ncertificate etcd client: /etc/etcd/client/client.crt", "ca.crt", "client.crt"),
		list("not yet", "/etc/etcd/pki", "server peer client", "10.0.0.11:2379/server 10.0.0.11:2380/peer", ""),
	})
}
