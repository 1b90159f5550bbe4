package modules_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/compiler/ir"
)

// withEndpoint is base with another endpoint, and a block that fills its slot.
func withEndpoint(endpoint, block string) string {
	return strings.Replace(base, "api.example.com:6443", endpoint, 1) + block + "\n"
}

func TestEndpointLocal(t *testing.T) {
	text := withEndpoint("api.example.com:8443", `endpoint "local" {}`)
	plan := must(t, text)
	want := `global
  log /dev/log local0 notice
  maxconn 4000
  user haproxy
  group haproxy

defaults
  mode tcp
  log global
  option dontlognull
  option redispatch 1
  retries 3
  timeout connect 2s
  timeout check 2s
  timeout client 600s
  timeout server 600s

frontend kube_apiserver
  bind 127.0.0.1:8443
  use_backend kube_apiserver_any if { nbsrv(kube_apiserver) lt 1 }
  default_backend kube_apiserver

frontend health
  mode http
  bind 127.0.0.1:8081
  monitor-uri /healthz
  stats uri /statistics
  stats show-legends

# An API server that asks who we are (401) serves too.
backend kube_apiserver
  balance leastconn
  option httpchk GET /readyz
  http-check expect rstatus ^(200|401)$
  default-server check check-ssl verify none inter 3s fastinter 500ms downinter 1s fall 2 rise 1 on-marked-down shutdown-sessions
  server cp1 10.0.0.11:6443

# One that refuses everybody (403) has not found etcd yet, so it counts only while there is no
# other: a cluster may let nobody ask without a name. As it is seldom needed it is seldom tried.
backend kube_apiserver_any
  balance leastconn
  option httpchk GET /readyz
  http-check expect rstatus ^(200|401|403)$
  default-server check check-ssl verify none inter 15s fall 1 rise 1
  server cp1 10.0.0.11:6443
`
	v := variant(t, plan, "worker1", "endpoint-local/balancer")
	if got := args(v, "file", "/etc/sprayc/endpoint/haproxy.cfg")["content"]; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if got := args(v, "hosts_entry", "127.0.0.1")["names"]; got != "api.example.com" {
		t.Errorf("127.0.0.1 is %q", got)
	}
	more := must(t, strings.Replace(text, "worker[1-2]", "worker[1-3]", 1))
	if !reflect.DeepEqual(argMap(v.Resources[1].Args), argMap(variant(t, more, "worker1", "endpoint-local/balancer").Resources[1].Args)) {
		t.Error("a worker more changes the others' balancer")
	}
	without := strings.Replace(strings.Replace(text, "cp1", "cp[1-3]", 1), `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`, 1) + gone("cp2")
	if got := args(variant(t, must(t, without), "worker1", "endpoint-local/balancer"), "file", "/etc/sprayc/endpoint/haproxy.cfg")["content"]; !strings.Contains(got, "cp3 10.0.0.13") || strings.Contains(got, "cp2") {
		t.Errorf("with cp2 absent the balancer has\n%s", got)
	}
	local := variant(t, must(t, withEndpoint("localhost:8443", `endpoint "local" {}`)), "worker1", "endpoint-local/balancer")
	if got := names(local, "hosts_entry"); got != nil {
		t.Errorf("localhost is put into /etc/hosts: %v", got)
	}
	nginx := must(t, withEndpoint("localhost:8443", `endpoint "local" { proxy = "nginx" }`))
	for host, module := range map[string]string{"cp1": "/usr/lib/nginx/modules/ngx_stream_module.so", "worker1": "/usr/lib64/nginx/modules/ngx_stream_module.so"} {
		if got := args(variant(t, nginx, host, "endpoint-local/balancer"), "file", "/etc/sprayc/endpoint/nginx.cfg")["content"]; !strings.HasPrefix(got, "load_module "+module+";\n") {
			t.Errorf("%s: %s", host, got)
		}
		if got := names(variant(t, nginx, host, "endpoint-local/packages"), "package"); !reflect.DeepEqual(got, []string{"nginx", "nginx-mod-stream"}) {
			t.Errorf("%s: packages %v", host, got)
		}
	}
}

func TestEndpointExternal(t *testing.T) {
	if variant(t, must(t, withEndpoint("api.example.com:6443", `endpoint "external" {}`)), "worker1", "endpoint-external/name") == nil {
		t.Error("the name is not looked up")
	}
	// A name that the os module writes is looked up when it is written.
	for extra, step := range map[string]string{`["other.example.com"]`: "name", `["api", "api.example.com"]`: "extra_name"} {
		plan := must(t, withEndpoint("api.example.com:6443", "os \"os\" { extra_hosts = { \"10.0.0.9\" = "+extra+" } }\nendpoint \"external\" {}"))
		for _, name := range []string{"name", "extra_name"} {
			if there := variant(t, plan, "worker1", "endpoint-external/"+name) != nil; there != (name == step) {
				t.Errorf("with %s the step %s is there: %t", extra, name, there)
			}
		}
	}
	for _, endpoint := range []string{"192.0.2.1:6443", "[2001:db8::1]:6443"} {
		if variant(t, must(t, withEndpoint(endpoint, `endpoint "external" {}`)), "worker1", "endpoint-external/name") != nil {
			t.Errorf("%s is looked up", endpoint)
		}
	}
}

// What the endpoint modules refuse.
func TestEndpointRefuses(t *testing.T) {
	for _, c := range []struct{ endpoint, block, want string }{
		{"192.0.2.1:8443", `endpoint "local" {}`, "write localhost or a name"},
		{"localhost:6443", `endpoint "local" {}`, "which is the API server's on control planes"},
		{"localhost:8081", `endpoint "local" {}`, "that of the balancer's health"},
		{"localhost:8443", `endpoint "local" { proxy = "envoy" }`, "proxy is haproxy or nginx"},
		{"localhost:8443", `endpoint "local" { idle_timeout = 5 }`, "30 or more"},
		{"localhost:8443", `endpoint "local" { health_port = 0 }`, "from 1 to 65535"},
		{"localhost:8443", `endpoint "local" { healthport = 8081 }`, "healthport"},
		{"localhost:6443", `endpoint "external" {}`, "another place on each host"},
		{"api.example.com:8443", `endpoint "keepalived" { interface = "eth0" }`, "the virtual address"},
		{"10.0.0.11:8443", `endpoint "keepalived" { interface = "eth0" }`, "a control plane's own address"},
		{"10.0.0.9:6443", `endpoint "keepalived" { interface = "eth0" }`, "which is the API server's on control planes"},
		{"10.0.0.9:8443", `endpoint "keepalived" {}`, "needs interface"},
		{"127.0.0.1:6443", `endpoint "external" {}`, "another place on each host"},
		{"api_1.example.com:6443", `endpoint "external" {}`, "which no DNS name can be"},
	} {
		_, diags := compile(t, withEndpoint(c.endpoint, c.block))
		if !strings.Contains(labels(diags), c.want) || len(diags) != 1 {
			t.Errorf("%s %s\n got %s\nwant %s", c.endpoint, c.block, labels(diags), c.want)
		}
	}
}

// keepalived's configuration is each control plane's own: from itself, to the others. The real
// keepalived takes it.
func TestEndpointKeepalived(t *testing.T) {
	text := strings.Replace(strings.Replace(base, "cp1", "cp[1-3]", 1), `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`, 1)
	text = strings.Replace(text, "api.example.com:6443", "api.example.com:8443", 1) + `endpoint "keepalived" {
  address   = "10.0.0.9"
  interface = "lo"
}
`
	plan := must(t, text)
	if got := args(variant(t, plan, "worker1", "endpoint-keepalived/name"), "hosts_entry", "10.0.0.9")["names"]; got != "api.example.com" {
		t.Errorf("10.0.0.9 is %q", got)
	}
	if variant(t, plan, "worker1", "endpoint-keepalived/balancer") != nil || variant(t, plan, "worker1", "endpoint-keepalived/address") != nil {
		t.Error("a worker balances")
	}
	if got := args(variant(t, plan, "cp1", "endpoint-keepalived/balancer"), "file", "/etc/sprayc/endpoint/haproxy.cfg")["content"]; !strings.Contains(got, "  bind :8443\n") || strings.Count(got, "\n  server cp") != 6 {
		t.Errorf("the balancer has %s", got)
	}
	config := keepalivedOf(t, plan, "cp2")
	want := "  unicast_src_ip 10.0.0.12\n  unicast_peer {\n    10.0.0.11\n    10.0.0.13\n  }\n  virtual_ipaddress {\n    10.0.0.9/32\n  }\n"
	if !strings.Contains(config, want) {
		t.Errorf("\n got %s\nwant %s", config, want)
	}
	if more := must(t, strings.Replace(text, "worker[1-2]", "worker[1-3]", 1)); keepalivedOf(t, more, "cp2") != config {
		t.Error("a worker more changes the control planes")
	}
	program := program(t, "keepalived")
	file := filepath.Join(t.TempDir(), "keepalived.conf")
	write(t, file, strings.Replace(config, "interface lo\n", "interface "+outward(t)+"\n", 1)) // it wants one that is there
	if out, err := exec.Command(program, "--config-test", "--use-file="+file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// program is a program of Debian's; without it the test is skipped at home and fails in CI.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("needs " + name)
	}
	return path
}

// outward is a network interface of this machine that is not loopback.
func outward(t *testing.T) string {
	t.Helper()
	all, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Flags&net.FlagLoopback == 0 && one.Flags&net.FlagBroadcast != 0 {
			return one.Name
		}
	}
	t.Skip("needs a network interface")
	return ""
}

// keepalivedOf is the content of a host's own file.
func keepalivedOf(t *testing.T, plan *ir.Plan, host string) string {
	t.Helper()
	for _, h := range plan.Hosts {
		if h.Name != host {
			continue
		}
		for _, v := range h.Env {
			if strings.HasSuffix(v.Name, "keepalived_conf_content") {
				return v.Text
			}
		}
	}
	t.Fatalf("%s has no keepalived.conf", host)
	return ""
}

// The real balancers take the configuration, and with one API server gone go on with the
// other. What the test changes in the text is places and users alone.
func TestBalancersReal(t *testing.T) {
	for _, proxy := range []string{"haproxy", "nginx"} {
		t.Run(proxy, func(t *testing.T) {
			one, two := apiServer(t, "one"), apiServer(t, "two")
			port, health := balanced(t, proxy, one, two)
			both := map[string]bool{}
			until(t, "https://127.0.0.1:"+port+"/", func(name string) bool { both[name] = true; return len(both) == 2 })
			if proxy == "haproxy" {
				servers := "cp1 " + one.Listener.Addr().String() + ", cp2 " + two.Listener.Addr().String()
				told(t, "../../stdlib/modules/endpoint-local/verify-servers.sh", "http://127.0.0.1:"+health+"/statistics;csv",
					"found servers of the balancer | "+servers, "found connections of the balancer | 4000")
			}
			one.Close()
			for range 20 { // new connections find the other
				until(t, "https://127.0.0.1:"+port+"/", func(name string) bool { return name == "two" })
			}
		})
	}
}

// An API server that refuses everybody has not found etcd: it gets no connection while another
// is ready, and all when none is.
func TestBalancerRefuser(t *testing.T) {
	refuses := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = io.WriteString(w, "refuses")
	}))
	t.Cleanup(refuses.Close)
	one := apiServer(t, "one")
	port, _ := balanced(t, "haproxy", one, refuses)
	// It may be asked before it was tried for the first time.
	in := 0
	until(t, "https://127.0.0.1:"+port+"/", func(name string) bool {
		if in++; name != "one" {
			in = 0
		}
		return in == 20
	})
	one.Close()
	until(t, "https://127.0.0.1:"+port+"/", func(name string) bool { return name == "refuses" })
}

// balanced starts a balancer as a control plane has it, for two API servers, and says where it
// takes connections and tells of its health.
func balanced(t *testing.T, proxy string, one, two *httptest.Server) (port, health string) {
	t.Helper()
	check, start := []string{"-c", "-f"}, []string{"-db", "-f"}
	if proxy == "nginx" {
		check, start = []string{"-t", "-c"}, []string{"-c"}
	}
	program := program(t, proxy)
	port, health = freePort(t), freePort(t)
	text := strings.Replace(strings.Replace(base, "cp1", "cp[1-2]", 1), `"10.0.0.11"`, `cidrhost("10.0.0.0/24", 10 + host.index)`, 1)
	text = strings.Replace(text, `["control_plane", "etcd"]`, `["control_plane"]`, 1)
	text = strings.Replace(text, "api.example.com:6443", "localhost:"+port, 1)
	plan := must(t, text+fmt.Sprintf("endpoint \"local\" {\n proxy = %q\n health_port = %s\n check_interval = 1\n connect_timeout = 1\n}\n", proxy, health))
	config := args(variant(t, plan, "cp1", "endpoint-local/balancer"), "file", "/etc/sprayc/endpoint/"+proxy+".cfg")["content"]
	dir := t.TempDir()
	file := filepath.Join(dir, "cfg")
	write(t, file, hereabouts(config, dir, filepath.Dir(program), one.Listener.Addr().String(), two.Listener.Addr().String()))
	if out, err := exec.Command(program, append(check, file)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	serving := exec.Command(program, append(start, file)...)
	serving.Stdout, serving.Stderr = os.Stderr, os.Stderr
	if err := serving.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = serving.Process.Signal(os.Interrupt); _ = serving.Wait() })
	until(t, "http://127.0.0.1:"+health+"/healthz", func(string) bool { return true })
	return port, health
}

// told runs a script that asks a balancer, and wants it to have found this.
func told(t *testing.T, script, url string, want ...string) {
	t.Helper()
	const verbs = `found() { printf 'found %s | %s\n' "$1" "$3"; }; fail() { printf 'fail %s\n' "$1"; exit 1; }; SERVERS='' CONNECTIONS='' STATISTICS=$2; . "$1"`
	out, err := exec.Command("sh", "-c", verbs, "sh", script, url).Output()
	if got := strings.TrimSpace(string(out)); err != nil || got != strings.Join(want, "\n") {
		t.Errorf("%s: %v\n got %s\nwant %s", script, err, got, strings.Join(want, "\n"))
	}
}

// apiServer answers as an API server does: over TLS, with a certificate that nobody knows.
func apiServer(t *testing.T, name string) *httptest.Server {
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }))
	t.Cleanup(s.Close)
	return s
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// hereabouts is a host's configuration for this machine and whoever runs the test.
func hereabouts(config, dir, bin, one, two string) string {
	lines := strings.Split(config, "\n")
	kept := lines[:0]
	for _, line := range lines {
		switch word := strings.Fields(line + " .")[0]; word {
		case "user", "group", "log":
			continue
		case "load_module":
			line = "load_module " + filepath.Join(bin, "../lib/nginx/modules/ngx_stream_module.so") + ";"
		}
		kept = append(kept, line)
	}
	text := strings.NewReplacer("10.0.0.11:6443", one, "10.0.0.12:6443", two, "/run/sprayc-endpoint.pid", dir+"/pid",
		"  access_log off;", "  access_log off;\n  client_body_temp_path "+dir+";\n  proxy_temp_path "+dir+";\n  fastcgi_temp_path "+dir+";\n  uwsgi_temp_path "+dir+";\n  scgi_temp_path "+dir+";").Replace(strings.Join(kept, "\n"))
	return text
}

// until asks a URL, each time over a new connection, until the answer is good.
func until(t *testing.T, url string, good func(answer string) bool) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // the test's own servers
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(request)
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK && good(string(body)) {
			return
		}
	}
	t.Fatalf("%s gives no good answer", url)
}
