package approval_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/approval"
)

// Who may write to the file that says who may approve, says who may approve.
func TestKept(t *testing.T) {
	for name, test := range map[string]struct {
		edit func(dir, file string) error
		want string // in the error, with DIR for the folder; "" for none
	}{
		"as it should be":  {func(string, string) error { return nil }, ""},
		"for all":          {func(_, file string) error { return os.Chmod(file, 0o666) }, "others than its owner may write to DIR/b/signers (mode 0666)"},
		"the folder":       {func(dir, _ string) error { return os.Chmod(filepath.Join(dir, "b"), 0o777) }, "others than its owner may write to DIR/b (mode 0777)"},
		"the one above":    {func(dir, _ string) error { return os.Chmod(dir, 0o777) }, "others than its owner may write to DIR (mode 0777)"},
		"a sticky folder":  {func(dir, _ string) error { return os.Chmod(filepath.Join(dir, "b"), 0o777|os.ModeSticky) }, ""},
		"his own group's":  {func(_, file string) error { return errors.Join(os.Chown(file, -1, os.Getuid()), os.Chmod(file, 0o664)) }, ""},
		"another group's":  {func(_, file string) error { return errors.Join(os.Chown(file, -1, 12345), os.Chmod(file, 0o664)) }, "may write to DIR/b/signers (mode 0664)"},
		"another's":        {func(_, file string) error { return os.Chown(file, 12345, -1) }, "DIR/b/signers is of user 12345"},
		"another's folder": {func(dir, _ string) error { return os.Chown(filepath.Join(dir, "b"), 12345, -1) }, "DIR/b is of user 12345"},
		"a link to it": {func(dir, file string) error {
			return errors.Join(os.Rename(file, filepath.Join(dir, "real")), os.Symlink("../real", file), os.Chmod(filepath.Join(dir, "real"), 0o606))
		}, "may write to DIR/real (mode 0606)"},
		"gone": {func(_, file string) error { return os.Remove(file) }, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			if os.Getuid() != 0 && (strings.HasPrefix(name, "another") || strings.HasPrefix(name, "his")) {
				t.Skip("it takes root to give a file to somebody else")
			}
			dir := t.TempDir()
			file := filepath.Join(dir, "b", "signers")
			if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, nil, 0o644), test.edit(dir, file)); err != nil {
				t.Fatal(err)
			}
			err := approval.Kept(file)
			switch want := strings.ReplaceAll(test.want, "DIR", dir); {
			case want == "" && err != nil:
				t.Error(err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("wanted %q, got %v", want, err)
			}
			if name == "gone" && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%v is no fs.ErrNotExist", err)
			}
		})
	}
}
