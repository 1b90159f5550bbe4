package stdlib_test

import (
	"strings"
	"testing"
)

// adminConf is a kubeconfig as kubeadm writes it, as far as it is read here.
const adminConf = "clusters:\n- cluster:\n    certificate-authority-data: AAAA\n    server: https://api.example.com:6443\n"

// halfMinutes is a clock that goes on by half a minute each time that it is asked.
const halfMinutes = `if [ -e "$ROOT_OF_TEST/clock" ]; then read -r now <"$ROOT_OF_TEST/clock"; else now=1000; fi
now=$((now + 30))
printf '%s\n' "$now" >"$ROOT_OF_TEST/clock"
printf '%s\n' "$now"`

// An API server that does not answer is asked in short, five times: kubectl, which tries again
// for ten seconds each time, is not started.
func TestSilentAPIServer(t *testing.T) {
	const silent = "asks https://api.example.com:6443/readyz\n"
	probe := func(script, want string, env map[string]string) scriptCase {
		return scriptCase{name: script, script: "modules/" + script, want: strings.Repeat(silent, 5) + want, env: env,
			files: map[string]string{"/etc/kubernetes/admin.conf": adminConf, "/etc/kubernetes/kubelet.conf": adminConf, "/etc/kubernetes/kubeadm/init.yaml": ""},
			stubs: map[string]string{"kubectl": "printf 'kubectl was started\\n' >&3; return 1", "kubeadm": "return 1", "sleep": ":", "date": halfMinutes,
				"curl": `for url; do :; done; printf 'asks %s\n' "$url" >&3; return 7`}}
	}
	const blocked = "blocked the API server: it does not answer"
	proxy := probe("kubernetes/kube-proxy-runs.probe.sh", "differs the API server does not say what kube-proxy is to read", map[string]string{"CONFIGURATION": "x"})
	proxy.files["/proc/stat"] = "btime 2100000000\n"
	proxy.files["/proc/11/comm"], proxy.files["/proc/11/stat"] = "kube-proxy\n", "11 (kube-proxy) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 10000 0\n"
	proxy.stubs["stat"] = "printf 2100000100"
	ready := probe("kubernetes/node-ready.sh", "", map[string]string{"NAME": "w1", "TIMEOUT": "0"})
	ready.want = silent + "differs node w1 is not Ready, or the API server does not answer; kubectl describe node w1 says why"
	runInTurn(t, []scriptCase{
		probe("kubernetes/configuration.probe.sh", blocked, map[string]string{"CONFIG": "x", "DIGEST": "x"}),
		probe("kubernetes/encryption-note.probe.sh", blocked, map[string]string{"NOTE": "x", "TARGET": "x"}),
		probe("kubernetes/kube-proxy.probe.sh", blocked, map[string]string{"CONFIG": "/etc/kubernetes/kubeadm/init.yaml", "DIGEST": digest(""), "CONFIGURATION": "x"}),
		probe("kubernetes/settings.probe.sh", blocked, map[string]string{"NAME": "w1", "NODE": "{}", "DIGEST": "x", "PAIRS": "", "TAINTS": ""}),
		probe("coredns/addon.probe.sh", blocked, map[string]string{"CONFIG": "/etc/kubernetes/kubeadm/init.yaml", "HOSTS": "", "FORWARD": "x", "DIGEST": "x"}),
		ready,
		proxy,
	})
}

// The node's own object says whether it is Ready, and of which version its kubelet is.
func TestVerifyNode(t *testing.T) {
	node := func(name, wait, get, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-node.sh", want: want, env: map[string]string{"NAME": "w1", "VERSION": "v1.36.3"}, files: map[string]string{"/etc/kubernetes/kubelet.conf": adminConf},
			stubs: map[string]string{"kubectl": "case $* in\n*' wait '*) " + wait + " ;;\n*) " + get + " ;;\nesac", "sleep": `: >"$ROOT_OF_TEST/slept"`, "date": halfMinutes}}
	}
	const ready, version = "found condition Ready of node w1: True (the node in the API)\n", "found kubelet of w1: v1.36.3 (the version that it reports to the API)"
	none := node("in no cluster", ":", ":", "blocked kubeadm: this host is in no cluster")
	none.files = map[string]string{"/etc/x": ""}
	runInTurn(t, []scriptCase{
		node("well", "printf 'waits\n' >&3", "printf 'v1.36.3 True'", ready+version),
		node("soon", "return 1", `if [ -e "$ROOT_OF_TEST/slept" ]; then printf 'v1.36.3 True'; else printf 'v1.36.3 False'; fi`, ready+version),
		node("not Ready", "return 1", "printf 'v1.36.3 Unknown'", "differs condition Ready of node w1 is Unknown, not True (the node in the API); kubectl describe node w1 says why\n"+version),
		node("an older kubelet", ":", "printf 'v1.36.2 True'", ready+"differs kubelet of w1 is v1.36.2, not v1.36.3 (the version that it reports to the API); run: systemctl restart kubelet.service"),
		node("no answer", "return 1", "return 1", "fail the API server does not say how node w1 is; look at: journalctl -u kubelet.service"),
		none,
	})
}

// A kubelet that somebody has stopped is started.
func TestKubeletRuns(t *testing.T) {
	kubelet := func(name, part, systemctl, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/kubelet-runs." + part + ".sh", want: want, files: map[string]string{"/etc/kubernetes/kubelet.conf": adminConf},
			stubs: map[string]string{"systemctl": systemctl}}
	}
	none := kubelet("in no cluster", "probe", "return 3", "blocked kubeadm: this host is in no cluster")
	none.files = map[string]string{"/etc/x": ""}
	runInTurn(t, []scriptCase{
		none,
		kubelet("it runs", "probe", `[ "$*" = "is-active --quiet kubelet.service" ]`, "ok"),
		kubelet("it does not", "probe", "return 3", "differs kubelet.service does not run\nok"),
		kubelet("it is started", "act", `printf '%s\n' "$*" >&3`, "start kubelet.service"),
		kubelet("it cannot be", "act", "return 1", "fail kubelet.service cannot be started; journalctl -u kubelet.service says why"),
	})
}

// What is just being started, as after a run that was killed, is waited for.
func TestVerifyControlPlane(t *testing.T) {
	const ready = "[+]etcd ok\nreadyz check passed"
	api := func(name, curl, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-api.sh", want: want, env: map[string]string{"ADDRESS": "10.0.0.11:6443", "LEFT": "60"},
			files: map[string]string{"/run/x": ""}, stubs: map[string]string{"curl": curl, "sleep": `: >"$ROOT_OF_TEST/run/slept"`}}
	}
	const well = "found the API server at 10.0.0.11:6443: ok (/readyz)"
	runInTurn(t, []scriptCase{
		api("ready", "printf '"+ready+"'", well),
		api("soon ready", `[ -e "$ROOT_OF_TEST/run/slept" ] && printf '`+ready+"'", well),
		api("not ready", `printf '[-]etcd failed: reason withheld\n[+]ping ok\n[-]informer-sync failed: reason withheld\nreadyz check failed'`,
			"differs the API server at 10.0.0.11:6443 is [-]etcd failed: reason withheld; [-]informer-sync failed: reason withheld, not ok (/readyz)"),
		api("no answer", "return 7", "fail the API server does not answer at 10.0.0.11:6443"),
	})
}

// A process is held against the definition and its manifest: what it has, lacks, and has beside.
func TestVerifyProcesses(t *testing.T) {
	const look = "; look at: journalctl -u kubelet.service"
	manifest := "  - command:\n    - kube-scheduler\n    - --a=1\n    - '--b=it''s: 2'\n    - --profiling=true\n"
	processes := func(name, cmdline, flags, sleep, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-processes.sh", want: want, stubs: map[string]string{"sleep": sleep}, env: map[string]string{"FLAGS": flags},
			files: map[string]string{"/etc/kubernetes/manifests/kube-scheduler.yaml": manifest, "/etc/kubernetes/manifests/kube-vip.yaml": "    - --c\n",
				"/proc/11/comm": "kube-scheduler\n", "/proc/11/cmdline": cmdline, "/proc/12/comm": "sh\n", "/proc/12/cmdline": "sh\x00",
				"/proc/13/comm": "etcd\n", "/proc/13/cmdline": "/usr/local/bin/etcd\x00--a=3\x00"}}
	}
	a := func(is string) string {
		return "found --a of kube-scheduler: " + is + " (arguments of process kube-scheduler)\n"
	}
	const b = "found --b of kube-scheduler: it's: 2 (arguments of process kube-scheduler)\n"
	const profiling = "found --profiling of kube-scheduler: true (arguments of process kube-scheduler)"
	const right = "kube-scheduler\x00--b=it's: 2\x00--a=1\x00--profiling\x00"
	never := "printf 'sleeps\n' >&3"
	patched := processes("a secret", "kube-scheduler\x00--discovery-password=abc\x00--url=http://u:p@x\x00", "", ":",
		"found --discovery-password of kube-scheduler: as in its manifest (arguments of process kube-scheduler)\n"+
			"differs --url of kube-scheduler is another, not as in its manifest (arguments of process kube-scheduler)"+look)
	patched.files["/etc/kubernetes/manifests/kube-scheduler.yaml"] = "    - --discovery-password=abc\n    - --url=http://u:q@x\n"
	runInTurn(t, []scriptCase{
		processes("all flags", right, "", never, a("1")+b+profiling),
		processes("of the definition too", right, "kube-scheduler --a=1\nkube-apiserver --d=4", never, a("1")+b+profiling),
		processes("another than the definition has, though the manifest has it", right, "kube-scheduler --a=5", ":",
			"differs --a of kube-scheduler is 1, not 5 (arguments of process kube-scheduler)"+look+"\n"+b+profiling),
		processes("one of the definition's is not there", right, "kube-scheduler --e=5", ":",
			a("1")+b+profiling+"\ndiffers --e of kube-scheduler is not set, not 5 (arguments of process kube-scheduler)"+look),
		processes("one is another", "kube-scheduler\x00--b=it's: 2\x00--a=2\x00--profiling=true\x00", "", ":",
			"differs --a of kube-scheduler is 2, not 1 (arguments of process kube-scheduler)"+look+"\n"+b+profiling),
		processes("one is left of before", right+"--audit=old\x00", "", ":",
			a("1")+b+profiling+"\ndiffers --audit of kube-scheduler is old, not unset (arguments of process kube-scheduler)"+look),
		processes("started anew", "kube-scheduler\x00--b=2\x00", "", `printf '`+strings.ReplaceAll(strings.ReplaceAll(right, "\x00", "\\0"), "'", `'"'"'`)+`' >"$ROOT_OF_TEST/proc/11/cmdline"`, a("1")+b+profiling),
		processes("it does not run", "other\x00", "kube-scheduler --a=1", ":", "differs kube-scheduler does not run; look at: journalctl -u kubelet.service"),
		patched,
	})
}

// The certificate is asked for by each name; curl says what is wrong with it.
func TestVerifyServing(t *testing.T) {
	serving := func(name, curl, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-serving.sh", want: want, stubs: map[string]string{"curl": curl},
			env: map[string]string{"ADDRESS": "10.0.0.11", "PORT": "6443", "NAMES": "api.example.com fd00::1 *.k8s.example.com"}}
	}
	const by = ", by the cluster's CA (the certificate served at 10.0.0.11:6443)"
	const first = "found certificate of api.example.com:6443: good for api.example.com" + by + "\n"
	const last = "found certificate of *.k8s.example.com:6443: good for *.k8s.example.com" + by
	runInTurn(t, []scriptCase{
		serving("all", `for url; do :; done; case $url in https://api.example.com:6443/livez | 'https://[fd00::1]:6443/livez' | https://any.k8s.example.com:6443/livez) ;; *) return 3 ;; esac`,
			first+"found certificate of fd00::1:6443: good for fd00::1"+by+"\n"+last),
		serving("one is missing", `case $* in *fd00*) printf 'curl: (60) SSL: no such name'; return 60 ;; esac`,
			first+"differs certificate of fd00::1:6443 is curl: (60) SSL: no such name, not good for fd00::1"+by+"\n"+last),
		serving("no answer", `case $* in *fd00*) return 7 ;; esac`,
			first+"differs certificate of fd00::1:6443 is not shown (curl: 7), not good for fd00::1"+by+"\n"+last),
	})
}

// What kube-proxy has read once is held against the definition: by when it was started, and by
// the digest that its file begins with. The cluster may have another yet.
func TestKubeProxyRuns(t *testing.T) {
	const pod = "/proc/11/root/var/lib/kube-proxy/"
	base := func(name, process, started, has, keeps, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/kube-proxy-runs.probe.sh", want: want, env: map[string]string{"CONFIGURATION": "abc"},
			files: map[string]string{"/proc/stat": "cpu 1 2\nbtime 2100000000\n", "/proc/11/comm": process + "\n", pod + "..data": "", pod + "config.conf": has + "\na: 1\n", "/etc/kubernetes/kubelet.conf": adminConf,
				"/proc/11/stat": "11 (" + process + ") S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + started + " 0\n"},
			stubs: map[string]string{"kubectl": keeps, "curl": ":", "stat": "printf 2100000100"}}
	}
	const ours, other = "# sprayc/configuration: abc", "# sprayc/configuration: abd"
	runCases(t, []scriptCase{
		base("as the definition has it, and nobody is asked", "kube-proxy", "10000", ours, `printf 'asks\n' >&3`, "ok"),
		base("another than the cluster keeps", "kube-proxy", "10000", other, `printf '`+ours+`\na: 1\n'`, "differs kube-proxy runs with another configuration than the cluster keeps"),
		base("the cluster keeps another", "kube-proxy", "10000", other, `printf '`+other+`\na: 1\n'`, "blocked the configuration of kube-proxy: the cluster keeps another than the definition has"),
		base("the cluster is kubeadm's", "kube-proxy", "10000", "a: 0", `printf 'a: 1\n'`, "blocked the configuration of kube-proxy: the cluster keeps another than the definition has"),
		base("started before", "kube-proxy", "9800", ours, "return 1", "differs kube-proxy was started before its configuration was written"),
		base("no answer", "kube-proxy", "10000", other, "return 1", "differs the API server does not say what kube-proxy is to read"),
		base("it does not run", "other", "10000", ours, "return 1", "differs kube-proxy does not run here; kubectl -n kube-system get pods says more"),
	})
}

// kube-proxy's configz has names of its own, some at other places.
const kubeProxySays = `{"kubeproxy.config.k8s.io":{"Linux":{"Conntrack":{"MaxPerCore":0,"TCPEstablishedTimeout":"0s"},"MasqueradeAll":true,"OOMScoreAdj":-999},` +
	`"FeatureGates":{"A":true},"ClientConnection":{"Kubeconfig":"/k","QPS":5},"MetricsBindAddress":"127.0.0.1:10249","Mode":"nftables","NFTables":{"MasqueradeBit":14},` +
	`"DetectLocal":{"ClusterCIDRs":["10.0.0.0/8","fd00::/48"]},"NodePortAddresses":null,"SyncPeriod":"47s"}}`

func TestVerifyKubeProxy(t *testing.T) {
	const pod = "/proc/11/root/var/lib/kube-proxy/"
	base := func(name, wanted, keeps, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-kube-proxy.sh", want: want, env: map[string]string{"WANT": wanted, "AT": "10249", "FLATTEN": moduleFile(t, "flatten.awk")},
			files: map[string]string{"/proc/stat": "cpu 1 2\nbtime 2100000000\n", "/proc/11/comm": "kube-proxy\n", pod + "..data": "", pod + "config.conf": "a: 1\nb: 2\n",
				"/proc/11/stat": "11 (kube-proxy) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 10000 0\n"},
			stubs: map[string]string{"kubectl": keeps, "sleep": ":", "date": halfMinutes, "stat": "printf 2100000100",
				"curl": `for url; do :; done; [ "$url" = 'http://[::1]:10249/configz' ] && printf '%s' '` + kubeProxySays + "'"}}
	}
	const same, keeps = "found configuration of kube-proxy: as the cluster keeps it (the process, and its file)\n", `printf 'a: 1\nb: 2\n'`
	told := func(setting, value string) string {
		return "found " + setting + " of kube-proxy: " + value + " (kube-proxy's configz)\n"
	}
	late := base("another that comes late", `{"mode":"nftables"}`, `printf 'a: 1\nb: 3\n'`, same+"found mode of kube-proxy: nftables (kube-proxy's configz)")
	late.stubs["sleep"] = `printf 'a: 1\nb: 3\n' >"$ROOT_OF_TEST` + pod + `config.conf"`
	silent := base("it does not tell", `{"mode":"nftables"}`, keeps, same+"fail kube-proxy does not answer at port 10249 of this host, where it has its metrics")
	silent.stubs["curl"] = "return 7"
	gone := base("it does not run", `{"mode":"nftables"}`, keeps, "fail kube-proxy does not run here; kubectl -n kube-system get pods says more")
	gone.files["/proc/11/comm"] = "other\n"
	older := base("started before its file", `{"mode":"nftables"}`, keeps, "differs configuration of kube-proxy is older than its file, not as the cluster keeps it (the process, and its file)")
	older.stubs["stat"] = "printf 2100000900"
	runInTurn(t, []scriptCase{
		base("each at its place", `{"apiVersion":"x","kind":"y","mode":"nftables","nftables":{"syncPeriod":"47s","masqueradeAll":true,"masqueradeBit":14},"iptables":{"syncPeriod":"9s"},`+
			`"conntrack":{"maxPerCore":0,"tcpEstablishedTimeout":"0s","tcpBeLiberal":false},"oomScoreAdj":-999,"featureGates":{"A":true},"clientConnection":{"qps":5},"clusterCIDR":"10.0.0.0/8,fd00::/48","portRange":"1-2"}`, keeps,
			same+told("mode", "nftables")+told("nftables.syncPeriod", "47s")+told("nftables.masqueradeAll", "true")+told("nftables.masqueradeBit", "14")+
				told("conntrack.maxPerCore", "0")+told("conntrack.tcpEstablishedTimeout", "0s")+told("conntrack.tcpBeLiberal", "false")+told("oomScoreAdj", "-999")+told("featureGates.A", "true")+
				told("clientConnection.qps", "5")+strings.TrimSuffix(told("clusterCIDR", "10.0.0.0/8,fd00::/48"), "\n")),
		base("others", `{"mode":"iptables","iptables":{"syncPeriod":"46s"},"featureGates":{"B":true}}`, keeps,
			same+"differs mode of kube-proxy is nftables, not iptables (kube-proxy's configz)\ndiffers iptables.syncPeriod of kube-proxy is 47s, not 46s (kube-proxy's configz)\n"+
				"differs featureGates.B of kube-proxy is not set, not true (kube-proxy's configz)"),
		base("another file", "{}", `printf 'a: 1\nb: 3\n'`, "differs configuration of kube-proxy is another, not as the cluster keeps it (the process, and its file)"),
		base("no API server", "{}", "return 1", "differs configuration of kube-proxy is not comparable: the API server does not say what it is to be, not as the cluster keeps it (the process, and its file)"),
		late, silent, gone, older,
	})
}

// One that has read something else ends when the kubelet has brought its file; one that is
// not there yet is waited for.
func TestKubeProxyStartedAnew(t *testing.T) {
	const file = "/proc/11/root/var/lib/kube-proxy/config.conf"
	base := func(name, process, keeps, sleep, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/kube-proxy-runs.act.sh", want: want, env: map[string]string{"CONFIGURATION": "abc"},
			files: map[string]string{"/proc/11/comm": process + "\n", file: "a: 1\n"},
			stubs: map[string]string{"kubectl": keeps, "sleep": sleep,
				"kill": `printf 'kills %s\n' "$1" >&3; rm -r "$ROOT_OF_TEST/proc/11"; mkdir "$ROOT_OF_TEST/proc/12"; printf 'kube-proxy\n' >"$ROOT_OF_TEST/proc/12/comm"`}}
	}
	const anew = "note kube-proxy is started anew, as it has read another configuration\nkills 11"
	runCases(t, []scriptCase{
		base("its file is there", "kube-proxy", "printf 'a: 1\\n'", "return 1", anew),
		base("its file comes", "kube-proxy", "printf 'a: 2\\n'", `printf 'a: 2\n' >"$ROOT_OF_TEST`+file+`"`, anew),
		base("its file does not come", "kube-proxy", "printf 'a: 2\\n'", ":", "fail kube-proxy does not get the configuration that the cluster keeps; look at: journalctl -u kubelet.service"),
		base("its pod is replaced", "kube-proxy", "printf 'a: 2\\n'", `rm -r "$ROOT_OF_TEST/proc/11"; mkdir "$ROOT_OF_TEST/proc/12"; printf 'kube-proxy\n' >"$ROOT_OF_TEST/proc/12/comm"`, ""),
		base("it comes late", "other", "return 1", `printf 'kube-proxy\n' >"$ROOT_OF_TEST/proc/11/comm"`, ""),
		base("it does not come", "other", "return 1", ":", "fail kube-proxy does not run here; kubectl -n kube-system get pods says more"),
	})
}
