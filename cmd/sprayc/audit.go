package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/audit"
)

func newAudit(g *global) *cobra.Command {
	return &cobra.Command{
		Use:   "audit [BUNDLE]",
		Short: "Say what a bundle does, by role",
		Long:  `Audit reads the scripts of a bundle (out/ unless one is named) and lists by role what they do: files, packages, services, kernel settings, downloads with their digests, commands, and what interrupts what serves.`,
		Example: example(`
			sprayc audit
			sprayc audit out/ --json`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := readBundle(bundleFolder(args))
			if err != nil {
				return err
			}
			report, err := audit.Of(b)
			if err != nil {
				return err
			}
			return g.print(cmd, report, report.Text())
		},
	}
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
