package once

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Many that want the same at once get one that is whole, made once.
func TestFolderIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "below", "made")
	var mu sync.Mutex
	made := 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := Folder(path, func(making string) error {
				mu.Lock()
				made++
				mu.Unlock()
				return os.WriteFile(filepath.Join(making, "file"), []byte("whole"), 0o644)
			})
			if err != nil {
				t.Error(err)
			}
			if text, err := os.ReadFile(filepath.Join(path, "file")); err != nil || string(text) != "whole" {
				t.Errorf("found %q, %v", text, err)
			}
		})
	}
	all.Wait()
	if made != 1 {
		t.Errorf("it was made %d times", made)
	}
}

// What failed half-way is made anew, from nothing.
func TestHalfMadeIsMadeAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made")
	failed := errors.New("failed")
	err := Folder(path, func(making string) error {
		return errors.Join(os.WriteFile(filepath.Join(making, "half"), nil, 0o644), failed)
	})
	if !errors.Is(err, failed) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("what is half made is there: %v", err)
	}
	if err := Folder(path, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(path); err != nil || len(left) != 0 {
		t.Errorf("left of the first try: %v, %v", left, err)
	}
}
