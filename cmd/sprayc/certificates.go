package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/runner"
	"golang.org/x/term"
)

func newCertificates(g *global) *cobra.Command {
	var f runFlags
	days := 30
	cmd := &cobra.Command{
		Use:   "certificates [BUNDLE]",
		Short: "Show every certificate of the cluster, and how long it is good",
		Long: `Certificates asks every host of a bundle (out/ unless one is named) for its certificates: those
on disk, also in kubeconfigs, and those that are served, by each API server and through the
endpoint, by kubelets, controller managers, schedulers and etcd. Those that end first come
first. What is served and is another than the one on disk is said: its process has not read the
new one. Nothing is changed: sprayc certificates renew makes those anew that end soon.

With --verbose the names are shown that each is good for; --json has all of it.

Status: 3 when any has fewer than --days days left, each of which is named; else 1 when
something could not be read, 4 only that hosts could not be reached, 0.`,
		Example: example(`
			sprayc certificates
			sprayc certificates --days 60 --verbose
			sprayc certificates --only "role:control_plane"
			sprayc certificates --json | jq '.certificates[] | select(.short)'`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.certificates(cmd, g, args, days) },
	}
	cmd.AddCommand(newVerbs(g, "certificates")...)
	f.addReach(cmd)
	cmd.Flags().IntVar(&days, "days", days, "days that each certificate must have left")
	cmd.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "show also the names that each is good for")
	return cmd
}

// certificates asks for them and prints the report.
func (f *runFlags) certificates(cmd *cobra.Command, g *global, args []string, days int) error {
	if days < 0 {
		return fmt.Errorf("--days is 0 or more, not %d", days)
	}
	gathered := &runner.Certificates{Days: days, Now: time.Now}
	f.reports, f.gather = "certificates", gathered
	err := f.run(cmd, g, args, runner.Verify)
	var code exitCode
	if err != nil && !errors.As(err, &code) || gathered.Report == nil {
		return err
	}
	if g.json {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(gathered.Report); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	} else {
		fmt.Print(gathered.Report.Text(g.paper(), f.verbose))
	}
	if code := gathered.Report.Code; code != 0 {
		return exitCode(code)
	}
	return nil
}

// paper is what texts on standard output are written on.
func (g *global) paper() runner.Paper {
	var paper runner.Paper
	paper.Color = g.colored(os.Stdout)
	if fd := int(os.Stdout.Fd()); os.Getenv("TERM") != "dumb" && term.IsTerminal(fd) {
		if width, _, err := term.GetSize(fd); err == nil {
			paper.Width = width
		}
	}
	return paper
}
