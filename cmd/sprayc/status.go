package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/receipt"
)

func newStatus(g *global) *cobra.Command {
	var f runFlags
	days, junit := 30, ""
	cmd := &cobra.Command{
		Use:   "status [BUNDLE]",
		Short: "Show how the cluster stands: hosts, nodes, API servers, etcd, DNS, certificates, drift",
		Long: `Status asks every host of a bundle (out/ unless one is named) how it stands, and the cluster as
it is seen from there: its kubelet, whether an API server answers at the endpoint and at the
address of Services, DNS, the pods' network; and each control plane for its API server, for all
nodes (Ready, version, cordoned and by whom, pressure) and its member of etcd (leader, learner,
size, alarms, and which others do not answer). Then it plans, and counts what differs from the
bundle. What is not well stands first, with what to do about it; then all that is, what is the
same of several hosts on one line. Nothing is changed.

A host that cannot be reached, or does not answer within --within, is told of, and by the others
too; one that is declared absent or in maintenance is not asked, and nothing about it is a problem.

Modules say what is told, yours too: verify { reports = "status" }.

Status: 1 when something is not well, else 4 when hosts could not be reached, else 3 when
something will not stay well (a certificate with fewer than --days days, a node that takes no
pods), else 0.`,
		Example: example(`
			sprayc status
			sprayc status --only "role:control_plane"
			sprayc status --json | jq '.lines[] | select(.status != "ok")'
			sprayc status --junit status.xml      # for continuous integration`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.status(cmd, g, args, days, junit) },
	}
	f.addReach(cmd)
	fl := cmd.Flags()
	fl.IntVar(&days, "days", days, "days that each certificate must have left")
	fl.StringVar(&junit, "junit", "", "also write it to this file, as JUnit's XML: a suite for each host, a case for each thing that is told of it")
	fl.DurationVar(&f.within, "within", 2*time.Minute, "how long a host may take to tell, and again for its plan")
	patience := fl.Lookup("patience")
	f.patience, patience.DefValue = 20*time.Second, "20s"
	return cmd
}

// status asks for it and prints the report.
func (f *runFlags) status(cmd *cobra.Command, g *global, args []string, days int, junit string) error {
	switch {
	case days < 0:
		return fmt.Errorf("--days is 0 or more, not %d", days)
	case f.within <= 0:
		return fmt.Errorf("--within is more than 0, not %s", f.within)
	}
	gathered := &runner.StatusSink{Days: days, Now: time.Now}
	f.gather, f.tells = gathered, true
	err := f.run(cmd, g, args, runner.Status)
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
		fmt.Print(gathered.Report.Text(g.paper()))
	}
	if junit != "" {
		if err := receipt.WriteStatus(junit, gathered.Report); err != nil {
			return err
		}
	}
	if code := gathered.Report.Code; code != 0 {
		return exitCode(code)
	}
	return nil
}
