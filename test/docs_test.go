package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

// whole is a definition that a fragment is added to.
const whole = `cluster "docs" {
  kubernetes_version     = "1.36.3"
  control_plane_endpoint = "10.0.0.11:6443"
  pod_subnets            = ["10.244.0.0/16"]
  service_subnets        = ["10.96.0.0/16"]
}

hosts "box" {
  roles   = ["control_plane", "worker", "etcd"]
  address = "10.0.0.11"
  os      = "debian-12"
  arch    = "amd64"
}
`

// block is a fenced block of a page.
type block struct{ file, kind, text string }

// Every HCL block of the pages compiles: one with a cluster as it is, another as
// part of a definition, "hcl module" as a module or a part of one, "hcl slots" with
// an endpoint as those blocks want it. The examples of resource
// kinds ("hcl resource") are compiled by the tests of codegen.
func TestDocsCompile(t *testing.T) {
	found := 0
	for _, b := range blocksOf(t) {
		if b.kind != "hcl" && b.kind != "hcl module" && b.kind != "hcl slots" {
			continue
		}
		found++
		dir := t.TempDir()
		write := func(name, text string) {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		switch {
		case b.kind == "hcl module":
			write("cluster.hcl", whole+"\nmodule \"./site\" {}\n")
			text := b.text
			if !strings.Contains(text, "module {") {
				text = "module { summary = \"an example\" }\n\n" + text
			}
			write("site/module.hcl", text)
		case strings.Contains(b.text, "cluster \""):
			write("cluster.hcl", b.text)
		case b.kind == "hcl slots": // a balancer on each node listens there
			write("cluster.hcl", strings.Replace(whole, "10.0.0.11:6443", "localhost:8443", 1))
			write("more.hcl", b.text)
		default:
			write("cluster.hcl", whole)
			write("more.hcl", b.text)
			write("versions.hcl", "") // what examples name
			write("site/motd/module.hcl", "module { summary = \"an example\" }\n")
		}
		if text := compile(t, dir); text != "" {
			t.Errorf("a block of %s does not compile:\n%s\n%s", b.file, b.text, text)
		}
	}
	if found < 3 {
		t.Errorf("found %d blocks of HCL in the pages; is the reader of pages broken?", found)
	}
}

// compile returns the diagnostics as text.
func compile(t *testing.T, dir string) string {
	t.Helper()
	lib, diags := lang.LoadLibrary(stdlib.FS)
	def, more := lang.Load([]string{dir}, lang.Options{})
	diags = append(diags, more...)
	plan, more := compiler.Compile(def, lib)
	diags = append(diags, more...)
	if !diags.HasErrors() {
		_, more = codegen.Build(plan, stdlib.FS)
		diags = append(diags, more...)
	}
	var b strings.Builder
	if err := diag.Write(&b, diags.Clean(), def.Sources, diag.Style{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func blocksOf(t *testing.T) []block {
	t.Helper()
	var out []block
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../examples/*/*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var open *block
			for line := range strings.Lines(string(text)) {
				fence, is := strings.CutPrefix(strings.TrimSpace(line), "```")
				switch {
				case is && open == nil:
					open = &block{file: file, kind: fence}
				case is:
					out = append(out, *open)
					open = nil
				case open != nil:
					open.text += line
				}
			}
		}
	}
	return out
}
