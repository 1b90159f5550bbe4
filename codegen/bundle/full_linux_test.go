package bundle_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
	"golang.org/x/sys/unix"
)

// A disk that fills up in the middle leaves the old bundle whole, and no part
// of the new one that would keep the disk full.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := unix.Mount("tmpfs", disk, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("needs root, to mount a small disk: %v", err)
	}
	defer func() {
		if err := unix.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	}()
	dir := filepath.Join(disk, "out")
	if err := bundle.Write(dir, small()); err != nil {
		t.Fatal(err)
	}
	before := tree(t, dir)
	b := small()
	b.Files["steps/m/files/large"] = bundle.File{Data: bytes.Repeat([]byte("x"), 1<<20)}
	if err := bundle.Write(dir, b); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Write gave %v", err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("changed: %s", diff)
	}
	if names := siblings(t, dir); !slices.Equal(names, []string{"out"}) {
		t.Errorf("left beside the bundle: %q", names)
	}
}
