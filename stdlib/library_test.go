package stdlib_test

import (
	"bytes"
	"io/fs"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/sprayc/sprayc/stdlib"
)

// files are the library's files of one extension, the shell library aside.
func files(t *testing.T, ext string) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(stdlib.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ext && !strings.HasPrefix(name, "lib/") {
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestFilesParseAndAreFormatted(t *testing.T) {
	for _, name := range files(t, ".hcl") {
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos); diags.HasErrors() {
			t.Errorf("%s", diags)
		}
		if !bytes.Equal(hclwrite.Format(text), text) {
			t.Errorf("%s is not formatted", name)
		}
	}
}

// Templates are parsed as the compiler does.
func TestTemplatesParse(t *testing.T) {
	for _, name := range files(t, ".tmpl") {
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, diags := hclsyntax.ParseTemplate(text, name, hcl.InitialPos); diags.HasErrors() {
			t.Errorf("%s", diags)
		}
	}
}

// The values that a script is given are assigned elsewhere (SC2154, SC2153).
func TestScriptsPassShellcheck(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("no shellcheck")
	}
	for _, name := range files(t, ".sh") {
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(shellcheck, "-s", "sh", "-e", "SC2154,SC2153", "-")
		cmd.Stdin = bytes.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s:\n%s", name, out)
		}
	}
}
