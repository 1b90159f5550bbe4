package codegen

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// Release says whether run.sh and lib/ of a bundle are this release's own, byte for
// byte: nothing else than those, and of them all that a class's resources need; and whether
// plan.json says of the kinds of resource what this release says of them, from which an
// audit has what they do. What is so a reviewer who trusts the release need not read.
func Release(b *bundle.Bundle, stdlib fs.FS) (*audit.Library, error) {
	l, err := loadLibrary(stdlib)
	if err != nil {
		return nil, err
	}
	of := &audit.Library{Release: Version, Writer: b.Plan.Version, Edited: []string{}, Unknown: []string{}, Missing: []string{}}
	for path, file := range b.Files {
		name, inLib := strings.CutPrefix(path, "lib/")
		if path != bundle.RunFile && !inLib {
			continue
		}
		of.Files++
		own := l.files[name]
		switch {
		case own == nil || inLib && name == bundle.RunFile:
			of.Unknown = append(of.Unknown, path)
		case bundle.Digest(own) != bundle.Digest(file.Data):
			of.Edited = append(of.Edited, path)
		}
	}
	missing := map[string]bool{}
	if _, ok := b.Files[bundle.RunFile]; !ok {
		missing[bundle.RunFile] = true
	}
	for _, class := range b.Plan.Classes {
		if err := l.missing(b, &class, missing); err != nil {
			return nil, err
		}
	}
	if err := l.kindsDiffer(b, of, missing); err != nil {
		return nil, err
	}
	for path := range missing {
		of.Missing = append(of.Missing, path)
	}
	sort.Strings(of.Edited)
	sort.Strings(of.Unknown)
	sort.Strings(of.Missing)
	return of, nil
}

// kindsDiffer adds the kinds of which plan.json says something else than this release, or
// nothing.
func (l *library) kindsDiffer(b *bundle.Bundle, of *audit.Library, missing map[string]bool) error {
	text := func(kind bundle.Kind) (string, error) {
		data, err := json.Marshal(kind)
		return string(data), err
	}
	said := map[string]bool{}
	for _, kind := range b.Plan.Kinds {
		said[kind.Name] = true
		there, err := text(kind)
		if err != nil {
			return err
		}
		own, known := l.kinds[kind.Name]
		own.effects.Name = kind.Name
		here, err := text(own.effects)
		if err != nil {
			return err
		}
		place := fmt.Sprintf("plan.json of the kind %q", kind.Name)
		switch {
		case !known:
			of.Unknown = append(of.Unknown, place)
		case there != here:
			of.Edited = append(of.Edited, place)
		}
	}
	for path := range b.Files {
		file, inLib := strings.CutPrefix(path, "lib/")
		name := strings.TrimSuffix(file, ".sh")
		if kind, isKind := l.kinds[name]; inLib && isKind && !said[name] && says(&kind.effects) {
			missing[fmt.Sprintf("plan.json of the kind %q", name)] = true
		}
	}
	return nil
}

// missing adds what a class lacks of what the kinds that it has need.
func (l *library) missing(b *bundle.Bundle, class *bundle.Class, missing map[string]bool) error {
	has := map[string]bool{}
	var kinds []string
	for _, sum := range bundle.ParseSums(b.Files[bundle.SumsPath(class.Name)].Data) {
		file, inLib := strings.CutPrefix(sum.Path, "lib/")
		name := strings.TrimSuffix(file, ".sh")
		if _, isKind := l.kinds[name]; inLib && isKind {
			kinds = append(kinds, name)
		}
		has[sum.Path] = true
	}
	if b.Plan.ClearsClass(class.Name) {
		kinds = l.undoing()
	}
	files, err := l.closure(kinds, class.Family)
	if err != nil {
		return fmt.Errorf("class %s: %w", class.Name, err)
	}
	for _, file := range files {
		if !has["lib/"+file] {
			missing["lib/"+file] = true
		}
	}
	return nil
}
