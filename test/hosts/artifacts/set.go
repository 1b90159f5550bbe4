package artifacts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/test/hosts/once"
)

// Artifact is one download that is served.
type Artifact struct {
	Component, Version, Arch, Format string
	Path                             string // below Set.Folder, as a mirror has it
	SHA256                           string
	Size                             int64
}

// Set is what is served: Folder is the mirror's top.
type Set struct {
	Folder    string
	Artifacts []Artifact
}

// Want is a release that shall be served: the name of a recipe, and the version, or
// none for the catalog's default.
type Want struct{ Name, Version string }

// Runtime is what a host needs to run containers.
func Runtime() []Want {
	return []Want{{Name: "containerd"}, {Name: "runc"}, {Name: "cni-plugins"}}
}

// Kubernetes is what hosts need for these versions of Kubernetes.
func Kubernetes(versions ...string) []Want {
	wants := append(Runtime(), Want{Name: "etcd"})
	for _, version := range versions {
		wants = append(wants, Want{Name: "kubernetes", Version: version})
	}
	return wants
}

// Build builds and packs what is not there yet, for this machine's architecture.
func Build(ctx context.Context, cache string, catalog fs.FS, wants ...Want) (Set, error) {
	cache, err := filepath.Abs(filepath.Join(cache, "artifacts"))
	if err != nil {
		return Set{}, err
	}
	set := Set{Folder: filepath.Join(cache, "files")}
	recipes := recipes()
	for _, want := range wants {
		i := slices.IndexFunc(recipes, func(r recipe) bool { return r.name == want.Name && len(r.releases) > 0 })
		if i < 0 {
			return Set{}, fmt.Errorf("no release of %s is known", want.Name)
		}
		if want.Version == "" {
			if want.Version, err = DefaultVersion(catalog, recipes[i].releases[0].component); err != nil {
				return Set{}, err
			}
		}
		for _, release := range recipes[i].releases {
			one, err := recipes[i].release(ctx, cache, set.Folder, release, want.Version)
			if err != nil {
				return Set{}, err
			}
			set.Artifacts = append(set.Artifacts, one)
		}
	}
	return set, nil
}

// DefaultVersion reads the catalog's line `default = "..."`.
func DefaultVersion(catalog fs.FS, component string) (string, error) {
	data, err := fs.ReadFile(catalog, component+".hcl")
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`(?m)^\s*default\s*=\s*"([^"]+)"`).FindSubmatch(data)
	if found == nil {
		return "", fmt.Errorf("the catalog has no default version of %s", component)
	}
	return string(found[1]), nil
}

func (r recipe) release(ctx context.Context, cache, folder string, release release, version string) (Artifact, error) {
	made := Artifact{Component: release.component, Version: version, Arch: runtime.GOARCH, Format: release.format, Path: release.path(version, runtime.GOARCH)}
	target := filepath.Join(folder, made.Path)
	err := once.File(target, func(making string) error {
		built, err := r.programs(ctx, cache, version)
		if err != nil {
			return err
		}
		return release.pack(built, version, making)
	})
	if err != nil {
		return made, err
	}
	made.SHA256, made.Size, err = sum(target)
	return made, err
}

// sum is a file's digest and size.
func sum(path string) (string, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer file.Close()
	digest := sha256.New()
	size, err := io.Copy(digest, file)
	return hex.EncodeToString(digest.Sum(nil)), size, err
}

// digest is one of the files in the folders of some packages.
func digest(top string, packages []string) (string, error) {
	digest := sha256.New()
	for _, name := range packages {
		err := filepath.WalkDir(filepath.Join(top, name), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			fmt.Fprintf(digest, "%s %d\n%s", entry.Name(), len(data), data)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(digest.Sum(nil)[:6]), nil
}

// Catalog is a catalog, as HCL, of what is served: its URLs are upstream's. The
// default of a component is the version that was wanted first.
func (s Set) Catalog() string {
	versions := map[string][]Artifact{}
	var order []string
	for _, a := range s.Artifacts {
		if versions[a.Component] == nil {
			order = append(order, a.Component)
		}
		versions[a.Component] = append(versions[a.Component], a)
	}
	var b strings.Builder
	for i, component := range order {
		first := versions[component][0]
		url := strings.ReplaceAll(strings.ReplaceAll("https://"+first.Path, first.Version, "{version}"), first.Arch, "{arch}")
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "component %q {\n  url     = %q\n  format  = %q\n  default = %q\n\n  versions = {\n", component, url, first.Format, first.Version)
		for _, a := range versions[component] {
			fmt.Fprintf(&b, "    %q = {\n      %s = {\n        sha256 = %q\n        size   = %d\n      }\n    }\n", a.Version, a.Arch, a.SHA256, a.Size)
		}
		b.WriteString("  }\n}\n")
	}
	return b.String()
}
