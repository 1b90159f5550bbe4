//go:build e2e

package kubernetes

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// definitions are those whose documents are looked at, by name: of the tests and of the
// examples.
func definitions(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, pattern := range []string{"testdata/documents/*.hcl", "../../examples/*/*.hcl"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".hcl")
			if strings.HasPrefix(pattern, "..") {
				name = filepath.Base(filepath.Dir(file))
			}
			all[name] = append(all[name], file)
		}
	}
	for name, files := range all {
		with := false
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			with = with || regexp.MustCompile(`(?m)^kubernetes "`).Match(text)
		}
		if !with {
			delete(all, name)
		}
	}
	return all
}

// pinned are the versions of Kubernetes whose programs the tests build.
func pinned(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob("programs/kubernetes-*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("there is no pinned Kubernetes: %v", err)
	}
	var versions []string
	for _, folder := range folders {
		versions = append(versions, strings.TrimPrefix(filepath.Base(folder), "kubernetes-"))
	}
	return versions
}

// bundle builds a definition for a version of Kubernetes.
func bundle(t *testing.T, sprayc, version string, files []string) string {
	t.Helper()
	folder := t.TempDir()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text = regexp.MustCompile(`kubernetes_version( *)= ".*"`).ReplaceAll(text, []byte(`kubernetes_version$1= "`+version+`"`))
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(file)), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(folder, "out")
	output(t, sprayc, "build", "-o", out, folder)
	return out
}

// Each document in a bundle, for each minor version, is one that the program which reads
// it takes: kubeadm's by `kubeadm config validate`, which knows every field of each, also
// of those that it hands on; the kubelet's drop-ins and kube-proxy's by these themselves,
// which say what they do not know, and end since their cluster is not there.
func TestDocuments(t *testing.T) {
	sprayc := filepath.Join(t.TempDir(), "sprayc")
	output(t, "go", "build", "-o", sprayc, "../../cmd/sprayc")
	for _, version := range pinned(t) {
		programs, err := artifacts.Programs(context.Background(), Cache("../.."), "kubernetes", version)
		if err != nil {
			t.Fatal(err)
		}
		for name, files := range definitions(t) {
			t.Run(version+"/"+name, func(t *testing.T) {
				out := bundle(t, sprayc, version, files)
				envs, err := filepath.Glob(filepath.Join(out, "hosts/*.env"))
				if err != nil {
					t.Fatal(err)
				}
				seen := map[string]bool{}
				for _, env := range envs {
					d := documents{t: t, programs: programs, host: strings.TrimSuffix(filepath.Base(env), ".env"), folder: t.TempDir(), seen: seen}
					output(t, "sh", "files.sh", out, d.host, d.folder)
					d.kubeadm("init.yaml")
					d.kubeadm("join.yaml")
					d.kubelet()
				}
				for _, kind := range []string{"init.yaml", "join.yaml", "90-sprayc.conf"} {
					if !seen[kind] {
						t.Errorf("no host has a document %s", kind)
					}
				}
			})
		}
	}
}

// documents are those of one host.
type documents struct {
	t              *testing.T
	programs, host string
	folder         string
	seen           map[string]bool // names and texts of what was looked at
}

// read returns a file of the host, unless it is not there, or one like it was read.
func (d documents) read(path string) string {
	text, err := os.ReadFile(filepath.Join(d.folder, path))
	if os.IsNotExist(err) {
		return ""
	}
	if err != nil {
		d.t.Fatal(err)
	}
	same := strings.ReplaceAll(string(text), d.host, "HOST")
	if d.seen[same] {
		return ""
	}
	d.seen[same], d.seen[filepath.Base(path)] = true, true
	return string(text)
}

func (d documents) write(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// kubeadm has a document of kubeadm's validated, with what the host puts in.
func (d documents) kubeadm(name string) {
	d.t.Helper()
	text := d.read("etc/kubernetes/kubeadm/" + name)
	if text == "" {
		return
	}
	discovery := d.write("discovery.conf", "")
	text = strings.NewReplacer("/run/sprayc/kubeadm/discovery.conf", discovery, "CERTIFICATE_KEY", strings.Repeat("5a", 32)).Replace(text)
	if said := d.run("kubeadm", "config", "validate", "--config", d.write(name, text)); said != "ok\n" {
		d.t.Errorf("kubeadm says of %s's %s:\n%s%s", d.host, name, said, text)
	}
	for _, part := range strings.Split(text, "---\n") {
		switch {
		case strings.Contains(part, `"kind": "KubeletConfiguration"`):
			d.decoded("kubelet", name, part, d.kubeletArgs()...)
		case strings.Contains(part, `"kind": "KubeProxyConfiguration"`):
			d.decoded("kube-proxy", name, part)
		}
	}
}

// kubelet has the kubelet read the host's drop-in.
func (d documents) kubelet() {
	d.t.Helper()
	if text := d.read("etc/kubernetes/kubelet.conf.d/90-sprayc.conf"); text != "" {
		d.decoded("kubelet", "90-sprayc.conf", text, d.kubeletArgs()...)
	}
}

// kubeletArgs make a kubelet that ends when it has read its configuration.
func (d documents) kubeletArgs() []string {
	none := filepath.Join(d.folder, "none")
	return []string{"--kubeconfig", none, "--bootstrap-kubeconfig", none, "--root-dir", filepath.Join(d.folder, "root"), "--cert-dir", filepath.Join(d.folder, "pki")}
}

// decoded has a program read its configuration: it knows each field and takes each value,
// and then finds no cluster. That this machine may have cgroups of version 1 is not what
// is looked at.
func (d documents) decoded(program, name, text string, args ...string) {
	d.t.Helper()
	text = strings.Replace(text, `"failCgroupV1": true`, `"failCgroupV1": false`, 1)
	said := d.run(program, append([]string{"--config", d.write("component", text)}, args...)...)
	none := map[string]string{"kubelet": "unable to load bootstrap kubeconfig", "kube-proxy": "unable to load in-cluster configuration"}
	if strings.Contains(said, "strict decoding") || !strings.Contains(said, none[program]) {
		d.t.Errorf("%s says of %s's %s:\n%s%s", program, d.host, name, said, text)
	}
}

// run runs a program that is to end by itself, and returns what it says.
func (d documents) run(program string, args ...string) string {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	out, _ := exec.CommandContext(ctx, filepath.Join(d.programs, program), args...).CombinedOutput() // what it says counts
	if ctx.Err() != nil {
		d.t.Fatalf("%s does not end:\n%s", program, out)
	}
	return string(out)
}
