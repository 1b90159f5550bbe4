package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
)

func newBuild(g *global) *cobra.Command {
	var d definitionFlags
	var out string
	cmd := &cobra.Command{
		Use:   "build [FILE|FOLDER...]",
		Short: "Compile a definition to a bundle of shell scripts",
		Long: `Build checks the definition and writes the bundle: scripts, class lists, one .env
file for each host, PLAN.md to read first. The folder is replaced as a whole or
not at all; a folder that is no bundle is left alone.`,
		Example: example(`
			sprayc build -o out/
			sprayc build -o out/ cluster.hcl && less out/PLAN.md`),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := d.compile(args)
			if err != nil {
				return err
			}
			if err := g.report(c.diags, c.sources); err != nil {
				return err
			}
			if err := bundle.Write(out, c.bundle); err != nil {
				return err
			}
			if g.talks() {
				fmt.Fprintf(os.Stderr, "%s: %s, %s, %s; read %s first\n", out, count(len(c.plan.Hosts), "host"), classes(len(c.plan.Classes)), count(len(c.bundle.Files)+1, "file"), "PLAN.md")
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "out", "the folder to write")
	d.add(cmd)
	return cmd
}
