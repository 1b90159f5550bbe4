package lang

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sprayc/sprayc/lang/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// loadAs reads a test file as what its name says: module-*, catalog-*, kind-*,
// or a definition.
func loadAs(name string, text []byte) (diag.List, diag.Sources) {
	base := filepath.Base(name)
	fsys := fstest.MapFS{base: {Data: text}}
	switch prefix, rest, _ := strings.Cut(strings.TrimSuffix(base, ".hcl"), "-"); prefix {
	case "module":
		m, diags := LoadModule(fsys, "test", ".")
		return diags, m.Sources
	case "catalog":
		catalog := &Catalog{Components: map[string]*Component{}}
		return LoadCatalog(catalog, fsys, base, base), diag.Sources{base: text}
	case "kind":
		file := rest + ".hcl"
		fsys := fstest.MapFS{"lib/" + file: {Data: text}, "slots.hcl": {Data: []byte("stages = []\n")}}
		lib, diags := LoadLibrary(fsys)
		for i := range diags {
			diags[i].Span.File = base
		}
		lib.Sources[base] = text
		return diags, lib.Sources
	}
	def, diags := Load([]string{name}, Options{})
	return diags, def.Sources
}

var expectation = regexp.MustCompile(`# ERROR(@[+-]\d+)?: (.*)$`)

// expected are the errors that a test file says it has: "LINE: summary".
func expected(text []byte) (list []string) {
	for i, line := range bytes.Split(text, []byte("\n")) {
		m := expectation.FindSubmatch(line)
		if m == nil {
			continue
		}
		offset := 0
		if len(m[1]) > 0 {
			offset, _ = strconv.Atoi(string(m[1][1:]))
		}
		list = append(list, fmt.Sprintf("%d: %s", i+1+offset, m[2]))
	}
	sort.Strings(list)
	return list
}

// Each error is expected on its own line, and every kind of this package has a
// case, here or in elsewhere.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob("testdata/errors/*.hcl")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	covered := map[string]bool{}
	for _, kind := range elsewhere {
		covered[kind.ID] = true
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			diags, sources := loadAs(name, text)
			var got []string
			for _, d := range diags {
				covered[d.Kind.ID] = true
				got = append(got, fmt.Sprintf("%d: %s", d.Span.Start.Line, d.Kind.Summary))
				inside(t, d, sources)
			}
			sort.Strings(got)
			if want := expected(text); !equal(got, want) {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
			}
			golden(t, strings.TrimSuffix(name, ".hcl")+".txt", diags, sources)
		})
	}
	for _, k := range diag.LangKinds() {
		if !covered[k.ID] {
			t.Errorf("no case for %s", k.ID)
		}
	}
}

// elsewhere are the kinds that a file of errors cannot show; their tests are
// named beside them.
var elsewhere = []*diag.Kind{
	diag.FileTooLarge,       // TestLargeFile
	diag.NoDefinition,       // TestNoDefinition
	diag.UndeclaredVariable, // TestVariableValues
	diag.InvalidFacts,       // TestFacts
}

func golden(t *testing.T, name string, diags diag.List, sources diag.Sources) {
	t.Helper()
	var out bytes.Buffer
	if err := diag.Write(&out, diags, sources, diag.Style{}); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("%s differs (see -update); got:\n%s", name, out.String())
	}
}

// inside makes sure that a diagnostic's places lie inside their files.
func inside(t *testing.T, d diag.Diagnostic, sources diag.Sources) {
	t.Helper()
	spans := []diag.Span{d.Span}
	for _, n := range d.Notes {
		spans = append(spans, n.Span)
	}
	for _, s := range spans {
		if s.File == "" {
			continue
		}
		text, ok := sources[s.File]
		if !ok {
			t.Errorf("%s: no source %q", d.Kind.ID, s.File)
			continue
		}
		lines := bytes.Count(text, []byte("\n")) + 1
		if s.Start.Byte < 0 || s.End.Byte < s.Start.Byte || s.End.Byte > len(text) || s.Start.Line < 1 || s.Start.Line > lines || s.End.Line > lines || s.Start.Column < 1 {
			t.Errorf("%s: the span %+v is outside of %s (%d bytes, %d lines)", d.Kind.ID, s, s.File, len(text), lines)
		}
	}
}

func equal(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }
