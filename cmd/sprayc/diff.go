package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/diff"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

func newDiff(g *global) *cobra.Command {
	var d definitionFlags
	var format string
	var lines int
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say how two bundles or definitions differ, by meaning and by line",
		Long: `Diff compares what two bundles do. OLD and NEW are bundles or definitions, a folder
or a file of HCL; a definition is compiled and not written. First it says what happens
to which hosts: what restarts, which settings change from what to what, whether a host
waits for its turn, as what it serves is interrupted and its roles' budgets say how many
may be down at once, whether it is restarted or drained; then the resources, then the
lines of texts.

What does not run is no difference: comments, layout, the order of blocks, the lines
that things come from. Values that are secrets by their names are hidden. It ends with
status 2 if there is a difference.`,
		Example: example(`
			sprayc diff out/ .                 # what a build would change
			sprayc build -o new/ && sprayc diff out/ new/
			sprayc diff ../main/prod prod/     # two definitions, such as two branches
			sprayc diff out/ . --format markdown >comment.md`),
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := g.checkFormat(format); err != nil {
				return err
			}
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
			text := report.Styled(lines, diag.Style{Color: g.colored(os.Stdout)})
			if format == "markdown" {
				text = report.Markdown(lines)
			}
			out := &global{json: g.json || format == "json"}
			if err := out.print(cmd, report, text); err != nil {
				return err
			}
			if !report.Empty() {
				return exitCode(2)
			}
			if !report.SameBytes {
				fmt.Fprintln(os.Stderr, "The same runs; the bundles are other bytes all the same (comments, the lines that things come from): an approval of one is none of the other.")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "", "text, json or markdown (default text)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "markdown"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().IntVar(&lines, "lines", diff.DefaultLines, "how many lines of each text to show: 0 for none, -1 for all")
	d.add(cmd)
	d.operation.add(cmd, lang.Converge, "what definitions are compared for")
	return cmd
}

// checkFormat refuses a --format that there is not, or that --json contradicts.
func (g *global) checkFormat(format string) error {
	switch format {
	case "", "json":
		return nil
	case "text", "markdown":
		if g.json {
			return fmt.Errorf("--json and --format %s exclude each other; keep one of them", format)
		}
		return nil
	}
	return fmt.Errorf("there is no format %q; write --format text, json or markdown", format)
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
