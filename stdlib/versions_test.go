package stdlib_test

import (
	"strings"
	"testing"
)

// Which version of each component is there, asked of what runs.

func TestContainerdVersions(t *testing.T) {
	const anew = "; take the node out of the cluster with sprayc remove, and bring it in anew; or let the definition have the version that is there"
	says := func(of, is, want, how string) string {
		limits := "any back-patch"
		if of == "the CNI plugins that are there" {
			limits = "any back-any"
		}
		return "version upgrade runtime (" + limits + "): version of " + of + ": " + is + ", wanted " + want + " (" + how + ")" + anew
	}
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: containerd + "versions.sh", want: want, moves: []string{"/opt/cni"},
			env:   map[string]string{"OPERATION": "upgrade", "VERSION": "2.3.5", "RUNC": "1.4.4", "CNI": "1.9.2", "SOCKET": "/s"},
			files: map[string]string{"/proc/77/stat": ""},
			links: map[string]string{"/proc/77/exe": "/usr/local/bin/containerd (deleted)"},
			stubs: map[string]string{"systemctl": "echo 77", "ctr": ctrStub, "containerd": "return 127", "runc": "return 127"}}
		change(&c)
		return c
	}
	ran := says("containerd that runs", "2.3.4", "2.3.5", "ctr version")
	runCases(t, []scriptCase{
		base("the daemon's own, not its client's", ran, func(*scriptCase) {}),
		base("one of a package does not count", "", func(c *scriptCase) { c.links["/proc/77/exe"] = "/usr/bin/containerd" }),
		base("nothing is there", "", func(c *scriptCase) { c.stubs["systemctl"] = "echo 0" }),
		base("no systemd", "", func(c *scriptCase) { c.stubs["systemctl"] = "return 127" }),
		base("it does not answer, and has no file", "", func(c *scriptCase) { c.stubs["ctr"] = "return 1" }),
	})
	// The programs beside it, as they are installed.
	with := base("programs", strings.Join([]string{ran, says("runc that is there", "1.4.3", "1.4.4", "runc --version"), says("the CNI plugins that are there", "1.9.1", "1.9.2", "/opt/cni/bin/loopback")}, "\n"), func(c *scriptCase) {
		c.stubs["runc"] = `printf 'runc version 1.4.3\nspec: 1.3.0\n'`
		c.files["/opt/cni/bin/loopback"] = "#!/bin/sh\nprintf 'CNI loopback plugin v1.9.1\\nCNI protocol versions supported: 1.0.0\\n' >&2\n"
	})
	file := base("it does not run", says("containerd that runs", "2.3.3", "2.3.5", "its file, as it does not run"), func(c *scriptCase) {
		c.stubs["systemctl"] = "echo 0"
		c.stubs["containerd"] = "echo 'containerd github.com/containerd/containerd/v2 v2.3.3 abc'"
	})
	own := base("builds of somebody's own", ran, func(c *scriptCase) {
		c.env["RUNC"] = "1.4.4-own"
		c.stubs["runc"] = `echo 'runc version 1.4.3'`
		c.files["/opt/cni/bin/loopback"] = "#!/bin/sh\necho 'CNI loopback plugin v1.9.1-own'\n"
	})
	runCases(t, []scriptCase{with, file, own})
}

func TestEtcdVersions(t *testing.T) {
	const back = "; etcd goes back over a minor version only with the data from before: sprayc restore, from a backup of then"
	says := func(of, is, how string) string {
		return "version upgrade etcd (next back-patch): version of " + of + " that runs: " + is + ", wanted 3.6.14 (" + how + ")" + back
	}
	base := func(name, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: etcdHosts + "versions.sh", want: want,
			env:   map[string]string{"OPERATION": "upgrade", "VERSION": "3.6.14", "DATA": "/run/data", "URL": "https://10.0.0.1:2379", "EVENTS": "", "PKI": "/etc/etcd/pki"},
			files: map[string]string{"/run/data/member/wal/0.wal": ""},
			stubs: map[string]string{"etcd": "return 127", "curl": `case "$*" in
*2379/version) printf '{"etcdserver":"3.6.8","etcdcluster":"3.6.0","storage":"3.6.0"}' ;;
*2383/version) printf '{"etcdserver":"3.6.9","etcdcluster":"3.6.0","storage":"3.6.0"}' ;;
esac`}}
		change(&c)
		return c
	}
	runCases(t, []scriptCase{
		base("a member", says("etcd", "3.6.8", "https://10.0.0.1:2379/version"), func(*scriptCase) {}),
		base("and one for events", says("etcd", "3.6.8", "https://10.0.0.1:2379/version")+"\n"+says("etcd for events", "3.6.9", "https://10.0.0.1:2383/version"),
			func(c *scriptCase) { c.env["EVENTS"] = "https://10.0.0.1:2383" }),
		base("it does not answer", says("etcd", "3.6.7", "its file, as it does not answer"), func(c *scriptCase) {
			c.stubs["curl"] = "return 7"
			c.stubs["etcd"] = `printf 'etcd Version: 3.6.7\nGit SHA: x\n'`
		}),
		base("nobody tells", "note etcd at https://10.0.0.1:2379 does not tell its version", func(c *scriptCase) { c.stubs["curl"] = "return 7" }),
		base("no member is upgraded", "fail no member of etcd is here, so nothing is here to upgrade; sprayc run makes one", func(c *scriptCase) { c.files = nil }),
		base("no member is run", "", func(c *scriptCase) { c.files, c.env["OPERATION"] = nil, "converge" }),
		base("no member is told of", "", func(c *scriptCase) { c.files, c.env["OPERATION"] = nil, "report" }),
	})
}

func TestFlannelVersions(t *testing.T) {
	const plugin = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel1"
	says := func(of, is, want, image string) string {
		return "version converge network (any back-patch): version of " + of + " that the cluster has: " + is + ", wanted " + want + " (DaemonSet kube-flannel-ds); let the definition have " + image
	}
	ours := says("flannel's CNI plugin", "v1.9.1-flannel1", "v1.9.1-flannel1", plugin)
	base := func(name, image, want string, change func(c *scriptCase)) scriptCase {
		c := scriptCase{name: name, script: "modules/flannel/versions.sh", want: want,
			env:   map[string]string{"OPERATION": "converge", "IMAGE": "a.example.com:5000/flannel:v0.28.4", "PLUGIN": plugin, "API": "10.0.0.1:6443"},
			files: map[string]string{"/etc/kubernetes/admin.conf": ""},
			stubs: map[string]string{"curl": ":", "kubectl": "printf '%s %s' '" + image + "' '" + plugin + "'"}}
		if change != nil {
			change(&c)
		}
		return c
	}
	runCases(t, []scriptCase{
		base("a version", "ghcr.io/flannel-io/flannel:v0.28.3", says("flannel", "v0.28.3", "v0.28.4", "ghcr.io/flannel-io/flannel:v0.28.3")+"\n"+ours, nil),
		base("with a digest", "ghcr.io/flannel-io/flannel:v0.28.3@sha256:ab", says("flannel", "v0.28.3", "v0.28.4", "ghcr.io/flannel-io/flannel:v0.28.3@sha256:ab")+"\n"+ours, nil),
		base("a digest alone", "ghcr.io/flannel-io/flannel@sha256:ab", says("flannel", "sha256:ab", "v0.28.4", "ghcr.io/flannel-io/flannel@sha256:ab")+"\n"+ours, nil),
		base("without a tag", "a.example.com:5000/flannel", says("flannel", "latest", "v0.28.4", "a.example.com:5000/flannel")+"\n"+ours, nil),
		base("no control plane yet", "x:1", "", func(c *scriptCase) { c.files = map[string]string{"/etc/hosts": ""} }),
		base("no API server answers", "x:1", "note the API server of this host does not answer: which flannel the cluster has is not known", func(c *scriptCase) { c.stubs["curl"], c.stubs["sleep"] = "return 7", ":" }),
		base("it answers at the third time", "ghcr.io/flannel-io/flannel:v0.28.3", says("flannel", "v0.28.3", "v0.28.4", "ghcr.io/flannel-io/flannel:v0.28.3")+"\n"+ours, func(c *scriptCase) {
			c.stubs["sleep"], c.stubs["curl"] = `printf x >>"$ROOT_OF_TEST/slept"`, `[ "$(cat "$ROOT_OF_TEST/slept")" = xx ]`
		}),
		base("it does not say", "x:1", "note the API server of this host does not say which flannel the cluster has", func(c *scriptCase) { c.stubs["kubectl"] = "return 1" }),
		base("no flannel yet", "x:1", "", func(c *scriptCase) { c.stubs["kubectl"] = ":" }),
	})
	cache := scriptCase{name: "the cache of a node", script: "modules/nodelocaldns/versions.sh",
		want:  "version converge node_dns (any back-any): version of the cache that the cluster has: 1.24.0, wanted 1.25.0 (DaemonSet nodelocaldns); ",
		env:   map[string]string{"OPERATION": "converge", "IMAGE": "registry.k8s.io/dns/k8s-dns-node-cache:1.25.0", "API": "10.0.0.1:6443"},
		files: map[string]string{"/etc/kubernetes/admin.conf": ""},
		stubs: map[string]string{"curl": ":", "kubectl": "printf %s registry.k8s.io/dns/k8s-dns-node-cache:1.24.0"}}
	none := cache
	none.name, none.want, none.stubs = "no cache yet", "", map[string]string{"curl": ":", "kubectl": ":"}
	silent, mute := cache, cache
	silent.name, silent.want, silent.stubs = "no API server answers about the cache", "note the API server of this host does not answer: which cache the cluster has is not known", map[string]string{"curl": "return 7", "sleep": ":", "kubectl": ":"}
	mute.name, mute.want, mute.stubs = "it does not say which cache", "note the API server of this host does not say which cache the cluster has", map[string]string{"curl": ":", "kubectl": "return 1"}
	runCases(t, []scriptCase{cache, none, silent, mute})
}

// The first manifest of kube-vip is of no version before; one with iptables is no other version.
func TestKubeVIPVersions(t *testing.T) {
	const manifest = "/etc/kubernetes/manifests/kube-vip.yaml"
	base := func(name, line, is string) scriptCase {
		c := scriptCase{name: name, script: "modules/endpoint-kube-vip/versions.sh", files: map[string]string{manifest: "\"spec\":\n  \"containers\":\n  - \"args\":\n    - \"manager\"\n" + line + "    \"imagePullPolicy\": \"IfNotPresent\"\n"},
			env: map[string]string{"OPERATION": "converge", "IMAGE": "a.example.com:5000/kube-vip:v1.0.3"}}
		c.want = "version converge endpoint (any back-any): version of kube-vip that this control plane has: " + is + ", wanted v1.0.3 (" + manifest + "); "
		return c
	}
	first, none := base("none yet", "", ""), base("no image", "", "")
	first.files, first.want = map[string]string{"/etc/hosts": ""}, ""
	none.want = "fail " + manifest + " names no image"
	runInTurn(t, []scriptCase{
		base("as the module writes it", "    \"image\": \"ghcr.io/kube-vip/kube-vip:v1.0.2\"\n", "v1.0.2"),
		base("as others write it", "    image: ghcr.io/kube-vip/kube-vip:v0.9.2\n", "v0.9.2"),
		base("of another registry", "    \"image\": \"b.example.com:5000/kube-vip:v1.0.3\"\n", "v1.0.3"),
		base("with iptables", "    \"image\": \"ghcr.io/kube-vip/kube-vip:v1.0.3-iptables\"\n", "v1.0.3"),
		base("with a digest", "    \"image\": \"ghcr.io/kube-vip/kube-vip:v1.0.2@sha256:ab\"\n", "v1.0.2"),
		base("a digest alone", "    \"image\": \"ghcr.io/kube-vip/kube-vip@sha256:ab\"\n", "sha256:ab"),
		base("without a tag", "    \"image\": \"a.example.com:5000/kube-vip\"\n", "latest"),
		first, none,
	})
}
