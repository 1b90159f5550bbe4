package artifacts

import (
	"regexp"
	"strings"
)

// source says in which folder a recipe builds.
type source int

const (
	copied source = iota // in a copy of its module
	pinned               // in the nested module test/kubernetes/programs/NAME-VERSION
	own                  // in this project
)

// recipe says how programs are built, and which releases are made of them.
type recipe struct {
	name     string
	source   source
	folder   string // of nested modules: NAME, when it is not the recipe's
	module   string // of a copy, or whose data is kept
	without  *without
	cgo      bool
	tags     string
	ldflags  func(version string) string
	packages []string
	tests    map[string]string // name of a test program: its package
	data     []string          // files of the module that are kept beside the programs
	rename   map[string]string // what go build calls a program, and what it is called
	releases []release
}

// release is a download made of a recipe's programs.
type release struct {
	component, format string
	pack              func(programs, version, target string) error
	path              func(version, arch string) string // as a mirror has it
}

func recipes() []recipe {
	return []recipe{
		{
			name: "containerd", module: "github.com/containerd/containerd/v2",
			ldflags:  variable("github.com/containerd/containerd/v2/version.Version=v"),
			packages: []string{"./cmd/containerd", "./cmd/containerd-shim-runc-v2", "./cmd/ctr"},
			releases: []release{{"containerd", "tar.gz", packBin, github("containerd/containerd", "containerd-{version}-linux-{arch}.tar.gz")}},
		},
		{
			name: "runc", module: "github.com/opencontainers/runc", cgo: true, tags: "netgo osusergo seccomp",
			ldflags:  func(v string) string { return "-extldflags -static -X main.version=" + v },
			packages: []string{"."},
			releases: []release{{"runc", "binary", packBinary("runc"), github("opencontainers/runc", "runc.{arch}")}},
		},
		{
			name: "cni-plugins", module: "github.com/containernetworking/plugins",
			ldflags: variable("github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion=v"),
			packages: strings.Fields("./plugins/main/bridge ./plugins/main/dummy ./plugins/main/host-device ./plugins/main/ipvlan ./plugins/main/loopback" +
				" ./plugins/main/macvlan ./plugins/main/ptp ./plugins/main/tap ./plugins/main/vlan ./plugins/ipam/dhcp ./plugins/ipam/host-local ./plugins/ipam/static" +
				" ./plugins/meta/bandwidth ./plugins/meta/firewall ./plugins/meta/portmap ./plugins/meta/sbr ./plugins/meta/tuning ./plugins/meta/vrf"),
			releases: []release{{"cni-plugins", "tgz", packFlat, github("containernetworking/plugins", "cni-plugins-linux-{arch}-v{version}.tgz")}},
		},
		kubernetes(),
		// Kubernetes' own end-to-end test, what runs it in several processes, and its pods.
		{name: "conformance", source: pinned, folder: "kubernetes", ldflags: kubernetesVersion, tests: map[string]string{"e2e.test": "k8s.io/kubernetes/test/e2e"}},
		{name: "ginkgo", module: "github.com/onsi/ginkgo/v2", packages: []string{"./ginkgo"}},
		{
			name: "conformance-pods", source: pinned, folder: "kubernetes", module: "k8s.io/kubernetes", ldflags: kubernetesVersion,
			packages: []string{"k8s.io/kubernetes/test/images/agnhost", "k8s.io/kubernetes/test/images/nonewprivs", "k8s.io/sample-apiserver"},
			data:     []string{"test/images/agnhost/porter/localhost.crt", "test/images/agnhost/porter/localhost.key"},
		},
		{
			name: "etcd", source: pinned, packages: []string{"tool"}, rename: map[string]string{"server": "etcd"},
			ldflags:  variable("go.etcd.io/etcd/api/v3/version.Version="),
			releases: []release{{"etcd", "tar.gz", packEtcd, github("etcd-io/etcd", "etcd-v{version}-linux-{arch}.tar.gz")}},
		},
		{name: "coredns", module: "github.com/coredns/coredns", packages: []string{"."}},
		{
			// The SDK of the one backend is not to be had; the other wants cgo.
			name: "flannel", module: "github.com/flannel-io/flannel", packages: []string{"."}, rename: map[string]string{"flannel": "flanneld"},
			without: &without{"main.go", regexp.MustCompile(`(?m)^.*/backend/(tencentvpc|udp)"\n`)},
			ldflags: variable("github.com/flannel-io/flannel/pkg/version.Version=v"),
		},
		{
			// The OCI registry of the CNCF's Distribution project, with files only.
			name: "registry", module: "github.com/distribution/distribution/v3", packages: []string{"./cmd/registry"},
			without: &without{"cmd/registry/main.go", regexp.MustCompile(`(?m)^.*/storage/driver/(azure|gcs|s3-aws|middleware/\w+)"\n`)},
			ldflags: variable("github.com/distribution/distribution/v3/version.version=v"),
		},
		{name: "pods", source: own, packages: []string{"./test/kubernetes/pod", "./test/kubernetes/flannel-cni"}, rename: map[string]string{"flannel-cni": "flannel"}},
	}
}

// kubernetes are the seven programs; three of them are installed on hosts, the
// others run from images.
func kubernetes() recipe {
	r := recipe{
		name: "kubernetes", source: pinned, ldflags: kubernetesVersion,
		packages: strings.Fields("k8s.io/kubernetes/cmd/kubeadm k8s.io/kubernetes/cmd/kubelet k8s.io/kubernetes/cmd/kubectl k8s.io/kubernetes/cmd/kube-apiserver" +
			" k8s.io/kubernetes/cmd/kube-controller-manager k8s.io/kubernetes/cmd/kube-scheduler k8s.io/kubernetes/cmd/kube-proxy"),
	}
	for _, name := range []string{"kubeadm", "kubelet", "kubectl"} {
		r.releases = append(r.releases, release{name, "binary", packBinary(name), func(v, arch string) string {
			return "dl.k8s.io/release/v" + v + "/bin/linux/" + arch + "/" + name
		}})
	}
	return r
}

// kubernetesVersion are the linker's flags that set the version of its programs.
func kubernetesVersion(v string) string {
	major, rest, _ := strings.Cut(v, ".")
	minor, _, _ := strings.Cut(rest, ".")
	var flags []string
	for _, of := range []string{"k8s.io/component-base/version", "k8s.io/client-go/pkg/version"} {
		for _, set := range []string{"gitVersion=v" + v, "gitMajor=" + major, "gitMinor=" + minor, "gitTreeState=clean", "gitCommit=" + strings.Repeat("0", 40), "buildDate=2026-01-01T00:00:00Z"} {
			flags = append(flags, "-X "+of+"."+set)
		}
	}
	return strings.Join(flags, " ")
}

// variable is the linker's flag that sets a program's version.
func variable(prefix string) func(string) string {
	return func(version string) string { return "-X " + prefix + version }
}

// github is the path of a release's file there.
func github(repository, file string) func(version, arch string) string {
	return func(version, arch string) string {
		return "github.com/" + repository + "/releases/download/v" + version + "/" + strings.NewReplacer("{version}", version, "{arch}", arch).Replace(file)
	}
}
