package sbom

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	spdx "github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// What is an image in a text, and what only looks like one.
func TestReference(t *testing.T) {
	digest := "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
	for text, want := range map[string][]string{
		`image: "registry.k8s.io/pause:3.10"`:     {"registry.k8s.io/pause", "3.10", ""},
		"sandbox = 'a.example.com:5000/x/y_z:v1'": {"a.example.com:5000/x/y_z", "v1", ""},
		"ghcr.io/a/b@sha256:" + digest:            {"ghcr.io/a/b", "", digest},
		"=ghcr.io/a/b:v1@sha256:" + digest:        {"ghcr.io/a/b", "v1", digest},
		"registry.k8s.io/pause":                   {"registry.k8s.io/pause", "", ""}, // neither tag nor digest: no image is said
		"https://a.example.com/x:80":              nil,
		"unix:///run/containerd/containerd.sock":  nil,
		"/etc/x.d/y:1":                            nil,
		"10.0.0.1:6443":                           nil,
		"user@a.example.com/x:1":                  nil,
		"localhost/x:1":                           nil,
	} {
		var got []string
		if match := reference.FindStringSubmatch(text); match != nil {
			got = match[1:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// A release on GitHub is known by where it is, also behind a mirror.
func TestPackageURLs(t *testing.T) {
	class := func(os, family, arch string) *bundle.Class { return &bundle.Class{OS: os, Family: family, Arch: arch} }
	for want, got := range map[string]interface{ ToString() string }{
		"pkg:github/containerd/containerd@v2.3.4":                upstream("http://m.example.com/github.com/Containerd/containerd/releases/download/v2.3.4/c.tar.gz"),
		"pkg:generic/x@1?download_url=https:%2F%2Fe.com%2Fx":     generic("x", "1", "https://e.com/x", ""),
		"pkg:deb/debian/chrony?arch=amd64&distro=debian-12":      system(class("debian-12", "debian", "amd64"), "chrony", ""),
		"pkg:rpm/rocky/chrony@4.5-1?arch=aarch64&distro=rocky-9": system(class("rocky-9", "rhel", "arm64"), "chrony", "4.5-1"),
	} {
		if got.ToString() != want {
			t.Errorf("%s, want %s", got.ToString(), want)
		}
	}
	if upstream("https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubelet") != nil {
		t.Error("no release on GitHub")
	}
}

// Names that are the same in letters and digits stay apart.
func TestIdentifiers(t *testing.T) {
	m := &maker{items: map[string]*item{}}
	for _, name := range []string{"a/b:1", "a-b:1", "a/b:1"} {
		m.add("Image-"+name, &spdx.Package{PackageName: name}, []string{"h2", "h1"})
	}
	got := map[string][]string{}
	for id, it := range m.items {
		got[id] = append([]string{it.pkg.PackageName, string(it.pkg.PackageSPDXIdentifier)}, it.hosts...)
	}
	want := map[string][]string{
		"Image-a-b-1": {"a/b:1", "Image-a-b-1", "h1", "h2"},
		"Image-a-b-1-" + bundle.Digest([]byte("a-b:1 "))[:8]: {"a-b:1", "Image-a-b-1-" + bundle.Digest([]byte("a-b:1 "))[:8], "h1", "h2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
