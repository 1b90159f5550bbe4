package modules_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/compiler/ir"
)

func TestOSPackagesByFamily(t *testing.T) {
	plan := must(t, base+`
os "os" {
  packages        = ["lsof"]
  family_packages = { rhel = ["policycoreutils"] }
}
`)
	for host, want := range map[string][2][]string{
		"cp1":     {{"conntrack", "ethtool", "iproute2", "iptables", "kmod", "mount", "util-linux"}, {"lsof"}},
		"worker1": {{"conntrack-tools", "container-selinux", "ethtool", "iproute", "iproute-tc", "iptables-nft", "kmod", "util-linux"}, {"lsof", "policycoreutils"}},
	} {
		if got := names(variant(t, plan, host, "os/packages"), "package"); !reflect.DeepEqual(got, want[0]) {
			t.Errorf("%s: %v", host, got)
		}
		if got := names(variant(t, plan, host, "os/own"), "package"); !reflect.DeepEqual(got, want[1]) {
			t.Errorf("%s: own %v", host, got)
		}
	}
}

func TestOSSysctls(t *testing.T) {
	plan := must(t, base+`
os "os" {
  sysctls = { "vm.panic_on_oom" = "1", "kernel.panic" = "", "net.core.somaxconn" = "4096" }
}
`)
	v := variant(t, plan, "cp1", "os/kernel")
	got := map[string]string{}
	for _, v := range []*ir.Variant{v, variant(t, plan, "cp1", "os/own")} {
		for _, name := range names(v, "sysctl") {
			if got[name] != "" {
				t.Errorf("%s is set twice", name)
			}
			got[name] = args(v, "sysctl", name)["value"]
		}
	}
	want := map[string]string{
		"fs.inotify.max_user_instances": "8192", "fs.inotify.max_user_watches": "524288", "kernel.keys.root_maxbytes": "25000000", "kernel.keys.root_maxkeys": "1000000",
		"kernel.panic_on_oops": "1", "net.bridge.bridge-nf-call-iptables": "1", "net.core.somaxconn": "4096", "net.ipv4.ip_forward": "1",
		"net.ipv4.ip_local_reserved_ports": "30000-32767", "vm.overcommit_memory": "1", "vm.panic_on_oom": "1",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	if got := names(v, "kernel_module"); !reflect.DeepEqual(got, []string{"br_netfilter", "overlay"}) {
		t.Errorf("kernel modules %v", got)
	}
}

// Each piece can be turned off; nothing of it is left then.
func TestOSTurnedOff(t *testing.T) {
	plan := must(t, base+`
os "os" {
  base_packages       = false
  base_kernel_modules = false
  base_sysctls        = false
  swap_off            = false
  hosts_entries       = false
}
`)
	for _, step := range []string{"os/packages", "os/kernel", "os/own", "os/swap", "os/names", "os/hostname", "os/timezone", "os/clock"} {
		if v := variant(t, plan, "cp1", step); v != nil {
			t.Errorf("%s is there, with %d resources", step, len(v.Resources))
		}
	}
}

func TestOSHostsEntriesAreTheServers(t *testing.T) {
	plan := must(t, base+`
os "os" {
  extra_hosts = { "10.0.0.10" = ["api.example.com", "api"] }
}
`)
	v := variant(t, plan, "worker1", "os/names")
	if got := names(v, "hosts_entry"); len(got) != 2 {
		t.Errorf("entries %v", got)
	}
}

func TestOSTime(t *testing.T) {
	plan := must(t, base+`
os "os" {
  timezone    = "Etc/UTC"
  ntp_servers = ["10.0.0.1"]
  hostname    = true
}
`)
	for host, want := range map[string][2]string{"cp1": {"chrony.service", "/etc/chrony/chrony.conf"}, "worker1": {"chronyd.service", "/etc/chrony.conf"}} {
		v := variant(t, plan, host, "os/clock")
		if got := [2]string{names(v, "service")[0], names(v, "file")[0]}; got != want {
			t.Errorf("%s: %v", host, got)
		}
		// The server counts before the first synchronisation is waited for.
		if last := v.Resources[len(v.Resources)-1]; last.Kind != "exec" && !last.Reaction {
			t.Errorf("%s: the last resource is %s %s", host, last.Kind, last.Name.Text)
		}
		if len(names(variant(t, plan, host, "os/timezone"), "exec")) != 1 || len(names(variant(t, plan, host, "os/hostname"), "exec")) != 1 {
			t.Errorf("%s has no time zone or host name", host)
		}
	}
}

// A host of another role gets what all hosts get, and waits for no node.
func TestOSOnAHostWithoutKubelet(t *testing.T) {
	plan := must(t, base+`
hosts "db1" {
  roles   = ["etcd"]
  address = "10.0.2.1"
  os      = "debian-13"
  arch    = "amd64"
}
hosts "db2" {
  roles   = ["etcd"]
  address = "10.0.2.2"
  os      = "debian-13"
  arch    = "amd64"
}
os "os" {
  packages = ["lsof"]
}
`)
	for step, want := range map[string]bool{"preflight/host": true, "os/own": true, "os/names": true, "os/packages": false, "os/kernel": false, "os/swap": false, "containerd/daemon": false} {
		if got := variant(t, plan, "db1", step) != nil; got != want {
			t.Errorf("%s on db1: %v, want %v", step, got, want)
		}
	}
	if checks := checksOf(variant(t, plan, "db1", "preflight/host")); one(checks["ports"]) != "2379=etcd 2380=etcd" || checks["cgroup"] != nil {
		t.Errorf("checks %v", checks)
	}
}

// What an upgrade does with the system of a node is in its bundle where it is set, and in that of
// no run; what has no part of it is not there.
func TestOSUpgrade(t *testing.T) {
	for settings, want := range map[string]string{
		"":                              "",
		`upgrade_packages = "security"`: "announce which=security restart=false, install which=security restarts=, end",
		`reboot = "when-needed"`:        "announce which=none restart=true, reboot if_required=true announced=system, end",
		"upgrade_packages = \"all\"\n  reboot = \"always\"\n": "announce which=all restart=true, install which=all restarts=restart, reboot if_required=true announced=system, end",
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "cluster.hcl"), base+"kubernetes \"kubernetes\" {}\nnetwork \"flannel\" {}\nos \"os\" {\n  "+settings+"\n}\n")
		for _, operation := range []string{"converge", "upgrade"} {
			plan := forOperation(t, dir, operation)
			var got []string
			for _, step := range []string{"os/announce", "os/system", "os/restart", "os/end"} {
				v := variant(t, plan, "worker1", step)
				if v == nil {
					continue
				}
				for name, keys := range map[string][]string{"announce": {"which", "restart"}, "install": {"which", "restarts"}, "end": {}} {
					if a := args(v, "upgrades", name); a != nil {
						text := a["part"]
						for _, key := range keys {
							text += " " + key + "=" + a[key]
						}
						got = append(got, text)
					}
				}
				if a := args(v, "reboot", "restart"); a != nil {
					got = append(got, "reboot if_required="+a["if_required"]+" announced="+a["announced"])
				}
			}
			if operation == "converge" && len(got) > 0 {
				t.Errorf("%s: a run does %v", settings, got)
			}
			if operation == "upgrade" && strings.Join(got, ", ") != want {
				t.Errorf("%s\n got %s\nwant %s", settings, strings.Join(got, ", "), want)
			}
		}
	}
}

// A word that is none of an input is refused at its place.
func TestOSUpgradeWords(t *testing.T) {
	for settings, want := range map[string]string{
		`upgrade_packages = "some"`: `upgrade_packages is none, security or all, not "some"`,
		`reboot = "maybe"`:          `reboot is never, when-needed or always, not "maybe"`,
	} {
		_, diags := compile(t, base+"os \"os\" {\n  "+settings+"\n}\n")
		if got := labels(diags); !strings.Contains(got, want) {
			t.Errorf("%s: %s", settings, got)
		}
	}
}
