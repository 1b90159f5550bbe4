package stdlib_test

import "testing"

// What runs is asked: the API server, and the kubelet's process, or its file when there is
// none. A run refuses to change a version; an upgrade goes one minor version at a time.
func TestVersions(t *testing.T) {
	const (
		api   = "version of the API server"
		it    = "version of the kubelet"
		at    = "https://10.0.0.1:6443/version"
		verb  = "; a run changes no version of what runs: sprayc build --operation upgrade, then sprayc upgrade"
		below = "; Kubernetes does not go back over a minor version: set kubernetes_version = \"1.37.0\", or restore what was backed up before the upgrade"
		reach = "one from which 1.36.4 can be reached"
	)
	kubectl := func(version string) string {
		return `case "$*" in *"--server https://10.0.0.1:6443 get --raw /version") printf '%s\n' '{' '  "gitVersion": "v` + version + `",' '  "major": "1"' '}' ;; *) return 1 ;; esac`
	}
	base := func(name, operation, apiserver, running, file, want string) scriptCase {
		c := scriptCase{name: name, want: want, script: kubernetes + "versions.sh",
			env:   map[string]string{"WANT": "1.36.4", "OPERATION": operation, "API": "10.0.0.1:6443", "NEWEST": "1.34.10 1.35.8"},
			files: map[string]string{"/etc/kubernetes/kubelet.conf": "clusters:\n- cluster:\n    server: https://10.0.0.1:6443\n"},
			stubs: map[string]string{"kubectl": kubectl(apiserver), "curl": ":", "systemctl": "echo 0", "kubelet": "echo Kubernetes v" + file}}
		if apiserver == "" {
			c.stubs["curl"] = "return 7"
		}
		if running != "" {
			c.files["/proc/77/exe"] = "#!/bin/sh\necho Kubernetes v" + running + "\n"
			c.stubs["systemctl"] = "echo 77"
		}
		return c
	}
	as := func(what, version, how string) string { return "found " + what + ": " + version + " (" + how + ")" }
	not := func(what, is, want, how, fix string) string {
		return "differs " + what + " is " + is + ", not " + want + " (" + how + ")" + fix
	}
	far := func(from, way, first string) string {
		return "; an upgrade goes one minor version at a time: " + way + "; set kubernetes_version = \"" + first + "\", sprayc build --operation upgrade, then sprayc upgrade"
	}
	fresh := base("a host with nothing", "converge", "", "", "", "found Kubernetes on this host: none (there is no /etc/kubernetes/kubelet.conf)")
	fresh.files = nil
	restored := base("a host with nothing is restored to", "restore", "", "", "", "found Kubernetes on this host: none (there is no /etc/kubernetes/kubelet.conf)")
	restored.files = nil
	stranger := base("a host with nothing is not upgraded", "upgrade", "", "", "", "fail this host is in no cluster, so nothing is here to upgrade; sprayc run brings it in")
	stranger.files = nil
	worker := base("a worker asks whom its kubelet asks", "converge", "1.35.8", "1.36.4", "1.36.4", not(api, "1.35.8", "1.36.4", at, verb)+"\n"+as(it, "1.36.4", "process 77"))
	worker.env["API"] = ""
	silent := base("a kubelet that was lost is put back", "converge", "1.36.4", "", "", as(api, "1.36.4", at)+"\nnote no kubelet is here that tells its version")
	silent.stubs["kubelet"] = "return 127"
	untold := base("a host with nothing is not told of", "report", "", "", "", "")
	untold.files = nil
	runInTurn(t, []scriptCase{
		untold, base("only told", "report", "1.34.9", "1.31.2", "1.36.4", "tells "+api+": 1.34.9, wanted 1.36.4\ntells "+it+": 1.31.2, wanted 1.36.4"),
		fresh, restored, stranger, worker, silent,
		base("as wanted", "converge", "1.36.4", "1.36.4", "1.36.4", as(api, "1.36.4", at)+"\n"+as(it, "1.36.4", "process 77")),
		base("a patch level up", "converge", "1.36.1", "1.36.1", "1.36.1", not(api, "1.36.1", "1.36.4", at, verb)+"\n"+not(it, "1.36.1", "1.36.4", "process 77", verb)),
		base("a patch level down", "converge", "1.36.10", "1.36.10", "1.36.10", not(api, "1.36.10", "1.36.4", at, verb)+"\n"+not(it, "1.36.10", "1.36.4", "process 77", verb)),
		base("the API server does not answer", "converge", "", "1.35.8", "1.35.8", not(it, "1.35.8", "1.36.4", "process 77", verb)),
		base("the kubelet does not run", "converge", "", "", "1.35.8", not(it, "1.35.8", "1.36.4", "its file, as it does not run", verb)),
		base("the kubelet's file is another already", "converge", "", "1.35.8", "1.36.4", not(it, "1.35.8", "1.36.4", "process 77", verb)),
		base("two minor versions up", "converge", "1.34.9", "1.34.9", "1.34.9",
			not(api, "1.34.9", "1.36.4", at, far("1.34.9", "1.34.9 -> 1.35.8 -> 1.36.4", "1.35.8"))+"\n"+not(it, "1.34.9", "1.36.4", "process 77", far("1.34.9", "1.34.9 -> 1.35.8 -> 1.36.4", "1.35.8"))),
		base("a minor version down", "converge", "1.37.0", "1.37.0", "1.37.0", not(api, "1.37.0", "1.36.4", at, below)+"\n"+not(it, "1.37.0", "1.36.4", "process 77", below)),

		base("upgrade, a minor version up", "upgrade", "1.35.8", "1.35.8", "1.35.8", as(api, reach, at+": 1.35.8")+"\n"+as(it, reach, "process 77: 1.35.8")),
		base("upgrade, a patch level down", "upgrade", "1.36.5", "1.36.5", "1.36.5", as(api, reach, at+": 1.36.5")+"\n"+as(it, reach, "process 77: 1.36.5")),
		base("upgrade, done", "upgrade", "1.36.4", "1.36.4", "1.36.4", as(api, reach, at+": 1.36.4")+"\n"+as(it, reach, "process 77: 1.36.4")),
		base("upgrade, two minor versions up", "upgrade", "1.34.9", "1.34.9", "1.34.9",
			not(api, "1.34.9", reach, at, far("1.34.9", "1.34.9 -> 1.35.8 -> 1.36.4", "1.35.8"))+"\nfound version of the kubelet: one at most 3 minor versions behind 1.36.4 (process 77: 1.34.9)"),
		base("upgrade, two minor versions up, and no API server to ask", "upgrade", "", "1.34.9", "1.34.9",
			not(it, "1.34.9", reach, "process 77", far("1.34.9", "1.34.9 -> 1.35.8 -> 1.36.4", "1.35.8"))),
		base("upgrade, a kubelet two minor versions behind", "upgrade", "1.36.4", "1.34.9", "1.34.9", as(api, reach, at+": 1.36.4")+"\nfound version of the kubelet: one at most 3 minor versions behind 1.36.4 (process 77: 1.34.9)"),
		base("upgrade, a kubelet four minor versions behind", "upgrade", "1.36.4", "1.32.1", "1.32.1",
			as(api, reach, at+": 1.36.4")+"\n"+not(it, "1.32.1", "one at most 3 minor versions behind 1.36.4", "process 77: 1.32.1", "; take the node out of the cluster, and bring it in anew")),
		base("upgrade, a minor version down", "upgrade", "1.37.0", "1.37.0", "1.37.0", not(api, "1.37.0", reach, at, below)+"\n"+not(it, "1.37.0", reach, "process 77", below)),
	})
}
