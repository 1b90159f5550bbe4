package lang

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// write makes files in a new folder, which becomes the working directory.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// messages are diagnostics in short: "ID FILE:LINE: LABEL (FIX)".
func messages(diags diag.List) (list []string) {
	for _, d := range diags {
		at := ""
		if d.Span.File != "" {
			at = fmt.Sprintf(" %s:%d", d.Span.File, d.Span.Start.Line)
		}
		m := d.Kind.ID + at + ": " + d.Label
		if d.Fix != "" {
			m += " (" + d.Fix + ")"
		}
		list = append(list, m)
	}
	return list
}

func want(t *testing.T, got diag.List, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, messages(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLoadFolder(t *testing.T) {
	write(t, map[string]string{
		"a.hcl": "cluster \"prod\" {}\ncatalog \"./versions.hcl\" {}\nruntime \"containerd\" { version = \"2\" }\n",
		"b.hcl": "hosts \"cp[1-3]\" { os = \"debian-12\" }\nhost \"cp2\" {}\nmodule \"./ntp\" {}\nlocals { a = host.x }\nrole \"r\" {}\n",
		// Beside the definition, but not of it.
		"versions.hcl":  "component \"c\" { url = \"x\" }\n",
		".hidden.hcl":   "(",
		"ntp/x.hcl":     "(",
		"not-hcl.txt":   "(",
		"c.hcl/sub.hcl": "(",
	})
	def, diags := Load(nil, Options{})
	want(t, diags)
	type summary struct {
		Dir, Cluster string
		Hosts, Host  int
		Calls        []string
		Sources      []string
		Locals       []string
		Broken       bool
	}
	got := summary{Dir: def.Dir, Cluster: def.Cluster.Labels[0], Hosts: len(def.Hosts), Host: len(def.Host), Sources: sortedKeys(def.Sources), Locals: sortedKeys(def.Locals), Broken: def.Broken}
	for _, c := range def.Calls {
		got.Calls = append(got.Calls, c.Slot+" "+c.Source)
	}
	if diff := cmp.Diff(summary{".", "prod", 1, 1, []string{"runtime containerd", " ./ntp"}, []string{"a.hcl", "b.hcl", "versions.hcl"}, []string{"a"}, false}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// One bad file hides nothing of the others, and order on the command line does
// not matter.
func TestLoadFiles(t *testing.T) {
	write(t, map[string]string{
		"d/a.hcl": "cluster \"prod\" {\n",
		"d/b.hcl": "ssh \"x\" {}\n",
		"d/c.hcl": "\x00",
	})
	for _, paths := range [][]string{{"d/a.hcl", "d/b.hcl", "d/c.hcl"}, {"d/c.hcl", "d/a.hcl", "./d/b.hcl", "d/b.hcl"}, {"d"}} {
		def, diags := Load(paths, Options{})
		want(t, diags,
			"unclosed d/a.hcl:1: the block has no end (close it with })",
			"wrong-labels d/b.hcl:1: ssh takes no labels (write ssh { ... })",
			"invalid-text d/c.hcl:1: a control character, U+0000 (remove it; in a quoted string write \\n, \\r or \\t)")
		if def.Dir != "d" || !def.Broken || def.SSH == nil {
			t.Errorf("%v: %+v", paths, def)
		}
	}
}

func TestNoDefinition(t *testing.T) {
	write(t, map[string]string{"empty/x.txt": ""})
	_, diags := Load([]string{"empty", "gone.hcl"}, Options{})
	want(t, diags,
		"no-definition: empty has no *.hcl file (name a file or folder, or write a first cluster.hcl: sprayc init)",
		"unreadable-file: gone.hcl: no such file or directory (name a file or folder that is there)")
}

// A file of 100 MB is refused by its size alone; one without a size after the
// limit.
func TestLargeFile(t *testing.T) {
	write(t, nil)
	f, err := os.Create("disk.hcl")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(100 << 20); err != nil {
		t.Fatal(err)
	}
	f.Close()
	def, diags := Load([]string{"disk.hcl", "/dev/zero"}, Options{})
	want(t, diags,
		"file-too-large /dev/zero:1: /dev/zero has more than 4 MiB (split it, or read data from a file with file())",
		"file-too-large disk.hcl:1: disk.hcl has more than 4 MiB (split it, or read data from a file with file())")
	if len(def.Sources) != 0 {
		t.Errorf("sources %v", sortedKeys(def.Sources))
	}
}

func TestCheckSlots(t *testing.T) {
	write(t, map[string]string{"a.hcl": "netwrok \"cilium\" {}\nhsots \"w1\" {}\nnetwork \"cilium\" {}\naddon \"x\" {}\n"})
	def, diags := Load(nil, Options{})
	want(t, diags)
	want(t, def.CheckSlots([]*Slot{{Name: "network"}}),
		`unknown-block a.hcl:1: a definition has no block "netwrok" (did you mean "network"?)`,
		`unknown-block a.hcl:2: a definition has no block "hsots" (did you mean "hosts"?)`)
}

func TestFacts(t *testing.T) {
	write(t, map[string]string{
		"good/a.hcl": "", "good/facts.json": `{"cp1": {"os": "debian-12", "arch": "amd64", "memory_mib": 4096, "later": true}}`,
		"bad/a.hcl": "", "bad/facts.json": "{\n  \"cp1\": {\"os\": 12}\n}",
		"list/a.hcl": "", "list/facts.json": "[]",
		"cut/a.hcl": "", "cut/facts.json": "{\"cp1\": ",
	})
	def, diags := Load([]string{"good"}, Options{})
	want(t, diags)
	if diff := cmp.Diff(map[string]HostFacts{"cp1": {OS: "debian-12", Arch: "amd64", MemoryMiB: 4096}}, def.Facts); diff != "" {
		t.Error(diff)
	}
	for dir, message := range map[string]string{
		"bad":  "invalid-facts bad/facts.json:2: this is a number; os is a string (make it anew: sprayc facts --write)",
		"list": "invalid-facts list/facts.json:1: an object with an entry for each host is expected (make it anew: sprayc facts --write)",
		"cut":  "invalid-facts cut/facts.json:1: unexpected end of JSON input (make it anew: sprayc facts --write)",
	} {
		_, diags := Load([]string{dir}, Options{})
		want(t, diags, message)
	}
}

func TestVariableValues(t *testing.T) {
	write(t, map[string]string{
		"a.hcl": `
variable "domain" { default = "example.com" }
variable "count" { default = 3 }
variable "free" {}
variable "list" { type = list(number) }
variable "object" {
  type    = object({ name = string, port = optional(number, 80) })
  default = { name = "x" }
}
variable "secret" { default = null }
`,
		"one.hclv": "domain = \"one.example.com\"\nlist = [1, 2]\n",
		"two.hclv": "domain = \"two.example.com\"\n",
	})
	def, diags := Load([]string{"a.hcl"}, Options{
		Env:      []string{"SPRAYC_VAR_domain=env.example.com", "SPRAYC_VAR_free=[not a list", "SPRAYC_VAR_other=1", "PATH=/bin"},
		VarFiles: []string{"one.hclv", "two.hclv"},
		Vars:     map[string]string{"count": "12", "free": "yes"},
	})
	want(t, diags)
	values := map[string]cty.Value{}
	for name, v := range def.Variables {
		values[name] = v.Value
	}
	for name, v := range map[string]cty.Value{
		"domain": cty.StringVal("two.example.com"),
		"count":  cty.NumberIntVal(12),
		"free":   cty.StringVal("yes"),
		"list":   cty.ListVal([]cty.Value{cty.NumberIntVal(1), cty.NumberIntVal(2)}),
		"object": cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("x"), "port": cty.NumberIntVal(80)}),
		"secret": cty.NullVal(cty.DynamicPseudoType),
	} {
		if !values[name].RawEquals(v) {
			t.Errorf("%s is %#v, not %#v", name, values[name], v)
		}
	}
	_, diags = Load([]string{"a.hcl"}, Options{Vars: map[string]string{"domian": "x", "count": "many", "list": "1,", "free": strings.Repeat("[", 500)}})
	want(t, diags,
		`undeclared-variable: --var domian: no variable block declares "domian" (did you mean "domain"?)`,
		`wrong-type a.hcl:3: --var count: number is expected, this is not (write it as in a definition, quoted for your shell)`,
		`wrong-type a.hcl:4: --var free: it is nested too deeply (write it as in a definition, quoted for your shell)`,
		`wrong-type a.hcl:5: --var list: an expression was successfully parsed, but extra characters were found after it (write it as in a definition, quoted for your shell)`)
}

// A block that does not parse makes no errors elsewhere.
func TestWithoutEchoes(t *testing.T) {
	write(t, map[string]string{"a.hcl": "cluster \"prod\" {\n\nlocals { a = local.b + hst.index }\n"})
	def, _ := Load(nil, Options{})
	at := func(part string) diag.Span {
		from := strings.Index(string(def.Sources["a.hcl"]), part)
		return spanAt("a.hcl", def.Sources["a.hcl"], from, from+len(part))
	}
	found := diag.List{
		{Kind: diag.NoHosts, Label: "no cluster"},
		{Kind: diag.UnknownName, Span: at("local.b"), Label: "no local b"},
		{Kind: diag.UnknownName, Span: at("hst.index"), Label: "no hst"},
		{Kind: diag.UnknownRole, Span: at("prod"), Label: "etdc", Fix: `did you mean "etcd"?`},
		{Kind: diag.UnknownRole, Span: at("prod"), Label: "storage"},
		{Kind: diag.InvalidExpression, Span: diag.Span{File: "stdlib/modules/os/module.hcl"}, Label: "two items"},
	}
	want(t, def.WithoutEchoes(found), "unknown-name a.hcl:3: no hst", `unknown-role a.hcl:1: etdc (did you mean "etcd"?)`)
	def.Broken = false
	if got := len(def.WithoutEchoes(found)); got != len(found) {
		t.Errorf("%d of %d", got, len(found))
	}
}
