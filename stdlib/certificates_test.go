package stdlib_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An office makes certificates with the real openssl.
type office struct {
	t   *testing.T
	dir string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return &office{t: t, dir: t.TempDir()}
}

func (o *office) openssl(args ...string) string {
	o.t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		o.t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (o *office) read(name string) string {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.TrimSuffix(string(text), "\n") // as the runner hands it over
}

// key makes NAME.key, of a sort that kubeadm's are: RSA of 2048 bits, or an elliptic curve.
func (o *office) key(name string) {
	o.t.Helper()
	o.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name+".key")
}

// sign makes NAME.crt and NAME.key by a CA; without one it signs itself.
func (o *office) sign(name, ca, subject, extensions string, days int) {
	o.t.Helper()
	o.key(name)
	conf := "[req]\ndistinguished_name = n\n[n]\n[e]\n" + extensions
	writeFile(o.t, filepath.Join(o.dir, name+".conf"), conf)
	o.openssl("req", "-new", "-key", name+".key", "-subj", subject, "-config", name+".conf", "-out", name+".csr")
	args := []string{"x509", "-req", "-in", name + ".csr", "-days", fmt.Sprint(days), "-extfile", name + ".conf", "-extensions", "e", "-out", name + ".crt"}
	if ca == "" {
		args = append(args, "-signkey", name+".key")
	} else {
		args = append(args, "-CA", ca+".crt", "-CAkey", ca+".key", "-CAcreateserial")
	}
	o.openssl(args...)
}

const (
	ofCA     = "basicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign, digitalSignature\nsubjectKeyIdentifier = hash\n"
	ofClient = "basicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = clientAuth\n"
	ofServer = "basicConstraints = critical, CA:false\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth, clientAuth\nsubjectAltName = "
)

// why is what openssl says against a certificate, which differs between its versions.
func (o *office) why(ca, purpose, name string) string {
	o.t.Helper()
	cmd := exec.Command("openssl", "verify", "-purpose", purpose, "-CAfile", ca+".crt", "-partial_chain", name+".crt")
	cmd.Dir = o.dir
	out, err := cmd.CombinedOutput()
	if err == nil {
		o.t.Fatalf("%s is good for %s", name, purpose)
	}
	_, said, _ := strings.Cut(string(out), "lookup:")
	said, _, _ = strings.Cut(said, "\n")
	return strings.TrimSpace(said)
}

// kubeconfig is one with a certificate of its own.
func (o *office) kubeconfig(server, ca, name string) string {
	data := func(file string) string { return base64.StdEncoding.EncodeToString([]byte(o.read(file) + "\n")) }
	return fmt.Sprintf("apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: %s\n    server: https://%s\n  name: c\nusers:\n- name: u\n  user:\n    client-certificate-data: %s\n    client-key-data: %s\n",
		data(ca+".crt"), server, data(name+".crt"), data(name+".key"))
}

// ownFiles are the variables of the module's scripts.
var ownFiles = []string{"CA_CRT", "CA_KEY", "FRONT_PROXY_CA_CRT", "FRONT_PROXY_CA_KEY", "ETCD_CA_CRT", "ETCD_CA_KEY", "SA_PUB", "SA_KEY",
	"APISERVER_CRT", "APISERVER_KEY", "APISERVER_KUBELET_CLIENT_CRT", "APISERVER_KUBELET_CLIENT_KEY", "FRONT_PROXY_CLIENT_CRT", "FRONT_PROXY_CLIENT_KEY",
	"APISERVER_ETCD_CLIENT_CRT", "APISERVER_ETCD_CLIENT_KEY", "ETCD_SERVER_CRT", "ETCD_SERVER_KEY", "ETCD_PEER_CRT", "ETCD_PEER_KEY",
	"ETCD_HEALTHCHECK_CLIENT_CRT", "ETCD_HEALTHCHECK_CLIENT_KEY", "ADMIN_CONF", "SUPER_ADMIN_CONF", "CONTROLLER_MANAGER_CONF", "SCHEDULER_CONF", "KUBELET_CONF",
	"ADMIN_CRT", "SUPER_ADMIN_CRT", "CONTROLLER_MANAGER_CRT", "SCHEDULER_CRT", "KUBELET_CRT"}

// given is a case of one of the scripts with files brought from outside: NAME=FILE of the
// office, or a text.
func (o *office) given(name, script, want string, files map[string]string) scriptCase {
	c := scriptCase{name: name, script: "modules/certificates-own/" + script, want: want, files: map[string]string{},
		env: map[string]string{"NAMES": "api.example.com 10.0.0.11 cp1 10.96.0.1 kubernetes.default.svc", "NODE": "cp1", "ADDRESS": "10.0.0.11", "PORT": "6443",
			"ENDPOINT": "api.example.com:6443", "STACKED": "true", "SEVERAL": "false"}}
	for _, variable := range ownFiles {
		c.env[variable] = ""
	}
	for variable, file := range files {
		text := file
		if !strings.Contains(file, "\n") {
			text = o.read(file)
		}
		c.files["/run/in/"+variable] = text
		c.env[variable] = "/run/in/" + variable
	}
	return c
}

func with(files map[string]string, more ...string) map[string]string {
	all := maps.Clone(files)
	for i := 0; i < len(more); i += 2 {
		if all[more[i]] = more[i+1]; more[i+1] == "" {
			delete(all, more[i])
		}
	}
	return all
}

// What is brought from outside is looked at with the real openssl, in every shell.
func TestOwnCertificatesCheck(t *testing.T) {
	o := newOffice(t)
	o.sign("root", "", "/CN=Root", ofCA, 100)
	o.sign("ca", "root", "/CN=Kubernetes", ofCA, 100)
	o.sign("other", "", "/CN=Kubernetes", ofCA, 100)
	o.sign("short", "", "/CN=Kubernetes", ofCA, 0)
	o.sign("leaf", "ca", "/CN=leaf", ofClient, 100)
	names := "DNS:api.example.com, DNS:cp1, DNS:kubernetes.default.svc, IP:10.0.0.11"
	o.sign("server", "ca", "/CN=kube-apiserver", ofServer+names+", IP:10.96.0.1\n", 100)
	o.sign("unnamed", "ca", "/CN=kube-apiserver", ofServer+names+"\n", 100)
	o.sign("late", "ca", "/CN=kube-apiserver", ofServer+names+", IP:10.96.0.1\n", 0)
	o.sign("front", "ca", "/CN=front-proxy-client", ofClient, 100)
	o.sign("scheduler", "ca", "/CN=system:kube-scheduler", ofClient, 100)
	o.sign("node", "ca", "/O=system:nodes/CN=system:node:cp1", ofClient, 100)
	o.openssl("pkey", "-in", "leaf.key", "-pubout", "-out", "leaf.pub")
	o.openssl("pkey", "-in", "leaf.key", "-aes128", "-passout", "pass:x", "-out", "locked.key")

	ca := map[string]string{"CA_CRT": "ca.crt", "CA_KEY": "ca.key"}
	server := with(ca, "APISERVER_CRT", "server.crt", "APISERVER_KEY", "server.key")
	check := func(name, want string, files map[string]string) scriptCase {
		return o.given(name, "check.sh", want, files)
	}
	in := func(c scriptCase, path, text string) scriptCase {
		c.files[path] = text
		return c
	}
	external := check("etcd is elsewhere", "differs etcd has a CA of its own on hosts of its own: its certificates here would be read by nobody", map[string]string{"ETCD_CA_CRT": "ca.crt"})
	external.env["STACKED"] = "false"
	several := func(name, want string, files map[string]string) scriptCase {
		c := check(name, want, files)
		c.env["SEVERAL"] = "true"
		return c
	}
	const shared = "differs the key of a CA stays outside, so what control planes share comes from there too: "
	keylessFront := map[string]string{"FRONT_PROXY_CA_CRT": "ca.crt", "FRONT_PROXY_CLIENT_CRT": "front.crt", "FRONT_PROXY_CLIENT_KEY": "front.key"}
	without := check("no openssl yet", "note openssl is not there yet: the certificates are checked when it is", ca)
	without.stubs = map[string]string{"command": "return 1"}
	missing := check("a plan without it", "note CA_KEY is not there: the certificates are not checked", ca)
	delete(missing.files, "/run/in/CA_KEY")
	keyless := func(more ...string) string {
		var lines []string
		for _, name := range more {
			lines = append(lines, "differs "+name)
		}
		return strings.Join(lines, "\n")
	}
	const first = "ca.crt comes without its key, so kubeadm cannot make "
	runCases(t, []scriptCase{
		check("all of a kind", "", with(server, "FRONT_PROXY_CA_CRT", "ca.crt", "FRONT_PROXY_CLIENT_CRT", "front.crt", "FRONT_PROXY_CLIENT_KEY", "front.key",
			"SA_PUB", "leaf.pub", "SA_KEY", "leaf.key", "SCHEDULER_CONF", o.kubeconfig("10.0.0.11:6443", "ca", "scheduler"), "KUBELET_CONF", o.kubeconfig("api.example.com:6443", "ca", "node"))),
		external, without, missing,
	})
	runInTurn(t, []scriptCase{
		check("nothing", "", nil),
		check("a CA by another", "", ca),
		check("a CA with those above it", "", with(ca, "CA_CRT", o.read("ca.crt")+"\n"+o.read("root.crt"))),
		check("no certificate", "differs ca.crt is no certificate in PEM", with(ca, "CA_CRT", "ca.key")),
		check("not a CA's", "differs ca.crt is not a CA's", map[string]string{"CA_CRT": "leaf.crt", "CA_KEY": "leaf.key"}),
		check("ended", "differs ca.crt has ended, or does so within a day\ndiffers ca.crt: certificate has expired", map[string]string{"CA_CRT": "short.crt", "CA_KEY": "short.key"}),
		check("another's key", "differs ca.key is not the key of ca.crt", with(ca, "CA_KEY", "other.key")),
		check("a key with a passphrase", "differs ca.key is no key in PEM without a passphrase", with(ca, "CA_KEY", "locked.key")),
		check("a key alone", "differs ca.key comes without ca.crt", map[string]string{"CA_KEY": "ca.key"}),
		check("by another CA", "differs apiserver.crt: unable to get local issuer certificate (by ca.crt)", with(server, "CA_CRT", "other.crt", "CA_KEY", "other.key")),
		check("not for a name", "differs apiserver.crt is not good for 10.96.0.1", with(server, "APISERVER_CRT", "unnamed.crt", "APISERVER_KEY", "unnamed.key")),
		check("ends soon", "differs apiserver.crt has ended, or does so within a day\ndiffers apiserver.crt: certificate has expired (by ca.crt)", with(server, "APISERVER_CRT", "late.crt", "APISERVER_KEY", "late.key")),
		check("a client is no server", "differs apiserver.crt: "+o.why("ca", "sslserver", "leaf")+" (by ca.crt)\ndiffers apiserver.crt is not good for api.example.com\n"+
			"differs apiserver.crt is not good for 10.0.0.11\ndiffers apiserver.crt is not good for cp1\ndiffers apiserver.crt is not good for 10.96.0.1\ndiffers apiserver.crt is not good for kubernetes.default.svc",
			with(server, "APISERVER_CRT", "leaf.crt", "APISERVER_KEY", "leaf.key")),
		check("a certificate without its key", ofNoKey("apiserver.crt", "/etc/kubernetes/pki/apiserver.key, /etc/kubernetes/requests/apiserver.key"), with(server, "APISERVER_KEY", "")),
		check("a certificate without its CA", "differs apiserver.crt comes without ca.crt, which signed it", with(server, "CA_CRT", "", "CA_KEY", "")),
		in(check("the CA of kubeadm's that is there", "", with(server, "CA_CRT", "", "CA_KEY", "")), "/etc/kubernetes/pki/ca.crt", o.read("ca.crt")),
		in(check("a cluster has another", "differs /etc/kubernetes/pki/ca.crt is that of another authority: one that is in use is not exchanged by its files; ca.crt is for a cluster that is not made yet", ca),
			"/etc/kubernetes/pki/ca.crt", o.read("other.crt")),
		check("no key of the CA", keyless(first+"apiserver.crt: it and its key must come too", first+"apiserver-kubelet-client.crt: it and its key must come too", first+"admin.conf: it must come too",
			first+"super-admin.conf: it must come too", first+"controller-manager.conf: it must come too", first+"scheduler.conf: it must come too", first+"kubelet.conf: it must come too"),
			map[string]string{"CA_CRT": "ca.crt"}),
		check("no key of the front proxy's", "differs front-proxy-ca.crt comes without its key, so kubeadm cannot make front-proxy-client.crt: it and its key must come too", map[string]string{"FRONT_PROXY_CA_CRT": "ca.crt"}),
		several("several control planes, and a CA's key that stays outside", shared+"ca.crt\n"+shared+"sa.pub, sa.key\n"+shared+"etcd/ca.crt", keylessFront),
		several("several control planes, and all that they share", "", with(keylessFront, "CA_CRT", "ca.crt", "CA_KEY", "ca.key", "SA_PUB", "leaf.pub", "SA_KEY", "leaf.key", "ETCD_CA_CRT", "ca.crt", "ETCD_CA_KEY", "ca.key")),
		several("several control planes, and keys", "", ca),
		check("the front proxy's name", "differs front-proxy-client.crt is that of CN=leaf, not of CN=front-proxy-client",
			map[string]string{"FRONT_PROXY_CA_CRT": "ca.crt", "FRONT_PROXY_CLIENT_CRT": "leaf.crt", "FRONT_PROXY_CLIENT_KEY": "leaf.key"}),
		check("a service account's key", "differs sa.pub is not the public key of sa.key", map[string]string{"SA_PUB": "leaf.pub", "SA_KEY": "ca.key"}),
		check("a service account's half", "differs sa.key comes without sa.pub", map[string]string{"SA_KEY": "ca.key"}),
		check("a kubeconfig of another server", "differs scheduler.conf is for https://api.example.com:6443, not for https://10.0.0.11:6443", with(ca, "SCHEDULER_CONF", o.kubeconfig("api.example.com:6443", "ca", "scheduler"))),
		check("a kubeconfig of another", "differs the certificate in scheduler.conf is that of CN=leaf, not of CN=system:kube-scheduler", with(ca, "SCHEDULER_CONF", o.kubeconfig("10.0.0.11:6443", "ca", "leaf"))),
		check("a kubeconfig by another CA", "differs scheduler.conf has another CA than ca.crt\ndiffers scheduler.conf has a certificate that is not by ca.crt, or not good today",
			map[string]string{"CA_CRT": "other.crt", "CA_KEY": "other.key", "SCHEDULER_CONF": o.kubeconfig("10.0.0.11:6443", "ca", "scheduler")}),
		check("a kubeconfig without a group", "differs the certificate in admin.conf is that of CN=leaf, not of CN=kubernetes-admin\ndiffers the certificate in admin.conf is that of CN=leaf, not of O=kubeadm:cluster-admins",
			with(ca, "ADMIN_CONF", o.kubeconfig("api.example.com:6443", "ca", "leaf"))),
		check("no kubeconfig", "differs scheduler.conf is for no server, not for https://10.0.0.11:6443\ndiffers scheduler.conf has another CA than ca.crt\n"+
			"differs scheduler.conf has no certificate with its key in client-certificate-data and client-key-data", with(ca, "SCHEDULER_CONF", "a: b\nc: d\n")),
	})
}

// Who signs what is brought is asked of what is brought, whomever the host trusts.
func TestOwnCertificatesTrust(t *testing.T) {
	o := newOffice(t)
	o.sign("ca", "", "/CN=Kubernetes", ofCA, 100)
	o.sign("other", "", "/CN=Other", ofCA, 100)
	o.sign("server", "ca", "/CN=kube-apiserver", ofServer+"DNS:api.example.com, DNS:cp1, DNS:kubernetes.default.svc, IP:10.0.0.11, IP:10.96.0.1\n", 100)
	files := map[string]string{"CA_CRT": "other.crt", "CA_KEY": "other.key", "APISERVER_CRT": "server.crt", "APISERVER_KEY": "server.key"}
	c := o.given("the host trusts another", "check.sh", "differs apiserver.crt: "+o.why("other", "sslserver", "server")+" (by ca.crt)", files)
	c.env["SSL_CERT_DIR"] = "/run/trusted"
	c.files["/run/trusted/"+strings.TrimSpace(o.openssl("x509", "-in", "ca.crt", "-noout", "-hash"))+".0"] = o.read("ca.crt")
	runCases(t, []scriptCase{c})
}

// The files go where kubeadm looks for them, and the second look finds them there.
func TestOwnCertificatesFiles(t *testing.T) {
	o := newOffice(t)
	o.sign("ca", "", "/CN=Kubernetes", ofCA, 100)
	files := map[string]string{"CA_CRT": "ca.crt", "CA_KEY": "ca.key", "ETCD_CA_CRT": "ca.crt", "KUBELET_CONF": "a: b\nc: d\n"}
	stat := map[string]string{"stat": `case $3 in *.key | *.conf) echo root:root 600 ;; *) echo root:root 644 ;; esac`}
	there := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := o.given(name, "files.probe.sh", want, files)
		c.stubs = stat
		for path, text := range map[string]string{"pki/ca.crt": o.read("ca.crt"), "pki/ca.key": o.read("ca.key"), "pki/etcd/ca.crt": o.read("ca.crt"), "kubelet.conf": "the kubelet's"} {
			c.files["/etc/kubernetes/"+path] = text + "\n"
		}
		c.files["/etc/kubernetes/own-certificates"] = "ca.crt\nca.key\netcd/ca.crt\nkubelet.conf\n"
		if change != nil {
			change(&c)
		}
		return c
	}
	put := o.given("put", "files.act.sh", "", files)
	runCases(t, []scriptCase{
		put,
		there("all is there", "ok", nil),
		there("nothing is there", "differs ca.crt is not there\ndiffers ca.key is not there\ndiffers etcd/ca.crt is not there\ndiffers kubelet.conf is not there\n"+
			"differs /etc/kubernetes/own-certificates does not name what is brought\nok", func(c *scriptCase) {
			for path := range maps.Clone(c.files) {
				if strings.HasPrefix(path, "/etc/kubernetes/") {
					delete(c.files, path)
				}
			}
			c.files["/etc/kubernetes/pki/none"] = ""
		}),
		there("killed before it was noted", "differs /etc/kubernetes/own-certificates does not name what is brought\nok", func(c *scriptCase) { delete(c.files, "/etc/kubernetes/own-certificates") }),
		there("another", "differs etcd/ca.crt is another\nok", func(c *scriptCase) { c.files["/etc/kubernetes/pki/etcd/ca.crt"] = "x\n" }),
		there("others may read it", "differs ca.key is root:root 644\nok", func(c *scriptCase) { c.stubs = map[string]string{"stat": "echo root:root 644"} }),
		there("a plan without it", "ok", func(c *scriptCase) { delete(c.files, "/run/in/CA_KEY") }),
	})
}
