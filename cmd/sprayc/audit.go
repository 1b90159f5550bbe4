package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/stdlib"
)

func newAudit(g *global) *cobra.Command {
	var format string
	var definition []string
	var html reviewPage
	cmd := &cobra.Command{
		Use:   "audit [BUNDLE]",
		Short: "Say what a bundle does to its hosts",
		Long: `Audit reads a bundle (out/ unless one is named) and lists what it does: first whether run.sh and lib/ are this sprayc's own, so that who trusts it need not read them; then what changes the hosts' security, what cannot be taken back, what goes over the network and what modules' own shell runs as root; then files, packages, services, kernel settings and all else.

What hosts of a role share is there once; what differs between hosts comes last. Each line ends with where it comes from: the line of the script in the bundle, of the module, and what the definition says; with its line where the definition is at hand.

With --html it writes the review page instead: one file for a browser that asks no network for anything, with the effects, the order of the steps, the scripts with where each of their values comes from, the hosts and a search over all of it; with --old also what has changed since an older bundle. It is made of the bundle alone, and has all that the scripts have: show it to whom you would show the bundle.`,
		Example: example(`
			sprayc audit
			sprayc audit out/ --format markdown >audit.md
			sprayc audit --html review.html
			sprayc audit new/ --old out/ --html review.html
			sprayc audit --json | jq '.effects[] | select(.section == "security")'`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := g.auditFormat(format)
			if err != nil {
				return err
			}
			b, err := readBundle(bundleFolder(args))
			if err != nil {
				return err
			}
			library, err := codegen.Release(b, stdlib.FS)
			if err != nil {
				return err
			}
			if done, err := html.write(cmd, bundleFolder(args), b, library, g.json || format != ""); done || err != nil {
				return err
			}
			report, err := audit.Of(b)
			if err != nil {
				return err
			}
			report.Library = library
			if find := (&whence{definition: definition}).locate(b.Plan.Cluster); find != nil {
				report.Locate(func(file, address string) (string, bool) {
					place, _, ok := find(file, address)
					return place, ok
				})
			}
			return write(cmd, report)
		},
	}
	cmd.Flags().StringArrayVar(&definition, "definition", nil, "the definition's files or folder; *.hcl of the current one unless given")
	cmd.Flags().StringVar(&format, "format", "", "text, json or markdown (default text)")
	html.flags(cmd)
	return cmd
}

// auditFormat returns what writes a report in a format.
func (g *global) auditFormat(format string) (func(*cobra.Command, *audit.Report) error, error) {
	switch {
	case g.json && format != "" && format != "json":
		return nil, fmt.Errorf("--json and --format %s exclude each other; keep one of them", format)
	case format == "json":
		g = &global{json: true}
	case format == "markdown":
		return func(cmd *cobra.Command, report *audit.Report) error {
			_, err := fmt.Fprint(cmd.OutOrStdout(), report.Markdown())
			return err
		}, nil
	case format != "" && format != "text":
		return nil, fmt.Errorf("there is no format %q; write --format text, json or markdown", format)
	}
	return func(cmd *cobra.Command, report *audit.Report) error { return g.print(cmd, report, report.Text()) }, nil
}

// print writes a report as text, or as JSON with --json.
func (g *global) print(cmd *cobra.Command, report any, text string) error {
	if !g.json {
		_, err := fmt.Fprint(cmd.OutOrStdout(), text)
		return err
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}
