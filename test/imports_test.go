package test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const own = "github.com/sprayc/sprayc/"

// may says which of our packages those of a folder may import, beside their own
// folder's, as ARCHITECTURE.md has it. Of a folder only what is named: "compiler/ir" does not
// open "compiler".
var may = map[string][]string{
	"lang":     {},
	"compiler": {"lang", "lang/hostpattern"},
	"codegen":  {"compiler/ir"},
	"stdlib":   {},
	"runner":   {"codegen/bundle"},
	"cmd":      nil, // all
	"test":     nil,
}

// everyone may import these.
var everyone = []string{"lang/diag", "lang/selector"}

// forbidden are packages of others that a folder's may not import.
var forbidden = map[string]string{
	"lang/diag":     "github.com/hashicorp/hcl",
	"lang/selector": "github.com/hashicorp/hcl",
	"runner":        "github.com/hashicorp/hcl",
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range sources(t, ".go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		dir := filepath.Dir(file)
		top, _, _ := strings.Cut(dir, "/")
		allowed, known := may[top]
		if !known {
			t.Errorf("%s: ARCHITECTURE.md's table has no folder %s", file, top)
			continue
		}
		seen[top] = true
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", file), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for folder, other := range forbidden {
				if (dir == folder || strings.HasPrefix(dir, folder+"/")) && strings.HasPrefix(path, other) {
					t.Errorf("%s imports %s, which %s must not know", file, path, folder)
				}
			}
			ours, is := strings.CutPrefix(path, own)
			if !is || allowed == nil || ours == top || strings.HasPrefix(ours, top+"/") || slices.Contains(everyone, ours) || slices.Contains(allowed, ours) {
				continue
			}
			if !strings.Contains(dir+"/", "/gen/") { // a generator is a program of its own
				t.Errorf("%s imports %s; %s may import %v, lang/diag and lang/selector", file, ours, top, allowed)
			}
		}
	}
	for folder := range may {
		if !seen[folder] {
			t.Errorf("no source is in %s; is the walk broken?", folder)
		}
	}
}

// No file is so long that nobody reads it; the style asks for 300 lines.
func TestFilesAreShort(t *testing.T) {
	for _, ext := range []string{".go", ".sh"} {
		for _, file := range sources(t, ext) {
			if n := strings.Count(read(t, file), "\n"); n > 500 {
				t.Errorf("%s has %d lines; cut it where it has a seam", file, n)
			}
		}
	}
	if n := strings.Count(read(t, "ARCHITECTURE.md"), "\n"); n > 250 {
		t.Errorf("ARCHITECTURE.md has %d lines; it stays under 250", n)
	}
}

// machine matches paths of the machine that something was written on.
var machine = regexp.MustCompile(`/(work|home/[a-z]+|Users)/(main|wt|shared|notes|[a-z]+/src)\b`)

// Nothing names a path of the machine that it was written on.
func TestNoMachinePaths(t *testing.T) {
	for _, file := range sources(t, "") {
		if found := machine.FindString(read(t, file)); found != "" {
			t.Errorf("%s names %s", file, found)
		}
	}
}

// words that the vocabulary has better ones for, as names of files and packages.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc"}

func TestNames(t *testing.T) {
	for _, file := range sources(t, "") {
		for _, part := range strings.FieldsFunc(file, func(r rune) bool { return r == '/' || r == '.' }) {
			if slices.Contains(vague, part) && file != "runner/helpers.go" { // helper is DESIGN's word there: a host that mints for another
				t.Errorf("%s: %s says nothing; name what it holds", file, part)
			}
		}
	}
}

// sources are the project's files with that ending, relative to its root.
func sources(t *testing.T, ext string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel("..", path)
		if err != nil {
			return err
		}
		if entry.IsDir() && (name == ".git" || name == ".cache" || name == "bin" || name == "out" || name == ".sprayc") {
			return filepath.SkipDir
		}
		if entry.Type().IsRegular() && strings.HasSuffix(name, ext) && name != ".git" {
			out = append(out, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
