package bundle

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Read reads the bundle in the folder dir. It refuses a schema newer than
// [Schema], and a bundle of which a file is missing, was edited after it was built,
// or was put there since, with an [EditedError]: what was reviewed is what runs.
func Read(dir string) (*Bundle, error) {
	data, err := os.ReadFile(filepath.Join(dir, PlanFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read bundle: %s is %w: it has no %s; make one with sprayc build -o %s", dir, ErrNotABundle, PlanFile, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	list, err := os.ReadFile(filepath.Join(dir, SumsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	b := &Bundle{Files: map[string]File{}, List: list}
	if err != nil {
		if err := decodePlan(data, &b.Plan); err != nil { // of another schema it may have no list
			return nil, fmt.Errorf("read bundle %s: %w", dir, err)
		}
		return nil, edited(dir, map[string]string{SumsFile: "is missing"})
	}
	wrong, err := b.loadListed(dir)
	if err != nil {
		return nil, fmt.Errorf("read bundle %s: %w", dir, err)
	}
	if len(wrong) > 0 {
		return nil, edited(dir, wrong)
	}
	if err := decodePlan(data, &b.Plan); err != nil {
		return nil, fmt.Errorf("read bundle %s: %w", dir, err)
	}
	if wrong := b.inconsistent(); len(wrong) > 0 {
		return nil, edited(dir, wrong)
	}
	return b, nil
}

func decodePlan(data []byte, plan *Plan) error {
	var head struct {
		Schema int    `json:"schema"`
		Writer string `json:"sprayc"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("%s: %w", PlanFile, err)
	}
	if head.Schema < 1 || head.Schema > Schema {
		return fmt.Errorf("%s has schema %d, written by sprayc %s; this one reads schema %d: use that sprayc, or build it again",
			PlanFile, head.Schema, head.Writer, Schema)
	}
	if err := json.Unmarshal(data, plan); err != nil {
		return fmt.Errorf("%s: %w", PlanFile, err)
	}
	plan.Operation = cmp.Or(plan.Operation, Converge) // it had none before there were others
	return nil
}

// loadListed reads what bundle.sha256 lists and the approvals, and returns what is
// wrong, by path.
func (b *Bundle) loadListed(dir string) (map[string]string, error) {
	listed, err := ParseList(b.List)
	if err != nil {
		return map[string]string{SumsFile: err.Error()}, nil
	}
	there, wrong, err := look(dir, listed)
	if err != nil {
		return nil, err
	}
	paths := make([]string, 0, len(listed)+len(there.approvals))
	for _, sum := range listed {
		if there.files[sum.Path] {
			paths = append(paths, sum.Path)
		}
	}
	if err := b.load(dir, append(paths, there.approvals...)); err != nil {
		return nil, err
	}
	for _, path := range there.approvals {
		if b.Approvals == nil {
			b.Approvals = map[string][]byte{}
		}
		b.Approvals[path] = b.Files[path].Data
		delete(b.Files, path)
	}
	for _, sum := range listed {
		file, ok := b.Files[sum.Path]
		switch {
		case !ok && !under(wrong, sum.Path):
			wrong[sum.Path] = "is missing"
		case ok && Digest(file.Data) != sum.Digest:
			wrong[sum.Path] = "was edited"
		}
	}
	delete(b.Files, PlanFile)
	return wrong, nil
}

// load reads files, several at a time. A file that is not there is left out,
// for Verify to find.
func (b *Bundle) load(dir string, paths []string) error {
	files := make([]*File, len(paths))
	var group errgroup.Group
	group.SetLimit(2 * runtime.GOMAXPROCS(0))
	const batch = 64
	for start := 0; start < len(paths); start += batch {
		group.Go(func() error {
			for i := start; i < min(start+batch, len(paths)); i++ {
				file, err := readFile(dir, paths[i])
				if err != nil {
					return err
				}
				files[i] = file
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, file := range files {
		if file != nil {
			b.Files[paths[i]] = *file
		}
	}
	return nil
}

func readFile(dir, path string) (*File, error) {
	if !filepath.IsLocal(path) {
		return nil, fmt.Errorf("%w: the path %q leaves it", ErrEdited, path)
	}
	data, err := os.ReadFile(filepath.Join(dir, path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &File{Data: data, Mode: modeOf(path)}, nil
}

// modeOf returns the mode that a file of that path has in every bundle. It is
// not read from the disk, which a copy or an archive may have changed.
func modeOf(path string) uint32 {
	if path == RunFile {
		return 0o755
	}
	return 0o644
}

// inconsistent returns what does not fit together in a bundle whose files are all as
// bundle.sha256 has them, by path: then that was made anew after an edit.
func (b *Bundle) inconsistent() map[string]string {
	digests := map[string]string{}
	digest := func(path string) string {
		if _, ok := digests[path]; !ok {
			digests[path] = Digest(b.Files[path].Data)
		}
		return digests[path]
	}
	wrong := map[string]string{}
	check := func(path string, same bool) {
		if _, ok := b.Files[path]; !ok {
			wrong[path] = "is missing"
		} else if !same {
			wrong[path] = "was edited"
		}
	}
	for _, class := range b.Plan.Classes {
		path := SumsPath(class.Name)
		check(path, digest(path) == class.Digest)
		for _, sum := range ParseSums(b.Files[path].Data) {
			check(sum.Path, digest(sum.Path) == sum.Digest)
		}
	}
	for i := range b.Plan.Hosts {
		b.verifyHost(&b.Plan.Hosts[i], wrong)
	}
	return wrong
}

// verifyHost notes what of a host's own files is missing or edited. One digest
// covers them all, so an edit of one cannot be told from that of another.
func (b *Bundle) verifyHost(host *Host, wrong map[string]string) {
	paths := append([]string{EnvPath(host.Name)}, host.Files...)
	whole := true
	for _, path := range paths {
		if _, ok := b.Files[path]; !ok {
			wrong[path] = "is missing"
			whole = false
		}
	}
	env := b.Files[EnvPath(host.Name)].Data
	if whole && (b.hostDigest(host) != host.Digest || string(WithDigest(env, host.Digest)) != string(env)) {
		wrong[strings.Join(paths, " or ")] = "was edited"
	}
}

func (b *Bundle) hostDigest(host *Host) string {
	payloads := make(map[string]File, len(host.Files))
	for _, path := range host.Files {
		payloads[path] = b.Files[path]
	}
	class := b.Plan.Class(host.Class)
	if class == nil {
		return ""
	}
	return HostDigest(host.Name, host.Class, class.Digest, b.Files[EnvPath(host.Name)].Data, payloads)
}
