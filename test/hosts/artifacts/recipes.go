package artifacts

import "strings"

// recipe says how a component is built and packed.
type recipe struct {
	component string
	module    string
	cgo       bool
	tags      string
	ldflags   func(version string) string
	packages  []string
	pack      func(recipe, string) ([]byte, error) // from the folder of what was built
	path      func(version, arch string) string    // as a mirror has it
	format    string
}

func recipes() []recipe {
	return []recipe{
		{
			component: "containerd", module: "github.com/containerd/containerd/v2", format: "tar.gz",
			ldflags: func(v string) string {
				return "-X github.com/containerd/containerd/v2/version.Version=v" + v
			},
			packages: []string{"./cmd/containerd", "./cmd/containerd-shim-runc-v2", "./cmd/ctr"},
			pack:     packBin,
			path: func(v, arch string) string {
				return "github.com/containerd/containerd/releases/download/v" + v + "/containerd-" + v + "-linux-" + arch + ".tar.gz"
			},
		},
		{
			component: "runc", module: "github.com/opencontainers/runc", cgo: true, tags: "netgo osusergo seccomp", format: "binary",
			ldflags:  func(v string) string { return "-extldflags -static -X main.version=" + v },
			packages: []string{"."},
			pack:     packBinary,
			path: func(v, arch string) string {
				return "github.com/opencontainers/runc/releases/download/v" + v + "/runc." + arch
			},
		},
		{
			component: "cni-plugins", module: "github.com/containernetworking/plugins", format: "tgz",
			ldflags: func(v string) string {
				return "-X github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion=v" + v
			},
			packages: strings.Fields("./plugins/main/bridge ./plugins/main/dummy ./plugins/main/host-device ./plugins/main/ipvlan ./plugins/main/loopback" +
				" ./plugins/main/macvlan ./plugins/main/ptp ./plugins/main/tap ./plugins/main/vlan ./plugins/ipam/dhcp ./plugins/ipam/host-local ./plugins/ipam/static" +
				" ./plugins/meta/bandwidth ./plugins/meta/firewall ./plugins/meta/portmap ./plugins/meta/sbr ./plugins/meta/tuning ./plugins/meta/vrf"),
			pack: packFlat,
			path: func(v, arch string) string {
				return "github.com/containernetworking/plugins/releases/download/v" + v + "/cni-plugins-linux-" + arch + "-v" + v + ".tgz"
			},
		},
	}
}
