package machine

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// ignored are what a run keeps of itself, and /tmp, where mksh and ksh93 have the text of their
// here-documents.
var ignored = []string{"var/lib/sprayc/runs", "var/lib/sprayc/times", "run/sprayc", "tmp", "usr", "proc", "dev", "b"}

// unordered are files whose lines have no order that matters, or stand there more than once.
var unordered = []string{"var/lib/sprayc/owned", "var/lib/sprayc/archives/"}

// State is all that a machine has, a line a file: mode, owner, and content or target.
func State(root string) ([]string, error) {
	var lines []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if slices.Contains(ignored, name) {
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		owner, _ := info.Sys().(*syscall.Stat_t)
		what := ""
		switch {
		case info.Mode().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			what = content(name, data)
		case info.Mode()&os.ModeSymlink != 0:
			if what, err = os.Readlink(path); err != nil {
				return err
			}
		}
		lines = append(lines, fmt.Sprintf("%s %s %d:%d %s", name, info.Mode(), owner.Uid, owner.Gid, what))
		return nil
	})
	return lines, err
}

// temporary is the end of a temporary's name, which is another in each run.
var temporary = regexp.MustCompile(`\.spray\.[0-9A-Za-z]+`)

// Remains is the digest of all on a machine that a next run can come upon: its state, and of
// what runs keep of themselves which files are there, empty or not. What stands in them is
// another in each run: process numbers, and events, which only who follows that run reads.
//
// Who starts a run and who does its work are two, so a file may go away while this looks.
func Remains(root string) ([sha256.Size]byte, error) {
	lines, err := State(root)
	for range 20 {
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
		lines, err = State(root)
	}
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	for _, folder := range []string{"var/lib/sprayc/runs", "run/sprayc"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			var info fs.FileInfo
			if err == nil {
				info, err = entry.Info()
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			lines = append(lines, fmt.Sprintf("%s %s %t", path, info.Mode(), info.Size() > 0))
			return nil
		})
		if err != nil {
			return [sha256.Size]byte{}, err
		}
	}
	return sha256.Sum256([]byte(temporary.ReplaceAllString(strings.Join(lines, "\n"), ".spray."))), nil
}

// content is the text of a small file, of others the digest.
func content(name string, data []byte) string {
	for _, prefix := range unordered {
		if strings.HasPrefix(name, prefix) {
			lines := strings.Split(string(data), "\n")
			slices.Sort(lines)
			data = []byte(strings.Join(slices.Compact(lines), "\n"))
		}
	}
	if len(data) <= 4096 {
		return fmt.Sprintf("%q", data)
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}
