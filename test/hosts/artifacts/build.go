package artifacts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/test/hosts/once"
)

// project is the module whose tests this builds for.
const project = "github.com/sprayc/sprayc"

// Programs builds the programs of a module, unless they are there, and returns the
// folder that has them and nothing else. Programs of the project itself have no
// version.
func Programs(ctx context.Context, cache, name, version string) (string, error) {
	recipes := recipes()
	i := slices.IndexFunc(recipes, func(r recipe) bool { return r.name == name })
	if i < 0 {
		return "", fmt.Errorf("nothing is known of %s", name)
	}
	cache, err := filepath.Abs(filepath.Join(cache, "artifacts"))
	if err != nil {
		return "", err
	}
	return recipes[i].programs(ctx, cache, version)
}

func (r recipe) programs(ctx context.Context, cache, version string) (string, error) {
	if r.source == own {
		top, err := top(ctx)
		if err != nil {
			return "", err
		}
		if version, err = digest(top, r.packages); err != nil {
			return "", err
		}
	}
	folder := filepath.Join(cache, "programs", r.name+"-"+version)
	err := once.Folder(folder, func(making string) error { return r.build(ctx, cache, making, version) })
	if err != nil {
		return "", fmt.Errorf("build %s %s: %w", r.name, version, err)
	}
	return folder, nil
}

func (r recipe) build(ctx context.Context, cache, out, version string) error {
	mode, dir := "-mod=mod", ""
	var err error
	switch r.source {
	case copied:
		dir, err = r.copy(ctx, cache, version)
	case pinned:
		mode = "-mod=readonly"
		dir, err = r.nested(ctx, version)
	case own:
		mode = "-mod=readonly"
		dir, err = top(ctx)
	}
	if err != nil {
		return err
	}
	environment := []string{"CGO_ENABLED=0", "GOFLAGS=" + mode, "GOWORK=off"}
	if r.cgo {
		environment[0] = "CGO_ENABLED=1"
	}
	ldflags := "-s -w"
	if r.ldflags != nil {
		ldflags += " " + r.ldflags(version)
	}
	flags := []string{"-trimpath", "-buildvcs=false", "-tags", r.tags, "-ldflags", ldflags}
	if len(r.packages) > 0 {
		args := append([]string{"go", "build", "-o", out + "/"}, flags...)
		if err := command(ctx, dir, environment, "nice", append(args, r.packages...)...); err != nil {
			return err
		}
	}
	for name, of := range r.tests {
		args := append([]string{"go", "test", "-c", "-o", filepath.Join(out, name)}, flags...)
		if err := command(ctx, dir, environment, "nice", append(args, of)...); err != nil {
			return err
		}
	}
	if len(r.data) > 0 {
		args := []string{"-euc", `out=$1 dir=$(go list -m -f '{{.Dir}}' "$2"); shift 2; for file; do cp "$dir/$file" "$out"; done`, "sh", out, r.module}
		if err := command(ctx, dir, environment, "sh", append(args, r.data...)...); err != nil {
			return err
		}
	}
	for from, to := range r.rename {
		if err := os.Rename(filepath.Join(out, from), filepath.Join(out, to)); err != nil {
			return err
		}
	}
	return nil
}

// copy is a copy of a module that can be edited.
func (r recipe) copy(ctx context.Context, cache, version string) (string, error) {
	source := filepath.Join(cache, "source", r.name+"-"+version)
	dir, err := download(ctx, r.module+"@v"+version)
	if err != nil {
		return "", err
	}
	return source, once.Folder(source, func(making string) error {
		if err := command(ctx, "", nil, "sh", "-c", `cp -R "$1/." "$2" && chmod -R u+w "$2"`, "sh", dir, making); err != nil {
			return err
		}
		if r.without == nil {
			return nil
		}
		file := filepath.Join(making, r.without.file)
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(file, r.without.lines.ReplaceAll(text, nil), 0o644)
	})
}

// nested is the folder of the nested module for a version, or for another patch
// release of its minor.
func (r recipe) nested(ctx context.Context, version string) (string, error) {
	top, err := top(ctx)
	if err != nil {
		return "", err
	}
	folder, name := filepath.Join(top, "test/kubernetes/programs"), r.name
	if r.folder != "" {
		name = r.folder
	}
	exact := filepath.Join(folder, name+"-"+version)
	if _, err := os.Stat(exact); err == nil {
		return exact, nil
	}
	minor := version[:strings.LastIndexByte(version, '.')+1]
	found, err := filepath.Glob(filepath.Join(folder, name+"-"+minor+"*"))
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("no nested module in test/kubernetes/programs pins %s %s", name, minor+"x")
	}
	return found[len(found)-1], nil
}

// top is the project's folder.
func top(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", project).Output()
	if err != nil {
		return "", fmt.Errorf("find the folder of %s from here: %w", project, err)
	}
	return strings.TrimSpace(string(out)), nil
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

// lines left out of a file of a copied module.
type without struct {
	file  string
	lines *regexp.Regexp
}
