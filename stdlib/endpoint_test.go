package stdlib_test

import "testing"

func TestEndpointAnswers(t *testing.T) {
	for _, module := range []string{"local", "external", "keepalived", "kube-vip"} {
		answers := func(name, stub, want string) scriptCase {
			return scriptCase{name: name, script: "modules/endpoint-" + module + "/verify-answers.sh", env: map[string]string{"ENDPOINT": "api:6443"},
				files: map[string]string{"/run/x": ""}, stubs: map[string]string{"curl": stub, "sleep": `: >"$ROOT_OF_TEST/run/slept"`}, want: want}
		}
		runCases(t, []scriptCase{
			answers("ready", "printf 200", ""),
			answers("asks who we are", "printf 401", ""),
			answers("ready later", `if [ -e "$ROOT_OF_TEST/run/slept" ]; then printf 200; else printf 500; fi`, ""),
			answers("there later", `if [ -e "$ROOT_OF_TEST/run/slept" ]; then printf 200; else printf 000; return 7; fi`, ""),
			answers("not ready", "printf 500", "fail https://api:6443/readyz answers with status 500: no API server behind it is ready"),
			answers("nobody", "printf 000; return 7", "fail nothing answers at https://api:6443; look at: kubectl get --raw /readyz on a control plane"),
		})
	}
}

func TestEndpointName(t *testing.T) {
	const none = "fail this host finds no address of api, the name in control_plane_endpoint; add it to DNS, or to extra_hosts in the os block"
	name := func(name, stub, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-external/verify-name.sh", env: map[string]string{"NAME": "api"}, stubs: map[string]string{"getent": stub}, want: want}
	}
	runCases(t, []scriptCase{
		name("found", "echo '192.0.2.1 STREAM api'", ""),
		name("not found", "return 2", none),
		name("nothing said", ":", none),
	})
}

func TestBalancerVerify(t *testing.T) {
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/endpoint-local/verify-balancer.sh", want: want,
			env: map[string]string{"CONFIG": "/c", "HEALTH": "http://127.0.0.1:8081/healthz"},
			files: map[string]string{
				"/proc/stat":                "cpu  1 2 3\nbtime 1790000000\nprocesses 5\n",
				"/proc/77/task/77/children": "80 81 ",
				"/proc/80/stat":             "80 (a b) c) S 1 77 77 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 234 1 1 18446744073709551615 1 1 0\n",
				"/proc/81/stat":             "81 (haproxy) S 1 77 77 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 1234 1 1 18446744073709551615 1 1 0\n",
			},
			stubs: map[string]string{"systemctl": "case $* in *MainPID*) echo 77 ;; *) echo active ;; esac", "stat": "echo 1790000012", "curl": ":"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	runCases(t, []scriptCase{
		base("all well", "", nil),
		base("failed", "fail sprayc-endpoint.service is failed; look at: journalctl -u sprayc-endpoint.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo failed" }),
		base("no answer", "fail the balancer does not answer at http://127.0.0.1:8081/healthz; look at: journalctl -u sprayc-endpoint.service", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		base("not reloaded", "differs the balancer was started or reloaded 4 s before /c was written; run: systemctl reload sprayc-endpoint.service",
			func(c *scriptCase) { c.stubs["stat"] = "echo 1790000017" }),
	})
}

func TestEndpointUnits(t *testing.T) {
	runCases(t, []scriptCase{
		{name: "active", script: "modules/endpoint-keepalived/verify-active.sh", env: map[string]string{"UNIT": "a.service"}, stubs: map[string]string{"systemctl": "echo active"}},
		{name: "failed", script: "modules/endpoint-keepalived/verify-active.sh", env: map[string]string{"UNIT": "a.service"}, stubs: map[string]string{"systemctl": "echo failed"},
			want: "fail a.service is failed; look at: journalctl -u a.service"},
	})
	selinux := func(name, enforce, stub, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-local/verify-selinux.sh", env: map[string]string{"BOOLEAN": "haproxy_connect_any"},
			files: map[string]string{"/sys/fs/selinux/enforce": enforce}, stubs: map[string]string{"getsebool": stub}, want: want}
	}
	runCases(t, []scriptCase{
		selinux("permissive", "0\n", "return 9", ""),
		selinux("allowed", "1\n", "echo 'haproxy_connect_any --> on'", ""),
		selinux("kept away", "1\n", "echo 'haproxy_connect_any --> off'", "fail SELinux keeps the balancer from the API servers; if that may be, run: setsebool -P haproxy_connect_any on"),
	})
}
