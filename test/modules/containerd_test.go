package modules_test

import (
	"reflect"
	"strings"
	"testing"
)

func TestContainerdMirrors(t *testing.T) {
	plan := must(t, base+`
mirror {
  files = "http://artifacts.example.com"
  registry "registry.k8s.io" {
    endpoint = "https://harbor.example.com/k8s/"
    ca       = <<-E
      -----BEGIN CERTIFICATE-----
      MIIB
      -----END CERTIFICATE-----
    E
  }
  registry "docker.io" {
    endpoint    = "http://10.0.0.5:5000"
    skip_verify = true
    ca          = "/etc/ssl/site.pem"
  }
  registry "quay.io" {
    endpoint      = "https://harbor.example.com/quay"
    override_path = false
    capabilities  = ["pull"]
  }
}
`)
	v := variant(t, plan, "cp1", "containerd/registries")
	want := map[string]string{
		"/etc/containerd/certs.d/registry.k8s.io/hosts.toml": `server = "https://registry.k8s.io"

[host."https://harbor.example.com/v2/k8s"]
  capabilities = ["pull","resolve"]
  override_path = true
  ca = "/etc/containerd/certs.d/registry.k8s.io/ca.crt"
`,
		"/etc/containerd/certs.d/registry.k8s.io/ca.crt": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
		"/etc/containerd/certs.d/docker.io/hosts.toml": `server = "https://registry-1.docker.io"

[host."http://10.0.0.5:5000"]
  capabilities = ["pull","resolve"]
  skip_verify = true
  ca = "/etc/ssl/site.pem"
`,
		"/etc/containerd/certs.d/quay.io/hosts.toml": `server = "https://quay.io"

[host."https://harbor.example.com/quay"]
  capabilities = ["pull"]
`,
	}
	got := map[string]string{}
	for _, name := range names(v, "file") {
		got[name] = args(v, "file", name)["content"]
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	// No restart when a mirror changes: nothing here notifies.
	for _, r := range v.Resources {
		if len(r.Notifies) > 0 {
			t.Errorf("%s %s notifies %v", r.Kind, r.Name.Text, r.Notifies)
		}
	}
	url := args(variant(t, plan, "cp1", "containerd/programs"), "binary", "/usr/local/sbin/runc")["artifact.url"]
	if url != "http://artifacts.example.com/github.com/opencontainers/runc/releases/download/v1.4.3/runc.amd64" {
		t.Errorf("runc comes from %s", url)
	}
}

// The proxy's URLs are a file of root's, of parts; the list of what goes past it has the
// servers and not the workers.
func TestProxy(t *testing.T) {
	text := base + `
mirror {
  files = "http://10.0.9.9:8080/x"
  registry "docker.io" {
    endpoint = "https://harbor.example.com:8443/docker"
  }
}
os "os" { ntp_servers = ["10.0.0.1"] }
proxy {
  http     = "http://proxy.example.com:3128"
  https    = secret("env:PROXY")
  no_proxy = ["10.0.0.0/16", ".example.org", "localhost"]
}
`
	plan := must(t, text)
	list := "localhost,127.0.0.0/8,::1,.svc,.cluster.local,10.233.64.0/18,10.233.0.0/18,api.example.com,10.0.0.11,10.0.9.9,harbor.example.com,10.0.0.0/16,.example.org\n"
	v := variant(t, plan, "worker1", "containerd/daemon")
	for _, c := range []struct{ got, want string }{
		{args(variant(t, plan, "worker1", "os/proxy"), "file", "/etc/sprayc/proxy.env")["parts"], "http_proxy=,http://proxy.example.com:3128,\nhttps_proxy=,secret_env_PROXY,\nno_proxy=" + list},
		{args(v, "file", "/etc/containerd/proxy.env")["parts"], "HTTP_PROXY=,http://proxy.example.com:3128,\nHTTPS_PROXY=,secret_env_PROXY,\nNO_PROXY=" + list},
		{args(v, "file", "/etc/containerd/proxy.env")["mode"], "0600"},
		{args(v, "service", "containerd.service")["dropins.http-proxy.conf"], "[Service]\nEnvironmentFile=-/etc/containerd/proxy.env\n"},
	} {
		if c.got != c.want {
			t.Errorf("\n got %q\nwant %q", c.got, c.want)
		}
	}
	if more := must(t, strings.Replace(text, "worker[1-2]", "worker[1-3]", 1)); args(variant(t, more, "worker1", "containerd/daemon"), "file", "/etc/containerd/proxy.env")["parts"] != "HTTP_PROXY=,http://proxy.example.com:3128,\nHTTPS_PROXY=,secret_env_PROXY,\nNO_PROXY="+list {
		t.Error("a worker more changes what goes past the proxy")
	}
	plain := must(t, base)
	if variant(t, plain, "worker1", "os/proxy") != nil {
		t.Error("without a proxy there is a step for it")
	}
	for name := range args(variant(t, plain, "worker1", "containerd/daemon"), "service", "containerd.service") {
		if strings.HasPrefix(name, "dropins") {
			t.Errorf("without a proxy there is %s", name)
		}
	}
}

// The programs are the architecture's, the configuration is the same for all.
func TestContainerdVariants(t *testing.T) {
	plan := must(t, base)
	a, b := variant(t, plan, "cp1", "containerd/programs"), variant(t, plan, "worker1", "containerd/programs")
	if a == b || !strings.HasSuffix(args(a, "archive", "/usr/local")["artifact.url"], "/containerd-static-2.3.4-linux-amd64.tar.gz") || !strings.HasSuffix(args(b, "archive", "/usr/local")["artifact.url"], "/containerd-static-2.3.4-linux-arm64.tar.gz") {
		t.Errorf("archives: %v and %v", args(a, "archive", "/usr/local"), args(b, "archive", "/usr/local"))
	}
	if n := len(stepOf(t, plan, "containerd/daemon").Variants); n != 1 {
		t.Errorf("the daemon has %d scripts, expected 1", n)
	}
}

// What verifies the running daemon is told the same values as its configuration.
func TestContainerdLiveSettings(t *testing.T) {
	plan := must(t, base+`
runtime "containerd" {
  systemd_cgroup              = false
  max_container_log_line_size = -1
  default_runtime             = "kata"
  runtimes                    = { kata = { type = "io.containerd.kata.v2" } }
}
`)
	v := variant(t, plan, "cp1", "containerd/daemon")
	got := argMap(v.Verifies[2].Env)
	want := `{"cni":{"binDirs":["/opt/cni/bin"],"confDir":"/etc/cni/net.d"},"containerd":{"defaultRuntimeName":"kata","runtimes":{` +
		`"kata":{"privileged_without_host_devices":false,"runtimeType":"io.containerd.kata.v2"},"runc":{"options":{"BinaryName":"/usr/local/sbin/runc","SystemdCgroup":false},"runtimeType":"io.containerd.runc.v2"}}},` +
		`"containerdRootDir":"/var/lib/containerd","device_ownership_from_security_context":false,"disableApparmor":false,"disableHugetlbController":false,"enableSelinux":false,` +
		`"enableUnprivilegedICMP":true,"enableUnprivilegedPorts":true,"maxContainerLogLineSize":-1,"restrictOOMScoreAdj":false,"tolerateMissingHugetlbController":true}`
	if text := got["WANT"]; text != want {
		t.Errorf("\n got %s\nwant %s", text, want)
	}
	config := args(v, "file", "/etc/containerd/config.toml")["content"]
	for _, line := range []string{"SystemdCgroup = false", "max_container_log_line_size = -1", `default_runtime_name = "kata"`, `containerd.runtimes."kata"]`} {
		if !strings.Contains(config, line) {
			t.Errorf("the configuration has no %s", line)
		}
	}
}

func TestContainerdWithoutCrictl(t *testing.T) {
	plan := must(t, base+`
runtime "containerd" {
  crictl = false
  static = false
}
`)
	v := variant(t, plan, "cp1", "containerd/programs")
	if got := names(v, "archive"); !reflect.DeepEqual(got, []string{"/opt/cni/bin", "/usr/local"}) {
		t.Errorf("archives %v", got)
	}
	if url := args(v, "archive", "/usr/local")["artifact.url"]; !strings.HasSuffix(url, "/containerd-2.3.4-linux-amd64.tar.gz") {
		t.Errorf("containerd comes from %s", url)
	}
	if n := len(variant(t, plan, "cp1", "containerd/daemon").Verifies); n != 2 {
		t.Errorf("%d verifications, expected 2", n)
	}
}

// A registry's password is never in the bundle: the file is joined on the host.
func TestContainerdRegistryAuthorization(t *testing.T) {
	plan := must(t, base+`
mirror {
  registry "docker.io" {
    endpoint = "https://harbor.example.com/docker"
  }
  registry "quay.io" {
    endpoint = "https://quay.example.com"
  }
}
runtime "containerd" {
  authorized_registries  = ["docker.io"]
  registry_authorization = secret("env:HARBOR")
}
`)
	v := variant(t, plan, "cp1", "containerd/registries")
	got := args(v, "file", "/etc/containerd/certs.d/docker.io/hosts.toml")
	if got["mode"] != "0600" || !strings.Contains(got["parts"], "  [host.\"https://harbor.example.com/v2/docker\".header]\n    authorization = \",") || len(plan.Secrets) != 1 || !strings.Contains(got["parts"], ","+plan.Secrets[0].ID+",") {
		t.Errorf("%q, secrets %v", got, plan.Secrets)
	}
	if plain := args(v, "file", "/etc/containerd/certs.d/quay.io/hosts.toml"); plain["content"] == "" || plain["parts"] != "" {
		t.Errorf("%q", plain)
	}
}
