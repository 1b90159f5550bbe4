package origin_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/origin"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

// example builds an example's bundle; the sources are those that its places may name.
func example(t *testing.T, dir string) (*bundle.Bundle, diag.Sources) {
	t.Helper()
	lib, diags := lang.LoadLibrary(stdlib.FS)
	def, more := lang.Load([]string{dir}, lang.Options{})
	plan, errors := compiler.Compile(def, lib)
	if diags = append(append(diags, more...), errors...); diags.HasErrors() {
		t.Fatalf("%s: %v", dir, diags)
	}
	b, diags := codegen.Build(plan, stdlib.FS)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", dir, diags)
	}
	for name, text := range lib.Sources {
		def.Sources[name] = text
	}
	return b, def.Sources
}

// frames are the lines of a script that say nothing of their own.
var frames = regexp.MustCompile(`^(|#!/bin/sh|#.*|main\(\) \{|\tstep [a-z0-9_/.-]+|\tstep_end|\}|main "\$@")$`)

// No generated line is without an origin: each line of each script of each example has
// a value at a place that is there, or is of the frame that all scripts have; each line
// of every other file has an answer too. What is said of a value names what its place
// is made from.
func TestEveryLine(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/*/cluster.hcl")
	if err != nil || len(dirs) < 5 {
		t.Fatal(dirs, err)
	}
	for _, file := range dirs {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			b, sources := example(t, filepath.Dir(file))
			finder, err := origin.Of(b)
			if err != nil {
				t.Fatal(err)
			}
			known, err := b.Origins()
			if err != nil {
				t.Fatal(err)
			}
			generated := map[string]bool{}
			values := 0
			for _, path := range finder.Scripts() {
				generated[path] = true
				values += everyScriptLine(t, finder, path, string(b.Files[path].Data), known, sources)
			}
			if values < 100 {
				t.Errorf("only %d lines have values; is the walk broken?", values)
			}
			for path, f := range b.Files {
				if generated[path] || strings.HasPrefix(path, "lib/") {
					continue
				}
				for i := range strings.Count(string(f.Data), "\n") {
					a, err := finder.Line(path, i+1)
					if err != nil || a.What == "" {
						t.Fatalf("%s:%d: %v %+v", path, i+1, err, a)
					}
					if strings.HasPrefix(path, "steps/") && len(a.Values) == 0 || strings.HasPrefix(path, "hosts/") && i > 0 && len(a.Values) == 0 && !strings.HasPrefix(a.Text, "SPRAY_CLASS=") && !strings.HasPrefix(a.Text, "SPRAY_OPERATION=") {
						t.Errorf("%s:%d has no origin: %q", path, i+1, a.Text)
					}
				}
			}
		})
	}
}

// everyScriptLine checks the lines of one script and returns how many have values.
func everyScriptLine(t *testing.T, finder *origin.Finder, path, text string, known *bundle.Origins, sources diag.Sources) (values int) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		a, err := finder.Line(path, i+1)
		if err != nil {
			t.Fatal(err)
		}
		at := fmt.Sprintf("%s:%d: %q", path, i+1, line)
		if a.Step == nil || len(a.Hosts) == 0 {
			t.Errorf("%s: no step or nobody who has it: %+v", at, a)
		}
		if len(a.Values) == 0 {
			if !frames.MatchString(line) {
				t.Errorf("%s has no origin: %s", at, a.What)
			}
			continue
		}
		values++
		for _, v := range a.Values {
			checkPlace(t, at, v, sources)
			if _, there := known.Places[v.Place]; strings.Contains(v.Place, ".hcl:") && !there {
				t.Errorf("%s: origins.json has no %s, of %s", at, v.Place, v.Name)
			}
		}
	}
	return values
}

// checkPlace checks that a value's place is there.
func checkPlace(t *testing.T, at string, v origin.Value, sources diag.Sources) {
	t.Helper()
	file, rest, _ := strings.Cut(v.Place, ":")
	number, _, _ := strings.Cut(rest, ":")
	src, known := sources[file]
	if !known {
		t.Errorf("%s: %s comes from %q, which is no source", at, v.Name, v.Place)
		return
	}
	if n, _ := strconv.Atoi(number); rest != "" && (n < 1 || n > strings.Count(string(src), "\n")+1) {
		t.Errorf("%s: %s has no line %s", at, file, number)
	}
	for _, n := range v.Names {
		if n.Name == "" || n.How == "" {
			t.Errorf("%s: %+v", at, n)
		}
	}
}

// A bundle of an older sprayc has no origins, which is said.
func TestNoOrigins(t *testing.T) {
	b, _ := example(t, "../../examples/small")
	delete(b.Files, bundle.OriginsFile)
	if _, err := origin.Of(b); err == nil || !strings.Contains(err.Error(), "build it again") {
		t.Error(err)
	}
}
