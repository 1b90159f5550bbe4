package stdlib_test

import (
	"strings"
	"testing"
)

// heard makes stubs that say what they were called with; curl answers as the API server.
func heard(names ...string) map[string]string {
	stubs := map[string]string{}
	for _, name := range names {
		stubs[name] = `printf '` + name + ` %s\n' "$*" >&3`
	}
	stubs["curl"] += "\nprintf ok"
	return stubs
}

// kubeadm init phase by phase; the pod that makes the endpoint answer comes after
// kubeadm's checks, which want an empty folder, and before the kubelet.
func TestKubernetesInit(t *testing.T) {
	const readyz = "curl --silent --insecure --noproxy * --max-time 5 https://%s/readyz"
	phase := func(name string) string {
		note := "note kubeadm init phase " + name + "\n"
		return note + "kubeadm init phase " + name + " --config /etc/kubernetes/kubeadm/init.yaml\n"
	}
	phases := func(names ...string) string {
		var all strings.Builder
		for _, name := range names {
			all.WriteString(phase(name))
		}
		return all.String()
	}
	api := strings.Replace(readyz, "%s", "10.0.0.11:6443", 1)
	before := phases("certs all", "kubeconfig all", "etcd local", "control-plane all")
	kubelet := phase("kubelet-start") + "note waits for the API server\n" + api + "\n"
	after := strings.TrimSuffix(phases("upload-config all", "mark-control-plane", "bootstrap-token --skip-token-print", "kubelet-finalize all"), "\n")
	const kubectl = "kubectl --kubeconfig /etc/kubernetes/super-admin.conf --server https://10.0.0.11:6443 --cache-dir /run/sprayc/kubectl"
	put := "mv -f /etc/kubernetes/manifests/.vip.yaml.spray.new /etc/kubernetes/manifests/vip.yaml\n"
	endpoint := kubectl + " get clusterrolebinding kubeadm:cluster-admins\n" +
		kubectl + " create clusterrolebinding kubeadm:cluster-admins --clusterrole cluster-admin --group kubeadm:cluster-admins\n" +
		"note waits for the endpoint\n" + strings.Replace(readyz, "%s", "10.0.0.9:6443", 1) + "\n"

	unknown := func(node string) string {
		return "\nkubectl --kubeconfig /etc/kubernetes/admin.conf --cache-dir /run/sprayc/kubectl patch node/" + node +
			` --subresource status --patch {"status": {"conditions": [{"type": "Ready", "status": "Unknown", "reason": "Restored", "message": "as a backup has it"}]}}`
	}
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/init.act.sh", want: want,
			env:   map[string]string{"CONFIG": "/etc/kubernetes/kubeadm/init.yaml", "ADDRESS": "10.0.0.11:6443", "ENDPOINT": "10.0.0.9:6443", "POD": "", "TIMEOUT": "5"},
			files: map[string]string{"/etc/kubernetes/kubeadm/init.yaml": "", "/etc/kubernetes/manifests/none": "", "/etc/kubernetes/pki/sa.key": "key", "/etc/sprayc/vip.yaml": "pod"},
			stubs: heard("kubeadm", "kubectl", "curl", "mv")}
		c.stubs["kubectl"] += "\ncase $* in *' get '*) return 1 ;; esac"
		if change != nil {
			change(&c)
		}
		return c
	}
	runCases(t, []scriptCase{
		base("first", phase("preflight")+before+kubelet+after, nil),
		base("the CA's key is outside", phase("preflight")+strings.Replace(before, phase("certs all"), phase("certs all")+"note kubeadm init phase certs sa\n"+
			"kubeadm init phase certs sa --config /etc/kubernetes/pki/.sa/config.yaml\n"+"mv -f /etc/kubernetes/pki/.sa/sa.pub /etc/kubernetes/pki/.sa/sa.key /etc/kubernetes/pki/\n", 1)+kubelet+after,
			func(c *scriptCase) { delete(c.files, "/etc/kubernetes/pki/sa.key") }),
		base("taken up", before+kubelet+after, func(c *scriptCase) { c.files["/etc/kubernetes/kubeadm/founding"] = "" }),
		base("from a backup", before+kubelet+after+unknown("cp1")+unknown("cp2"), func(c *scriptCase) {
			c.files["/etc/kubernetes/kubeadm/founding"] = "kubeadm init has begun here, from a backup\n"
			c.stubs["kubectl"] = `case $* in
*' get nodes '*) printf 'node/cp1\nnode/cp2\n' ;;
*) printf 'kubectl %s\n' "$*" >&3 ;;
esac`
		}),
		base("with a pod", phase("preflight")+before+put+kubelet+endpoint+after, func(c *scriptCase) { c.env["POD"] = "/etc/sprayc/vip.yaml" }),
		base("the administrators have their rights", phase("preflight")+before+put+kubelet+strings.Join(strings.SplitAfter(endpoint, "\n")[:1], "")+
			strings.Join(strings.SplitAfter(endpoint, "\n")[2:], "")+after, func(c *scriptCase) {
			c.env["POD"] = "/etc/sprayc/vip.yaml"
			c.stubs["kubectl"] = heard("kubectl")["kubectl"]
		}),
		base("no answer", phase("preflight")+before+phase("kubelet-start")+"note waits for the API server\n"+
			strings.Repeat("curl\n", 3)+"fail the API server does not answer at 10.0.0.11:6443 after 2 s; look at: journalctl -u kubelet.service", func(c *scriptCase) {
			c.env["TIMEOUT"] = "2"
			c.stubs["curl"] = "printf 'curl\\n' >&3; return 7"
			c.stubs["sleep"] = ":"
		}),
	})
}

func TestKubeVIPRuns(t *testing.T) {
	running := func(name, comm, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-kube-vip/running.probe.sh", files: map[string]string{"/proc/7/comm": comm, "/proc/8/comm": "sh\n"}, want: want}
	}
	runCases(t, []scriptCase{
		running("runs", "kube-vip\n", "ok"),
		running("runs not", "kube-vipper\n", "differs kube-vip does not run; look at: journalctl -u kubelet.service"),
	})
}

func TestNodesCacheAnswers(t *testing.T) {
	cache := func(name, stub, want string) scriptCase {
		return scriptCase{name: name, script: "modules/nodelocaldns/answers.sh", env: map[string]string{"HEALTH": "http://h/health"}, stubs: map[string]string{"curl": stub}, want: want}
	}
	runCases(t, []scriptCase{
		cache("well", "printf OK", "ok"),
		cache("not yet", "return 7", "differs the node's DNS cache does not answer at http://h/health; look at: kubectl --namespace kube-system describe daemonset nodelocaldns"),
		cache("somebody else", "printf hello", "differs the node's DNS cache says hello at http://h/health\nok"),
	})
}

func TestKubernetesImages(t *testing.T) {
	images := func(name, script, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/kubernetes/" + script, want: want, env: map[string]string{"CONFIG": "/etc/kubernetes/kubeadm/init.yaml", "VERSION": "1.36.4", "DIGEST": "ab"},
			files: map[string]string{"/etc/kubernetes/kubeadm/images": "ab\n"}, stubs: heard("kubeadm", "mv")}
		if change != nil {
			change(&c)
		}
		return c
	}
	runCases(t, []scriptCase{
		images("fetched", "images.probe.sh", "ok", nil),
		images("other settings", "images.probe.sh", "differs the images of 1.36.4 were not fetched yet\nok", func(c *scriptCase) { c.env["DIGEST"] = "a" }),
		images("never", "images.probe.sh", "differs the images of 1.36.4 were not fetched yet\nok", func(c *scriptCase) { c.files = map[string]string{"/etc/kubernetes/kubeadm/x": ""} }),
		images("fetch", "images.act.sh", "kubeadm config images pull --config /etc/kubernetes/kubeadm/init.yaml\nmv -f /etc/kubernetes/kubeadm/.images.new /etc/kubernetes/kubeadm/images", nil),
		images("cannot", "images.act.sh", "fail kubeadm cannot fetch the images of 1.36.4; the log says which and why", func(c *scriptCase) { c.stubs["kubeadm"] = "return 1" }),
	})
}

// A node's settings: one question decides when all that is ours is there with its digest, and
// the API server is asked only when it is there in part.
func TestKubernetesNodeSettings(t *testing.T) {
	node := func(taints, labels, annotations string) string {
		return "ours a=b:NoSchedule\n" + taints + "{" + labels + "}\n{" + annotations + "}\n"
	}
	const annotations = `"note":"x, \"y\"","sprayc/settings":"d1","sprayc/taints":"a=b:NoSchedule"`
	settings := func(name, have, differ, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/settings.probe.sh", want: want,
			env: map[string]string{"NAME": "w1", "NODE": "{}", "DIGEST": "d1", "TAINTS": "a=b:NoSchedule",
				"PAIRS": `"disk":"nvme"` + "\n" + `"node-role/worker":""` + "\n" + `"note":"x, \"y\""` + "\n" + `"sprayc/settings":"d1"`},
			files: map[string]string{"/etc/have": have, "/etc/kubernetes/admin.conf": adminConf},
			stubs: map[string]string{"mkdir": ":", "sleep": ":", "curl": ":",
				"kubectl": "case $1 in\ndiff) cat >/dev/null; " + differ + " ;;\n*) cat \"$ROOT_OF_TEST/etc/have\" ;;\nesac"}}
	}
	const ours, all = "a=b:NoSchedule\n", `"disk":"nvme","zone":"z","node-role/worker":""`
	unasked := `fail 'diff was asked'`
	gone := settings("no such node", "", unasked, "blocked kubeadm: the cluster has no node w1")
	gone.stubs["kubectl"] = "return 1"
	bare := settings("no cluster yet", "", unasked, "blocked file /etc/kubernetes/admin.conf: it is not there, so there is no API server to ask")
	delete(bare.files, "/etc/kubernetes/admin.conf")
	runCases(t, []scriptCase{
		gone, bare,
		settings("as wanted", node(ours, all, annotations), unasked, "ok"),
		settings("never applied", node(ours, all, `"sprayc/taints":""`), unasked, "differs labels or annotations differ"),
		settings("others were applied", node(ours, all, strings.Replace(annotations, "d1", "d2", 1)), unasked, "differs labels or annotations differ"),
		settings("a label taken away", node(ours, `"disk":"nvme"`, annotations), "return 1", "differs labels or annotations differ"),
		settings("a label changed", node(ours, strings.Replace(all, "nvme", "nvme2", 1), annotations), "return 1", "differs labels or annotations differ"),
		settings("the same in other JSON", node(ours, all, strings.Replace(annotations, "x,", `x\u002c`, 1)), "return 0", "ok"),
		settings("no answer to the second", node(ours, "", annotations), "return 2", "fail the API server does not say what would change"),
		settings("no taint", node("", all, annotations), unasked, "differs the taint a=b:NoSchedule is not there\nok"),
		settings("a taint no longer ours", strings.Replace(node(ours, all, annotations), "ours a", "ours c=d:NoExecute a", 1), unasked, "differs the taint c=d:NoExecute is no longer ours\nok"),
	})
}

// How long certificates are good for, as kubeadm prints it.
func TestKubernetesCertificatesEnd(t *testing.T) {
	ends := func(name, list, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-certificates.sh", want: want, env: map[string]string{"CONFIG": "/c", "WARN": "30", "FAIL": "7"},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "x", "/etc/list": list}, stubs: map[string]string{"kubeadm": `cat "$ROOT_OF_TEST/etc/list"`}}
	}
	told := func(name, days string) string {
		return "found certificate " + name + ": good for 7 days or more (kubeadm certs check-expiration: " + days + " days)\n"
	}
	none := ends("no node yet", "", "")
	none.files = map[string]string{"/etc/x": ""}
	mute := ends("no answer", "", "fail kubeadm does not say when certificates end")
	mute.stubs = map[string]string{"kubeadm": "return 1"}
	runCases(t, []scriptCase{
		ends("all well", "admin.conf 31535998\napiserver 31449599\nca 9460799999\n",
			told("admin.conf", "364")+told("apiserver", "363")+told("ca", "109499")+"note the first certificate to end: apiserver ends in 363 days"),
		ends("soon", "admin.conf 2591999\napiserver 2592000\n", told("admin.conf", "29")+told("apiserver", "30")+"warn certificates: admin.conf ends in 29 days\nnote the first certificate to end: admin.conf ends in 29 days"),
		ends("too soon", "admin.conf 604799\napiserver -5\nca 604800\n",
			"differs certificate admin.conf is good for 6 days, not good for 7 days or more (kubeadm certs check-expiration: 6 days)\n"+
				"differs certificate apiserver is past its end, not good for 7 days or more (kubeadm certs check-expiration: 0 days)\n"+told("ca", "7")+"warn certificates: ca ends in 7 days\nnote the first certificate to end: admin.conf ends in 6 days"),
		ends("nothing", "", "fail kubeadm knows of no certificate here"),
		none, mute,
	})
}
