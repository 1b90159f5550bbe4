package bundle

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// stage is the folder in which a bundle is built, beside the one that it will
// replace. It is locked while its owner lives, so that what a killed build has
// left behind can be told from a build under way.
type stage struct {
	dir  string
	lock *os.File
}

const stageInfix = ".sprayc-build-"

func newStage(parent, name string) (*stage, error) {
	prefix := "." + strings.TrimPrefix(name, ".") + stageInfix
	sweep(parent, prefix)
	dir := filepath.Join(parent, prefix+rand.Text()[:12])
	if err := os.Mkdir(dir, 0o777); err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return &stage{dir: dir, lock: lock}, nil
}

// remove takes away the stage, or, after replace, what was replaced.
func (s *stage) remove() {
	os.RemoveAll(s.dir)
	s.lock.Close()
}

// replace puts the stage in the place of target; what was there is then the
// stage.
func (s *stage) replace(target string) error {
	if _, err := os.Lstat(target); os.IsNotExist(err) {
		return os.Rename(s.dir, target)
	}
	if err := exchange(s.dir, target); err == nil {
		return nil
	}
	old := s.dir + "-old"
	if err := os.Rename(target, old); err != nil {
		return err
	}
	if err := os.Rename(s.dir, target); err != nil {
		if back := os.Rename(old, target); back != nil {
			return fmt.Errorf("%w; the bundle that was there is in %s", err, old)
		}
		return err
	}
	return os.RemoveAll(old)
}

// sweep removes the stages that nobody owns any more.
func sweep(parent, prefix string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), prefix) || !entry.IsDir() {
			continue
		}
		dir := filepath.Join(parent, entry.Name())
		if lock, err := lockFolder(dir); err == nil {
			os.RemoveAll(dir)
			lock.Close()
		}
	}
}

func lockFolder(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f, nil
}
