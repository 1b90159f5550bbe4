package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// ErrEdited is returned by Read when a file is not as it was built.
var ErrEdited = errors.New("the bundle is not as it was built")

// EditedError is a bundle that is not as it was built. It wraps [ErrEdited].
type EditedError struct {
	Dir   string
	Wrong []string // a path and what is wrong with it, sorted: "run.sh was edited"
}

func (e *EditedError) Error() string {
	return fmt.Sprintf("read bundle %s: %v: %s; build it again, or undo the edit", e.Dir, ErrEdited, enumerate(e.Wrong))
}

func (e *EditedError) Unwrap() error { return ErrEdited }

func edited(dir string, wrong map[string]string) error {
	e := &EditedError{Dir: dir}
	for path, what := range wrong {
		e.Wrong = append(e.Wrong, path+" "+what)
	}
	sort.Strings(e.Wrong)
	return e
}

// enumerate names the first few of a list and counts the rest.
func enumerate(list []string) string {
	const most = 5
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s, and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// sumsOf returns the text of bundle.sha256 for the bundle, whose plan.json is given.
func (b *Bundle) sumsOf(plan []byte) []byte {
	sums := []Sum{{Digest: Digest(plan), Path: PlanFile}}
	for path, file := range b.Files {
		sums = append(sums, Sum{Digest: Digest(file.Data), Path: path})
	}
	return FormatSums(sums)
}

// Digest returns the digest of a bundle that was read, which covers every byte of it
// but the approvals: `sha256sum bundle.sha256`.
func (b *Bundle) Digest() string { return Digest(b.List) }

// Outside returns a file that stands in no list: bundle.sha256 itself, or an approval; nil
// if the bundle that was read has none of that path.
func (b *Bundle) Outside(path string) []byte {
	if path == SumsFile {
		return b.List
	}
	return b.Approvals[path]
}

// listLine is a line of bundle.sha256. Of a path that sha256sum would write with a
// backslash there is none.
var listLine = regexp.MustCompile(`^([0-9a-f]{64})  ([^\\\x00-\x1f\x7f]+)$`)

// ParseList reads bundle.sha256, in the one form in which it is written: sorted, each
// path once and within the bundle.
func ParseList(data []byte) ([]Sum, error) {
	var sums []Sum
	last, number := "", 0
	for line := range strings.Lines(string(data)) {
		number++
		text, whole := strings.CutSuffix(line, "\n")
		match := listLine.FindStringSubmatch(text)
		if !whole || match == nil || match[2] <= last || !listable(match[2]) {
			return nil, fmt.Errorf("was edited: line %d is none that sprayc writes", number)
		}
		last = match[2]
		sums = append(sums, Sum{Digest: match[1], Path: last})
	}
	if sums == nil {
		return nil, errors.New("is empty")
	}
	return sums, nil
}

// listable reports whether a file of that path may be in bundle.sha256.
func listable(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return filepath.IsLocal(name) && path.Clean(name) == name && ours[top] && name != SumsFile && top != ApprovalsDir
}

// ours are the names at the top of a bundle.
var ours = map[string]bool{
	PlanFile: true, ReadmeFile: true, RunFile: true, OriginsFile: true, SumsFile: true,
	"lib": true, "steps": true, "classes": true, "hosts": true, ApprovalsDir: true,
}

// present is what is in the folder of a bundle.
type present struct {
	files     map[string]bool // regular ones
	approvals []string
}

// look walks the folder and returns what is there, and what should not be, by path.
func look(dir string, listed []Sum) (present, map[string]string, error) {
	known := make(map[string]bool, len(listed))
	for _, sum := range listed {
		known[sum.Path] = true
	}
	there, wrong := present{files: map[string]bool{}}, map[string]string{}
	root, err := filepath.EvalSymlinks(dir) // the folder itself may be one
	if err != nil {
		return there, nil, err
	}
	err = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || file == root {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		approval := path.Dir(name) == ApprovalsDir && IsApproval(path.Base(name))
		switch {
		case entry.IsDir() && !known[name]:
		case entry.Type()&fs.ModeSymlink != 0:
			wrong[name] = "is a symbolic link"
		case !entry.Type().IsRegular():
			wrong[name] = "is not a file"
		case approval:
			there.approvals = append(there.approvals, name)
		case known[name]:
			there.files[name] = true
		case name != SumsFile && !copied(name) && !strings.HasPrefix(name, ApprovalsDir+"/"+unfinished):
			wrong[name] = "is not of this bundle"
		}
		return nil
	})
	return there, wrong, err
}

// copied reports whether a file is a tar at the top: PLAN.md's commands make one there for
// each host, to copy. Nothing reads it, and run.sh passes it over too.
func copied(name string) bool { return path.Dir(name) == "." && path.Ext(name) == ".tar" }

// under reports whether a path is one of those that are wrong, or below one.
func under(wrong map[string]string, name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if _, ok := wrong[name]; ok {
			return true
		}
	}
	return false
}

// IsApproval reports whether a file of approvals/ is a signature by its name.
func IsApproval(name string) bool {
	return strings.HasSuffix(name, ".sig") && !strings.HasPrefix(name, ".") && approvalName.MatchString(name)
}

var approvalName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@+-]{0,120}$`)

// CountApprovals returns how many signatures a folder has in approvals/.
func CountApprovals(dir string) int { return len(approvalsIn(dir)) }

// approvalsIn reads the signatures of the bundle in a folder, by path.
func approvalsIn(dir string) map[string][]byte {
	entries, err := os.ReadDir(filepath.Join(dir, ApprovalsDir))
	if err != nil {
		return nil
	}
	all := map[string][]byte{}
	for _, entry := range entries {
		name := ApprovalsDir + "/" + entry.Name()
		if !IsApproval(entry.Name()) || !entry.Type().IsRegular() {
			continue
		}
		if data, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			all[name] = data
		}
	}
	return all
}
