package compiler

import (
	"path/filepath"
	"reflect"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// relocate makes the places of a plan relative to the definition's folder.
// Diagnostics name files from the working directory, as the user would; a
// bundle has the same bytes wherever it is built and however the definition is
// named. The sources are known by both names then: what the next pass finds, it
// finds in the plan. Inputs has them by the new one alone.
func relocate(plan *ir.Plan, def *lang.Definition) {
	r := &relocation{dir: def.Dir, files: map[string]string{}, seen: map[uintptr]bool{}, spans: map[*diag.Span]bool{}}
	r.walk(reflect.ValueOf(plan))
	for i := range plan.Modules {
		plan.Modules[i].Path = r.file(plan.Modules[i].Path)
	}
	def.Inputs = diag.Sources{}
	for _, name := range sortedKeys(def.Sources) {
		def.Inputs[r.file(name)] = def.Sources[name]
		if rel := r.file(name); def.Sources[rel] == nil {
			def.Sources[rel] = def.Sources[name]
		}
	}
}

type relocation struct {
	dir   string
	files map[string]string
	seen  map[uintptr]bool
	spans map[*diag.Span]bool
}

var spanType = reflect.TypeFor[diag.Span]()

func (r *relocation) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || r.seen[v.Pointer()] {
			return
		}
		r.seen[v.Pointer()] = true
		r.walk(v.Elem())
	case reflect.Slice:
		switch v.Type().Elem().Kind() {
		case reflect.Struct, reflect.Pointer:
			for i := range v.Len() {
				r.walk(v.Index(i))
			}
		}
	case reflect.Struct:
		if v.Type() == spanType {
			at := v.Addr().Interface().(*diag.Span)
			if !r.spans[at] { // slices may share what they hold
				r.spans[at] = true
				at.File = r.file(at.File)
			}
			return
		}
		for i := range v.NumField() {
			r.walk(v.Field(i))
		}
	}
}

func (r *relocation) file(name string) string {
	if name == "" || r.dir == "." {
		return name
	}
	if known, ok := r.files[name]; ok {
		return known
	}
	out := name
	if !strings.HasPrefix(name, "stdlib/") || strings.HasPrefix(r.dir, "stdlib") {
		if rel, err := filepath.Rel(r.dir, name); err == nil {
			out = filepath.ToSlash(rel)
		}
	}
	r.files[name] = out
	return out
}
