package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"golang.org/x/sync/errgroup"
)

// ErrEdited is returned by Read when a file is not as it was built.
var ErrEdited = errors.New("the bundle is not as it was built")

// Read reads the bundle in the folder dir. It refuses a schema newer than
// [Schema], and a bundle of which a file is missing or was edited after it was
// built: what was reviewed is what runs.
func Read(dir string) (*Bundle, error) {
	data, err := os.ReadFile(filepath.Join(dir, PlanFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read bundle: %s is %w: it has no %s; make one with sprayc build -o %s", dir, ErrNotABundle, PlanFile, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	b := &Bundle{Files: map[string]File{}}
	if err := decodePlan(data, &b.Plan); err != nil {
		return nil, fmt.Errorf("read bundle %s: %w", dir, err)
	}
	if err := b.load(dir, b.topPaths()); err != nil {
		return nil, fmt.Errorf("read bundle %s: %w", dir, err)
	}
	if err := b.load(dir, b.closurePaths()); err != nil {
		return nil, fmt.Errorf("read bundle %s: %w", dir, err)
	}
	if changed := b.Verify(); len(changed) > 0 {
		return nil, fmt.Errorf("read bundle %s: %w: %s; build it again, or undo the edit", dir, ErrEdited, enumerate(changed))
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
	return nil
}

// topPaths are the files that plan.json speaks of.
func (b *Bundle) topPaths() []string {
	paths := []string{ReadmeFile}
	for _, class := range b.Plan.Classes {
		paths = append(paths, SumsPath(class.Name))
	}
	for _, host := range b.Plan.Hosts {
		paths = append(paths, EnvPath(host.Name))
		paths = append(paths, host.Files...)
	}
	return paths
}

// closurePaths are the files that the classes' closures speak of.
func (b *Bundle) closurePaths() []string {
	seen := map[string]bool{}
	for _, class := range b.Plan.Classes {
		for _, sum := range ParseSums(b.Files[SumsPath(class.Name)].Data) {
			seen[sum.Path] = true
		}
	}
	paths := make([]string, 0, len(seen))
	for path := range seen {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return paths
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

// Verify returns the paths of the files that are missing or not as they were
// built, sorted, each with what is wrong.
func (b *Bundle) Verify() []string {
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
			wrong[path] = path + " is missing"
		} else if !same {
			wrong[path] = path + " was edited"
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
	return sortedValues(wrong)
}

// verifyHost notes what of a host's own files is missing or edited. One digest
// covers them all, so an edit of one cannot be told from that of another.
func (b *Bundle) verifyHost(host *Host, wrong map[string]string) {
	paths := append([]string{EnvPath(host.Name)}, host.Files...)
	whole := true
	for _, path := range paths {
		if _, ok := b.Files[path]; !ok {
			wrong[path] = path + " is missing"
			whole = false
		}
	}
	env := b.Files[EnvPath(host.Name)].Data
	if whole && (b.hostDigest(host) != host.Digest || string(WithDigest(env, host.Digest)) != string(env)) {
		wrong[paths[0]] = strings.Join(paths, " or ") + " was edited"
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

func sortedValues(m map[string]string) []string {
	values := make([]string, 0, len(m))
	for _, value := range m {
		values = append(values, value)
	}
	sort.Strings(values)
	return values
}

// enumerate names the first few of a list and counts the rest.
func enumerate(list []string) string {
	const most = 5
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s, and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
