package lang

import (
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// The standard library, its modules and the examples are read without a word.
func TestLibraryAndExamples(t *testing.T) {
	lib, diags := LoadLibrary(os.DirFS("../stdlib"))
	want(t, diags)
	if len(lib.Kinds) == 0 || len(lib.Slots) == 0 || len(lib.Stages) == 0 || len(lib.OS) == 0 || len(lib.Catalog.Components) == 0 {
		t.Errorf("%d kinds, %d slots, %d stages, %d systems, %d components", len(lib.Kinds), len(lib.Slots), len(lib.Stages), len(lib.OS), len(lib.Catalog.Components))
	}
	modules, _ := filepath.Glob("../stdlib/modules/*")
	for _, dir := range modules {
		m, diags := LoadModule(os.DirFS(dir), path.Base(dir), dir)
		want(t, diags)
		if m.Summary == "" || len(m.Steps)+len(m.Provides) == 0 {
			t.Errorf("%s: %+v", dir, m)
		}
	}
	examples, _ := filepath.Glob("../examples/*")
	for _, dir := range examples {
		def, diags := Load([]string{dir}, Options{})
		want(t, append(diags, def.CheckSlots(lib.Slots)...))
		for _, call := range def.Calls {
			if call.Slot == "" && call.Source[0] == '.' {
				_, diags := LoadModule(os.DirFS(filepath.Join(dir, call.Source)), path.Base(call.Source), dir)
				want(t, diags)
			}
		}
	}
}

func TestLoadLibraryKind(t *testing.T) {
	write(t, map[string]string{
		"slots.hcl": "stages = [\"prepare\", \"finish\"]\nslot \"runtime\" {\n  default = \"containerd\"\n  summary = \"s\"\n}\n",
		"lib/file.hcl": `kind "file" {
  summary     = "a file"
  identity    = "path"
  one_of      = [["content", "source"]]
  at_most_one = [["mode", "owner"]]
  uses        = ["fetch"]
  families    = true
  commands    = ["stat"]
  attribute "content" {
    type    = string
    content = true
    live    = true
    summary = "Its text."
  }
  attribute "source" {
    type    = string
    script  = true
    summary = "Its source."
  }
  attribute "mode" {
    type    = string
    default = "0644"
    enum    = ["0644", "0600"]
    pattern = "0[0-7]{3}"
    summary = "Its mode."
  }
  attribute "owner" {
    type     = object({ name = string, uid = optional(number, 0) })
    required = true
    default  = { name = "root" }
    summary  = "Its owner."
  }
}
`,
		"catalog/os.hcl": "os \"rocky-9\" {\n  family = \"rhel\"\n  id = \"rocky\"\n  version_id = \"9\"\n}\nos \"debian-12\" {\n  family = \"debian\"\n  id = \"debian\"\n  version_id = \"12\"\n}\n",
	})
	lib, diags := LoadLibrary(os.DirFS("."))
	want(t, diags)
	k := lib.Kinds["file"]
	var attrs []string
	for _, a := range k.Attributes {
		line := a.Name + " " + typeString(a.Type)
		if a.Default != cty.NilVal {
			line += " default"
		}
		for word, set := range map[string]bool{"required": a.Required, "content": a.Content, "script": a.Script, "live": a.Live} {
			if set && word != a.Name {
				line += " " + word
			}
		}
		attrs = append(attrs, line)
	}
	got := []any{k.Summary, k.Identity, k.OneOf, k.AtMostOne, k.Uses, k.Families, k.Commands, attrs, k.Attributes[2].Enum, k.Attributes[2].Pattern, *lib.Slots[0], lib.Stages, *lib.OS["rocky-9"], *lib.OS["debian-12"]}
	if diff := cmp.Diff([]any{
		"a file", "path", [][]string{{"content", "source"}}, [][]string{{"mode", "owner"}}, []string{"fetch"}, true, []string{"stat"},
		[]string{"content string live", "source string script", "mode string default", "owner object({name=string,uid=number}) default required"},
		[]string{"0644", "0600"}, "0[0-7]{3}", Slot{Name: "runtime", Summary: "s", Default: "containerd"}, []string{"prepare", "finish"},
		OS{"rocky-9", "rhel", "rocky", "9", true}, OS{"debian-12", "debian", "debian", "12", false},
	}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if v := k.Attributes[3].Default; !v.RawEquals(cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("root"), "uid": cty.NumberIntVal(0)})) {
		t.Errorf("%#v", v)
	}
}

// A catalog of one's own lies over the library's and leaves that as it was.
func TestLoadCatalogOver(t *testing.T) {
	digest := "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
	write(t, map[string]string{"own.hcl": `
component "runc" {
  default = "9.9.9"
  versions = {
    "9.9.9" = { amd64 = { sha256 = "` + digest + `", size = 12, url = "https://example.com/runc" } }
  }
}
component "mine" {
  url      = "https://example.com/{version}"
  format   = "binary"
  versions = { "1" = { any = "` + digest + `" } }
}
`})
	lib := &Catalog{Components: map[string]*Component{"runc": {Name: "runc", URL: "u", Format: "binary", Default: "1.0.0", Versions: map[string]map[string]Digest{"1.0.0": {"arm64": {SHA256: "x"}}}}}}
	own := lib.Clone()
	want(t, LoadCatalog(own, os.DirFS("."), "own.hcl", "own.hcl"))
	if diff := cmp.Diff(map[string]*Component{
		"runc": {Name: "runc", URL: "u", Format: "binary", Default: "9.9.9", Versions: map[string]map[string]Digest{
			"1.0.0": {"arm64": {SHA256: "x"}}, "9.9.9": {"amd64": {SHA256: digest, Size: 12, URL: "https://example.com/runc"}}}},
		"mine": {Name: "mine", URL: "https://example.com/{version}", Format: "binary", Span: own.Components["mine"].Span, Versions: map[string]map[string]Digest{"1": {"any": {SHA256: digest}}}},
	}, own.Components); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if c := lib.Components["runc"]; len(lib.Components) != 1 || c.Default != "1.0.0" || len(c.Versions) != 1 {
		t.Errorf("the library's is %+v", c)
	}
}
