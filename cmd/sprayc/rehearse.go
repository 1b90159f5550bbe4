package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/rehearse"
)

func newRehearse(g *global) *cobra.Command {
	var only []string
	var root string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "rehearse [BUNDLE]",
		Short: "Try a bundle on throwaway hosts of this machine",
		Long: `Rehearse makes a throwaway host for each host of the bundle (out/ unless one is
named) out of Linux namespaces, with an overlay over this machine's own root, and
runs the bundle on them twice through SSH, as run does: the second run must change
nothing. Then it says what was real and what a stand-in answered. Nothing of the
machine is changed, and nothing is left.

As root the hosts have systemd where the machine has it; an ordinary user needs
user namespaces.`,
		Example: example(`
			sprayc rehearse
			sprayc rehearse --only cp1,w1
			sprayc rehearse --root /srv/debian-12 out/`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := readBundle(bundleFolder(args))
			if err != nil {
				return err
			}
			ctx, _, done := runner.Interrupts(cmd.Context())
			defer done()
			options := rehearse.Options{Root: root}
			for _, name := range only {
				if b.Plan.Host(name) == nil {
					return fmt.Errorf("the bundle has no host %s", name)
				}
				options.Hosts = append(options.Hosts, rehearse.Host{Name: name})
			}
			report, err := rehearse.Rehearse(ctx, b, options, g.view(verbose))
			if err != nil {
				return err
			}
			fmt.Print("\n" + report.String())
			if !report.OK() {
				return exitCode(1)
			}
			return nil
		},
	}
	cmd.Flags().StringSliceVar(&only, "only", nil, "names of hosts to make; the others are left out")
	cmd.Flags().StringVar(&root, "root", "", "folder with a root to use instead of this machine's own")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "show resources that are as they should be, too")
	return cmd
}

func newDocs(g *global) *cobra.Command {
	return &cobra.Command{Use: "docs", Hidden: true}
}
