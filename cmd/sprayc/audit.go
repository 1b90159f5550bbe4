package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/diff"
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

func newDiff(g *global) *cobra.Command {
	return &cobra.Command{
		Use:     "diff OLD NEW",
		Short:   "Say how two bundles differ, by step, class and host",
		Long:    `Diff compares two bundles. It ends with status 2 if they differ.`,
		Example: example(`sprayc build -o new/ && sprayc diff out/ new/`),
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			old, err := readBundle(args[0])
			if err != nil {
				return err
			}
			new, err := readBundle(args[1])
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
