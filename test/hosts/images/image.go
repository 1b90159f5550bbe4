package images

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/sprayc/sprayc/test/hosts/once"
)

// Image is an image that was made.
type Image struct {
	Reference string // "registry.k8s.io/pause:3.10.2"
	Digest    string // of its manifest: "sha256:..."
	Folder    string // an OCI image layout
	Size      int64  // bytes to pull
}

// Repository is where a registry has the image, without the registry's name.
func (i Image) Repository() string {
	_, rest, _ := strings.Cut(i.Reference, "/")
	name, _, _ := strings.Cut(rest, ":")
	return name
}

// Tag is the part of the reference after the colon.
func (i Image) Tag() string { return i.Reference[strings.LastIndexByte(i.Reference, ':')+1:] }

// Build makes what is not there yet: the images that kubeadm names in each version,
// and those of what stands beside Kubernetes.
func Build(ctx context.Context, cache string, kubernetes ...string) ([]Image, error) {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return nil, err
	}
	var recipes []recipe
	for _, version := range kubernetes {
		some, err := forKubernetes(ctx, cache, version)
		if err != nil {
			return nil, err
		}
		recipes = append(recipes, some...)
	}
	version := ""
	if len(kubernetes) > 0 {
		version = kubernetes[0]
	}
	some, err := beside(ctx, cache, version)
	if err != nil {
		return nil, err
	}
	return makeAll(ctx, cache, append(recipes, some...))
}

func makeAll(ctx context.Context, cache string, recipes []recipe) ([]Image, error) {
	var out []Image
	seen := map[string]bool{}
	for _, r := range recipes {
		image, err := r.image(ctx, cache)
		if err != nil {
			return nil, fmt.Errorf("make the image %s:%s: %w", r.name, r.tag, err)
		}
		if !seen[image.Reference] { // two versions may want the same
			seen[image.Reference] = true
			out = append(out, image)
		}
	}
	return out, nil
}

// descriptor is how OCI names a blob.
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

const (
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	indexType    = "application/vnd.oci.image.index.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

type manifest struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Config        descriptor   `json:"config"`
	Layers        []descriptor `json:"layers"`
}

type index struct {
	SchemaVersion int          `json:"schemaVersion"`
	MediaType     string       `json:"mediaType"`
	Manifests     []descriptor `json:"manifests"`
}

// image makes the image and returns what is in its folder.
func (r recipe) image(ctx context.Context, cache string) (Image, error) {
	made := Image{Reference: r.name + ":" + r.tag}
	parts := []string{"1", r.name, r.tag, r.packages, debianScript}
	content, err := json.Marshal([]any{r.files, r.scripts, r.entrypoint, r.arguments, r.user})
	if err != nil {
		return made, err
	}
	parts = append(parts, strings.ReplaceAll(string(content), cache, "")) // a cache may be moved
	if r.setuid {
		parts = append(parts, "setuid")
	}
	made.Folder = filepath.Join(cache, "artifacts/images", strings.NewReplacer("/", "_", ":", "_").Replace(made.Reference)+"-"+key(parts...))
	err = once.Folder(made.Folder, func(making string) error { return r.layout(ctx, cache, making, made.Reference) })
	if err != nil {
		return made, err
	}
	var top index
	if err := readJSON(filepath.Join(made.Folder, "index.json"), &top); err != nil {
		return made, err
	}
	made.Digest = top.Manifests[0].Digest
	m, err := made.manifest()
	if err != nil {
		return made, err
	}
	for _, blob := range append(m.Layers, m.Config) {
		made.Size += blob.Size
	}
	return made, nil
}

// blob is the path of a blob in the image's folder.
func (i Image) blob(digest string) string {
	return filepath.Join(i.Folder, "blobs", strings.Replace(digest, ":", "/", 1))
}

func (i Image) manifest() (manifest, error) {
	var m manifest
	return m, readJSON(i.blob(i.Digest), &m)
}

// layout writes an OCI image layout into an empty folder.
func (r recipe) layout(ctx context.Context, cache, folder, reference string) error {
	m := manifest{SchemaVersion: 2, MediaType: manifestType, Layers: []descriptor{}}
	diffs := []string{}
	add := func(l layer) error {
		blob, err := keep(folder, filepath.Join(l.folder, "layer.tar.gz"))
		if err != nil {
			return err
		}
		blob.MediaType = layerType
		diff, err := os.ReadFile(filepath.Join(l.folder, "diffid"))
		m.Layers, diffs = append(m.Layers, blob), append(diffs, string(diff))
		return err
	}
	if err := os.MkdirAll(filepath.Join(folder, "blobs/sha256"), 0o755); err != nil {
		return err
	}
	if r.packages != "" {
		base, err := debian(ctx, cache, r.packages)
		if err := errors.Join(err, add(base)); err != nil {
			return err
		}
	}
	if len(r.files)+len(r.scripts) > 0 {
		making, err := os.MkdirTemp(filepath.Dir(folder), ".layer-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(making)
		top, err := r.programs(making)
		if err != nil {
			return err
		}
		if err := add(top); err != nil {
			return err
		}
	}
	config := map[string]any{
		"created": created, "architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{"User": r.user, "Entrypoint": r.entrypoint, "Cmd": r.arguments, "WorkingDir": "/", "Env": []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": diffs},
	}
	var err error
	if m.Config, err = keepJSON(folder, config, configType); err != nil {
		return err
	}
	top, err := keepJSON(folder, m, manifestType)
	if err != nil {
		return err
	}
	top.Annotations = map[string]string{"io.containerd.image.name": reference, "org.opencontainers.image.ref.name": r.tag}
	if err := writeJSON(filepath.Join(folder, "index.json"), index{2, indexType, []descriptor{top}}); err != nil {
		return err
	}
	return writeJSON(filepath.Join(folder, "oci-layout"), map[string]string{"imageLayoutVersion": "1.0.0"})
}

// keep links or copies a file into the layout's blobs.
func keep(folder, from string) (descriptor, error) {
	file, err := os.Open(from)
	if err != nil {
		return descriptor{}, err
	}
	defer file.Close()
	digest := sha256.New()
	size, err := io.Copy(digest, file)
	if err != nil {
		return descriptor{}, err
	}
	d := descriptor{Digest: named(digest), Size: size}
	return d, os.Link(from, Image{Folder: folder}.blob(d.Digest))
}

func keepJSON(folder string, value any, mediaType string) (descriptor, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return descriptor{}, err
	}
	digest := sha256.New()
	digest.Write(text)
	d := descriptor{MediaType: mediaType, Digest: named(digest), Size: int64(len(text))}
	return d, os.WriteFile(Image{Folder: folder}.blob(d.Digest), text, 0o644)
}

func writeJSON(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
