package codegen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/zclconf/go-cty/cty"
)

// library is stdlib/lib as codegen sees it: which files there are, and what a
// kind's header says of the files that it needs.
type library struct {
	fsys     fs.FS
	files    map[string][]byte // by base name: "file.sh"
	kinds    map[string]libraryKind
	assigned map[string]bool // every variable that the library assigns
}

// libraryKind is what codegen needs of a kind's header.
type libraryKind struct {
	identity string
	uses     []string
	commands []string
	effects  bundle.Kind
}

// loadLibrary reads lib/ of the standard library.
func loadLibrary(fsys fs.FS) (*library, error) {
	names, err := fs.Glob(fsys, "lib/*")
	if err != nil {
		return nil, fmt.Errorf("read the shell library: %w", err)
	}
	l := &library{fsys: fsys, files: map[string][]byte{}, kinds: map[string]libraryKind{}, assigned: map[string]bool{}}
	for _, name := range names {
		base, ext := path.Base(name), path.Ext(name)
		if ext != ".sh" && ext != ".hcl" {
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read the shell library: %w", err)
		}
		if ext == ".hcl" {
			kind, err := readKind(name, data)
			if err != nil {
				return nil, fmt.Errorf("read the shell library: %w", err)
			}
			l.kinds[strings.TrimSuffix(base, ext)] = kind
			continue
		}
		l.files[base] = data
		for _, variable := range assignedNames(data) {
			l.assigned[variable] = true
		}
	}
	return l, nil
}

// assignedNames returns the names that a file of the library assigns.
func assignedNames(src []byte) []string {
	names, err := shell.Assigned(src)
	if err != nil {
		return nil // the library's own tests parse it; here it costs only a longer name
	}
	return names
}

// readKind reads the header of a kind.
func readKind(name string, data []byte) (libraryKind, error) {
	var kind libraryKind
	file, diags := hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	if diags.HasErrors() {
		return kind, diags
	}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		if block.Type != "kind" {
			continue
		}
		kind.identity = stringOf(block.Body.Attributes["identity"])
		kind.uses = stringsOf(block.Body.Attributes["uses"])
		kind.commands = stringsOf(block.Body.Attributes["commands"])
		kind.effects = readEffects(name, block.Body)
	}
	return kind, nil
}

func valueOf(attribute *hclsyntax.Attribute) cty.Value {
	if attribute == nil {
		return cty.NilVal
	}
	value, diags := attribute.Expr.Value(nil)
	if diags.HasErrors() || value.IsNull() || !value.IsWhollyKnown() {
		return cty.NilVal
	}
	return value
}

func stringOf(attribute *hclsyntax.Attribute) string {
	if v := valueOf(attribute); v != cty.NilVal && v.Type() == cty.String {
		return v.AsString()
	}
	return ""
}

func stringsOf(attribute *hclsyntax.Attribute) []string {
	v := valueOf(attribute)
	if v == cty.NilVal || !v.CanIterateElements() {
		return nil
	}
	var all []string
	for _, element := range v.AsValueSlice() {
		if element.Type() == cty.String {
			all = append(all, element.AsString())
		}
	}
	return all
}

// always returns the library files that every bundle has: core.sh and what it
// is made of, that is all that neither implements a kind nor is used by one. What
// undoes is for a reset alone.
func (l *library) always() []string {
	asked := map[string]bool{"run": true}
	for name, kind := range l.kinds {
		asked[name] = true
		for _, used := range kind.uses {
			asked[used] = true
		}
	}
	var names []string
	for file := range l.files {
		name, _, _ := strings.Cut(file, ".") // package.debian.sh is package's
		if !asked[name] && !strings.HasPrefix(name, "undo") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// undoing returns all that the library has: a reset takes away what any bundle has made.
func (l *library) undoing() []string {
	names := map[string]bool{}
	for file := range l.files {
		if name, _, _ := strings.Cut(file, "."); name != "run" {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// errUnknownKind is a kind that the library does not implement: the compiler
// should have said so.
var errUnknownKind = errors.New("the library has no shell for it; this is a bug in sprayc")

// closure returns the base names of the library files that these kinds need on
// this OS family, sorted: core, the kinds, what they use, and of each its file
// for the family.
func (l *library) closure(kinds []string, family string) ([]string, error) {
	need := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		if need[name] {
			return nil
		}
		need[name] = true
		file := name + ".sh"
		familyFile := name + "." + family + ".sh"
		if l.files[file] == nil && l.files[familyFile] == nil {
			return fmt.Errorf("lib/%s: %w", file, errUnknownKind)
		}
		for _, used := range l.kinds[name].uses {
			if err := add(used); err != nil {
				return err
			}
		}
		return nil
	}
	for _, name := range append(l.always(), kinds...) {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	var files []string
	for name := range need {
		for _, file := range []string{name + ".sh", name + "." + family + ".sh"} {
			if l.files[file] != nil {
				files = append(files, file)
			}
		}
	}
	sort.Strings(files)
	return files, nil
}

// run returns run.sh.
func (l *library) run() ([]byte, error) {
	if data := l.files["run.sh"]; data != nil {
		return bytes.Clone(data), nil
	}
	return nil, errors.New("the shell library has no lib/run.sh; this is a bug in sprayc")
}
