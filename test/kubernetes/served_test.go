//go:build e2e

package kubernetes

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

// version is the catalog's default.
func version(t *testing.T) string {
	t.Helper()
	v, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func get(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, response.Status, err)
	}
	return body
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// downloads gets every download through the catalog, as a definition would, and
// returns the folder with the programs in them.
func downloads(t *testing.T, server *Server, catalog string) string {
	t.Helper()
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	merged := lib.Catalog.Clone()
	if diags := lang.LoadCatalog(merged, os.DirFS(filepath.Dir(catalog)), filepath.Base(catalog), catalog); len(diags) > 0 {
		t.Fatal(diags)
	}
	folder := t.TempDir()
	for _, file := range server.Downloads.Artifacts {
		component := merged.Components[file.Component]
		if component.Default != file.Version {
			t.Errorf("the catalog's default of %s is %s, not the %s that is served", file.Component, component.Default, file.Version)
		}
		url := strings.NewReplacer("https:/", server.Files, "{version}", file.Version, "{arch}", file.Arch).Replace(component.URL)
		data := get(t, url)
		sum := sha256.Sum256(data)
		if want := component.Versions[file.Version][file.Arch]; want.SHA256 != hex.EncodeToString(sum[:]) || want.Size != int64(len(data)) {
			t.Errorf("%s has %d bytes with the digest %x; the catalog says %+v", url, len(data), sum, want)
		}
		path := filepath.Join(folder, file.Component)
		if err := os.WriteFile(path+".download", data, 0o755); err != nil {
			t.Fatal(err)
		}
		if file.Format == "binary" {
			if err := os.Rename(path+".download", path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		output(t, "sh", "-euc", `mkdir "$1.d"; tar -xzf "$1.download" -C "$1.d"; find "$1.d" -type f -perm -1 -exec mv {} "$2" \;`, "sh", path, folder)
	}
	return folder
}

// Each download arrives by its upstream path, has the catalog's digest, and is the
// program in the version that it is said to be.
func TestDownloads(t *testing.T) {
	server, catalog := Serve(t)
	programs := downloads(t, server, catalog)
	v := version(t)
	of := map[string]string{}
	for _, file := range server.Downloads.Artifacts {
		of[file.Component] = file.Version
	}
	for _, one := range []struct{ command, want string }{
		{"kubeadm version -o short", "v" + v},
		{"kubelet --version", "Kubernetes v" + v},
		{"kubectl version --client", "Client Version: v" + v},
		{"etcd --version", "etcd Version: " + of["etcd"]},
		{"etcdctl version", "etcdctl version: " + of["etcd"]},
		{"etcdutl version", "etcdutl version: " + of["etcd"]},
		{"containerd --version", "containerd github.com/containerd/containerd/v2 v" + of["containerd"]},
		{"containerd-shim-runc-v2 -v", "containerd-shim-runc-v2:"},
		{"ctr --version", "ctr github.com/containerd/containerd/v2 v" + of["containerd"]},
		{"runc --version", "runc version " + of["runc"]},
		{"bridge", "CNI bridge plugin v" + of["cni-plugins"]},
	} {
		words := strings.Fields(one.command)
		first, _, _ := strings.Cut(output(t, filepath.Join(programs, words[0]), words[1:]...), "\n")
		if first = strings.TrimSpace(first); first != one.want {
			t.Errorf("%s says %q, not %q", one.command, first, one.want)
		}
	}
	if got, err := fs.Glob(os.DirFS(programs), "*"); err != nil || len(got) < 20+9 {
		t.Errorf("the downloads have only %v, %v", got, err)
	}
}

// The registry has what kubeadm names, and what is listed as its images, by tag and
// digest.
func TestRegistry(t *testing.T) {
	server, catalog := Serve(t)
	kubeadm := filepath.Join(downloads(t, server, catalog), "kubeadm")
	named := strings.Fields(output(t, kubeadm, "config", "images", "list", "--kubernetes-version", "v"+version(t)))
	if len(named) != 7 {
		t.Errorf("kubeadm names %v", named)
	}
	var all, repositories []string
	for _, image := range server.Images {
		all, repositories = append(all, image.Reference), append(repositories, image.Repository())
		for _, by := range []string{image.Tag(), image.Digest} {
			request, err := http.NewRequest(http.MethodHead, server.Registry+"/v2/"+image.Repository()+"/manifests/"+by, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept", "application/vnd.oci.image.manifest.v1+json")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if got := response.Header.Get("Docker-Content-Digest"); got != image.Digest {
				t.Errorf("%s by %s is %q, %s; want %s", image.Reference, by, got, response.Status, image.Digest)
			}
		}
	}
	for _, reference := range named {
		if !slices.Contains(all, reference) {
			t.Errorf("kubeadm names %s, which the registry has not; it has %v", reference, all)
		}
	}
	var answer struct{ Repositories []string }
	if err := json.Unmarshal(get(t, server.Registry+"/v2/_catalog"), &answer); err != nil {
		t.Fatal(err)
	}
	for _, repository := range repositories {
		if !slices.Contains(answer.Repositories, repository) {
			t.Errorf("the registry's catalog has no %s: %v", repository, answer.Repositories)
		}
	}
}
