package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/lang"
)

func newCheck(g *global) *cobra.Command {
	var d definitionFlags
	cmd := &cobra.Command{
		Use:   "check [FILE|FOLDER...]",
		Short: "Find every error of a definition, without touching a host",
		Long: `Check reads the definition, *.hcl of the current folder unless files or folders
are named, and finds every error in one pass: names, types, versions, subnets,
binding times, the order of steps, and the modules' shell.`,
		Example: example(`
			sprayc check
			sprayc check cluster.hcl
			sprayc check --var version=1.36.3 --json`),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := d.compile(args)
			if err != nil {
				return err
			}
			if err := g.report(c.diags, c.sources); err != nil {
				return err
			}
			if g.talks() {
				fmt.Fprintf(os.Stderr, "%s: %s, %s, %s\n", c.plan.Cluster, count(len(c.plan.Hosts), "host"), classes(len(c.plan.Classes)), count(len(c.plan.Steps), "step"))
			}
			return nil
		},
	}
	d.add(cmd)
	d.operation.add(cmd, lang.Converge, "what to check it for")
	return cmd
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func classes(n int) string {
	if n == 1 {
		return "1 class"
	}
	return fmt.Sprintf("%d classes", n)
}
