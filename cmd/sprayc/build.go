package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang"
)

func newBuild(g *global) *cobra.Command {
	var d definitionFlags
	var out, statement string
	cmd := &cobra.Command{
		Use:   "build [FILE|FOLDER...]",
		Short: "Compile a definition to a bundle of shell scripts",
		Long: `Build checks the definition and writes the bundle: scripts, class lists, one .env
file for each host, PLAN.md to read first. The folder is replaced as a whole or
not at all; a folder that is no bundle is left alone. Approvals in the folder stay if
what is built is the same to the byte, and go with the old bundle if it is not.

With --provenance it also writes an in-toto statement with SLSA provenance, beside the
bundle: the bundle's digest and files, and every file that it was made from by digest. It
has neither a time nor a path of this machine, and is to be signed as you sign others.`,
		Example: example(`
			sprayc build -o out/
			sprayc build -o out/ cluster.hcl && less out/PLAN.md
			sprayc build -o out/ --provenance out.intoto.json`),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := d.compile(args)
			if err != nil {
				return err
			}
			if err := g.report(c.diags, c.sources); err != nil {
				return err
			}
			if err := outside(out, statement); err != nil {
				return err
			}
			approvals := bundle.CountApprovals(out)
			if err := bundle.Write(out, c.bundle); err != nil {
				return err
			}
			if lost := approvals - bundle.CountApprovals(out); lost > 0 && g.talks() {
				fmt.Fprintf(os.Stderr, "%s: this is another bundle than the one that was there; %s of that one went with it\n", out, count(lost, "approval"))
			}
			if err := writeProvenance(out, statement, c.def); err != nil {
				return err
			}
			if g.talks() {
				fmt.Fprintf(os.Stderr, "%s: %s, %s, %s; read %s first\n", out, count(len(c.plan.Hosts), "host"), classes(len(c.plan.Classes)), count(len(c.bundle.Files)+2, "file"), "PLAN.md")
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "out", "o", "out", "the folder to write")
	cmd.Flags().StringVar(&statement, "provenance", "", "write a statement of what the bundle was made from to this file, outside of the bundle")
	d.add(cmd)
	d.operation.add(cmd, lang.Converge, "what the bundle is to be for")
	return cmd
}
