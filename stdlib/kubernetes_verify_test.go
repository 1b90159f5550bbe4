package stdlib_test

import "testing"

// What is just being started, as after a run that was killed, is waited for.
func TestVerifyControlPlane(t *testing.T) {
	const ready = "[+]etcd ok\nreadyz check passed"
	api := func(name, curl, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-api.sh", want: want, env: map[string]string{"ADDRESS": "10.0.0.11:6443"},
			files: map[string]string{"/run/x": ""}, stubs: map[string]string{"curl": curl, "sleep": `: >"$ROOT_OF_TEST/run/slept"`}}
	}
	processes := func(name, cmdline, sleep, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/verify-processes.sh", want: want, stubs: map[string]string{"sleep": sleep},
			files: map[string]string{"/etc/kubernetes/manifests/kube-scheduler.yaml": "  - command:\n    - kube-scheduler\n    - --a=1\n    - --b=2\n", "/etc/kubernetes/manifests/kube-vip.yaml": "    - --c\n",
				"/proc/11/comm": "kube-scheduler\n", "/proc/11/cmdline": cmdline, "/proc/12/comm": "sh\n", "/proc/12/cmdline": "sh\x00"}}
	}
	runCases(t, []scriptCase{
		api("ready", "printf '"+ready+"'", ""),
		api("soon ready", `[ -e "$ROOT_OF_TEST/run/slept" ] && printf '`+ready+"'", ""),
		api("not ready", "printf '[-]etcd failed'", "differs the API server at 10.0.0.11:6443 is not ready: [-]etcd failed"),
		api("no answer", "return 7", "fail the API server does not answer at 10.0.0.11:6443"),
		processes("all flags", "kube-scheduler\x00--b=2\x00--a=1\x00", "return 1", ""),
		processes("one is another", "kube-scheduler\x00--b=2\x00--a=2\x00", ":", "differs kube-scheduler runs without --a=1"),
		processes("started anew", "kube-scheduler\x00--b=2\x00", `printf 'kube-scheduler\0--a=1\0--b=2\0' >"$ROOT_OF_TEST/proc/11/cmdline"`, ""),
		processes("it does not run", "other\x00", ":", "differs kube-scheduler does not run; look at: journalctl -u kubelet.service"),
	})
}

// What kube-proxy has read once is held against what the cluster keeps: by when it was
// started, and for five minutes, in which its file may still be an old one, by asking.
func TestKubeProxyRuns(t *testing.T) {
	const pod = "/proc/11/root/var/lib/kube-proxy/"
	base := func(name, process, started, up, keeps, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/kube-proxy-runs.probe.sh", want: want, env: map[string]string{"TRIES": "2"},
			files: map[string]string{"/proc/stat": "cpu 1 2\nbtime 2100000000\n", "/proc/uptime": up + " 5.00\n", "/proc/11/comm": process + "\n", pod + "..data": "", pod + "config.conf": "a: 1\nb: 2\n",
				"/proc/11/stat": "11 (" + process + ") S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + started + " 0\n"},
			stubs: map[string]string{"kubectl": keeps, "sleep": ":", "stat": "printf 2100000100"}}
	}
	late := base("another that comes late", "kube-proxy", "10000", "120.5", `printf 'a: 1\nb: 3\n'`, "ok")
	late.stubs["sleep"] = `printf 'a: 1\nb: 3\n' >"$ROOT_OF_TEST` + pod + `config.conf"`
	runCases(t, []scriptCase{
		base("as kept", "kube-proxy", "10000", "120.5", `printf 'a: 1\nb: 2\n'`, "ok"),
		base("another", "kube-proxy", "10000", "120.5", `printf 'a: 1\nb: 3\n'`, "differs kube-proxy runs with another configuration than the cluster keeps"),
		late,
		base("for long, and not asked", "kube-proxy", "10000", "9000.5", `printf 'asks\n' >&3`, "ok"),
		base("started before", "kube-proxy", "9800", "9000.5", "return 1", "differs kube-proxy was started before its configuration was written"),
		base("no answer", "kube-proxy", "10000", "120.5", "return 1", "differs the API server does not say what kube-proxy is to read"),
		base("it does not run", "other", "10000", "120.5", "return 1", "differs kube-proxy does not run here; kubectl -n kube-system get pods says more"),
	})
}

// One that has read something else ends when the kubelet has brought its file; one that is
// not there yet is waited for.
func TestKubeProxyStartedAnew(t *testing.T) {
	const file = "/proc/11/root/var/lib/kube-proxy/config.conf"
	base := func(name, process, keeps, sleep, want string) scriptCase {
		return scriptCase{name: name, script: "modules/kubernetes/kube-proxy-runs.act.sh", want: want, env: map[string]string{"TRIES": "1"},
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
