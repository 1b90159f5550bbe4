package images

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// recipe says what an image is made of.
type recipe struct {
	name       string // "registry.k8s.io/kube-apiserver"
	tag        string
	packages   string            // of Debian, the lowest layer
	files      map[string]string // path in the image: a file of this machine
	setuid     bool              // whoever starts these runs them as root
	scripts    map[string]string // path in the image: what a program there says
	entrypoint []string
	arguments  []string
	user       string
}

// Versions of what no program names. Flannel's own manifest names both of its.
const (
	flannelVersion    = "0.28.4"
	flannelCNIVersion = "1.9.1-flannel1"
	podVersion        = "1"
	kubeVIPVersion    = "1.0.3"
	nodeCacheVersion  = "1.25.0"
	nodeCacheCoreDNS  = "1.14.2"
)

// Pod is the image with test/kubernetes/pod, for the pods of the tests.
const Pod = "registry.example.com/sprayc/pod:" + podVersion

// shell is what an image needs whose containers run a command or two.
const shell = "busybox-static"

// nginxScript loads the stream module, which is a part of upstream's program and a
// file of Debian's.
//
//go:embed nginx.sh
var nginxScript string

// kubeVIPScript and nodeCacheScript stand in for programs that cannot be built here.
var (
	//go:embed kube-vip.sh
	kubeVIPScript string
	//go:embed node-cache.sh
	nodeCacheScript string
)

// netfilter is what programs the node's packet filter.
const netfilter = shell + " conntrack ipset iproute2 iptables kmod nftables"

// forKubernetes are the images that kubeadm of a version names.
func forKubernetes(ctx context.Context, cache, version string) ([]recipe, error) {
	programs, err := artifacts.Programs(ctx, cache, "kubernetes", version)
	if err != nil {
		return nil, err
	}
	list, err := exec.CommandContext(ctx, filepath.Join(programs, "kubeadm"), "config", "images", "list", "--kubernetes-version", "v"+version).Output()
	if err != nil {
		return nil, fmt.Errorf("ask kubeadm %s for its images: %w", version, err)
	}
	var out []recipe
	for _, reference := range strings.Fields(string(list)) {
		name, tag, _ := strings.Cut(reference, ":")
		r := recipe{name: name, tag: tag}
		switch what := path.Base(name); what {
		case "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy":
			r.files = map[string]string{"usr/local/bin/" + what: filepath.Join(programs, what)}
			r.entrypoint = []string{what}
			if what == "kube-proxy" {
				r.packages = netfilter
			}
		case "coredns":
			err = r.take(ctx, cache, "coredns", strings.TrimPrefix(tag, "v"), "coredns")
			r.entrypoint = []string{"/coredns"}
		case "etcd":
			release, _, _ := strings.Cut(tag, "-")
			err = r.take(ctx, cache, "etcd", release, "usr/local/bin/etcd", "usr/local/bin/etcdctl", "usr/local/bin/etcdutl")
			r.entrypoint = []string{"etcd"}
		case "pause":
			r.files = map[string]string{}
			r.files["pause"], err = pause(ctx, cache, tag)
			r.entrypoint = []string{"/pause"}
		default:
			err = fmt.Errorf("kubeadm %s wants the image %s, which nothing here makes", version, reference)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// beside are the images of what stands beside Kubernetes of a version: the network,
// balancers, stand-ins and the tests' own.
func beside(ctx context.Context, cache, version string) ([]recipe, error) {
	flannel := recipe{name: "ghcr.io/flannel-io/flannel", tag: "v" + flannelVersion, packages: netfilter, entrypoint: []string{"/opt/bin/flanneld"}}
	plugin := recipe{name: "ghcr.io/flannel-io/flannel-cni-plugin", tag: "v" + flannelCNIVersion, packages: shell}
	pod := recipe{name: "registry.example.com/sprayc/pod", tag: podVersion, packages: shell, entrypoint: []string{"/pod"}, arguments: []string{"serve"}}
	vip := recipe{name: "ghcr.io/kube-vip/kube-vip", tag: "v" + kubeVIPVersion, packages: shell, entrypoint: []string{"/kube-vip"}, arguments: []string{"manager"}}
	node := recipe{name: "registry.k8s.io/dns/k8s-dns-node-cache", tag: nodeCacheVersion, packages: shell, entrypoint: []string{"/node-cache"}}
	for _, err := range []error{
		node.take(ctx, cache, "coredns", nodeCacheCoreDNS, "coredns"),
		flannel.take(ctx, cache, "flannel", flannelVersion, "opt/bin/flanneld"),
		plugin.take(ctx, cache, "pods", "", "flannel"),
		pod.take(ctx, cache, "pods", "", "pod"),
	} {
		if err != nil {
			return nil, err
		}
	}
	node.scripts = map[string]string{"node-cache": nodeCacheScript}
	out := []recipe{flannel, plugin, pod, node}
	if version != "" {
		if err := vip.take(ctx, cache, "kubernetes", version, "kubectl"); err != nil {
			return nil, err
		}
		vip.scripts = map[string]string{"kube-vip": kubeVIPScript}
		out = append(out, vip)
	}
	for _, r := range []recipe{
		{name: "docker.io/library/haproxy", packages: "haproxy", entrypoint: []string{"haproxy", "-W", "-db"}, arguments: []string{"-f", "/usr/local/etc/haproxy/haproxy.cfg"}},
		{
			name: "docker.io/library/nginx", packages: "nginx libnginx-mod-stream", entrypoint: []string{"nginx"}, arguments: []string{"-g", "daemon off;"},
			scripts: map[string]string{"usr/local/sbin/nginx": nginxScript},
		},
		{name: "docker.io/osixia/keepalived", packages: "keepalived", entrypoint: []string{"keepalived", "--dont-fork", "--log-console"}},
	} {
		main, _, _ := strings.Cut(r.packages, " ")
		r.packages = shell + " " + r.packages
		base, err := debian(ctx, cache, r.packages)
		if err != nil {
			return nil, err
		}
		if r.tag, err = base.version(main); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// take takes programs of a build, by their places in the image.
func (r *recipe) take(ctx context.Context, cache, name, version string, places ...string) error {
	programs, err := artifacts.Programs(ctx, cache, name, version)
	if err != nil {
		return err
	}
	r.files = map[string]string{}
	for _, place := range places {
		r.files[place] = filepath.Join(programs, path.Base(place))
	}
	return nil
}
