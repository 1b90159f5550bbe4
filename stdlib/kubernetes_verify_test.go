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
	const pod = "/proc/11/root/var/lib/kube-proxy/"
	proxy := func(name, process, started, keeps, sleep, want string) scriptCase {
		return scriptCase{name: "kube-proxy: " + name, script: "modules/kubernetes/verify-kube-proxy.sh", want: want,
			files: map[string]string{"/proc/stat": "cpu 1 2\nbtime 2100000000\n", "/proc/11/comm": process + "\n", pod + "..data": "", pod + "config.conf": "a: 1\nb: 2\n",
				"/proc/11/stat": "11 (" + process + ") S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + started + " 0\n"},
			stubs: map[string]string{"kubectl": keeps, "sleep": sleep, "stat": "printf 2100000100"}}
	}
	const other = "differs kube-proxy runs with another configuration than the cluster keeps"
	runCases(t, []scriptCase{
		api("ready", "printf '"+ready+"'", ""),
		api("soon ready", `[ -e "$ROOT_OF_TEST/run/slept" ] && printf '`+ready+"'", ""),
		api("not ready", "printf '[-]etcd failed'", "differs the API server at 10.0.0.11:6443 is not ready: [-]etcd failed"),
		api("no answer", "return 7", "fail the API server does not answer at 10.0.0.11:6443"),
		processes("all flags", "kube-scheduler\x00--b=2\x00--a=1\x00", "return 1", ""),
		processes("one is another", "kube-scheduler\x00--b=2\x00--a=2\x00", ":", "differs kube-scheduler runs without --a=1"),
		processes("started anew", "kube-scheduler\x00--b=2\x00", `printf 'kube-scheduler\0--a=1\0--b=2\0' >"$ROOT_OF_TEST/proc/11/cmdline"`, ""),
		proxy("as kept", "kube-proxy", "10000", `printf 'a: 1\nb: 2\n'`, "return 1", ""),
		proxy("with another", "kube-proxy", "10000", `printf 'a: 1\nb: 3\n'`, ":", other),
		proxy("that comes late", "kube-proxy", "10000", `printf 'a: 1\nb: 3\n'`, `printf 'a: 1\nb: 3\n' >"$ROOT_OF_TEST`+pod+`config.conf"`, ""),
		proxy("started before", "kube-proxy", "9800", `printf 'a: 1\nb: 2\n'`, ":", other),
		proxy("no answer", "kube-proxy", "10000", "return 1", ":", "differs the API server does not say what kube-proxy is to read"),
		proxy("it does not run", "other", "10000", `printf 'a: 1\nb: 2\n'`, ":", "differs kube-proxy does not run here; kubectl -n kube-system get pods says more"),
		processes("it does not run", "other\x00", ":", "differs kube-scheduler does not run; look at: journalctl -u kubelet.service"),
	})
}
