package artifacts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

// Each release is served where the library's catalog says upstream has it.
func TestPathsAreUpstream(t *testing.T) {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	n := 0
	for _, r := range recipes() {
		for _, release := range r.releases {
			n++
			component := lib.Catalog.Components[release.component]
			if component == nil {
				t.Errorf("the catalog has no %s", release.component)
				continue
			}
			if got := "https://" + release.path("{version}", "{arch}"); got != component.URL || release.format != component.Format {
				t.Errorf("%s is served as %s, %s; the catalog has %s, %s", release.component, got, release.format, component.URL, component.Format)
			}
		}
	}
	if n != 7 {
		t.Errorf("%d releases", n)
	}
}

// The nested modules pin what the catalog has as its defaults, and each is of the
// version that its folder's name says.
func TestPinned(t *testing.T) {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	folder := filepath.Join("..", "..", "kubernetes", "programs")
	for name, component := range map[string]string{"kubernetes": "kubeadm", "etcd": "etcd"} {
		if want := name + "-" + lib.Catalog.Components[component].Default; !isDir(filepath.Join(folder, want)) {
			t.Errorf("nothing pins the catalog's default: make test/kubernetes/programs/%s", want)
		}
	}
	found, err := filepath.Glob(filepath.Join(folder, "*", "go.mod"))
	if err != nil || len(found) == 0 {
		t.Fatalf("%v, %v", found, err)
	}
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Base(filepath.Dir(file))
		name, version, _ := strings.Cut(folder, "-")
		wants := []string{"module " + project + "/test/kubernetes/programs/" + folder + "\n"}
		if name == "kubernetes" {
			wants = append(wants, "k8s.io/kubernetes v"+version+"\n", "=> k8s.io/api v0"+strings.TrimPrefix(version, "1")+"\n")
		} else {
			wants = append(wants, "go.etcd.io/etcd/server/v3 v"+version+"\n", "go.etcd.io/etcd/etcdctl/v3 v"+version+"\n")
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s has no %q", file, want)
			}
		}
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// Versions of one component are one block, with the first as its default.
func TestCatalog(t *testing.T) {
	set := Set{Artifacts: []Artifact{
		{Component: "kubeadm", Version: "1.36.4", Arch: "amd64", Format: "binary", Path: "dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubeadm", SHA256: strings.Repeat("a", 64), Size: 1},
		{Component: "runc", Version: "1.4.3", Arch: "amd64", Format: "binary", Path: "github.com/opencontainers/runc/releases/download/v1.4.3/runc.amd64", SHA256: strings.Repeat("b", 64), Size: 2},
		{Component: "kubeadm", Version: "1.35.8", Arch: "amd64", Format: "binary", Path: "dl.k8s.io/release/v1.35.8/bin/linux/amd64/kubeadm", SHA256: strings.Repeat("c", 64), Size: 3},
	}}
	want := `component "kubeadm" {
  url     = "https://dl.k8s.io/release/v{version}/bin/linux/{arch}/kubeadm"
  format  = "binary"
  default = "1.36.4"

  versions = {
    "1.36.4" = {
      amd64 = {
        sha256 = "` + strings.Repeat("a", 64) + `"
        size   = 1
      }
    }
    "1.35.8" = {
      amd64 = {
        sha256 = "` + strings.Repeat("c", 64) + `"
        size   = 3
      }
    }
  }
}

component "runc" {
  url     = "https://github.com/opencontainers/runc/releases/download/v{version}/runc.{arch}"
  format  = "binary"
  default = "1.4.3"

  versions = {
    "1.4.3" = {
      amd64 = {
        sha256 = "` + strings.Repeat("b", 64) + `"
        size   = 2
      }
    }
  }
}
`
	if got := set.Catalog(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(lang.Format([]byte(want))); got != want {
		t.Errorf("sprayc fmt would write\n%s", got)
	}
}
