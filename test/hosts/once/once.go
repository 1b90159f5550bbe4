// Package once makes what is kept in a folder of the cache: one maker at a time, also
// across processes, and never a half-made result.
package once

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Folder makes a folder unless it is there: fill gets an empty one, which takes the
// wanted name when all is well.
func Folder(path string, fill func(making string) error) error {
	return made(path, func(making string) error {
		if err := os.Mkdir(making, 0o755); err != nil {
			return err
		}
		return fill(making)
	})
}

// File makes a file unless it is there.
func File(path string, write func(making string) error) error { return made(path, write) }

func made(path string, fill func(making string) error) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	hidden := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)) // what is served lists no such names
	unlock, err := Lock(hidden + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	making := hidden + ".making"
	if err := os.RemoveAll(making); err != nil {
		return err
	}
	if err := fill(making); err != nil {
		return err
	}
	return os.Rename(making, path)
}

// Lock waits until nobody else holds the lock file.
func Lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { file.Close() }, nil
}
