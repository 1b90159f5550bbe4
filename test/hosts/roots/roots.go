package roots

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/sprayc/sprayc/test/hosts/once"
	"golang.org/x/sys/unix"
)

//go:embed *.sh
var recipes embed.FS

// Root is a made root with the packages that its hosts can install.
type Root struct {
	Path       string // lower root
	Repository string // folder of an apt or rpm repository, to be served
	OS         string // "debian-12", "rocky-9"
}

// Debian makes or finds the Debian root. It is of the machine's own release.
func Debian(ctx context.Context, cache string) (Root, error) { return made(ctx, cache, "debian") }

// Rocky makes or finds the root of the RHEL family.
func Rocky(ctx context.Context, cache string) (Root, error) {
	debian, err := Debian(ctx, cache)
	if err != nil {
		return Root{}, err
	}
	return made(ctx, cache, "rocky", debian.Path, debian.Repository)
}

// made runs a recipe unless its result is there. Two that want the same root at
// once wait for each other.
func made(ctx context.Context, cache, name string, args ...string) (Root, error) {
	recipe, err := recipes.ReadFile(name + ".sh")
	if err != nil {
		return Root{}, err
	}
	sum := sha256.Sum256(append(recipe, fmt.Sprint(args)...))
	folder, err := filepath.Abs(filepath.Join(cache, "roots", name+"-"+hex.EncodeToString(sum[:6])))
	if err != nil {
		return Root{}, err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return Root{}, err
	}
	unlock, err := once.Lock(folder + ".lock")
	if err != nil {
		return Root{}, err
	}
	defer unlock()
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		if err := run(ctx, name, recipe, folder, args); err != nil {
			return Root{}, fmt.Errorf("make the %s root: %w", name, err)
		}
	}
	return read(folder)
}

func run(ctx context.Context, name string, recipe []byte, folder string, args []string) error {
	making := folder + ".making"
	if err := remove(making); err != nil {
		return err
	}
	if err := os.MkdirAll(making, 0o755); err != nil {
		return err
	}
	log, err := os.Create(folder + ".log")
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, "nice", append([]string{"sh", "-eu", "-c", string(recipe), name + ".sh", making}, args...)...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w; see %s", err, log.Name())
	}
	return os.Rename(making, folder)
}

// remove removes a half-made root, but never through something that is still
// mounted there.
func remove(path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, below := range []string{"root/proc", "root/sys", "root/dev/pts", "root/dev"} {
		for unix.Unmount(filepath.Join(path, below), unix.MNT_DETACH) == nil {
		}
	}
	out, err := exec.Command("rm", "-rf", "--one-file-system", path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("remove %s: %w: %s", path, err, out)
	}
	return nil
}

func read(folder string) (Root, error) {
	name, err := os.ReadFile(filepath.Join(folder, "os"))
	if err != nil {
		return Root{}, err
	}
	return Root{Path: filepath.Join(folder, "root"), Repository: filepath.Join(folder, "repository"), OS: string(name)}, nil
}
