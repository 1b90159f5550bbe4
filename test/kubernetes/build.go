package kubernetes

import (
	"context"
	"io/fs"

	"github.com/sprayc/sprayc/stdlib"
	"github.com/sprayc/sprayc/test/hosts/artifacts"
	"github.com/sprayc/sprayc/test/hosts/images"
)

// Artifacts is everything that a cluster is made of: downloads and images.
type Artifacts struct {
	Version   string // of Kubernetes, the first
	Downloads artifacts.Set
	Images    []images.Image
}

// Default is the version of Kubernetes that the catalog has as its default.
func Default() (string, error) {
	catalog, err := fs.Sub(stdlib.FS, "catalog")
	if err != nil {
		return "", err
	}
	return artifacts.DefaultVersion(catalog, "kubeadm")
}

// Older are the versions of older minors that the tests make clusters of too.
var Older = []string{"1.35.8", "1.34.10"}

// Build builds what is not in the cache, for these versions of Kubernetes, or for the
// catalog's default.
func Build(ctx context.Context, cache string, versions ...string) (Artifacts, error) {
	if len(versions) == 0 {
		version, err := Default()
		if err != nil {
			return Artifacts{}, err
		}
		versions = []string{version}
	}
	catalog, err := fs.Sub(stdlib.FS, "catalog")
	if err != nil {
		return Artifacts{}, err
	}
	made := Artifacts{Version: versions[0]}
	if made.Downloads, err = artifacts.Build(ctx, cache, catalog, artifacts.Kubernetes(versions...)...); err != nil {
		return made, err
	}
	made.Images, err = images.Build(ctx, cache, versions...)
	return made, err
}
