package machine

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
	"testing"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// Site builds bundles for machines, whose downloads it serves.
type Site struct {
	Folder  string
	t       testing.TB
	program string
	files   string // what is served
	URL     string // of what is served
}

// NewSite builds the program, and serves until the end of the test.
func NewSite(t testing.TB) *Site {
	t.Helper()
	s := &Site{Folder: t.TempDir(), t: t}
	s.program, s.files = filepath.Join(s.Folder, "sprayc"), filepath.Join(s.Folder, "files")
	build := exec.Command("go", "build", "-o", s.program, "github.com/sprayc/sprayc/cmd/sprayc")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(s.files)))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Host is a host of a definition, with the family of its machine's system.
type Host struct{ Name, Family, Roles string }

// Hosts are the two of the e2e definition's, each named after its system's family.
var Hosts = []Host{{"debian", "debian", `["control_plane", "etcd"]`}, {"rocky", "rocky", `["worker"]`}}

// Build builds the bundle of a definition for these hosts, in a folder of that name, with
// these downloads in its catalog. It returns the bundle's folder.
func (s *Site) Build(name, cluster string, hosts []Host, downloads []artifacts.Artifact) string {
	s.t.Helper()
	text := "mirror {\n  files = \"" + s.URL + "\"\n}\n"
	for i, h := range hosts {
		text += fmt.Sprintf("\nhosts %q {\n  roles   = %s\n  address = \"127.0.0.%d\"\n  os      = %q\n  arch    = %q\n}\n", h.Name, h.Roles, i+1, Systems[h.Family].OS, runtime.GOARCH)
	}
	catalog := artifacts.Set{Folder: s.files, Artifacts: downloads}
	folder := filepath.Join(s.Folder, name)
	for file, text := range map[string]string{"cluster.hcl": cluster, "hosts.hcl": text, "versions.hcl": catalog.Catalog()} {
		s.Write(filepath.Join(folder, file), []byte(text))
	}
	cmd := exec.Command(s.program, "build", "-o", "out", "cluster.hcl", "hosts.hcl")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(folder, "out")
}

// Write writes a file, and makes the folders that it is in.
func (s *Site) Write(path string, data []byte) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// Download is a small download in the place of a large one.
type Download struct {
	Component, Version, Format, Path string
	Data                             []byte
}

// Serve serves these, and returns them as a catalog has them.
func (s *Site) Serve(downloads ...Download) []artifacts.Artifact {
	s.t.Helper()
	var list []artifacts.Artifact
	for _, d := range downloads {
		s.Write(filepath.Join(s.files, d.Path), d.Data)
		list = append(list, artifacts.Artifact{
			Component: d.Component, Version: d.Version, Arch: runtime.GOARCH, Path: d.Path, Format: d.Format,
			SHA256: fmt.Sprintf("%x", sha256.Sum256(d.Data)), Size: int64(len(d.Data)),
		})
	}
	return list
}

// Containerd is what the e2e definition downloads: containerd of a version, runc and the CNI
// plugins.
func (s *Site) Containerd(version string) []artifacts.Artifact {
	s.t.Helper()
	containerd := map[string]string{"bin/containerd": "containerd " + version, "bin/ctr": "ctr", "bin/containerd-shim-runc-v2": "shim"}
	if version == "2.9.1" {
		containerd["bin/containerd-stress"] = "is not in the next"
	}
	arch := runtime.GOARCH
	return s.Serve(
		Download{"containerd", version, "tar.gz", "github.com/containerd/containerd/releases/download/v" + version + "/containerd-" + version + "-linux-" + arch + ".tar.gz", s.targz(containerd)},
		Download{"runc", "1.9.1", "binary", "github.com/opencontainers/runc/releases/download/v1.9.1/runc." + arch, []byte("runc")},
		Download{"cni-plugins", "1.9.2", "tar.gz", "github.com/containernetworking/plugins/releases/download/v1.9.2/cni-plugins-linux-" + arch + "-v1.9.2.tgz", s.targz(map[string]string{"bridge": "bridge", "host-local": "host-local", "loopback": "loopback"})},
	)
}

// Kubernetes is what a node of a version downloads: programs that end well and do nothing.
func (s *Site) Kubernetes(version string) []artifacts.Artifact {
	s.t.Helper()
	var list []Download
	for _, name := range []string{"kubeadm", "kubelet", "kubectl"} {
		list = append(list, Download{name, version, "binary", "dl.k8s.io/release/v" + version + "/bin/linux/" + runtime.GOARCH + "/" + name, []byte("#!/bin/dash\n# " + name + "\nexit 0\n")})
	}
	return s.Serve(list...)
}

// targz is an archive of programs that do nothing. The first is for its owner alone, as in
// archives that were made with umask 077.
func (s *Site) targz(members map[string]string) []byte {
	s.t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	for i, name := range slices.Sorted(maps.Keys(members)) {
		mode := int64(0o755)
		if i == 0 {
			mode = 0o700
		}
		text := "#!/bin/dash\n# " + members[name] + "\nexit 1\n"
		if err := archive.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(text))}); err != nil {
			s.t.Fatal(err)
		}
		if _, err := archive.Write([]byte(text)); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		s.t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		s.t.Fatal(err)
	}
	return out.Bytes()
}
