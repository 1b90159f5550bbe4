//go:build e2e

package kubernetes

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sprayc/sprayc/test/hosts/images"
	"golang.org/x/sys/unix"
)

// daemon is a containerd of the test's own.
type daemon struct {
	t           *testing.T
	ctr, socket string
	mirrors     string // hosts.toml by registry
}

// startContainerd starts the containerd that is served, with the mirror's registries.
func startContainerd(t *testing.T, server *Server, programs string) daemon {
	t.Helper()
	folder := t.TempDir()
	d := daemon{t: t, ctr: filepath.Join(programs, "ctr"), socket: filepath.Join(folder, "socket"), mirrors: filepath.Join(folder, "certs.d")}
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, image := range server.Images {
		host, _, _ := strings.Cut(image.Reference, "/")
		write(filepath.Join(d.mirrors, host, "hosts.toml"), fmt.Sprintf("server = %q\n\n[host.%q]\n  capabilities = [\"pull\", \"resolve\"]\n", server.Registry, server.Registry))
	}
	config := filepath.Join(folder, "config.toml")
	write(config, fmt.Sprintf("version = 3\nroot = %q\nstate = %q\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\", \"io.containerd.cri.v1.images\", \"io.containerd.cri.v1.runtime\"]\n\n[grpc]\n  address = %q\n",
		filepath.Join(folder, "root"), filepath.Join(folder, "state"), d.socket))
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(programs, "containerd"), "--config", config)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		unmountBelow(t, folder)
	})
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if exec.Command(d.ctr, "--address", d.socket, "version").Run() == nil {
			tick.Stop()
			return d
		}
		select {
		case <-ended:
			said, _ := os.ReadFile(log.Name())
			t.Fatalf("containerd did not start:\n%s", said)
		case <-tick.C:
		}
	}
}

// unmountBelow unmounts what containerd leaves mounted: each mounted image once more.
func unmountBelow(t *testing.T, folder string) {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if at := strings.Fields(line)[1]; strings.HasPrefix(at, folder+"/") {
			if err := unix.Unmount(at, 0); err != nil {
				t.Errorf("unmount %s: %v", at, err)
			}
		}
	}
}

func (d daemon) call(args ...string) string {
	d.t.Helper()
	return output(d.t, d.ctr, append([]string{"--address", d.socket}, args...)...)
}

// mounted pulls an image by its digest and returns the folder with its files.
func (d daemon) mounted(image images.Image) string {
	d.t.Helper()
	name, _, _ := strings.Cut(image.Reference, ":")
	reference := name + "@" + image.Digest
	d.call("images", "pull", "--local", "--hosts-dir", d.mirrors, reference)
	folder := d.t.TempDir()
	d.call("images", "mount", "--rw", reference, folder)
	d.t.Cleanup(func() { d.call("images", "unmount", folder) })
	return folder
}

// checks are commands for each image, by repository, and how their answers begin.
func checks(v string) map[string][][2]string {
	return map[string][][2]string{
		"kube-apiserver":                {{"kube-apiserver --version", "Kubernetes v" + v}},
		"kube-controller-manager":       {{"kube-controller-manager --version", "Kubernetes v" + v}},
		"kube-scheduler":                {{"kube-scheduler --version", "Kubernetes v" + v}},
		"kube-proxy":                    {{"kube-proxy --version", "Kubernetes v" + v}, {"iptables --version", "iptables v"}, {"ip6tables-restore --version", "ip6tables-restore v"}, {"nft --version", "nftables v"}, {"conntrack --version", "conntrack v"}, {"ipset --version", "ipset v"}},
		"coredns/coredns":               {{"/coredns -version", "CoreDNS-{tag}"}},
		"etcd":                          {{"etcd --version", "etcd Version: {tag}"}, {"etcdctl version", "etcdctl version: {tag}"}, {"etcdutl version", "etcdutl version: {tag}"}},
		"pause":                         {{"/pause -v", "pause.c {tag}"}},
		"flannel-io/flannel":            {{"/opt/bin/flanneld --version", "v{tag}"}, {"iptables --version", "iptables v"}, {"nft --version", "nftables v"}, {"cp --help", "BusyBox v"}},
		"flannel-io/flannel-cni-plugin": {{"/flannel", `{"cniVersion":"1.1.0","code":999,"msg":"read the configuration: EOF"}`}, {"cp --help", "BusyBox v"}},
		"kube-vip/kube-vip":             {{"/kubectl version --client", "Client Version: v" + v}, {"arping --help", "BusyBox v"}, {"ip address show dev lo", "1: lo"}},
		"dns/k8s-dns-node-cache":        {{"/coredns -version", "CoreDNS-1.14.2"}},
		"sprayc/pod":                    {{"/pod get http://127.0.0.1:1/", "pod: Get"}, {"sh -c pwd", "/"}},
		"library/haproxy":               {{"haproxy -v", "HAProxy version {tag}"}, {"haproxy -c -f /tmp/haproxy.cfg", "Configuration file is valid"}},
		"library/nginx":                 {{"nginx -v", "nginx version: nginx/{tag}"}, {"nginx -t -c /tmp/nginx.conf", "nginx: the configuration file /tmp/nginx.conf syntax is ok\nnginx: configuration file /tmp/nginx.conf test is successful"}},
		"osixia/keepalived":             {{"keepalived --version", "Keepalived v{tag}"}},
	}
}

// configurations are files for the balancers: what API servers need of them.
func configurations() map[string]map[string]string {
	return map[string]map[string]string{
		"library/haproxy": {"tmp/haproxy.cfg": "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 5m\n  timeout server 5m\n\nfrontend api\n  bind 127.0.0.1:6443\n  default_backend api\n\nbackend api\n  option httpchk GET /healthz\n  server a 192.0.2.1:6443 check check-ssl verify none\n"},
		"library/nginx":   {"tmp/nginx.conf": "events {}\nstream {\n  upstream api {\n    least_conn;\n    server 192.0.2.1:6443;\n  }\n  server {\n    listen 127.0.0.1:6443;\n    proxy_pass api;\n  }\n}\n"},
	}
}

// The served containerd pulls each image by digest through a mirror, and what is in it
// runs there with nothing of this machine's.
func TestImagesRun(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("containerd needs root")
	}
	server, catalog := Serve(t)
	d := startContainerd(t, server, downloads(t, server, catalog))
	checks, configurations := checks(version(t)), configurations()
	for _, image := range server.Images {
		t.Run(image.Repository(), func(t *testing.T) {
			d.t = t
			root := d.mounted(image)
			tag, _, _ := strings.Cut(strings.TrimPrefix(image.Tag(), "v"), "-")
			if len(checks[image.Repository()]) == 0 {
				t.Error("nothing is run in it")
			}
			for name, text := range configurations[image.Repository()] {
				if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, check := range checks[image.Repository()] {
				want := strings.ReplaceAll(check[1], "{tag}", tag)
				cmd := exec.Command("chroot", append([]string{root}, strings.Fields(check[0])...)...)
				cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
				out, _ := cmd.CombinedOutput() // some end with an error after what they say
				if !strings.HasPrefix(string(out), want) {
					t.Errorf("%s says %q, which does not begin with %q", check[0], out, want)
				}
			}
		})
	}
}
