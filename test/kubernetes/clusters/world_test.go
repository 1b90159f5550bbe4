//go:build e2e

package clusters

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// definition is what is the same for all clusters; the settings of preflight, runtime and
// kubernetes are those of hosts that share a kernel with version 1 of control groups. What
// tests change has a name: see change.
const definition = `
cluster "real" {
  kubernetes_version     = "VERSION"
  control_plane_endpoint = "api.real.example.com:{{.port}}"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

catalog "./versions.hcl" {}

preflight "preflight" {
  cgroup_v1 = true
}

os "os" {
  {{.os}}
}

runtime "containerd" {
  static                     = false
  crictl                     = false
  restrict_oom_score_adj     = true
  disable_hugetlb_controller = true
  disable_apparmor           = true
}

kubernetes "kubernetes" {
  fail_cgroup_v1          = false
  ignore_preflight_errors = ["SystemVerification", "Mem", "NumCPU"]
  nameservers             = ["192.0.2.253"]
  kube_proxy_mode         = "MODE"
  kube_proxy              = { conntrack = { maxPerCore = 0, min = 0, tcpEstablishedTimeout = "0s", tcpCloseWaitTimeout = "0s" }, {{.kube_proxy}} }
  {{with .api_server}}api_server = { {{.}} }{{end}}
  {{with .controller_manager}}controller_manager = { {{.}} }{{end}}
  {{with .scheduler}}scheduler = { {{.}} }{{end}}
  {{with .feature_gates}}feature_gates = { {{.}} }{{end}}
  {{with .kubelet}}kubelet = { {{.}} }{{end}}
  # SETTINGS
}

network "flannel" {}

dns "coredns" {
  {{.dns}}
}

{{with .etcd}}etcd "stacked" { extra_args = { {{.}} } }{{end}}

{{.more}}
`

// world is a set of hosts, a definition for them, and the program.
type world struct {
	t      *testing.T
	fleet  *fleet.Fleet
	folder string // of the definition and its bundle
	sprayc string
	text   string
	parts  map[string]string // of the text: what its names stand for
	set    string            // settings of define
	front  string            // the control plane that tests ask

	flannel string // its manifests, as a file from outside
}

// newWorld starts hosts; more is further text of the definition.
func newWorld(t *testing.T, servers, workers int, mode, more string) *world {
	t.Helper()
	return newWorldOf(t, fleet.Options{Debian: servers + workers, Servers: servers}, mode, more)
}

// newWorldOf starts hosts of these options, for their first version of Kubernetes or the
// catalog's default.
func newWorldOf(t *testing.T, options fleet.Options, mode, more string) *world {
	t.Helper()
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Fatal("test hosts with systemd need root")
	}
	top, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(options.Kubernetes) == 0 {
		version, err := kubernetes.Default()
		if err != nil {
			t.Fatal(err)
		}
		options.Kubernetes = []string{version}
	}
	w := &world{t: t, folder: t.TempDir()}
	w.sprayc = filepath.Join(t.TempDir(), "sprayc")
	build := exec.Command("go", "build", "-o", w.sprayc, "./cmd/sprayc")
	build.Dir = top
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	options.Cache, options.Artifacts = kubernetes.Cache(top), true
	w.fleet, err = fleet.Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.fleet.Close(); err != nil {
			t.Error(err)
		}
	})
	w.front = w.fleet.All[0].Name
	w.text = strings.NewReplacer("VERSION", options.Kubernetes[0], "MODE", mode).Replace(definition) + more
	w.parts = map[string]string{"port": "6443", "os": `extra_hosts = { "10.77.0.11" = ["api.real.example.com"] }`}
	if strings.Contains(more, `endpoint "local"`) {
		w.parts["port"], w.parts["os"] = "8443", ""
	}
	w.write("versions.hcl", w.fleet.Artifacts.Catalog())
	w.define("")
	return w
}

// define builds the definition with further settings of the module kubernetes.
func (w *world) define(settings string) {
	w.t.Helper()
	w.set = settings
	w.change(nil)
}

// change builds the definition with other parts than before: what its names stand for. Each
// hosts block has a part of the host's name, the mirror block one too.
func (w *world) change(parts map[string]string) {
	w.t.Helper()
	maps.Copy(w.parts, parts)
	w.write("cluster.hcl", w.fill(strings.Replace(w.text, "# SETTINGS", w.set, 1)))
	hosts := strings.Replace(w.fleet.HCL(), "mirror {\n", "mirror {\n  {{.mirror}}\n", 1)
	for _, host := range w.fleet.Names() {
		begin := "hosts \"" + host + "\" {\n"
		hosts = strings.Replace(hosts, begin, begin+"  {{."+host+"}}\n", 1)
	}
	w.write("hosts.hcl", w.fill(hosts))
	w.must(0, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
}

func (w *world) fill(text string) string {
	w.t.Helper()
	var filled bytes.Buffer
	if err := template.Must(template.New("definition").Parse(text)).Option("missingkey=zero").Execute(&filled, w.parts); err != nil {
		w.t.Fatal(err)
	}
	return filled.String()
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.folder, name), []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// must runs the program, which must end with that status.
func (w *world) must(code int, args ...string) string {
	w.t.Helper()
	cmd := exec.Command(w.sprayc, args...)
	cmd.Dir = w.folder
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		w.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		logs, _ := filepath.Glob(filepath.Join(w.folder, ".sprayc/logs/*.log"))
		for _, name := range logs {
			text, _ := os.ReadFile(name)
			w.t.Logf("%s:\n%s", filepath.Base(name), text[max(0, len(text)-4096):])
		}
		w.t.Fatalf("sprayc %s ended with %d, not %d:\n%s", strings.Join(args, " "), got, code, out)
	}
	return string(out)
}

// on runs a command that reaches the hosts.
func (w *world) on(code int, command string, args ...string) string {
	w.t.Helper()
	return w.must(code, append([]string{command, "-F", w.fleet.SSHConfig()}, args...)...)
}

// sh runs a script on a host and returns what it prints.
func (w *world) sh(host, script string) string {
	w.t.Helper()
	out, err := w.try(host, script)
	if err != nil {
		w.t.Fatalf("%s: %v", host, err)
	}
	return out
}

func (w *world) try(host, script string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("ssh", "-F", w.fleet.SSHConfig(), host, "export KUBECONFIG=/etc/kubernetes/admin.conf; "+script)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", errors.New(script + ": " + err.Error() + "\n" + stderr.String())
	}
	return stdout.String(), nil
}

// processes are those of the cluster on every host, with when they were started.
func (w *world) processes() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for _, host := range w.fleet.Names() {
		all[host] = w.sh(host, `for p in /proc/[0-9]*; do
			read -r name <"$p/comm" 2>/dev/null || continue
			case $name in
			etcd | kube* | containerd | flanneld | coredns) printf '%s %s %s\n' "$name" "${p#/proc/}" "$(awk '{ print $22 }' "$p/stat")" ;;
			esac
		done | grep -v kubectl | sort`)
	}
	return all
}
