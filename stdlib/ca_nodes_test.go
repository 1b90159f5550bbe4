package stdlib_test

import (
	"maps"
	"strings"
	"testing"
)

// caNode is a node whose kubelet trusts some CAs, and is known by one.
func caNode(name, script, goal, trusts, by, noted, want string) scriptCase {
	c := scriptCase{name: name, script: kubernetes + script, want: want,
		env: map[string]string{"GENERATION": "2", "GOAL": goal, "BUNDLE": "/run/bundle", "NAME": "w1", "ADDRESS": "10.0.1.1", "VERSION": "1.36.3", "AT": "10.0.1.1:10250", "TIMEOUT": "3"},
		files: map[string]string{pkiFolder + "ca.crt": certificates(trusts), "/etc/kubernetes/kubelet.conf": trusting(trusts),
			"/var/lib/kubelet/pki/kubelet-client-current.pem": leaf(by)},
		stubs: map[string]string{"systemctl": ":", "curl": ":", "kubectl": ":"}}
	if noted != "" {
		c.files[caFolder+"node"] = noted + "\n"
	}
	return c
}

// How far a node has come is noted on it.
func TestCANodeProbe(t *testing.T) {
	probe := func(name, goal, trusts, by, noted, want string) scriptCase {
		return caNode(name, "ca-node.probe.sh", goal, trusts, by, noted, want)
	}
	const (
		trusts = "differs the kubelet does not trust the CA of generation 2\nok"
		signs  = "differs the kubelet is not known by the CA of generation 2\n"
		known  = "differs the kubelet's certificate as a client is by the CA of before\nok"
		alone  = "differs the kubelet trusts the CA of before\nok"
		file   = "differs kubelet.conf trusts others than /etc/kubernetes/pki/ca.crt\nok"
	)
	none := probe("no kubelet", "trusts", "old", "old", "", "note no kubelet runs here yet\nok")
	delete(none.files, "/etc/kubernetes/kubelet.conf")
	runInTurn(t, []scriptCase{
		none,
		probe("trusts: not yet", "trusts", "old", "old", "", trusts),
		probe("trusts: that of before", "trusts", "old", "old", "1 alone", trusts),
		probe("trusts: a generation of two digits", "trusts", "old", "old", "22 trusts", trusts),
		probe("trusts: done", "trusts", "old new", "old", "2 trusts", "ok"),
		probe("trusts: done long ago", "trusts", "new", "new", "2 alone", "ok"),
		probe("trusts: somebody has written another file", "trusts", "old new", "old", "2 trusts", file).with("/etc/kubernetes/kubelet.conf", trusting("old")),
		probe("signs: not yet", "signs", "new old", "old", "2 trusts", signs+known),
		probe("signs: known, not noted", "signs", "new old", "new", "2 trusts", signs+"ok"),
		probe("signs: noted, not known", "signs", "new old", "old", "2 signs", known),
		probe("signs: done", "signs", "new old", "new", "2 signs", "ok"),
		probe("alone: not yet", "alone", "new old", "new", "2 signs", alone),
		probe("alone: done", "alone", "new", "new", "2 alone", "ok"),
	})
}

// The kubelet asks for a certificate with that which it has; what it trusts is what control
// planes do.
const nodeCA = `case $* in
*'create --filename -'*) grep -q '"signerName":"kubernetes.io/kube-apiserver-client-kubelet"' || return 1; printf asked ;;
*'get certificatesigningrequest asked '*) printf '%s' "$SIGNED" ;;
*'config view'*) printf 'key of kubelet\n' ;;
*'get node w1'*) ;;
*) return 1 ;;
esac`

func TestCANodeActs(t *testing.T) {
	for _, goal := range []struct{ name, trusts, by, noted, then string }{
		{"trusts", "old", "old", "", "old new"},
		{"signs", "old new", "old", "2 trusts", "new old"},
		{"alone", "new old", "new", "2 signs", "new"},
	} {
		t.Run(goal.name, func(t *testing.T) {
			t.Parallel()
			c := caNode("", "", goal.name, goal.trusts, goal.by, goal.noted, "").with("/run/bundle", encoded(certificates(goal.then)))
			c.env["SIGNED"] = encoded(leaf("new"))
			want := maps.Clone(caNode("", "", goal.name, goal.then, "new", "2 "+goal.name, "").files)
			want["/run/bundle"] = c.files["/run/bundle"]
			delete(want, "/var/lib/kubelet/pki/kubelet-client-current.pem") // what is below /var is not compared
			k := killedCase{goal.name, "kubernetes/ca-node.probe.sh", "kubernetes/ca-node.act.sh", c.env, c.files, map[string]string{
				"systemctl": ":", "curl": ":", "kubectl": nodeCA, "date": "echo now",
				"kubeadm": `[ "$1 $2" = 'certs generate-csr' ] && printf request >"$4/kubelet.conf.csr" && printf conf >"$4/kubelet.conf"`}}
			k.leaves(t, want, true)
		})
	}
	act := func(name, goal, signed, want string) scriptCase {
		c := caNode(name, "ca-node.act.sh", goal, "old new", "old", "2 trusts", want).with("/run/bundle", encoded(certificates("new old")))
		c.env["SIGNED"] = signed
		c.stubs["kubectl"], c.stubs["sleep"] = nodeCA, ":"
		c.stubs["kubeadm"] = `printf request >"$4/kubelet.conf.csr"; printf conf >"$4/kubelet.conf"`
		c.stubs["systemctl"] = `printf 'systemctl %s\n' "$*" >&3`
		return c
	}
	const restarts = "systemctl restart kubelet.service"
	runInTurn(t, []scriptCase{
		act("it starts anew", "signs", encoded(leaf("new")), restarts),
		act("the certificate is by the old one", "signs", encoded(leaf("old")), "fail the certificate of the request asked is by the CA of before"),
		act("nobody signs", "signs", "", "fail no certificate is made for the request asked after 3 s: kubectl describe csr asked says why; kubectl certificate approve asked, where nobody does so"),
		act("a kubeconfig with a file", "trusts", "", "fail /etc/kubernetes/kubelet.conf does not say once which CA it trusts").with("/etc/kubernetes/kubelet.conf", "certificate-authority: /a\n"),
		act("it does not answer", "trusts", "", restarts+"\nfail the kubelet does not answer at 10.0.1.1:10250 after 3 s, or may not ask the API server; look at: journalctl -u kubelet.service").stub("curl", "return 7"),
	})
}

// It is noted how far all are, when namespaces and who joins are told so too.
func TestCANote(t *testing.T) {
	note := func(name, script, note, noted, want string) scriptCase {
		c := caHost(name, script, "", "old new", noted, want).ready("new")
		c.env["NOTE"] = note
		return c
	}
	api := func(roots, info, noted string) string {
		return `case $* in
*'` + caNoted + `') printf '%s' '` + noted + `' ;;
*'metadata.name=kube-root-ca.crt '*) printf '%s\n' '` + roots + `' ;;
*'get configmap cluster-info '*) printf '%s' '` + info + `' ;;
*' patch configmap cluster-info '*) for last; do :; done; cat "$last" >&3 ;;
*' annotate '*) for last; do :; done; printf 'annotate %s\n' "$last" >&3 ;;
*) return 1 ;;
esac`
	}
	told := func(names string) string { return `"` + strings.ReplaceAll(certificates(names), "\n", `\n`) + `"` }
	all := "default " + told("old new") + "\nkube-system " + told("old new")
	info := "clusters:\n- cluster:\n    certificate-authority-data: x\n    server: https://api:6443\n"
	const probe, act = "ca-note.probe.sh", "ca-note.act.sh"
	const absent = "absent not every control plane has come so far with the CA of generation 2"
	signs := note("signs", act, "signs", "2 pods new 5", "annotate sprayc/ca=2 signs new 5").with(pkiFolder+"ca.crt", certificates("new old")).
		stub("kubectl", api("default "+told("new old"), "", "2 pods new 5"))
	signs.files[caFolder+"2/ca.crt"] = ""
	runInTurn(t, []scriptCase{
		note("nothing is noted", probe, "trusts", "", absent),
		note("all trust it", probe, "trusts", "2 trusts new 5", "present"),
		note("pods too", probe, "trusts", "2 pods new 5", "present"),
		note("it does not sign", probe, "signs", "2 pods new 5", absent),
		note("it signs", probe, "signs", "2 signs new 5", "present"),
		note("it is not alone", probe, "alone", "2 signs new 5", absent),
		note("it is alone", probe, "trusts", "2 alone new 5", "present"),
		note("another generation", probe, "signs", "22 signs new 5", absent),
		note("trusts", act, "trusts", "", "data:\n  kubeconfig: |\n    clusters:\n    - cluster:\n        certificate-authority-data: "+encoded(certificates("old new"))+
			"\n        server: https://api:6443\nannotate sprayc/ca=2 trusts new now").stub("kubectl", api(all, info, "")).stub("date", "echo now"),
		note("one namespace is not told", act, "trusts", "", "fail after 3 s the controller manager has not told these namespaces which CA to trust: late  (ConfigMap kube-root-ca.crt); look at its log").
			stub("kubectl", api(all+"\nlate "+told("old"), info, "")).stub("sleep", ":"),
		signs,
	})
}

// Pods that trust the CA of before alone start anew by what makes them; nothing is noted while
// there are some.
func TestCAPods(t *testing.T) {
	act := func(name, pods, after, noted, want string) scriptCase {
		c := caHost(name, "ca-pods.act.sh", "", "old new", noted, want).stub("sleep", ":").with("/run/pods", pods)
		c.env["OLD"], c.env["OF"] = "old", "of"
		c.stubs["kubectl"] = `case $* in
*'` + caNoted + `') printf '%s' '` + noted + `' ;;
*'get replicasets '*) printf 'a web-1 Deployment web\na alone\n' ;;
*'get pods '*) cat "$ROOT_OF_TEST/run/pods" ;;
*' patch '*) printf 'patch %s %s %s\n' "$8" "${10}" "${11}" >&3; printf '%s' '` + after + `' >"$ROOT_OF_TEST/run/pods" ;;
*' rollout status '*) ;;
*' annotate '*) for last; do :; done; printf 'annotate %s\n' "$last" >&3 ;;
*) return 1 ;;
esac`
		return c
	}
	const (
		since = "2026-11-22T22:00:00Z"
		noted = "2 trusts new " + since
		old   = "2026-11-22T21:59:59Z Running "
		done  = "annotate sprayc/ca=2 pods new " + since
	)
	stays := func(names string) string {
		return "fail these trust the CA of before alone, and are not started anew: " + names + "; delete them, and run this again: until then the CA of before signs"
	}
	probe := func(name, noted, want string) scriptCase {
		c := caHost(name, "ca-pods.probe.sh", "", "old new", noted, want)
		c.env["OLD"], c.env["OF"] = "old", "of"
		return c
	}
	const absent = "absent pods trust the CA of before generation 2 alone"
	runInTurn(t, []scriptCase{
		probe("not begun", "2 trusts new 5", absent), probe("done", "2 pods new 5", "present"), probe("done long ago", "2 alone new 5", "present"), probe("another", "1 alone old 5", absent),
		act("none", "", "", noted, done),
		act("new ones", since+" Running a web-1-x ReplicaSet web-1\n2026-11-22T21:59:59Z Succeeded a job Job x\n", "", noted, done),
		act("of a Deployment", old+"a web-1-x ReplicaSet web-1\n"+old+"a web-1-y ReplicaSet web-1\n", since+" Running a web-2-x ReplicaSet web-2\n", noted, "note Deployment a/web starts its pods anew\npatch a Deployment web\n"+done),
		act("of a DaemonSet", old+"b net-x DaemonSet net\n", "", noted, "note DaemonSet b/net starts its pods anew\npatch b DaemonSet net\n"+done),
		act("that do not end", old+"b net-x DaemonSet net\n", old+"b net-x DaemonSet net\n", noted, "note DaemonSet b/net starts its pods anew\npatch b DaemonSet net\n"+stays("DaemonSet b/net")),
		act("of nobody", old+"a bare\n"+old+"a alone-x ReplicaSet alone\n"+old+"a job-x Job job\n", "", noted, stays("Pod a/bare, Pod a/alone-x, Pod a/job-x")),
		act("not all control planes trust it", "", "", "1 alone old 5", "fail not every control plane trusts the CA of generation 2"),
	})
}

// What cannot be rotated is refused before anything changes, and a run says what is due.
func TestCARotationIsRefused(t *testing.T) {
	refused := func(name, noted, want string) scriptCase {
		c := caHost(name, "ca-rotation.sh", "", "old", noted, want).with("/etc/kubernetes/kubelet.conf", "x").with("/etc/kubernetes/manifests/kube-apiserver.yaml", "x")
		c.env["FORGET"], c.env["DIGEST"] = "false", "abc"
		c.stubs["sha256sum"], c.stubs["sleep"] = "echo abc", ":"
		return c
	}
	forget := func(name, noted, want string) scriptCase {
		c := refused(name, noted, want)
		c.env["FORGET"] = "true"
		return c
	}
	told := func(name, noted, want string) scriptCase {
		return caHost(name, "verify-ca-told.sh", "", "old", noted, want)
	}
	worker := refused("no control plane", "", "fail this host is no control plane yet: sprayc run makes it one")
	delete(worker.files, "/etc/kubernetes/manifests/kube-apiserver.yaml")
	keyless := refused("no key", "", "fail this host has no /etc/kubernetes/pki/ca.key, with which certificates are made anew: put it there for as long as it takes")
	delete(keyless.files, pkiFolder+"ca.key")
	const own, first = "/etc/kubernetes/own-certificates", "fail the CA of generation 2 does not sign everything yet: sprayc certificates rotate-ca comes first"
	const due = "warn ca has generation 2, which does not sign everything yet: sprayc certificates rotate-ca brings it"
	runInTurn(t, []scriptCase{
		refused("well", "", ""), refused("again", "2 signs new 5", ""), refused("that of before is done", "1 alone old 5", ""), worker, keyless,
		refused("only keys of service accounts from outside", "", "").with(own, "sa.pub\nsa.key\netcd/ca.crt\n"),
		refused("from outside", "", "fail these come from outside (certificates own), so no other CA is made here: ca.crt, admin.conf. Who has made that CA may issue it anew with the same key: bring the new files, and run. Another key is for a new cluster").with(own, "ca.crt\nsa.key\nadmin.conf\n"),
		refused("another definition", "", "fail the definition says something else than the last run has brought here: sprayc run comes first").stub("sha256sum", "echo abd"),
		refused("back", "3 alone x 5", "fail the cluster's CA is of generation 3, and ca has 2: a generation never comes back, write 3 or more"),
		refused("one that is not done", "1 signs x 5", "fail the CA of before generation 1 is trusted still: write generation = 1, and sprayc certificates forget-ca first"),
		refused("no API server", "", "fail the API server at 10.0.0.1:6443 does not say how far the cluster has come with another CA").stub("kubectl", "return 1"),
		forget("nothing is there to forget", "", first), forget("pods trust it", "2 pods new 5", first), forget("it signs", "2 signs new 5", ""), forget("it is alone", "2 alone new 5", ""),
		told("not begun", "", due), told("begun", "2 pods new 5", due), told("it signs", "2 signs new 5", "warn the CA of before generation 2 is trusted still: sprayc certificates forget-ca ends that"), told("done", "2 alone new 5", ""),
	})
}

// What is served is by the first of ca.crt, and in the end there is one.
func TestVerifyCA(t *testing.T) {
	verify := func(name, goal, trusts, want string) scriptCase {
		c := caHost(name, "verify-ca.sh", goal, trusts, "", want).stub("sleep", ":")
		c.env["ADDRESS"] = "10.0.0.1:6443"
		return c
	}
	const by = "found certificate of the API server at 10.0.0.1:6443: by the CA of generation 2 (what is served there, against the first of ca.crt)"
	const one = "found authorities in ca.crt: one alone (its file in /etc/kubernetes/pki)\nfound authorities in front-proxy-ca.crt: one alone (its file in /etc/kubernetes/pki)"
	runInTurn(t, []scriptCase{
		verify("signs", "signs", "new old", by), verify("alone", "alone", "new", by+"\n"+one),
		verify("not alone", "alone", "new old", by+"\n"+strings.NewReplacer("found", "differs", ": one alone", " is more than one, not one alone").Replace(one)),
		verify("by another", "signs", "new old", "differs certificate of the API server at 10.0.0.1:6443 is by another CA, or by none, not by the CA of generation 2 (what is served there, against the first of ca.crt)").stub("curl", "return 60"),
	})
}
