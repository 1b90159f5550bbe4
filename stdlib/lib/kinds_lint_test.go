package lib_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
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
