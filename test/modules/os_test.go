package modules_test

import (
	"reflect"
	"testing"
)

func TestOSPackagesByFamily(t *testing.T) {
	plan := must(t, base+`
os "os" {
  packages        = ["lsof"]
  family_packages = { rhel = ["policycoreutils"] }
}
`)
	for host, want := range map[string][]string{
		"cp1":     {"conntrack", "ethtool", "iproute2", "iptables", "kmod", "lsof", "mount", "util-linux"},
		"worker1": {"conntrack-tools", "container-selinux", "ethtool", "iproute", "iproute-tc", "iptables-nft", "kmod", "lsof", "policycoreutils", "util-linux"},
	} {
		if got := names(variant(t, plan, host, "os/packages"), "package"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", host, got)
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
	for _, name := range names(v, "sysctl") {
		got[name] = args(v, "sysctl", name)["value"]
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
	for _, step := range []string{"os/packages", "os/kernel", "os/swap", "os/names", "os/time"} {
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
}
`)
	for host, unit := range map[string]string{"cp1": "chrony.service", "worker1": "chronyd.service"} {
		v := variant(t, plan, host, "os/time")
		if got := names(v, "service"); len(got) == 0 || got[0] != unit {
			t.Errorf("%s: services %v", host, got)
		}
		if got := names(v, "exec"); !reflect.DeepEqual(got, []string{"first-sync", "timezone"}) {
			t.Errorf("%s: exec %v", host, got)
		}
	}
}
