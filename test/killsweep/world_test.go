//go:build killsweep

package killsweep

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/test/e2e/definition"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// world has three bundles: of the e2e definition, of it with a changed setting and a newer
// containerd, and of that with the setting changed once more: there nothing but the file
// calls for the restart.
type world struct {
	t             *testing.T
	folder, tools string
	bundles       []string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, folder: t.TempDir()}
	w.tools = filepath.Join(w.folder, "tools")
	if err := tools(w.tools); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(w.folder, "sprayc")
	build := exec.Command("go", "build", "-o", program, "./cmd/sprayc")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	served := artifacts.Set{Folder: filepath.Join(w.folder, "files")}
	server := httptest.NewServer(http.FileServer(http.Dir(served.Folder)))
	t.Cleanup(server.Close)
	hosts := "mirror {\n  files = \"" + server.URL + "\"\n}\n"
	for i, name := range []string{"debian", "rocky"} {
		roles := `["control_plane", "etcd"]`
		if i > 0 {
			roles = `["worker"]`
		}
		hosts += fmt.Sprintf("\nhosts %q {\n  roles   = %s\n  address = \"127.0.0.%d\"\n  os      = %q\n  arch    = %q\n}\n", name, roles, i+1, systems[name].os, runtime.GOARCH)
	}
	make := func(name, cluster, version string) string {
		folder := filepath.Join(w.folder, name)
		set := served
		set.Artifacts = w.artifacts(set.Folder, version)
		for file, text := range map[string]string{"cluster.hcl": cluster, "hosts.hcl": hosts, "versions.hcl": set.Catalog()} {
			w.write(filepath.Join(folder, file), []byte(text))
		}
		cmd := exec.Command(program, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return filepath.Join(folder, "out")
	}
	w.bundles = []string{
		make("first", definition.Cluster, "2.9.1"),
		make("changed", strings.Replace(definition.Cluster, "4242", "5353", 1), "2.9.2"),
		make("setting", strings.Replace(definition.Cluster, "4242", "6464", 1), "2.9.2"),
	}
	return w
}

func (w *world) write(path string, data []byte) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// artifacts puts small downloads in a folder: containerd of a version, runc and CNI plugins.
func (w *world) artifacts(folder, version string) []artifacts.Artifact {
	containerd := map[string]string{"bin/containerd": "containerd " + version, "bin/ctr": "ctr", "bin/containerd-shim-runc-v2": "shim"}
	if version == "2.9.1" {
		containerd["bin/containerd-stress"] = "is not in the next"
	}
	arch := runtime.GOARCH
	list := []artifacts.Artifact{
		{Component: "containerd", Version: version, Format: "tar.gz", Path: "github.com/containerd/containerd/releases/download/v" + version + "/containerd-" + version + "-linux-" + arch + ".tar.gz"},
		{Component: "runc", Version: "1.9.1", Format: "binary", Path: "github.com/opencontainers/runc/releases/download/v1.9.1/runc." + arch},
		{Component: "cni-plugins", Version: "1.9.2", Format: "tar.gz", Path: "github.com/containernetworking/plugins/releases/download/v1.9.2/cni-plugins-linux-" + arch + "-v1.9.2.tgz"},
	}
	for i, data := range [][]byte{w.targz(containerd), []byte("runc"), w.targz(map[string]string{"bridge": "bridge", "host-local": "host-local", "loopback": "loopback"})} {
		list[i].Arch, list[i].SHA256, list[i].Size = arch, fmt.Sprintf("%x", sha256.Sum256(data)), int64(len(data))
		w.write(filepath.Join(folder, list[i].Path), data)
	}
	return list
}

// targz is an archive of programs that do nothing.
func (w *world) targz(members map[string]string) []byte {
	w.t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		text := "#!/bin/dash\n# " + members[name] + "\nexit 1\n"
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
			w.t.Fatal(err)
		}
		if _, err := archive.Write([]byte(text)); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		w.t.Fatal(err)
	}
	return out.Bytes()
}

// scenes are all steps of both hosts, first on a bare machine (the Debian one runs an older
// containerd), then the steps that the other definitions change, each from where the one
// before has left the machine.
func (w *world) scenes() []scene {
	w.t.Helper()
	var all []scene
	for _, host := range []string{"debian", "rocky"} {
		root := filepath.Join(w.folder, host+"-bare")
		if err := newMachine(root, systems[host]); err != nil {
			w.t.Fatal(err)
		}
		swept := map[string]bool{}
		for _, bundle := range w.bundles {
			for _, step := range w.steps(bundle, host) {
				text, err := os.ReadFile(filepath.Join(bundle, step.script))
				if err != nil {
					w.t.Fatal(err)
				}
				if swept[step.name+"\n"+string(text)] {
					continue
				}
				swept[step.name+"\n"+string(text)] = true
				s := scene{host: host, step: step.name, bundle: bundle, root: root}
				s.name = host + " " + filepath.Base(filepath.Dir(bundle)) + " " + step.name
				s.want, root = w.without(s)
				all = append(all, s)
			}
		}
	}
	return all
}

// without runs a scene's step without a kill, and returns what the machine has become, and
// its root.
func (w *world) without(s scene) ([]string, string) {
	w.t.Helper()
	root := filepath.Join(w.folder, strings.NewReplacer("/", "-", " ", "-").Replace(s.name))
	if err := copyTree(s.root, root); err != nil {
		w.t.Fatal(err)
	}
	said, _ := w.run(w.t, s, root, shells[0].command, "r", &trace{})
	if !ended(said, "changed", "ok") {
		w.t.Fatalf("%s:\n%s", s.name, said)
	}
	if err := os.RemoveAll(filepath.Join(root, "var/lib/sprayc/runs")); err != nil {
		w.t.Fatal(err)
	}
	want, err := state(root)
	if err != nil {
		w.t.Fatal(err)
	}
	return want, root
}

// listed is a step with its script.
type listed struct{ name, script string }

// steps are a host's steps in order.
func (w *world) steps(bundle, host string) []listed {
	w.t.Helper()
	env, err := os.ReadFile(filepath.Join(bundle, "hosts", host+".env"))
	if err != nil {
		w.t.Fatal(err)
	}
	_, class, _ := strings.Cut(string(env), "SPRAY_CLASS='")
	class, _, _ = strings.Cut(class, "'")
	list, err := os.ReadFile(filepath.Join(bundle, "classes", class+".steps"))
	if err != nil {
		w.t.Fatal(err)
	}
	var steps []listed
	for line := range strings.Lines(string(list)) {
		fields := strings.Split(line, "\t")
		steps = append(steps, listed{fields[0], fields[1]})
	}
	return steps
}
