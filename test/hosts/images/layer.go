package images

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sprayc/sprayc/test/hosts/once"
)

//go:embed debian.sh
var debianScript string

//go:embed pause/pause.c
var pauseSource string

// layer is a packed layer in a folder: layer.tar.gz, and the digest of the tar in it.
type layer struct{ folder string }

// debian is the layer of some of Debian's packages.
func debian(ctx context.Context, cache, packages string) (layer, error) {
	l := layer{filepath.Join(cache, "artifacts/layers", "debian-"+key(debianScript, packages))}
	return l, once.Folder(l.folder, func(making string) error {
		state := filepath.Join(cache, "artifacts/apt")
		if err := os.MkdirAll(state, 0o755); err != nil {
			return err
		}
		unlock, err := once.Lock(state + ".lock")
		if err != nil {
			return err
		}
		defer unlock()
		args := append([]string{"-eu", "-c", debianScript, "debian.sh", making, state}, strings.Fields(packages)...)
		if out, err := exec.CommandContext(ctx, "sh", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("get %s from Debian: %w: %s", packages, err, out)
		}
		root := filepath.Join(making, "root")
		if err := pack(making, func(archive *tar.Writer) error { return addTree(archive, root) }); err != nil {
			return err
		}
		return os.RemoveAll(root)
	})
}

// version is upstream's version of a package of the layer.
func (l layer) version(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(l.folder, "versions"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if of, version, _ := strings.Cut(strings.TrimSpace(line), "\t"); of == name {
			if _, after, is := strings.Cut(version, ":"); is {
				version = after
			}
			version, _, _ = strings.Cut(version, "-")
			return version, nil
		}
	}
	return "", fmt.Errorf("%s has no package %s", l.folder, name)
}

// pause is the program of the image of that name.
func pause(ctx context.Context, cache, version string) (string, error) {
	program := filepath.Join(cache, "artifacts/programs", "pause-"+version+"-"+key(pauseSource), "pause")
	return program, once.Folder(filepath.Dir(program), func(making string) error {
		cmd := exec.CommandContext(ctx, "cc", "-Os", "-static", "-s", `-DVERSION="`+version+`"`, "-x", "c", "-o", filepath.Join(making, "pause"), "-")
		cmd.Stdin = strings.NewReader(pauseSource)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("compile pause: %w: %s", err, out)
		}
		return nil
	})
}

// programs is the layer of a recipe's own files, which are all programs.
func (r recipe) programs(folder string) (layer, error) {
	paths := slices.AppendSeq(slices.Collect(maps.Keys(r.files)), maps.Keys(r.scripts))
	slices.Sort(paths)
	mode := int64(0o755)
	if r.setuid {
		mode |= 0o4000
	}
	return layer{folder}, pack(folder, func(archive *tar.Writer) error {
		parents := map[string]bool{".": true}
		for _, name := range paths {
			if err := addParents(archive, path.Dir(name), parents); err != nil {
				return err
			}
			if text, is := r.scripts[name]; is {
				err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(text)), Mode: 0o755, ModTime: created})
				if err == nil {
					_, err = io.WriteString(archive, text)
				}
				if err != nil {
					return err
				}
				continue
			}
			if err := addFile(archive, r.files[name], name, mode); err != nil {
				return err
			}
		}
		return nil
	})
}

func addParents(archive *tar.Writer, name string, there map[string]bool) error {
	if there[name] {
		return nil
	}
	there[name] = true
	if err := addParents(archive, path.Dir(name), there); err != nil {
		return err
	}
	return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755, ModTime: created})
}

// created is the time of everything: the same content, the same digest.
var created = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func addTree(archive *tar.Writer, root string) error {
	return filepath.WalkDir(root, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || at == root {
			return err
		}
		name, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		mode := int64(info.Mode().Perm())
		for bit, octal := range map[fs.FileMode]int64{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
			if info.Mode()&bit != 0 {
				mode |= octal
			}
		}
		switch entry.Type() {
		case fs.ModeDir:
			return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: mode, ModTime: created})
		case fs.ModeSymlink:
			to, err := os.Readlink(at)
			if err != nil {
				return err
			}
			return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: to, Mode: 0o777, ModTime: created})
		case 0:
			return addFile(archive, at, name, mode)
		}
		return fmt.Errorf("%s is no file that an image has", at)
	})
}

func addFile(archive *tar.Writer, from, name string, mode int64) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: info.Size(), Mode: mode, ModTime: created}); err != nil {
		return err
	}
	_, err = io.Copy(archive, file)
	return err
}

// pack writes a layer's two files into a folder.
func pack(folder string, add func(*tar.Writer) error) (err error) {
	out, err := os.Create(filepath.Join(folder, "layer.tar.gz"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	zip, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return err
	}
	content := sha256.New()
	archive := tar.NewWriter(io.MultiWriter(zip, content))
	if err := errors.Join(add(archive), archive.Close(), zip.Close()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "diffid"), []byte(named(content)), 0o644)
}

// named is a digest as OCI writes it.
func named(digest hash.Hash) string { return "sha256:" + hex.EncodeToString(digest.Sum(nil)) }

// key stands in a folder's name for what the folder is made of.
func key(of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return hex.EncodeToString(sum[:6])
}
