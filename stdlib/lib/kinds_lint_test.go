package lib_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/sprayc/sprayc/codegen/shell"
)

// each reads the library's files of one extension.
func each(t *testing.T, pattern string, test func(name string, text []byte)) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		test(name, text)
	}
}

func TestShellIsInTheOneForm(t *testing.T) {
	each(t, "*.sh", func(name string, text []byte) {
		formatted, err := shell.Format(name, text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(formatted, text) {
			t.Errorf("%s is not as the printer would print it", name)
		}
	})
}

// What one file assigns another reads (SC2034, SC2154, SC2153), and a variable of a subshell has
// the name of one outside only where that is meant (SC2030, SC2031).
func TestShellPassesShellcheck(t *testing.T) {
	if _, err := exec.LookPath("shellcheck"); err != nil {
		lacking(t, "shellcheck")
	}
	each(t, "*.sh", func(name string, _ []byte) {
		out, err := exec.Command("shellcheck", "-s", "sh", "-e", "SC2034,SC2154,SC2153,SC2030,SC2031", name).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	})
}

// A kind's schema parses, as does its example, and both are formatted.
func TestSchemas(t *testing.T) {
	each(t, "*.hcl", func(name string, text []byte) {
		file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Error(diags)
			return
		}
		if !bytes.Equal(hclwrite.Format(text), text) {
			t.Errorf("%s is not formatted", name)
		}
		for _, kind := range file.Body.(*hclsyntax.Body).Blocks {
			example := kind.Body.Attributes["example"]
			if example == nil {
				t.Errorf("%s has no example", name)
				continue
			}
			value, diags := example.Expr.Value(nil)
			if diags.HasErrors() {
				t.Error(diags)
				continue
			}
			if _, diags := hclsyntax.ParseConfig([]byte(value.AsString()), name+" example", hcl.InitialPos); diags.HasErrors() {
				t.Error(diags)
			}
			if !bytes.Equal(hclwrite.Format([]byte(value.AsString())), []byte(value.AsString())) {
				t.Errorf("the example of %s is not formatted", name)
			}
		}
	})
}

// asked are programs that a file runs if they are there.
var asked = regexp.MustCompile(`(?m)(?:command -v|fetch_has) ([a-z][a-z0-9-]*)`)

// What a kind's shell runs beside the programs that every host has, and what it runs if it
// is there, stands in its header, from which audit tells it.
func TestKindsNameTheirPrograms(t *testing.T) {
	known := map[string]bool{}
	for _, name := range shell.Utilities() {
		known[name] = true
	}
	runs := map[string][]string{} // by file, without .sh and family
	each(t, "*.sh", func(name string, text []byte) {
		for _, m := range defined.FindAllSubmatch(text, -1) {
			known[string(m[1])] = true
		}
		commands, err := shell.Commands(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllSubmatch(text, -1) {
			commands = append(commands, string(m[1]))
		}
		base, _, _ := strings.Cut(name, ".")
		runs[base] = append(runs[base], commands...)
	})
	list := func(body *hclsyntax.Body, name string) (all []string) {
		if a := body.Attributes[name]; a != nil {
			v, diags := a.Expr.Value(nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, e := range v.AsValueSlice() {
				all = append(all, e.AsString())
			}
		}
		return all
	}
	each(t, "*.hcl", func(name string, text []byte) {
		file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			kind := block.Labels[0]
			said := append(list(block.Body, "commands"), list(block.Body, "may_use")...)
			for _, part := range append(list(block.Body, "uses"), kind) {
				for _, program := range runs[part] {
					if !known[program] && !slices.Contains(said, program) {
						t.Errorf("%s: %s.sh runs %s, which is among neither commands nor may_use", name, part, program)
					}
				}
			}
		}
	})
}

// defined are the functions of a file.
var defined = regexp.MustCompile(`(?m)^([a-z0-9_]+)\(\) \{`)
