package bundle_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// refused reads the folder and compares what is said to be wrong.
func refused(t *testing.T, what, dir string, want ...string) {
	t.Helper()
	_, err := bundle.Read(dir)
	var edited *bundle.EditedError
	if !errors.As(err, &edited) || !errors.Is(err, bundle.ErrEdited) {
		t.Errorf("%s: Read gave %v", what, err)
		return
	}
	if diff := cmp.Diff(want, edited.Wrong); diff != "" {
		t.Errorf("%s: -want +got:\n%s", what, diff)
	}
}

// do fails the test on an error.
func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is done to whichever file, the bundle is refused, and the file is named.
func TestEveryFileIsGuarded(t *testing.T) {
	dir := write(t, small())
	for _, name := range slices.Sorted(maps.Keys(tree(t, dir))) {
		if name == "bundle.sha256" { // TestList
			continue
		}
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		do(t, err)
		for i := range text {
			flipped := slices.Clone(text)
			flipped[i] ^= 1
			do(t, os.WriteFile(path, flipped, 0o644))
			refused(t, name+" flipped", dir, name+" was edited")
		}
		do(t, os.WriteFile(path, text[:len(text)-1], 0o644))
		refused(t, name+" cut", dir, name+" was edited")
		do(t, os.WriteFile(path, text, 0o644))

		if name == "plan.json" { // without it, it is no bundle
			continue
		}
		do(t, os.Rename(path, path+"x"))
		refused(t, name+" renamed", dir, name+" is missing", name+"x is not of this bundle")
		do(t, os.Remove(path+"x"))
		refused(t, name+" removed", dir, name+" is missing")
		outside := filepath.Join(t.TempDir(), "same")
		do(t, os.WriteFile(outside, text, 0o644))
		do(t, os.Symlink(outside, path))
		refused(t, name+" a link to the same text", dir, name+" is a symbolic link")
		do(t, os.Remove(path))
		do(t, syscall.Mkfifo(path, 0o644))
		refused(t, name+" a pipe", dir, name+" is not a file")
		do(t, os.Remove(path))
		do(t, os.Mkdir(path, 0o755))
		refused(t, name+" a folder", dir, name+" is not a file")
		do(t, os.Remove(path))
		do(t, os.WriteFile(path, text, 0o644))
	}
	if _, err := bundle.Read(dir); err != nil {
		t.Errorf("all put back: %v", err)
	}
}

// A file more is refused wherever it stands.
func TestFilesTooMany(t *testing.T) {
	for _, name := range []string{"NOTES", "lib/zz.sh", "steps/m/a.sh~", "hosts/h1/x", "approvals/x", "approvals/x.sig/y", "approvals/.x.sig", "new/x", "lib/x.tar", ".git/config"} {
		dir := write(t, small())
		do(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		do(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
		refused(t, name, dir, name+" is not of this bundle")
	}
}

// What PLAN.md's commands leave in the folder takes nothing from the bundle.
func TestTarsToCopy(t *testing.T) {
	dir := write(t, small())
	do(t, os.WriteFile(filepath.Join(dir, "h1.tar"), nil, 0o644))
	if _, err := bundle.Read(dir); err != nil {
		t.Error(err)
	}
	do(t, os.Remove(filepath.Join(dir, "h1.tar")))
	do(t, os.Symlink("plan.json", filepath.Join(dir, "h1.tar")))
	refused(t, "a link", dir, "h1.tar is a symbolic link")
}

// A folder in the place of which a link stands is named, and not each file of it.
func TestLinkedFolder(t *testing.T) {
	for _, name := range []string{"lib", "steps/m", "classes", "hosts"} {
		dir := write(t, small())
		away := filepath.Join(t.TempDir(), "away")
		do(t, os.Rename(filepath.Join(dir, name), away))
		do(t, os.Symlink(away, filepath.Join(dir, name)))
		refused(t, name, dir, name+" is a symbolic link")
	}
	dir := write(t, small())
	do(t, bundle.AddApproval(dir, "a.sig", []byte("s")))
	away := filepath.Join(t.TempDir(), "away")
	do(t, os.Rename(filepath.Join(dir, "approvals"), away))
	do(t, os.Symlink(away, filepath.Join(dir, "approvals")))
	refused(t, "approvals", dir, "approvals is a symbolic link")
	link := filepath.Join(t.TempDir(), "link")
	do(t, os.Symlink(write(t, small()), link))
	if _, err := bundle.Read(link); err != nil {
		t.Errorf("the bundle itself behind a link: %v", err)
	}
}

// The modes on disk say nothing: what is sent has those that it was built with.
func TestOddModes(t *testing.T) {
	dir := write(t, small())
	want, err := bundle.Read(dir)
	do(t, err)
	for _, mode := range []fs.FileMode{0o400, 0o777, 0o755 | fs.ModeSetuid, 0o666 | fs.ModeSticky} {
		for name := range tree(t, dir) {
			do(t, os.Chmod(filepath.Join(dir, name), mode))
		}
		got, err := bundle.Read(dir)
		do(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", mode, diff)
		}
	}
}

// The list has one form; what else it may look like is refused, and so is the list that
// does not fit what is there.
func TestList(t *testing.T) {
	dir := write(t, small())
	file := filepath.Join(dir, "bundle.sha256")
	text, err := os.ReadFile(file)
	do(t, err)
	lines := strings.SplitAfter(string(text), "\n")
	for what, c := range map[string]struct{ list, want string }{
		"empty":         {"", "is empty"},
		"cut":           {string(text[:len(text)-1]), "was edited: line 11 is none that sprayc writes"},
		"order":         {lines[1] + lines[0] + strings.Join(lines[2:], ""), "was edited: line 2 is none that sprayc writes"},
		"twice":         {lines[0] + string(text), "was edited: line 2 is none that sprayc writes"},
		"up":            {lines[0][:66] + "../x\n", "was edited: line 1 is none that sprayc writes"},
		"root":          {lines[0][:66] + "/etc/passwd\n", "was edited: line 1 is none that sprayc writes"},
		"itself":        {lines[0][:66] + "bundle.sha256\n", "was edited: line 1 is none that sprayc writes"},
		"approval":      {lines[0][:66] + "approvals/a.sig\n", "was edited: line 1 is none that sprayc writes"},
		"not clean":     {lines[0][:66] + "lib//x\n", "was edited: line 1 is none that sprayc writes"},
		"foreign":       {lines[0][:66] + ".git/x\n", "was edited: line 1 is none that sprayc writes"},
		"upper case":    {strings.ToUpper(lines[0][:64]) + lines[0][64:] + strings.Join(lines[1:], ""), "was edited: line 1 is none that sprayc writes"},
		"binary":        {strings.Replace(string(text), "  ", " *", 1), "was edited: line 1 is none that sprayc writes"},
		"control":       {lines[0][:66] + "lib/\x01\n", "was edited: line 1 is none that sprayc writes"},
		"a line break":  {strings.Replace(string(text), "\n", "\r\n", 1), "was edited: line 1 is none that sprayc writes"},
		"an empty line": {string(text) + "\n", "was edited: line 12 is none that sprayc writes"},
	} {
		do(t, os.WriteFile(file, []byte(c.list), 0o644))
		refused(t, what, dir, "bundle.sha256 "+c.want)
	}
	do(t, os.Remove(file))
	refused(t, "none", dir, "bundle.sha256 is missing")
	do(t, os.WriteFile(file, []byte(strings.Join(lines[1:], "")), 0o644))
	refused(t, "a line less", dir, "PLAN.md is not of this bundle")
}

// An edit for which the list was made anew is found by the other lists, and one for
// which plan.json was, too, makes another bundle: only a signature tells.
func TestListMadeAnew(t *testing.T) {
	for name, want := range map[string]string{
		"run.sh": "run.sh was edited", "steps/m/a.sh": "steps/m/a.sh was edited", "classes/k.sha256": "classes/k.sha256 was edited",
		"hosts/h1.env": "hosts/h1.env was edited", "hosts/h2/config.toml": "hosts/h2.env or hosts/h2/config.toml was edited",
	} {
		dir := write(t, small())
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		do(t, err)
		do(t, os.WriteFile(path, append(text, text...), 0o644))
		b := small()
		b.Files[name] = bundle.File{Data: append(text, text...)}
		do(t, os.WriteFile(filepath.Join(dir, "bundle.sha256"), []byte(tree(t, write(t, b))["bundle.sha256"]), 0o644))
		_, err = bundle.Read(dir)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sha256sum checks every file but the list, whose digest is the bundle's.
func TestListWithPlainTools(t *testing.T) {
	dir := write(t, small())
	b, err := bundle.Read(dir)
	do(t, err)
	cmd := exec.Command("sh", "-euc", `sha256sum -c --strict --quiet bundle.sha256; sha256sum bundle.sha256
		find . -type f ! -name bundle.sha256 | wc -l; wc -l <bundle.sha256`)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	do(t, err)
	if want := b.Digest() + "  bundle.sha256\n11\n11\n"; string(out) != want {
		t.Errorf("%q, want %q", out, want)
	}
}

// The same bundle built again keeps its approvals; another one does not.
func TestApprovalsAndRebuild(t *testing.T) {
	dir := write(t, small())
	do(t, bundle.AddApproval(dir, "a@b.sig", []byte("one")))
	do(t, bundle.AddApproval(dir, "c.sig", []byte("two")))
	do(t, bundle.AddApproval(dir, "c.sig", []byte("three")))
	want := map[string][]byte{"approvals/a@b.sig": []byte("one"), "approvals/c.sig": []byte("three")}
	for range 2 {
		b, err := bundle.Read(dir)
		do(t, err)
		if diff := cmp.Diff(want, b.Approvals); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if n := bundle.CountApprovals(dir); n != 2 {
			t.Errorf("%d approvals", n)
		}
		do(t, bundle.Write(dir, small()))
	}
	other := small()
	other.Files["PLAN.md"] = bundle.File{Data: []byte("# another\n")}
	do(t, bundle.Write(dir, other))
	b, err := bundle.Read(dir)
	do(t, err)
	if b.Approvals != nil || bundle.CountApprovals(dir) != 0 {
		t.Errorf("another bundle has %v", b.Approvals)
	}
	for _, name := range []string{"x", ".sig", "../x.sig", "a b.sig", ".a.sig", "a/b.sig", strings.Repeat("a", 130) + ".sig"} {
		if err := bundle.AddApproval(dir, name, nil); err == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
}

// The whole of a host's bundle comes with its approvals and what they sign, a part without.
func TestPackApprovals(t *testing.T) {
	dir := write(t, small())
	do(t, bundle.AddApproval(dir, "a.sig", []byte("one")))
	b, err := bundle.Read(dir)
	do(t, err)
	data, err := bundle.Pack(b, "h2", "")
	do(t, err)
	files := unpack(t, data)
	want := append(b.HostFiles("h2"), "approvals/a.sig", "bundle.sha256")
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files: %q, want %q", got, want)
	}
	if files["bundle.sha256"] != string(b.List) || files["approvals/a.sig"] != "one" {
		t.Errorf("the list or the approval is another: %q", files)
	}
	checkWithTools(t, data, "h2", "k", b.Plan.Host("h2").Digest)
	if data, err = bundle.Pack(b, "h2", "worker"); err != nil {
		t.Fatal(err)
	}
	for path := range unpack(t, data) {
		if path == "bundle.sha256" || strings.HasPrefix(path, "approvals") {
			t.Errorf("a part has %s", path)
		}
	}
}
