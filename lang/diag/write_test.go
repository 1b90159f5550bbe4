package diag

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// span is a place in a text: from the first occurrence of part.
func span(file, text, part string) Span {
	from := strings.Index(text, part)
	at := func(n int) Pos {
		before := text[:n]
		line := strings.LastIndex(before, "\n") + 1
		return Pos{Line: strings.Count(before, "\n") + 1, Column: len([]rune(before[line:])) + 1, Byte: n}
	}
	return Span{File: file, Start: at(from), End: at(from + len(part))}
}

const prod = `cluster "prod" {}

hosts "cp[1-3]" {
  roles = ["control_plane", "etdc"]
	os    = "日本語-12"
  long  = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-here-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
}
` + "\x1b[2J\n"

var sources = Sources{"prod.hcl": []byte(prod), "dos.hcl": []byte("a = 1\r\nb = 2\r\n")}

var warning = &Kind{ID: "some-warning", Severity: Warning, Summary: "some warning"}

func TestWrite(t *testing.T) {
	at := func(part string) Span { return span("prod.hcl", prod, part) }
	for name, c := range map[string]struct {
		d    Diagnostic
		want string
	}{
		"as in STYLE": {Diagnostic{Kind: UnknownRole, Span: at(`"etdc"`), Label: `no role is named "etdc"`, Fix: `did you mean "etcd"?`}, `
error: unknown role [unknown-role]
  --> prod.hcl:4:29
   |
 4 |   roles = ["control_plane", "etdc"]
   |                             ^^^^^^ no role is named "etdc"
   = fix: did you mean "etcd"?
`},
		"two places": {Diagnostic{Kind: DuplicateBlock, Span: at("hosts"), Label: "again", Notes: []Note{{at("cluster"), "first here"}}}, `
error: block given twice [duplicate-block]
  --> prod.hcl:3:1
   |
 3 | hosts "cp[1-3]" {
   | ^^^^^ again
  ::: prod.hcl:1:1
   |
 1 | cluster "prod" {}
   | ------- first here
`},
		"tabs and wide letters": {Diagnostic{Kind: UnknownOS, Span: at("本"), Label: "here"}, `
error: unknown operating system [unknown-os]
  --> prod.hcl:5:12
   |
 5 |     os    = "日本語-12"
   |                ^^ here
`},
		"long line": {Diagnostic{Kind: UnknownOS, Span: at("-here-"), Label: "here"}, `
error: unknown operating system [unknown-os]
  --> prod.hcl:6:132
   |
 6 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-here-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
   |                                                             ^^^^^^ here
`},
		"several lines": {Diagnostic{Kind: SyntaxError, Span: Span{"prod.hcl", Pos{3, 17, 35}, Pos{7, 1, len(prod) - 8}}, Label: "one\ntwo"}, `
error: syntax error [syntax-error]
  --> prod.hcl:3:17
   |
 3 | hosts "cp[1-3]" {
   |                 ^ one
   |                   two
`},
		"control characters": {Diagnostic{Kind: InvalidText, Span: at("\x1b"), Label: "a \x1b[31m", Fix: "\a"}, `
error: not a text file [invalid-text]
  --> prod.hcl:8:1
   |
 8 | <U+001B>[2J
   | ^^^^^^^^ a <U+001B>[31m
   = fix: <U+0007>
`},
		"no place":     {Diagnostic{Kind: NoDefinition, Label: "here is none", Fix: "write one"}, "\nerror: no definition here [no-definition]\n   = here is none\n   = fix: write one\n"},
		"no source":    {Diagnostic{Kind: warning, Span: Span{File: "gone.hcl", Start: Pos{Line: 1234, Column: 5}}, Label: "x"}, "\nwarning: some warning [some-warning]\n    --> gone.hcl:1234:5\n     = x\n"},
		"carriage":     {Diagnostic{Kind: warning, Span: Span{"dos.hcl", Pos{2, 1, 7}, Pos{2, 2, 8}}, Label: "x"}, "\nwarning: some warning [some-warning]\n  --> dos.hcl:2:1\n   |\n 2 | b = 2\n   | ^ x\n"},
		"end of file":  {Diagnostic{Kind: warning, Span: Span{"dos.hcl", Pos{3, 1, 14}, Pos{3, 1, 14}}, Label: "x"}, "\nwarning: some warning [some-warning]\n  --> dos.hcl:3:1\n   |\n 3 |\n   | ^ x\n"},
		"only columns": {Diagnostic{Kind: warning, Span: Span{"dos.hcl", Pos{Line: 2, Column: 5}, Pos{Line: 2, Column: 6}}, Label: "x"}, "\nwarning: some warning [some-warning]\n  --> dos.hcl:2:5\n   |\n 2 | b = 2\n   |     ^ x\n"},
		"outside":      {Diagnostic{Kind: warning, Span: Span{"dos.hcl", Pos{9, 9, 99}, Pos{9, 9, 999}}, Label: "x"}, "\nwarning: some warning [some-warning]\n  --> dos.hcl:9:9\n   = x\n"},
	} {
		var out bytes.Buffer
		if err := Write(&out, List{c.d}, sources, Style{}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), out.String()); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// Colour adds escapes and nothing else.
func TestWriteColor(t *testing.T) {
	list := List{{Kind: UnknownRole, Span: span("prod.hcl", prod, "hosts"), Label: "x", Fix: "y", Notes: []Note{{span("prod.hcl", prod, "cluster"), "z"}}}, {Kind: warning}}
	var with, without bytes.Buffer
	Write(&with, list, sources, Style{Color: true})
	Write(&without, list, sources, Style{})
	text := with.String()
	if !strings.Contains(text, "\x1b[1;31merror:\x1b[0m") {
		t.Errorf("%q", text)
	}
	for _, code := range []string{"0", "1", "1;31", "1;32", "1;33", "1;34"} {
		text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
	}
	if diff := cmp.Diff(without.String(), text); diff != "" {
		t.Error(diff)
	}
}

func TestWriteJSON(t *testing.T) {
	var out bytes.Buffer
	if err := WriteJSON(&out, List{{Kind: UnknownRole, Span: span("prod.hcl", prod, `"etdc"`), Label: "<x>", Fix: "y"}, {Kind: warning}}); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, out.Bytes()); err != nil {
		t.Fatal(err)
	}
	want := `{"version":1,"diagnostics":[{"kind":"unknown-role","severity":"error","summary":"unknown role","label":"<x>",` +
		`"span":{"file":"prod.hcl","start":{"line":4,"column":29,"byte":65},"end":{"line":4,"column":35,"byte":71}},"notes":[],"fix":"y"},` +
		`{"kind":"some-warning","severity":"warning","summary":"some warning","label":"","span":null,"notes":[],"fix":""}]}`
	if diff := cmp.Diff(want, compact.String()); diff != "" {
		t.Error(diff)
	}
}

func TestListCleanAndCount(t *testing.T) {
	at := span("prod.hcl", prod, "hosts")
	list := List{{Kind: warning}, {Kind: UnknownRole, Span: at, Label: "x"}, {Kind: UnknownRole, Span: at, Label: "x"}, {Kind: UnknownRole, Span: at, Label: "y"}}
	clean := list.Clean()
	var labels []string
	for _, d := range clean {
		labels = append(labels, d.Kind.ID+d.Label)
	}
	if diff := cmp.Diff([]string{"some-warning", "unknown-rolex", "unknown-roley"}, labels); diff != "" {
		t.Error(diff)
	}
	if got := clean.Count() + "; " + (List{}).Count(); got != "2 errors, 1 warning; no errors" {
		t.Error(got)
	}
}
