package approval

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Kept returns an error if others than root and whoever runs this may change a file that
// says who may approve, or how many must: write to it, or put another in its place, as
// they could in a folder that it, or what it is a link to, is in. What belongs to the
// owner's own group is the owner's; a folder with the sticky bit lets nobody replace what
// is another's. The error is fs.ErrNotExist if there is no such file.
func Kept(file string) error {
	full, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		return err
	}
	paths := []string{real}
	for _, at := range []string{full, real} {
		for at != "/" {
			at = filepath.Dir(at)
			paths = append(paths, at)
		}
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return fmt.Errorf("who may write to %s is not known", path)
		}
		if stat.Uid != 0 && int(stat.Uid) != os.Geteuid() {
			return fmt.Errorf("%s is of user %d, who could change what %s says: give it to root, or to yourself", path, stat.Uid, file)
		}
		writable := info.Mode()&0o002 != 0 || info.Mode()&0o020 != 0 && stat.Gid != stat.Uid
		if writable && info.Mode()&os.ModeSticky == 0 {
			return fmt.Errorf("others than its owner may write to %s (mode %04o), and so change what %s says: chmod go-w %s", path, info.Mode().Perm(), file, path)
		}
	}
	return nil
}
