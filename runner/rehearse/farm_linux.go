package rehearse

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// lowerFolder is where a host of an ordinary user sees the lower root.
const lowerFolder = "/.lower"

// farm makes a root without an overlay: in a user namespace the machine's files
// belong to nobody, so that no copy of them could be written. Folders are new,
// what is in them are links into the lower root, and /etc is copied.
func (h *hostConfig) farm(root string) error {
	if err := unix.Mount("tmpfs", root, "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("mount memory: %w", err)
	}
	lower := filepath.Join(root, lowerFolder)
	if err := os.Mkdir(lower, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(h.Root, lower, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("bind the lower root: %w", err)
	}
	fresh := map[string]bool{"/proc": true, "/sys": true, "/dev": true, lowerFolder: true, "/lost+found": true}
	for _, path := range h.fresh() {
		fresh[path] = true
	}
	entries, err := os.ReadDir(h.Root)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := "/" + entry.Name()
		switch {
		case fresh[path]:
			err = nil
		case path == "/etc":
			err = copyTree(filepath.Join(h.Root, path), filepath.Join(root, path))
		default:
			depth := map[string]int{"/usr": 3, "/var": 2}[path]
			err = linkTree(h.Root, root, path, max(depth, 1))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// linkTree makes a folder of the lower root anew: folders down to a depth, links
// below.
func linkTree(lower, root, path string, depth int) error {
	info, err := os.Lstat(filepath.Join(lower, path))
	if err != nil {
		return nil //nolint:nilerr // gone, or not for us
	}
	if info.Mode()&fs.ModeSymlink != 0 && depth > 0 {
		target, err := os.Readlink(filepath.Join(lower, path))
		if err != nil {
			return err
		}
		return os.Symlink(target, filepath.Join(root, path))
	}
	entries, err := os.ReadDir(filepath.Join(lower, path))
	if !info.IsDir() || depth == 0 || err != nil {
		return os.Symlink(filepath.Join(lowerFolder, path), filepath.Join(root, path))
	}
	if err := os.MkdirAll(filepath.Join(root, path), 0o755); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := linkTree(lower, root, filepath.Join(path, entry.Name()), depth-1); err != nil {
			return err
		}
	}
	return nil
}

// copyTree copies what can be read of a small tree.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrPermission) {
				return nil
			}
			return err
		}
		target := to + strings.TrimPrefix(path, from)
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case entry.Type()&fs.ModeSymlink != 0:
			text, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(text, target)
		case entry.Type().IsRegular():
			return copyFile(path, target)
		}
		return nil
	})
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return nil //nolint:nilerr // only root reads it, and the host does without
	}
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
