package stdlib_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/stdlib"
	"golang.org/x/mod/semver"
)

// catalogBlocks are the blocks of one type in catalog/, by label.
func catalogBlocks(t *testing.T, kind string) map[string]*hclsyntax.Block {
	t.Helper()
	found := map[string]*hclsyntax.Block{}
	for _, name := range files(t, ".hcl") {
		if !strings.HasPrefix(name, "catalog/") {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			if b.Type != kind {
				continue
			}
			if found[b.Labels[0]] != nil {
				t.Errorf("%s %q is there twice", kind, b.Labels[0])
			}
			found[b.Labels[0]] = b
		}
	}
	return found
}

func text(t *testing.T, b *hclsyntax.Block, name string) string {
	t.Helper()
	a := b.Body.Attributes[name]
	if a == nil {
		t.Fatalf("%s has no %s", b.Labels[0], name)
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return v.AsString()
}

// Every download has a SHA-256 for each architecture, and the default is the
// newest stable version.
func TestCatalogComponents(t *testing.T) {
	digest := regexp.MustCompile(`^[0-9a-f]{64}$`)
	components := catalogBlocks(t, "component")
	if len(components) < 20 {
		t.Fatalf("%d components", len(components))
	}
	for _, name := range sortedNames(components) {
		b := components[name]
		if url := text(t, b, "url"); !strings.HasPrefix(url, "https://") || !strings.Contains(url, "{version}") {
			t.Errorf("%s: url %q", name, url)
		}
		if format := text(t, b, "format"); format == "" {
			t.Errorf("%s: no format", name)
		}
		v, diags := b.Body.Attributes["versions"].Expr.Value(nil)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		newest := ""
		for it := v.ElementIterator(); it.Next(); {
			version, archs := it.Element()
			if s := "v" + version.AsString(); semver.Prerelease(s) == "" && (newest == "" || semver.Compare(s, newest) > 0) {
				newest = s
			}
			if archs.LengthInt() == 0 {
				t.Errorf("%s %s has no architecture", name, version.AsString())
			}
			for at := archs.ElementIterator(); at.Next(); {
				arch, sum := at.Element()
				if !digest.MatchString(sum.AsString()) {
					t.Errorf("%s %s for %s: %q is no SHA-256", name, version.AsString(), arch.AsString(), sum.AsString())
				}
			}
		}
		if def := text(t, b, "default"); "v"+def != newest {
			t.Errorf("%s: the default is %s, the newest stable is %s", name, def, newest)
		}
	}
}

// What a cluster of the newest Kubernetes is made of, by minor version.
func TestCatalogDefaultsFitTogether(t *testing.T) {
	components := catalogBlocks(t, "component")
	want := map[string]string{
		"kubeadm": "1.36", "kubelet": "1.36", "kubectl": "1.36", "crictl": "1.36", "cri-o": "1.36",
		"containerd": "2.3", "containerd-static": "2.3", "runc": "1.4", "cni-plugins": "1.9", "etcd": "3.6",
	}
	for _, name := range sortedNames(want) {
		if def := text(t, components[name], "default"); !strings.HasPrefix(def, want[name]+".") {
			t.Errorf("%s: the default is %s, expected %s.x", name, def, want[name])
		}
	}
}

func TestCatalogOperatingSystems(t *testing.T) {
	systems := catalogBlocks(t, "os")
	for _, name := range sortedNames(systems) {
		b := systems[name]
		if family := text(t, b, "family"); family != "debian" && family != "rhel" {
			t.Errorf("%s: family %q", name, family)
		}
		if id, version := text(t, b, "id"), text(t, b, "version_id"); id == "" || !strings.HasSuffix(name, "-"+version) {
			t.Errorf("%s: id %q, version_id %q", name, id, version)
		}
	}
	for _, name := range []string{"debian-11", "debian-12", "debian-13", "ubuntu-22.04", "ubuntu-24.04", "rocky-8", "rocky-9", "rocky-10", "almalinux-8", "almalinux-9", "almalinux-10", "rhel-9", "oracle-9", "centos-stream-9", "fedora-42"} {
		if systems[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
}
