package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"

	"golang.org/x/sync/errgroup"
)

// ErrNotABundle is returned when the folder to write to is in use for
// something else, which is left alone.
var ErrNotABundle = errors.New("not a bundle")

// Write puts the bundle in the place of the folder dir. The new one is built
// beside it, under a name with a leading dot, and takes its place at once, so
// that any failure leaves the old one whole.
//
// It refuses a folder that is not empty and holds anything that no bundle of
// ours put there. It follows a symbolic link to the folder. The approvals of the bundle
// that it replaces are kept if the new one is the same, byte for byte; else they would
// be of another bundle, and go with it.
func Write(dir string, b *Bundle) error {
	target, err := resolve(dir)
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if err := replaceable(dir, target); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	parent := filepath.Dir(target)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	stage, err := newStage(parent, filepath.Base(target))
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	defer stage.remove()
	if err := writeFiles(stage.dir, b); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if err := keepApprovals(stage.dir, target); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if err := stage.replace(target); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	return nil
}

// resolve returns the absolute path of the folder, with its symbolic links
// followed as far as it exists.
func resolve(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	return real, err
}

// replaceable says why the folder must not be replaced, if so.
func replaceable(dir, target string) error {
	entries, err := os.ReadDir(target)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(target, PlanFile))
	var head struct {
		Schema int     `json:"schema"`
		Writer *string `json:"sprayc"`
	}
	if err != nil || json.Unmarshal(data, &head) != nil || head.Schema == 0 || head.Writer == nil {
		return fmt.Errorf("%s is %w and not empty: remove it, or give another folder", dir, ErrNotABundle)
	}
	for _, entry := range entries {
		if !ours[entry.Name()] {
			return fmt.Errorf("%s holds %s, which is %w's and would be lost: move it elsewhere, or give another folder",
				dir, entry.Name(), ErrNotABundle)
		}
	}
	return nil
}

// writeFiles writes all files of the bundle below dir, several at a time.
func writeFiles(dir string, b *Bundle) error {
	plan, err := b.Plan.Encode()
	if err != nil {
		return err
	}
	paths, err := makeFolders(dir, b)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(2 * runtime.GOMAXPROCS(0))
	const batch = 64
	for start := 0; start < len(paths); start += batch {
		part := paths[start:min(start+batch, len(paths))]
		group.Go(func() error {
			for _, path := range part {
				if err := writeFile(dir, path, b.Files[path]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := writeFile(dir, SumsFile, File{Data: b.sumsOf(plan)}); err != nil {
		return err
	}
	return writeFile(dir, PlanFile, File{Data: plan})
}

// keepApprovals copies the approvals of an old bundle beside a new one that is the same.
func keepApprovals(dir, old string) error {
	before, err := os.ReadFile(filepath.Join(old, SumsFile))
	if err != nil {
		return nil // there is none, or no old bundle
	}
	now, err := os.ReadFile(filepath.Join(dir, SumsFile))
	if err != nil || !bytes.Equal(before, now) {
		return err
	}
	for path, data := range approvalsIn(old) {
		if err := addApproval(dir, path, data); err != nil {
			return err
		}
	}
	return nil
}

// AddApproval puts a signature into the folder of a bundle, as approvals/NAME, in the
// place of one of that name.
func AddApproval(dir, name string, signature []byte) error {
	if !IsApproval(name) {
		return fmt.Errorf("add approval: %q is not the name of a signature", name)
	}
	if err := addApproval(dir, ApprovalsDir+"/"+name, signature); err != nil {
		return fmt.Errorf("add approval: %w", err)
	}
	return nil
}

// unfinished begins the name of an approval that is being written.
const unfinished = ".sprayc-approval-"

func addApproval(dir, path string, signature []byte) error {
	folder := filepath.Join(dir, ApprovalsDir)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(folder, unfinished+"*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(signature)
	if err := errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), filepath.Join(dir, path))
}

// makeFolders makes every folder that a file needs and returns the files'
// paths, sorted.
func makeFolders(dir string, b *Bundle) ([]string, error) {
	paths := make([]string, 0, len(b.Files))
	made := map[string]bool{}
	for path := range b.Files {
		if !listLine.MatchString(Digest(nil)+"  "+path) || !listable(path) {
			return nil, fmt.Errorf("the path %q is none of a bundle; this is a bug in sprayc", path)
		}
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		folder := filepath.Dir(path)
		if made[folder] {
			continue
		}
		made[folder] = true
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

func writeFile(dir, path string, file File) error {
	return os.WriteFile(filepath.Join(dir, path), file.Data, fs.FileMode(file.Perm()))
}

// Encode returns the plan as the text of plan.json.
func (p *Plan) Encode() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(p); err != nil {
		return nil, fmt.Errorf("encode %s: %w", PlanFile, err)
	}
	return out.Bytes(), nil
}
