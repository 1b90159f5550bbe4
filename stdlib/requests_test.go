package stdlib_test

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"
)

const requestFolder = "/etc/kubernetes/requests/"

// asked is a case of the probe of requests on a host whose CA is outside.
func asked(name, want string, files map[string]string, env ...string) scriptCase {
	c := scriptCase{name: name, script: "modules/certificates-own/requests.probe.sh", want: want, files: maps.Clone(files), env: requestValues()}
	if len(c.files) == 0 {
		c.files = map[string]string{"/etc/kubernetes/none": ""}
	}
	for i := 0; i < len(env); i += 2 {
		c.env[env[i]] = env[i+1]
	}
	return c
}

func requestValues() map[string]string {
	return map[string]string{"SIGNED": "apiserver_crt apiserver ca api.example.com 10.0.0.11\nfront_proxy_client_crt front-proxy-client front-proxy-ca \n" +
		"etcd_peer_crt etcd/peer etcd/ca cp1\nadmin_crt admin.conf ca api.example.com:6443\nkubelet_crt kubelet.conf ca cp1",
		"CHOSEN": "", "RENEW": "90", "DOCUMENTS": "kind: InitConfiguration\n---\nkind: ClusterConfiguration", "CA_CRT": "/run/in/ca", "CA_KEY": "",
		"FRONT_PROXY_CA_CRT": "", "FRONT_PROXY_CA_KEY": "", "ETCD_CA_CRT": "", "ETCD_CA_KEY": ""}
}

// whole are the files of requests for all that the CA signs, and nothing else.
func whole() map[string]string {
	return map[string]string{requestFolder + "apiserver.key": "key", requestFolder + "apiserver.csr": "csr", requestFolder + "apiserver.for": "api.example.com 10.0.0.11\n",
		requestFolder + "admin.conf": "key", requestFolder + "admin.csr": "csr", requestFolder + "admin.for": "api.example.com:6443\n",
		requestFolder + "kubelet.conf": "key", requestFolder + "kubelet.csr": "csr", requestFolder + "kubelet.for": "cp1\n"}
}

// What is asked for is what an authority signs whose key is not here, where it is not there or
// ends soon; what is asked for is not asked for twice.
func TestRequestsAreDue(t *testing.T) {
	due := func(lines ...string) string {
		for i := range lines {
			lines[i] = "differs a key and a request for " + lines[i]
		}
		return strings.Join(append(lines, "ok"), "\n")
	}
	served := func(days string) map[string]string {
		return map[string]string{pkiFolder + "apiserver.crt": "days " + days, "/etc/kubernetes/admin.conf": kubeconfigOf(days), "/etc/kubernetes/kubelet.conf": "x"}
	}
	all := due("apiserver_crt: there is none", "admin_crt: there is none", "kubelet_crt: there is none")
	lost := whole()
	delete(lost, requestFolder+"apiserver.csr")
	half := whole()
	delete(half, requestFolder+"admin.csr")
	runInTurn(t, []scriptCase{
		asked("a bare host", all, nil),
		asked("all is asked for", "ok", whole()),
		asked("half is asked for", due("admin_crt: its request is half made, or for other names"), half),
		asked("half of another", due("apiserver_crt: its request is half made, or for other names"), lost),
		asked("for other names", due("apiserver_crt: its request is half made, or for other names"), with(whole(), requestFolder+"apiserver.for", "api.example.com\n")),
		asked("broken off", "differs earlier requests were broken off\nok", with(whole(), requestFolder+".making/apiserver.key", "k")),
		asked("good for long", "ok", served("90")),
		asked("ends soon", due("apiserver_crt: the one that is there ends in 89 days", "admin_crt: the one that is there ends in 89 days"), served("89")),
		asked("has ended", due("apiserver_crt: the one that is there has ended"), with(served("200"), pkiFolder+"apiserver.crt", "days -2")),
		asked("ends soon, and is asked for", "ok", with(served("5"), requestFolder+"apiserver.key", "new", requestFolder+"apiserver.csr", "csr", requestFolder+"apiserver.for", "api.example.com 10.0.0.11\n",
			requestFolder+"admin.conf", "new", requestFolder+"admin.csr", "csr", requestFolder+"admin.for", "api.example.com:6443\n")),
		asked("was asked for other names", due("apiserver_crt: the one that is there was asked for other names"), with(served("200"), requestFolder+"apiserver.for", "api.example.com\n")),
		asked("was asked for these names", "ok", with(served("200"), requestFolder+"apiserver.for", "api.example.com 10.0.0.11\n")),
		asked("another way to log in", "ok", with(served("200"), "/etc/kubernetes/admin.conf", "token: days_1\n")),
		asked("the key is given", "ok", nil, "CA_KEY", "/run/in/key"),
		asked("the key is on the host", "ok", map[string]string{pkiFolder + "ca.key": "key", pkiFolder + "ca.crt": "crt"}),
		asked("etcd's is outside, as the host has it", due("etcd_peer_crt: there is none"), map[string]string{pkiFolder + "etcd/ca.crt": "crt"}, "CA_CRT", ""),
		asked("the front proxy's too", due("apiserver_crt: there is none", "front_proxy_client_crt: there is none", "admin_crt: there is none", "kubelet_crt: there is none"), nil, "FRONT_PROXY_CA_CRT", "/run/in/front"),
		asked("one is chosen", due("etcd_peer_crt: there is none"), map[string]string{pkiFolder + "ca.key": "key"}, "CHOSEN", "etcd_peer_crt"),
		asked("no CA is outside", "ok", nil, "CA_CRT", ""),
	})
	check := func(name, want string, files map[string]string, env ...string) scriptCase {
		c := asked(name, want, files, env...)
		c.script = "modules/certificates-own/requests-check.sh"
		for _, variable := range []string{"SIGNED", "RENEW", "DOCUMENTS"} {
			delete(c.env, variable)
		}
		return c
	}
	const itself = "differs this cluster's CA signs by itself, so there is nothing to request: sprayc certificates renew makes its certificates anew"
	runInTurn(t, []scriptCase{
		check("a CA is outside", "", nil),
		check("its key is given", itself, nil, "CA_KEY", "/run/in/key"),
		check("its key is on the host", itself, map[string]string{pkiFolder + "ca.key": "key"}),
		check("there is none yet", itself, nil, "CA_CRT", ""),
		check("only the front proxy's is outside", "", nil, "CA_KEY", "/run/in/key", "FRONT_PROXY_CA_CRT", "/run/in/front"),
		check("some are chosen", "", nil, "CA_KEY", "/run/in/key", "CHOSEN", "apiserver_crt"),
	})
}

// kubeadmRequests stands in for kubeadm certs generate-csr, as it makes all at once and
// refuses what is there.
const kubeadmRequests = `[ "$1 $2 $3 $5 $7" = 'certs generate-csr --cert-dir --kubeconfig-dir --config' ] || return 1
[ "$(cat "$8")" = 'kind: InitConfiguration
---
kind: ClusterConfiguration' ] || return 1
mkdir "$4/etcd" || return 1
for name in apiserver front-proxy-client etcd/peer; do
	printf 'key of %s' "$name" >"$4/$name.key"
	printf 'request of %s' "$name" >"$4/$name.csr"
done
for name in admin kubelet; do
	printf 'client-key-data: key_of_%s\n' "$name" >"$6/$name.conf"
	printf 'request of %s' "$name" >"$6/$name.conf.csr"
done`

// Requests are made of what is due and leave all else as it was: what is in service, and what
// waits for its certificate; also when the act is killed anywhere.
func TestRequests(t *testing.T) {
	files := map[string]string{pkiFolder + "apiserver.crt": "days 5", pkiFolder + "apiserver.key": "old key", requestFolder + "apiserver.for": "api.example.com 10.0.0.11\n",
		requestFolder + "admin.conf": "waits", requestFolder + "admin.csr": "waits", requestFolder + "admin.for": "api.example.com:6443\n",
		requestFolder + "kubelet.conf": "for another name", requestFolder + "kubelet.csr": "for another name", requestFolder + "kubelet.for": "cp2\n",
		pkiFolder + "etcd/ca.crt": "outside", requestFolder + ".making/left.key": "of one that was killed"}
	c := killedCase{"requests", "certificates-own/requests.probe.sh", "certificates-own/requests.act.sh", requestValues(), files, map[string]string{"kubeadm": kubeadmRequests}}
	want := with(files, requestFolder+"apiserver.key", "key of apiserver", requestFolder+"apiserver.csr", "request of apiserver",
		requestFolder+"kubelet.conf", "client-key-data: key_of_kubelet\n", requestFolder+"kubelet.csr", "request of kubelet", requestFolder+"kubelet.for", "cp1\n",
		requestFolder+"etcd/peer.key", "key of etcd/peer", requestFolder+"etcd/peer.csr", "request of etcd/peer", requestFolder+"etcd/peer.for", "cp1\n",
		requestFolder+".making/left.key", "")
	want["/run/sprayc/kubeadm/requests"] = ""
	c.leaves(t, want, true)
}

// kubeadm makes no request for an etcd that is elsewhere: that is said, and nothing is kept.
func TestRequestsOfNothing(t *testing.T) {
	c := asked("kubeadm makes none", "fail kubeadm makes no request for etcd_server_crt", map[string]string{"/run/sprayc/kubeadm/requests": "etcd_server_crt etcd/server cp1\n", requestFolder + "none": ""})
	c.script, c.stubs = "modules/certificates-own/requests.act.sh", map[string]string{"kubeadm": kubeadmRequests}
	fails := c
	fails.name, fails.want, fails.stubs = "kubeadm fails", "fail kubeadm makes no requests; the log says why", map[string]string{"kubeadm": "return 1"}
	runInTurn(t, []scriptCase{c, fails})
}

// Of requests those are told of that wait for their certificate.
func TestRequestList(t *testing.T) {
	files := with(whole(), requestFolder+"etcd/peer.key", "key", requestFolder+"etcd/peer.csr", "another", requestFolder+"scheduler.csr", "without a key", requestFolder+"etcd/server.key", "without a request")
	delete(files, requestFolder+"kubelet.csr")
	runCases(t, []scriptCase{
		{name: "some", script: "modules/certificates-own/request-list.sh", files: files, want: "request apiserver for apiserver_crt (server auth), its key in /etc/kubernetes/requests/apiserver.key: csr\n" +
			"request etcd-peer for etcd_peer_crt (server auth, client auth), its key in /etc/kubernetes/requests/etcd/peer.key: another\n" +
			"request admin for admin_crt (client auth), its key in /etc/kubernetes/requests/admin.conf: csr"},
		{name: "none", script: "modules/certificates-own/request-list.sh", files: map[string]string{"/etc/kubernetes/none": ""}},
	})
}

// ofNoKey is what is said of a certificate of which no key is on the host.
func ofNoKey(name, keys string) string {
	return "differs " + name + " comes without its key, and is of none that this host has (" + keys + "): it was signed for another request, or another host; sprayc certificates requests brings this one's"
}

// partial is a kubeconfig as kubeadm makes it beside a request: it has a key and no certificate.
func (o *office) partial(name string) string {
	return "apiVersion: v1\nclusters:\n- cluster:\n    server: https://api.example.com:6443\n  name: prod\nkind: Config\nusers:\n- name: u\n  user:\n    client-key-data: " +
		base64.StdEncoding.EncodeToString([]byte(o.read(name+".key")+"\n")) + "\n"
}

// A certificate that comes without its key is of one that the host has: that of its request,
// or the one in service.
func TestCertificatesOfRequests(t *testing.T) {
	o := newOffice(t)
	o.sign("ca", "", "/CN=Kubernetes", ofCA, 100)
	o.sign("other", "", "/CN=Kubernetes", ofCA, 100)
	o.sign("server", "ca", "/CN=kube-apiserver", ofServer+"DNS:api.example.com, DNS:cp1, DNS:kubernetes.default.svc, IP:10.0.0.11, IP:10.96.0.1\n", 100)
	o.sign("scheduler", "ca", "/CN=system:kube-scheduler", ofClient, 100)
	o.sign("node", "ca", "/O=system:nodes/CN=system:node:cp1", ofClient, 100)
	o.sign("super", "ca", "/O=system:masters/CN=kubernetes-super-admin", ofClient, 100)
	o.sign("manager", "ca", "/CN=system:kube-controller-manager", ofClient, 100)
	o.sign("stranger", "other", "/CN=system:kube-scheduler", ofClient, 100)
	ca := map[string]string{"CA_CRT": "ca.crt", "CA_KEY": "ca.key"}
	check := func(name, want string, files map[string]string, there ...string) scriptCase {
		c := o.given(name, "check.sh", want, files)
		for i := 0; i < len(there); i += 2 {
			c.files[there[i]] = there[i+1]
		}
		return c
	}
	server := with(ca, "APISERVER_CRT", "server.crt")
	noServer := ofNoKey("apiserver.crt", "/etc/kubernetes/pki/apiserver.key, /etc/kubernetes/requests/apiserver.key")
	scheduler := with(ca, "SCHEDULER_CRT", "scheduler.crt")
	noScheduler := ofNoKey("scheduler.crt", "/etc/kubernetes/scheduler.conf, /etc/kubernetes/requests/scheduler.conf")
	runInTurn(t, []scriptCase{
		check("of its request", "", server, requestFolder+"apiserver.key", o.read("server.key")),
		check("of the key in service", "", server, pkiFolder+"apiserver.key", o.read("server.key"), requestFolder+"apiserver.key", o.read("node.key")),
		check("of no request", noServer, server),
		check("of another request", noServer, server, requestFolder+"apiserver.key", o.read("node.key"), pkiFolder+"apiserver.key", o.read("scheduler.key")),
		check("what is kept is no key", noServer, server, requestFolder+"apiserver.key", "torn"),
		check("a kubeconfig's", "", scheduler, requestFolder+"scheduler.conf", o.partial("scheduler")),
		check("a kubeconfig's in service", "", scheduler, "/etc/kubernetes/scheduler.conf", o.kubeconfig("10.0.0.11:6443", "ca", "scheduler")),
		check("a kubeconfig's of another request", noScheduler, scheduler, requestFolder+"scheduler.conf", o.partial("server")),
		check("a kubeconfig's by another CA", "differs scheduler.crt: "+o.why("ca", "sslclient", "stranger")+" (by ca.crt)", with(ca, "SCHEDULER_CRT", "stranger.crt"), requestFolder+"scheduler.conf", o.partial("stranger")),
		check("a kubeconfig's of another", "differs scheduler.crt is that of CN=system:node:cp1,O=system:nodes, not of CN=system:kube-scheduler", with(ca, "SCHEDULER_CRT", "node.crt"), requestFolder+"scheduler.conf", o.partial("node")),
		check("a kubeconfig and its certificate", "differs scheduler.conf comes whole, and scheduler.crt for it too: leave one out", with(scheduler, "SCHEDULER_CONF", o.kubeconfig("10.0.0.11:6443", "ca", "scheduler"))),
		check("the kubelet's first", "", with(ca, "KUBELET_CRT", "node.crt"), requestFolder+"kubelet.conf", o.partial("node")),
		check("the kubelet's, when it has its own", "", with(ca, "KUBELET_CRT", "node.crt"), "/etc/kubernetes/kubelet.conf", "the kubelet's"),
		check("no kubeconfig of one whose CA's key is outside", "differs ca.crt comes without its key, so kubeadm cannot make admin.conf: it must come too",
			map[string]string{"CA_CRT": "ca.crt", "APISERVER_CRT": "server.crt", "APISERVER_KEY": "server.key", "APISERVER_KUBELET_CLIENT_CRT": "node.crt", "APISERVER_KUBELET_CLIENT_KEY": "node.key",
				"SUPER_ADMIN_CONF": o.kubeconfig("api.example.com:6443", "ca", "super"), "CONTROLLER_MANAGER_CONF": o.kubeconfig("10.0.0.11:6443", "ca", "manager"),
				"SCHEDULER_CRT": "scheduler.crt", "KUBELET_CRT": "node.crt"}, requestFolder+"scheduler.conf", o.partial("scheduler"), requestFolder+"kubelet.conf", o.partial("node")),
	})
}

// opensslOfWords stands in for openssl: a certificate says "of KEY", as its key does, and a
// kubeconfig has them in base64.
const opensslOfWords = `case $1 in
x509) sed 's/.*of //' "$3" ;;
pkey) case $2 in -in) cat "$3" ;; *) cat ;; esac | sed 's/.*of //' ;;
base64) case $* in *-d*) base64 -d ;; *-in*) base64 "$4" | tr -d '\n' ;; *) base64 | tr -d '\n' ;; esac ;;
esac`

// A certificate without its key goes where it is read, with the key of its request; killed
// anywhere too. What was in service stays until then, and no request is left that is answered.
func TestCertificatesAnswerRequests(t *testing.T) {
	data := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text + "\n")) }
	partial := func(key string) string {
		return "clusters:\n- cluster:\n    server: https://x\nusers:\n- name: u\n  user:\n    client-key-data: " + data("key of "+key) + "\n"
	}
	kubeconfig := func(crt, key string) string {
		return strings.NewReplacer("    server:", "    certificate-authority-data: "+data("ca")+"\n    server:", "    client-key-data:", "    client-certificate-data: "+data(crt)+"\n    client-key-data:").Replace(partial(key))
	}
	files := map[string]string{"/run/in/ca": "ca", "/run/in/server": "new of server", "/run/in/peer": "new of peer", "/run/in/admin": "new of admin", "/run/in/scheduler": "new of scheduler", "/run/in/node": "new of node",
		// Another than in service; the same key with another certificate; first ones.
		pkiFolder + "apiserver.crt": "of old\n", pkiFolder + "apiserver.key": "key of old\n",
		requestFolder + "apiserver.key": "key of server\n", requestFolder + "apiserver.csr": "csr", requestFolder + "apiserver.for": "names\n",
		pkiFolder + "etcd/peer.crt": "older of peer\n", pkiFolder + "etcd/peer.key": "key of peer\n", requestFolder + "etcd/peer.key": "waits", requestFolder + "etcd/peer.csr": "waits",
		requestFolder + "admin.conf": partial("admin"), requestFolder + "admin.csr": "csr",
		"/etc/kubernetes/scheduler.conf": kubeconfig("older of scheduler", "scheduler"),
		requestFolder + "kubelet.conf":   partial("node"), requestFolder + "kubelet.csr": "csr"}
	env := map[string]string{"CA_CRT": "/run/in/ca", "APISERVER_CRT": "/run/in/server", "ETCD_PEER_CRT": "/run/in/peer", "ADMIN_CRT": "/run/in/admin", "SCHEDULER_CRT": "/run/in/scheduler", "KUBELET_CRT": "/run/in/node"}
	for _, variable := range ownFiles {
		env[variable] += ""
	}
	c := killedCase{"answers", "certificates-own/files.probe.sh", "certificates-own/files.act.sh", env, files,
		map[string]string{"stat": `case $3 in *.key | *.conf) echo root:root 600 ;; *) echo root:root 644 ;; esac`, "openssl": opensslOfWords}}
	want := with(files, pkiFolder+"ca.crt", "ca\n", pkiFolder+"apiserver.crt", "new of server\n", pkiFolder+"apiserver.key", "key of server\n", pkiFolder+"etcd/peer.crt", "new of peer\n",
		"/etc/kubernetes/admin.conf", kubeconfig("new of admin", "admin"), "/etc/kubernetes/scheduler.conf", kubeconfig("new of scheduler", "scheduler"), "/etc/kubernetes/kubelet.conf", kubeconfig("new of node", "node"),
		"/etc/kubernetes/own-certificates", "ca.crt\napiserver.crt\netcd/peer.crt\nadmin.conf\nscheduler.conf\nkubelet.conf\n")
	for _, name := range []string{"apiserver.key", "apiserver.csr", "admin.conf", "admin.csr", "kubelet.conf", "kubelet.csr"} {
		delete(want, requestFolder+name)
	}
	c.leaves(t, want, false)

	// A key with its certificate, and a kubeconfig, killed anywhere.
	c.env = maps.Clone(env)
	for _, variable := range []string{"CA_CRT", "ETCD_PEER_CRT", "SCHEDULER_CRT", "KUBELET_CRT"} {
		c.env[variable] = ""
	}
	c.files = with(files, pkiFolder+"ca.crt", "ca\n")
	c.sweep(t)
}

// The same with the real openssl; one that is signed for another host changes nothing.
func TestCertificatesAnswerRealRequests(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"ca", "server", "old", "admin"} {
		o.sign(name, "", "/CN="+name, ofClient, 100)
	}
	refused := o.given("of no request", "files.act.sh", "fail apiserver.crt comes without its key, and is of none that this host has", map[string]string{"APISERVER_CRT": "server.crt"})
	refused.files[pkiFolder+"apiserver.key"] = o.read("old.key")
	good := o.given("of a request", "files.act.sh", "note good", map[string]string{"CA_CRT": "ca.crt", "APISERVER_CRT": "server.crt", "ADMIN_CRT": "admin.crt"})
	good.files[requestFolder+"apiserver.key"], good.files[requestFolder+"admin.conf"] = o.read("server.key"), o.partial("admin")
	// The last command of all: what is there in the end.
	good.stubs = map[string]string{"mv": `command mv "$@" || return 1
[ "$3" = "$ROOT_OF_TEST/etc/kubernetes/own-certificates" ] || return 0
cd "$ROOT_OF_TEST/etc/kubernetes" || return 1
[ "$(openssl x509 -in pki/apiserver.crt -noout -pubkey)" = "$(openssl pkey -in pki/apiserver.key -pubout)" ] || return 1
conf() { sed -n "s/^ *$1: //p" admin.conf | openssl base64 -d -A; }
[ "$(conf client-certificate-data | openssl x509 -noout -pubkey)" = "$(conf client-key-data | openssl pkey -pubout)" ] || return 1
[ "$(conf certificate-authority-data | openssl x509 -noout -subject -nameopt RFC2253)" = 'subject=CN=ca' ] || return 1
[ -z "$(ls requests)" ] || return 1
note good`}
	runInTurn(t, []scriptCase{refused, good})
}
