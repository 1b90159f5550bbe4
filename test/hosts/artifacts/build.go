package artifacts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
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

// Build builds what is not there yet, in the versions that the catalog has as
// its defaults, for this machine's architecture.
func Build(ctx context.Context, cache string, catalog fs.FS) (Set, error) {
	cache, err := filepath.Abs(filepath.Join(cache, "artifacts"))
	if err != nil {
		return Set{}, err
	}
	set := Set{Folder: filepath.Join(cache, "files")}
	for _, r := range recipes() {
		version, err := defaultVersion(catalog, r.component)
		if err != nil {
			return Set{}, err
		}
		one, err := r.make(ctx, cache, set.Folder, version)
		if err != nil {
			return Set{}, fmt.Errorf("build %s %s: %w", r.component, version, err)
		}
		set.Artifacts = append(set.Artifacts, one)
	}
	return set, nil
}

// defaultVersion reads the catalog's line `default = "..."`.
func defaultVersion(catalog fs.FS, component string) (string, error) {
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

func (r recipe) make(ctx context.Context, cache, folder, version string) (Artifact, error) {
	made := Artifact{Component: r.component, Version: version, Arch: runtime.GOARCH, Format: r.format, Path: r.path(version, runtime.GOARCH)}
	target := filepath.Join(folder, made.Path)
	data, err := os.ReadFile(target)
	if errors.Is(err, fs.ErrNotExist) {
		built := filepath.Join(cache, "built", r.component+"-"+version)
		if err := r.build(ctx, cache, built, version); err != nil {
			return made, err
		}
		if data, err = r.pack(r, built); err != nil {
			return made, err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return made, err
		}
		if err := os.WriteFile(target+".new", data, 0o644); err != nil {
			return made, err
		}
		err = os.Rename(target+".new", target)
	}
	if err != nil {
		return made, err
	}
	sum := sha256.Sum256(data)
	made.SHA256, made.Size = hex.EncodeToString(sum[:]), int64(len(data))
	return made, nil
}

// build builds the programs inside a copy of the module, so that its own replace
// lines count.
func (r recipe) build(ctx context.Context, cache, out, version string) error {
	source := filepath.Join(cache, "source", r.component+"-"+version)
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
		dir, err := download(ctx, r.module+"@v"+version)
		if err != nil {
			return err
		}
		if err := command(ctx, "", nil, "sh", "-c", `mkdir -p "${2%/*}" && cp -R "$1" "$2.new" && chmod -R u+w "$2.new" && mv "$2.new" "$2"`, "sh", dir, source); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	environment := []string{"CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOWORK=off"}
	if r.cgo {
		environment[0] = "CGO_ENABLED=1"
	}
	args := []string{"go", "build", "-trimpath", "-buildvcs=false", "-tags", r.tags, "-ldflags", "-s -w " + r.ldflags(version)}
	target := out + "/"
	if r.format == "binary" {
		target += r.component
	}
	return command(ctx, source, environment, "nice", append(append(args, "-o", target), r.packages...)...)
}

// download brings a module into the module cache and returns its folder there.
func download(ctx context.Context, module string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir = os.TempDir()
	out, err := cmd.Output()
	var answer struct{ Dir, Error string }
	if json.Unmarshal(out, &answer) == nil && answer.Error != "" {
		return "", fmt.Errorf("%s: %s", module, answer.Error)
	}
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w", module, err)
	}
	return answer.Dir, nil
}

func command(ctx context.Context, dir string, environment []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), environment...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said.String())
	}
	return nil
}

// Catalog is a catalog, as HCL, of what is served: its URLs are upstream's.
func (s Set) Catalog() string {
	var b strings.Builder
	for _, a := range s.Artifacts {
		url := strings.ReplaceAll(strings.ReplaceAll("https://"+a.Path, a.Version, "{version}"), a.Arch, "{arch}")
		fmt.Fprintf(&b, "component %q {\n  url     = %q\n  format  = %q\n  default = %q\n\n  versions = {\n    %q = {\n      %s = {\n        sha256 = %q\n        size   = %d\n      }\n    }\n  }\n}\n\n",
			a.Component, url, a.Format, a.Version, a.Version, a.Arch, a.SHA256, a.Size)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
