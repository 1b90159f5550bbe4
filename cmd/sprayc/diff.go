package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/diff"
)

func newDiff(g *global) *cobra.Command {
	var d definitionFlags
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say how two bundles or definitions differ",
		Long: `Diff compares what two bundles do. OLD and NEW are bundles or definitions, a folder
or a file of HCL; a definition is compiled and not written. What does not run is no
difference: comments, layout, the order of blocks, the lines that things come from.
It ends with status 2 if there is a difference.`,
		Example: example(`
			sprayc diff out/ .                 # what a build would change
			sprayc build -o new/ && sprayc diff out/ new/
			sprayc diff ../main/prod prod/     # two definitions, such as two branches`),
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			old, err := g.bundleOf(&d, args[0])
			if err != nil {
				return err
			}
			new, err := g.bundleOf(&d, args[1])
			if err != nil {
				return err
			}
			report, err := diff.Between(old, new)
			if err != nil {
				return err
			}
			if err := g.print(cmd, report, report.Text()); err != nil {
				return err
			}
			if !report.Empty() {
				return exitCode(2)
			}
			return nil
		},
	}
	d.add(cmd)
	return cmd
}

// bundleOf reads a bundle, or compiles the definition in a folder or file.
func (g *global) bundleOf(d *definitionFlags, path string) (*bundle.Bundle, error) {
	if isDefinition(path) {
		c, err := d.compile([]string{path})
		if err != nil {
			return nil, err
		}
		if diags := c.diags.Clean(); !g.json || diags.HasErrors() { // --json prints one thing
			if err := g.report(diags, c.sources); err != nil {
				return nil, err
			}
		}
		return c.bundle, nil
	}
	if _, err := os.Stat(filepath.Join(path, bundle.PlanFile)); os.IsNotExist(err) {
		return nil, fmt.Errorf("%s is neither a bundle nor a definition: it has no %s and no *.hcl", path, bundle.PlanFile)
	}
	return bundle.Read(path)
}

// isDefinition reports whether a path is a file of HCL, or a folder with such files
// that is no bundle.
func isDefinition(path string) bool {
	if filepath.Ext(path) == ".hcl" {
		return true
	}
	if _, err := os.Stat(filepath.Join(path, bundle.PlanFile)); err == nil {
		return false
	}
	found, err := fs.Glob(os.DirFS(path), "*.hcl")
	return err == nil && len(found) > 0
}
