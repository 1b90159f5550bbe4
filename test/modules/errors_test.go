package modules_test

import (
	"strings"
	"testing"
)

// What the modules refuse, and that the message says what to write.
func TestModulesRefuse(t *testing.T) {
	for _, c := range []struct{ block, want string }{
		{`runtime "containerd" { version = "1.7.27" }`, "it takes 2.1.0 or a later 2.x"},
		{`runtime "containerd" { version = "2.0.5" }`, "it takes 2.1.0 or a later 2.x"},
		{`runtime "containerd" { version = "2.3.999" }`, "2.3.999"},
		{`runtime "containerd" { root = "var/lib" }`, "root is an absolute path"},
		{`runtime "containerd" { root = "/var/lib/a b" }`, "root is an absolute path"},
		{`runtime "containerd" { state = "" }`, "state is an absolute path"},
		{`runtime "containerd" { sandbox_image = "pause" }`, "REGISTRY/NAME:TAG"},
		{`runtime "containerd" { sandbox_image = "registry.k8s.io/pause" }`, "REGISTRY/NAME:TAG"},
		{`runtime "containerd" { max_concurrent_downloads = 0 }`, "at least 1"},
		{`runtime "containerd" { default_runtime = "kata" }`, "runtimes has no entry of that name"},
		{`runtime "containerd" { runtimes = { runc = { type = "x" } } }`, "runc is there already"},
		{`runtime "containerd" { runtimes = { kata = { typ = "x" } } }`, "typ"},
		{`runtime "containerd" { max_container_log_line_size = 0 }`, "is -1, or 1024 bytes or more"},
		{`runtime "containerd" { disabled_plugins = ["io.containerd.grpc.v1.cri"] }`, "kubelet needs the CRI plugins"},
		{`runtime "containerd" { oom_score = 1001 }`, "from -1000 to 1000"},
		{`runtime "containerd" { debug_level = "verbose" }`, "debug_level is trace"},
		{`runtime "containerd" { debug_format = "xml" }`, "text or json"},
		{`runtime "containerd" { snapshoter = "native" }`, "snapshoter"},
		{`runtime "containerd" { authorized_registries = ["quay.io"] }`, "for which the mirror block has no registry"},
		{`os "os" { node_ports = "30000" }`, "a range such as 30000-32767"},
		{`os "os" { timezone = "../../etc/passwd" }`, "a name such as Europe/Berlin"},
		{`os "os" { ntp_servers = ["a b"] }`, "a host name or an address"},
		{`os "os" { family_packages = { suse = ["x"] } }`, "not suse"},
		{`preflight "preflight" { skip = ["memmory"] }`, "there is no check memmory"},
		{`preflight "preflight" { kernel = "6" }`, "MAJOR.MINOR"},
		{`preflight "preflight" { clock_url = "ntp.example.com" }`, "http:// or https:// URL"},
		{`preflight "preflight" { clock_skew = 1 }`, "at least 2 s"},
		{`preflight "preflight" { ports = { ssh = "sshd" } }`, "port numbers"},
		{`etcd "hosts" { version = "3.4.1" }`, "3.4.1"},
		{`etcd "host" {}`, "no module"},
		{`etcd "hosts" { data_dir = "etcd" }`, "data_dir is an absolute path"},
		{`etcd "hosts" { client_folder = "/etc/etcd/pki" }`, "not the members' own folder"},
		{`etcd "hosts" { heartbeat_interval = 500 }`, "at least five times heartbeat_interval"},
		{`etcd "hosts" { election_timeout = 60000 }`, "at most 50000"},
		{`etcd "hosts" { quota_backend_bytes = 1000 }`, "at least 1048576"},
		{`etcd "hosts" { auto_compaction_retention = "8 hours" }`, "a duration such as 8h"},
		{`etcd "hosts" { renew_before_days = 365 }`, "less than certificate_days"},
		{`etcd "hosts" { listen_metrics_urls = ["0.0.0.0:2381"] }`, "like http://127.0.0.1:2381"},
		{`etcd "hosts" { extra_args = { "snapshot-count" = "5" } }`, "snapshot-count, which is an input of its own"},
		{`etcd "hosts" { extra_args = { "name" = "x" } }`, "extra_args cannot have name"},
		{`etcd "hosts" { extra_args = { "max-txn-opps" = "5" } }`, "extra_args cannot have max-txn-opps"},
		{`etcd "hosts" { extra_args = { "max-txn-ops" = "5 6" } }`, "one word each"},
		{"etcd \"hosts\" {}\nhosts \"e2\" {\n  roles = [\"etcd\"]\n  address = \"10.0.0.12\"\n  os = \"debian-12\"\n  arch = \"amd64\"\n}", "2 hosts have the role etcd"},
	} {
		_, diags := compile(t, base+c.block+"\n")
		if !diags.HasErrors() || !strings.Contains(labels(diags), c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.block, labels(diags), c.want)
		}
		if n := len(diags); n > 1 {
			t.Errorf("%s: %d errors for one mistake:\n%s", c.block, n, labels(diags))
		}
	}
}
