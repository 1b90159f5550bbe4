package machine

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Copy makes a folder a copy of another. It starts no program: whoever waits for what it
// traces would take its end for one of theirs.
func Copy(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case info.IsDir():
			err = os.MkdirAll(target, 0o700)
		case info.Mode()&os.ModeSymlink != 0:
			var link string
			if link, err = os.Readlink(path); err == nil {
				err = os.Symlink(link, target)
			}
		case info.Mode().IsRegular():
			var data []byte
			if data, err = os.ReadFile(path); err == nil {
				err = os.WriteFile(target, data, 0o600)
			}
		default:
			err = fmt.Errorf("%s: neither a file nor a folder nor a link", path)
		}
		if err != nil {
			return err
		}
		owner, _ := info.Sys().(*syscall.Stat_t)
		if err := os.Lchown(target, int(owner.Uid), int(owner.Gid)); err != nil || info.Mode()&os.ModeSymlink != 0 {
			return err
		}
		return os.Chmod(target, info.Mode())
	})
}
