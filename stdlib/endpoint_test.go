package stdlib_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/stdlib"
)

func TestEndpointAnswers(t *testing.T) {
	for _, module := range []string{"local", "external", "keepalived", "kube-vip"} {
		answers := func(name, stub, want string) scriptCase {
			return scriptCase{name: name, script: "modules/endpoint-" + module + "/verify-answers.sh", env: map[string]string{"ENDPOINT": "api:6443"},
				files: map[string]string{"/run/x": ""}, stubs: map[string]string{"curl": stub, "sleep": `: >"$ROOT_OF_TEST/run/slept"`}, want: want}
		}
		const ready = "found the API server at api:6443: status 200 (/readyz)"
		runInTurn(t, []scriptCase{
			answers("ready", "printf 200", ready),
			answers("asks who we are", "printf 401", ready),
			answers("ready later", `if [ -e "$ROOT_OF_TEST/run/slept" ]; then printf 200; else printf 500; fi`, ready),
			answers("there later", `if [ -e "$ROOT_OF_TEST/run/slept" ]; then printf 200; else printf 000; return 7; fi`, ready),
			answers("not ready", "printf 500", "differs the API server at api:6443 is status 500, not status 200 (/readyz); no API server behind it is ready"),
			answers("nobody", "printf 000; return 7", "fail nothing answers at https://api:6443; look at: kubectl get --raw /readyz on a control plane"),
		})
	}
}

func TestEndpointName(t *testing.T) {
	const none = "differs api is not set, not an address (getent ahosts); add the name in control_plane_endpoint to DNS, or to extra_hosts in the os block"
	name := func(name, stub, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-external/verify-name.sh", env: map[string]string{"NAME": "api"}, stubs: map[string]string{"getent": stub}, want: want}
	}
	runCases(t, []scriptCase{
		name("found", "echo '192.0.2.1 STREAM api'", "found api: an address (getent ahosts)"),
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
			stubs: map[string]string{"systemctl": "case $* in *MainPID*) echo 77 ;; *) echo active ;; esac", "stat": "echo 1790000012", "curl": ":", "sleep": "printf 'note sleeps\\n' >&3"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	const active = "found sprayc-endpoint.service: active (systemctl show)\nfound health of the balancer: well (http://127.0.0.1:8081/healthz)\n"
	runCases(t, []scriptCase{
		base("all well", active+"found configuration of the balancer: as in /c (when its youngest process was started)", nil),
		base("failed", "differs sprayc-endpoint.service is failed, not active (systemctl show); look at: journalctl -u sprayc-endpoint.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo failed" }),
		base("reloading", "note sleeps\n"+active+"found configuration of the balancer: as in /c (when its youngest process was started)", func(c *scriptCase) {
			c.stubs["systemctl"] = `case $* in *MainPID*) echo 77 ;; *) if [ -e "$ROOT_OF_TEST/run/asked" ]; then echo active; else mkdir -p "$ROOT_OF_TEST/run"; : >"$ROOT_OF_TEST/run/asked"; echo reloading; fi ;; esac`
		}),
		base("it reloads for ever", strings.Repeat("note sleeps\n", 30)+"differs sprayc-endpoint.service is reloading, not active (systemctl show); look at: journalctl -u sprayc-endpoint.service", func(c *scriptCase) { c.stubs["systemctl"] = "echo reloading" }),
		base("no answer", "found sprayc-endpoint.service: active (systemctl show)\nfail the balancer does not answer at http://127.0.0.1:8081/healthz; look at: journalctl -u sprayc-endpoint.service", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		base("not reloaded", strings.Repeat("note sleeps\n", 5)+active+"differs configuration of the balancer is that of 4 s before /c was written, not as in /c (when its youngest process was started); run: systemctl reload sprayc-endpoint.service",
			func(c *scriptCase) { c.stubs["stat"] = "echo 1790000017" }),
	})
}

// haproxy tells its servers and how many connections it takes; a text of it may have commas.
func TestBalancerServers(t *testing.T) {
	const url, reload = "http://127.0.0.1:8081/statistics;csv", "; run: systemctl reload sprayc-endpoint.service"
	const said = "# pxname,svname,slim,status,last_chk,addr,\nkube_apiserver,FRONTEND,4000,OPEN,,,\nhealth,FRONTEND,4000,OPEN,,,\n" +
		"kube_apiserver,cp1,,UP,,10.0.0.11:6443,\nkube_apiserver,cp2,,DOWN,\"a, \"\"b\"\", c\",[fd00::12]:6443,\nkube_apiserver,BACKEND,400,UP,,,\n"
	servers := func(name, wanted, connections, stub, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-local/verify-servers.sh", env: map[string]string{"SERVERS": wanted, "CONNECTIONS": connections, "STATISTICS": url},
			files: map[string]string{"/run/said": said}, stubs: map[string]string{"curl": stub}, want: want}
	}
	const both, answers = "cp1 10.0.0.11:6443, cp2 [fd00::12]:6443", `cat "$ROOT_OF_TEST/run/said"`
	runCases(t, []scriptCase{
		servers("as wanted", both, "4000", answers, "found servers of the balancer: "+both+" ("+url+")\nfound connections of the balancer: 4000 ("+url+")"),
		servers("others", "cp1 10.0.0.11:6443", "5000", answers, "differs servers of the balancer is "+both+", not cp1 10.0.0.11:6443 ("+url+")"+reload+"\ndiffers connections of the balancer is 4000, not 5000 ("+url+")"+reload),
		servers("something else answers", both, "4000", "echo 404", "differs servers of the balancer is not set, not "+both+" ("+url+")"+reload+"\ndiffers connections of the balancer is not set, not 4000 ("+url+")"+reload),
		servers("no answer", both, "4000", "return 7", "fail the balancer does not answer at "+url+"; look at: journalctl -u sprayc-endpoint.service"),
	})
}

// Both modules with a balancer ask it by the same scripts: a module is a folder of its own.
func TestBalancerVerifiesAreTheSame(t *testing.T) {
	for _, name := range []string{"verify-balancer.sh", "verify-servers.sh"} {
		var texts [2]string
		for i, module := range []string{"local", "keepalived"} {
			text, err := fs.ReadFile(stdlib.FS, "modules/endpoint-"+module+"/"+name)
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = string(text)
		}
		if texts[0] != texts[1] {
			t.Errorf("%s of endpoint-keepalived is not that of endpoint-local", name)
		}
	}
}

func TestEndpointUnits(t *testing.T) {
	runCases(t, []scriptCase{
		{name: "active", script: "modules/endpoint-keepalived/verify-active.sh", env: map[string]string{"UNIT": "a.service"}, stubs: map[string]string{"systemctl": "echo active"}, want: "found a.service: active (systemctl show)"},
		{name: "failed", script: "modules/endpoint-keepalived/verify-active.sh", env: map[string]string{"UNIT": "a.service"}, stubs: map[string]string{"systemctl": "echo failed"},
			want: "differs a.service is failed, not active (systemctl show); look at: journalctl -u a.service"},
	})
	selinux := func(name, enforce, stub, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-local/verify-selinux.sh", env: map[string]string{"BOOLEAN": "haproxy_connect_any"},
			files: map[string]string{"/sys/fs/selinux/enforce": enforce}, stubs: map[string]string{"getsebool": stub}, want: want}
	}
	runCases(t, []scriptCase{
		selinux("permissive", "0\n", "return 9", ""),
		selinux("allowed", "1\n", "echo 'haproxy_connect_any --> on'", "found haproxy_connect_any of SELinux: on (getsebool)"),
		selinux("kept away", "1\n", "echo 'haproxy_connect_any --> off'", "differs haproxy_connect_any of SELinux is off, not on (getsebool); SELinux keeps the balancer from the API servers; if that may be, run: setsebool -P haproxy_connect_any on"),
	})
}

// A changed manifest of kube-vip waits for its turn, and until the address is somewhere
// again; the first one ends nothing.
func TestKubeVIPManifest(t *testing.T) {
	const there = "/etc/kubernetes/manifests/kube-vip.yaml"
	probe := func(name, kept, has, want string) scriptCase {
		c := scriptCase{name: name, script: "modules/endpoint-kube-vip/manifest.probe.sh", want: want, files: map[string]string{"/etc/x": ""},
			env: map[string]string{"KEPT": "/etc/sprayc/kube-vip.yaml", "DIGEST": digest("new"), "ENDPOINT": "api:6443", "TIMEOUT": "2"}}
		if kept != "" {
			c.files["/etc/sprayc/kube-vip.yaml"] = kept
		}
		if has != "" {
			c.files[there] = has
		}
		return c
	}
	secret := probe("with a password", "other", "old", "differs kube-vip would start with another manifest\nok")
	secret.env["DIGEST"] = ""
	act := func(name, started, curl, sleep, want string) scriptCase {
		c := probe(name, "new", "old", want)
		c.script = "modules/endpoint-kube-vip/manifest.act.sh"
		c.files["/proc/stat"] = "cpu 1 2\nintr 9" + strings.Repeat(" 999999999", 30) + "\nbtime 2100000000\n"
		c.files["/proc/11/stat"] = "11 (kube-vip) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + started + " 0\n"
		c.stubs = map[string]string{"stat": "echo 2100000100", "curl": curl, "sleep": sleep, "uname": "echo cp1"}
		return c
	}
	const starts = `printf '11 (kube-vip) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 10000 0\n' >"$ROOT_OF_TEST/proc/11/stat"; printf 'waits\n' >&3`
	const asks = `for url; do :; done; printf 'asks %s\n' "$url" >&3; cat "$ROOT_OF_TEST` + there + `" >&3`
	runInTurn(t, []scriptCase{
		probe("no manifest yet", "new", "", "ok"),
		probe("the same", "new", "new", "ok"),
		probe("another", "new", "old", "differs kube-vip would start with another manifest\nok"),
		probe("what is kept is of before", "old", "old", "blocked file /etc/sprayc/kube-vip.yaml: it says something else than the definition"),
		probe("nothing is kept", "", "old", "blocked file /etc/sprayc/kube-vip.yaml: it is not there"),
		secret,
		act("until it runs", "500", asks, starts, "waits\nasks https://api:6443/readyz\nnew"),
		act("it does not start", "500", ":", ":", "fail kube-vip does not start anew within 2 s; look at: journalctl -u kubelet.service"),
		act("nobody has the address", "10000", "return 7", ":", "fail no API server answers at api:6443 after 2 s; look at the log of kube-vip: kubectl -n kube-system logs kube-vip-cp1"),
	})
}

// kube-vip is asked for its settings, which are in its environment.
func TestKubeVIPVerify(t *testing.T) {
	vip := func(name, environ, sleep, want string) scriptCase {
		return scriptCase{name: name, script: "modules/endpoint-kube-vip/verify-settings.sh", want: want, env: map[string]string{"WANT": "address=10.0.0.9\nport=6443\nvip_arp=true"},
			files: map[string]string{"/proc/11/comm": "kube-vip\n", "/proc/11/environ": environ, "/proc/12/comm": "sh\n", "/proc/12/environ": "port=1\x00"}, stubs: map[string]string{"sleep": sleep}}
	}
	told := func(name, value string) string {
		return "found " + name + " of kube-vip: " + value + " (environment of process kube-vip)"
	}
	well := told("address", "10.0.0.9") + "\n" + told("port", "6443") + "\n" + told("vip_arp", "true")
	const look = " (environment of process kube-vip); look at: journalctl -u kubelet.service"
	runInTurn(t, []scriptCase{
		vip("as wanted", "PATH=/\x00vip_arp=true\x00port=6443\x00address=10.0.0.9\x00", "printf 'sleeps\n' >&3", well),
		vip("started anew", "port=1\x00", `printf 'vip_arp=true\0port=6443\0address=10.0.0.9\0' >"$ROOT_OF_TEST/proc/11/environ"`, well),
		vip("another, and one that is not there", "port=1\x00address=10.0.0.9\x00", ":", told("address", "10.0.0.9")+"\ndiffers port of kube-vip is 1, not 6443"+look+"\ndiffers vip_arp of kube-vip is not set, not true"+look),
	})
}
