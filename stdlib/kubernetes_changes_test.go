package stdlib_test

import (
	"strings"
	"testing"
)

// What kubeadm prints: words for people, a separator without its newline.
const printed = `[config] words for people
---apiVersion: v1
kind: ConfigMap
data:
  Corefile: |
    .:53 {
        forward . /etc/resolv.conf {
           max_concurrent 1000
        }
    }
---
kind: Deployment
metadata:
  name: coredns
spec:
  template:
    metadata:
      labels:
        k8s-app: kube-dns
`

// What a definition adds stands in the manifests that kubeadm writes, and pods are made
// anew for it.
func TestAddonsFollowTheDefinition(t *testing.T) {
	base := func(name, script, file string, env map[string]string, want string) scriptCase {
		env["CONFIG"], env["SCRIPT"] = "/etc/kubernetes/kubeadm/init.yaml", "ours"
		return scriptCase{name: name, script: script, env: env, want: want,
			files: map[string]string{"/etc/kubernetes/admin.conf": adminConf, "/etc/kubernetes/kubeadm/init.yaml": "", "/run/printed": printed},
			stubs: map[string]string{"curl": ":", "stat": "printf '1 2 3'", "kubeadm": `cat "$ROOT_OF_TEST/run/printed"`,
				"kubectl": `case " $* " in *" get "*) printf '%s' "${OBJECTS-}" ;; *) cat "$ROOT_OF_TEST/run/sprayc/kubectl/` + file + `.yaml" >&3 ;; esac`}}
	}
	const corefile = "---\napiVersion: v1\nkind: ConfigMap\ndata:\n  Corefile: |\n    .:53 {\n"
	const deployment = "           max_concurrent 1000\n        }\n    }\n---\nkind: Deployment\nmetadata:\n  name: coredns\nspec:\n  template:\n    metadata:\n" +
		"      annotations:\n        sprayc/configuration: \"abc\"\n      labels:\n        k8s-app: kube-dns\nok"
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	told := base("what kube-proxy reads", "modules/kubernetes/kube-proxy.probe.sh", "kube-proxy", map[string]string{"DIGEST": empty, "CONFIGURATION": "abc"},
		"---\ndata:\n  config.conf: |-\n    # sprayc/configuration: abc\n    apiVersion: x\n  kubeconfig.conf: |-\n    apiVersion: v1\nok")
	told.files["/run/printed"] = "---\ndata:\n  config.conf: |-\n    apiVersion: x\n  kubeconfig.conf: |-\n    apiVersion: v1\n"
	// What was printed from the same document and compared before is neither printed nor compared.
	known := func(name, script, file, of, objects, want string, env map[string]string) scriptCase {
		env["OBJECTS"] = "{} 7"
		c := base(name, script, file, env, want)
		c.stubs["kubeadm"] = "printf 'prints\\n' >&3; return 1"
		const folder = "/run/sprayc/kubectl/"
		c.files[folder+file+".of"], c.files[folder+file+".yaml"] = of+"\n", "old\n"
		c.files["/run/note"] = of + "\n" + objects + "\n"
		c.stubs["stat"] = `state_name "$KUBECONFIG"
same=$ROOT_OF_TEST/run/sprayc/kubectl/same/$state_name
mkdir -p "$same" && cp "$ROOT_OF_TEST/run/note" "$same/` + file + `" && printf '1 2 3'`
		return c
	}
	dns := func(name, of, objects, want string) scriptCase {
		return known(name, "modules/coredns/addon.probe.sh", "coredns", of, objects, want, map[string]string{"HOSTS": "", "FORWARD": "x", "DIGEST": "abc"})
	}
	proxy := func(name, of, objects, want string) scriptCase {
		return known(name, "modules/kubernetes/kube-proxy.probe.sh", "kube-proxy", of, objects, want, map[string]string{"DIGEST": empty, "CONFIGURATION": "abc"})
	}
	runCases(t, []scriptCase{
		dns("known", empty+" abc ours 1 2 3", "{} 7", "ok"),
		dns("touched since", empty+" abc ours 1 2 3", "{} 6", "old\nok"),
		dns("of another document", "f3b0 abc ours 1 2 3", "{} 7", "prints\nfail kubeadm prints no manifest"),
		dns("of another kubeadm", empty+" abc ours 1 9 3", "{} 7", "prints\nfail kubeadm prints no manifest"),
		dns("of another release's script", empty+" abc theirs 1 2 3", "{} 7", "prints\nfail kubeadm prints no manifest"),
		proxy("kube-proxy known", empty+" abc ours 1 2 3", "{} 7", "ok"),
		proxy("kube-proxy touched since", empty+" abc ours 1 2 3", "{} 6", "old\nok"),
		proxy("kube-proxy with another configuration", empty+" abd ours 1 2 3", "{} 7", "prints\nfail kubeadm prints no manifest"),
		base("nothing of CoreDNS", "modules/coredns/addon.probe.sh", "coredns", map[string]string{"HOSTS": "", "FORWARD": "/etc/resolv.conf", "DIGEST": "abc"},
			corefile+"        forward . /etc/resolv.conf {\n"+deployment),
		base("names and servers", "modules/coredns/addon.probe.sh", "coredns", map[string]string{"HOSTS": "hosts {\n   192.0.2.7 a b\n   fallthrough\n}", "FORWARD": "10.0.0.1 tls://10.0.0.2", "DIGEST": "abc"},
			corefile+"        hosts {\n           192.0.2.7 a b\n           fallthrough\n        }\n        forward . 10.0.0.1 tls://10.0.0.2 {\n"+deployment),
		base("kube-proxy", "modules/kubernetes/kube-proxy.probe.sh", "kube-proxy", map[string]string{"DIGEST": empty, "CONFIGURATION": "abc"},
			corefile+"        forward . /etc/resolv.conf {\n"+deployment),
		told,
	})
}

// Who serves others comes first and alone; the two that nobody waits for start together.
func TestStaticPodsOneAfterAnother(t *testing.T) {
	files := map[string]string{"/proc/stat": "cpu 1 2\nintr 9" + strings.Repeat(" 999999999", 30) + "\nbtime 2100000000\n"}
	for _, name := range []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"} {
		files["/run/sprayc/kubeadm/manifests/"+name+".yaml"] = "new"
		files["/etc/kubernetes/manifests/"+name+".yaml"] = "old"
	}
	for pid, name := range map[string]string{"11": "etcd", "12": "kube-apiserver", "13": "kube-controller", "14": "kube-scheduler"} {
		files["/proc/"+pid+"/stat"] = pid + " (" + name + ") S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0\n"
	}
	member := func(name, address, more string) string {
		return `{"ID":"1","name":"` + name + `","peerURLs":["https://` + address + `:2380"],"clientURLs":["https://` + address + `:2379"]` + more + `}`
	}
	members := func(members ...string) string {
		return `{"header":{"cluster_id":"1"},"members":[` + strings.Join(members, ",") + "]}"
	}
	base := func(name, same, want string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/static-pods.act.sh", files: map[string]string{}, want: want,
			env: map[string]string{"CONFIG": "x", "DIGEST": "x", "PATCHES": "x", "MOUNTED": "", "KEYS": "", "TOKENS": "", "OWN": "", "ADDRESS": "10.0.0.11:6443", "TIMEOUT": "3", "MEMBERS": members(member("cp1", "10.0.0.11", "")), "SICK": ""},
			stubs: map[string]string{"curl": `for url; do :; done
case $url in
*/member/list) printf '%s' "$MEMBERS" ;;
*:2379/health | -/health)
	case " $SICK " in
	*" $url "*) return 28 ;;
	esac
	printf '{"health":"true","reason":""}'
	;;
*) printf 'asks %s\n' "$url" >&3 ;;
esac`, "sleep": ":"}}
		for path, text := range files {
			c.files[path] = text
		}
		if same != "" {
			c.files["/etc/kubernetes/manifests/"+same+".yaml"] = "new"
		}
		return c
	}
	of := func(c scriptCase, members, sick string) scriptCase {
		c.env["MEMBERS"], c.env["SICK"] = members, sick
		return c
	}
	const (
		etcd = "note etcd gets a new manifest\nasks http://127.0.0.1:2381/health\n"
		api  = "note kube-apiserver gets a new manifest\nasks https://10.0.0.11:6443/readyz\n"
		both = "note kube-controller-manager gets a new manifest\nnote kube-scheduler gets a new manifest\nasks https://127.0.0.1:10257/healthz\nasks https://127.0.0.1:10259/healthz"
	)
	cp1, cp2, cp3 := member("cp1", "10.0.0.11", ""), member("cp2", "10.0.0.12", ""), member("cp3", "10.0.0.13", "")
	refused := func(urls string) string {
		return "fail etcd would have no quorum without this host's member while these are not healthy: " + urls
	}
	runCases(t, []scriptCase{
		base("all", "", etcd+api+both),
		base("not etcd", "etcd", api+both),
		base("not the API server, which finds etcd again", "kube-apiserver", etcd+"asks https://10.0.0.11:6443/readyz\n"+both),
		of(base("three members", "", etcd+api+both), members(cp1, cp2, cp3), ""),
		of(base("three members, another is sick", "", refused("https://10.0.0.12:2379")), members(cp1, cp2, cp3), "https://10.0.0.12:2379/health"),
		of(base("three members, this one does not serve", "", etcd+api+both), members(cp1, cp2, cp3), "https://127.0.0.1:2379/health https://10.0.0.12:2379/health"),
		of(base("a learner that is sick", "", etcd+api+both), members(cp1, member("cp2", "10.0.0.12", `,"isLearner":true`)), "https://10.0.0.12:2379/health"),
		of(base("a member that has not started", "", refused("-")), members(cp1, `{"ID":"2","peerURLs":["https://10.0.0.12:2380"]}`), "-/health"),
		of(base("nobody tells the members", "", "fail etcd does not tell its members, so nobody knows whether it may restart; look at: journalctl -u kubelet.service"), "", ""),
		base("not the scheduler", "kube-scheduler", etcd+api+"note kube-controller-manager gets a new manifest\nasks https://127.0.0.1:10257/healthz"),
	})
}

// The certificate is made in place of the old one: an act that is killed when that is gone is
// taken up, though the API server still shows what it has read.
func TestServingCertificate(t *testing.T) {
	const crt, key, manifest = "/etc/kubernetes/pki/apiserver.crt", "/etc/kubernetes/pki/apiserver.key", "/etc/kubernetes/manifests/kube-apiserver.yaml"
	base := func(name, curl, want string, files ...string) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/serving.probe.sh", want: want, files: map[string]string{"/etc/kubernetes/kubeadm/init.yaml": ""},
			env:   map[string]string{"ADDRESS": "10.0.0.11", "PORT": "6443", "NAMES": "api.example.com fd00::1", "CONFIG": "/etc/kubernetes/kubeadm/init.yaml"},
			stubs: map[string]string{"curl": curl}}
		for _, file := range files {
			c.files[file] = "x"
		}
		return c
	}
	const gone = "differs the API server's certificate is not there, or its key is not"
	// curl takes no URL with a star.
	const asks = `for url; do :; done; case $url in *'*'*) return 3 ;; esac; note "asks $url"`
	below := base("all names below one", asks, "note asks https://any.k8s.example.com:6443/livez\nok", manifest, crt, key)
	made := base("a certificate for all names below one", asks, "note asks https://any.k8s.example.com:6443/livez", manifest, crt, key)
	made.script, made.stubs["kubeadm"] = "modules/kubernetes/serving.act.sh", ":"
	for _, c := range []scriptCase{below, made} {
		c.env["NAMES"], c.stubs["sleep"] = "*.k8s.example.com", ":"
	}
	runCases(t, []scriptCase{
		base("no control plane", ":", "blocked kubeadm: this host is no control plane yet"),
		base("all names", ":", "ok", manifest, crt, key),
		base("a name is missing", `case $* in *--fail-early*) return 60 ;; *fd00*) return 60 ;; esac`, "differs the API server's certificate is not good for [fd00::1]\nok", manifest, crt, key),
		below, made,
		base("killed when both were removed", ":", gone, manifest),
		base("killed when the key was written", ":", gone, manifest, key),
	})
}

// A kubelet is asked itself, for each setting.
func TestVerifyKubelet(t *testing.T) {
	const says = `{"kubeletconfig":{"maxPods":110,"resolvConf":"/var/resolv.conf","failSwapOn":true,"clusterDNS":["10.96.0.10","fd00::a"],"kubeReserved":{"cpu":"100m"},` +
		`"evictionHard":{"memory.available":"100Mi"},"featureGates":{"A":true},"syncFrequency":"1m0s","logging":{"flushFrequency":5000000000},"staticPodURLHeader":{"Authorization":["x"]},` +
		`"registerWithTaints":[{"key":"a","effect":"NoSchedule"}],"reservedMemory":[{"numaNode":0,"limits":{"memory":"1Gi"}}]}}`
	base := func(name, wanted, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-kubelet.sh", want: want, env: map[string]string{"NAME": "w1", "WANT": wanted, "FLATTEN": moduleFile(t, "flatten.awk")},
			stubs: map[string]string{"kubectl": "printf '%s' '" + says + "'"}}
	}
	answers := func(name, kubectl, want string) scriptCase {
		c := base(name, `{"maxPods":110}`, want)
		c.files = map[string]string{"/run/x": ""}
		c.stubs = map[string]string{"kubectl": kubectl, "sleep": `: >"$ROOT_OF_TEST/run/slept"`, "date": `if [ -e "$ROOT_OF_TEST/run/slept" ]; then echo 1160; else echo 1000; fi`}
		return c
	}
	told := func(setting, value string) string {
		return "found " + setting + ": " + value + " (the kubelet's configz)"
	}
	wrong := func(setting, value, wanted string) string {
		return "differs " + setting + " is " + value + ", not " + wanted + " (the kubelet's configz); run there: systemctl restart kubelet.service"
	}
	lines := func(lines ...string) string { return strings.Join(lines, "\n") }
	const file = "as in /etc/kubernetes/kubelet.conf.d/90-sprayc.conf"
	runCases(t, []scriptCase{
		base("all is so", `{"apiVersion":"a","kind":"b","maxPods":110,"failSwapOn":true,"clusterDNS":["10.96.0.10","fd00::a"],"kubeReserved":{"cpu":"100m"},"evictionHard":{"memory.available":"100Mi"},"featureGates":{"A":true}}`,
			lines(told("maxPods", "110"), told("failSwapOn", "true"), told("clusterDNS", "10.96.0.10,fd00::a"), told("kubeReserved.cpu", "100m"), told("evictionHard.memory.available", "100Mi"), told("featureGates.A", "true"))),
		base("in other words", `{"syncFrequency":"60s","logging":{"flushFrequency":"5s"},"reservedMemory":[{"limits":{"memory":"1024Mi"},"numaNode":0}],"registerWithTaints":[{"effect":"NoSchedule","key":"a"}]}`,
			lines(told("syncFrequency", "60s"), told("logging.flushFrequency", "5s"), told("reservedMemory.0.limits.memory", "1024Mi"), told("reservedMemory.0.numaNode", "0"), told("registerWithTaints.0.effect", "NoSchedule"), told("registerWithTaints.0.key", "a"))),
		base("others, of which all are told", `{"maxPods":11,"failSwapOn":false,"resolvConf":"/var/resolv.conf","clusterDNS":["10.96.0.10"],"featureGates":{"A":false}}`,
			lines(wrong("maxPods", "110", "11"), wrong("failSwapOn", "true", "false"), told("resolvConf", "/var/resolv.conf"), wrong("clusterDNS", "10.96.0.10,fd00::a", "10.96.0.10"), wrong("featureGates.A", "true", "false"))),
		base("what is not there", `{"podsPerCore":9,"readOnlyPort":0,"protectKernelDefaults":false}`, lines(wrong("podsPerCore", "not set", "9"), told("readOnlyPort", "0"), told("protectKernelDefaults", "false"))),
		base("what may be secret", `{"staticPodURLHeader":{"Authorization":["y"]}}`, wrong("staticPodURLHeader.Authorization", "another", file)),
		base("CPUs of the system", `{"reservedSystemCPUs":"","kubeReserved":{"cpu":"7"}}`, told("reservedSystemCPUs", "")),
		answers("it was just started", `[ -e "$ROOT_OF_TEST/run/slept" ] && printf '{"kubeletconfig":{"maxPods":110}}'`, told("maxPods", "110")),
		answers("it does not run", "return 1", "fail the kubelet of w1 does not answer the API server; look there at: journalctl -u kubelet.service"),
	})
}
