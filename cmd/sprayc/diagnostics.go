package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/lang/diag"
)

// diagnosticForms are the values of --diagnostics.
var diagnosticForms = []string{"text", "json", "sarif", "github"}

// chooseDiagnostics checks --diagnostics; without it, --json decides.
func (g *global) chooseDiagnostics() error {
	switch {
	case g.diagnostics == "" && g.json:
		g.diagnostics = "json"
	case g.diagnostics == "":
		g.diagnostics = "text"
	case !slices.Contains(diagnosticForms, g.diagnostics):
		return fmt.Errorf("--diagnostics is text, json, sarif or github, not %q", g.diagnostics)
	}
	return nil
}

// talks reports whether a command may say beside its diagnostics how it went.
func (g *global) talks() bool {
	return !g.json && (g.diagnostics == "text" || g.diagnostics == "github")
}

// report prints diagnostics; it returns an error to end with if any is one.
func (g *global) report(diags diag.List, sources diag.Sources) error {
	diags = diags.Clean()
	var err error
	switch g.diagnostics {
	case "json":
		err = diag.WriteJSON(os.Stdout, diags)
	case "sarif":
		err = diag.WriteSARIF(os.Stdout, diags, sources, repository())
	case "github":
		err = diag.WriteGitHub(os.Stdout, diags, sources, repository())
	default:
		if len(diags) == 0 {
			break
		}
		if err = diag.Write(os.Stderr, diags, sources, diag.Style{Color: g.colored(os.Stderr)}); err == nil {
			fmt.Fprintf(os.Stderr, "\n%s\n", diags.Count())
		}
	}
	if err == nil && diags.HasErrors() {
		err = exitCode(1)
	}
	return err
}

// repository is the one that the current folder is in: the nearest folder above
// that has a .git; the current folder if none has. What is outside keeps its
// absolute path.
func repository() diag.Repository {
	here, err := filepath.Abs(".")
	root := here
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			root = dir
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return diag.Repository{Version: codegen.Version, Path: func(file string) string {
		full := file
		if !filepath.IsAbs(file) {
			full = filepath.Join(here, file)
		}
		if below, relErr := filepath.Rel(root, full); err == nil && relErr == nil && filepath.IsLocal(below) {
			return filepath.ToSlash(below)
		}
		return filepath.ToSlash(full)
	}}
}
