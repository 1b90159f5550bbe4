package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/rehearse"
)

func newRehearse(g *global) *cobra.Command {
	var d definitionFlags
	var options rehearse.Options
	var only []string
	var verbose bool
	cmd := &cobra.Command{
		Use:   "rehearse [FILE|FOLDER...|BUNDLE]",
		Short: "Run a definition on throwaway hosts of this machine, twice",
		Long: `Rehearse compiles the definition, makes its hosts on this machine from Linux
namespaces alone (an overlay over this machine's own files, a network of their own,
sshd, systemd where it can run), and runs the bundle on them through the same runner
that "sprayc run" uses. Then it runs it again: a second run that changes anything is
a failure. Nothing of this machine is changed, and nothing is left behind.

What a throwaway host cannot do for real (load a kernel module, install from a
package mirror, download a release) a stand-in records and answers; the report says
how many resources were real. As root the hosts have systemd where the machine has
it; an ordinary user needs user namespaces.`,
		Example: example(`
			sprayc rehearse
			sprayc rehearse examples/small
			sprayc rehearse out/                     # a bundle that is built already
			sprayc rehearse --only cp1,worker01
			sprayc rehearse --root /srv/debian-12    # over another root than this machine's`),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := d.bundle(g, args)
			if err != nil {
				return err
			}
			ctx, _, done := runner.Interrupts(cmd.Context(), runner.Apply)
			defer done()
			for _, name := range only {
				if b.Plan.Host(name) == nil {
					return fmt.Errorf("there is no host %s", name)
				}
				options.Hosts = append(options.Hosts, rehearse.Host{Name: name})
			}
			report, err := rehearse.Rehearse(ctx, b, options, g.view(verbose))
			if err != nil {
				return err
			}
			if err := g.print(cmd, report, "\n"+report.String()); err != nil {
				return err
			}
			if !report.OK() {
				return exitCode(1)
			}
			fmt.Fprintln(os.Stderr, "the rehearsal succeeded; next: sprayc build -o out/ && sprayc plan")
			return nil
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&options.Root, "root", "", "folder with the system that the hosts start from; this machine's own unless given")
	fl.StringVar(&options.Disk, "disk", "", "folder for what the hosts write; memory unless given")
	fl.StringVar(&options.Init, "init", "", "PID 1 of the hosts: systemd or stand-in; systemd where it can run")
	fl.StringVar(&options.SSHD, "sshd", "", "SSH server of the hosts: openssh or stand-in; OpenSSH where there is one")
	fl.StringSliceVar(&only, "only", nil, "names of the hosts to make; all unless given, two of each class of a large cluster")
	fl.BoolVarP(&verbose, "verbose", "v", false, "show resources that are as they should be, too")
	d.add(cmd)
	return cmd
}

// bundle is the one in the folder named, or that of the definition.
func (d *definitionFlags) bundle(g *global, args []string) (*bundle.Bundle, error) {
	if len(args) == 1 {
		if _, err := os.Stat(filepath.Join(args[0], bundle.PlanFile)); err == nil {
			return readBundle(args[0])
		}
	}
	c, err := d.compile(args)
	if err != nil {
		return nil, err
	}
	return c.bundle, g.report(c.diags, c.sources)
}
