package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/runner"
)

// requestsFlag is -o of an operation whose hosts have requests to bring.
type requestsFlag struct{ dir string }

func (r *requestsFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&r.dir, "output", "o", "requests", "folder of the requests: HOST/NAME.csr")
}

// bring runs an operation, and where nothing has failed asks the hosts for the requests that
// they have then, writes them and prints the report.
func (f *runFlags) bring(cmd *cobra.Command, g *global, args []string, o lang.Operation, dir string) error {
	if g.json {
		f.gather = &runner.Requests{} // nothing but the report is printed
	}
	err := f.run(cmd, g, args, runner.Apply)
	var code exitCode
	if err != nil && (!errors.As(err, &code) || code != runner.ExitSkipped) {
		return err
	}
	gathered := &runner.Requests{}
	f.reports, f.gather = o.Brings, gathered
	f.steps, f.until, f.events, f.receipts = "", "", "", receiptFlags{}
	err = f.run(cmd, g, args, runner.Verify)
	if err != nil && !errors.As(err, &code) || gathered.Report == nil {
		return err
	}
	if err := gathered.Report.Write(dir); err != nil {
		return err
	}
	if g.json {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(gathered.Report); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	} else {
		fmt.Print("\n" + gathered.Report.Text(g.paper(), dir))
	}
	if code := max(int(code), gathered.Report.Code); code != 0 {
		return exitCode(code)
	}
	return nil
}
