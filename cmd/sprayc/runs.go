package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner"
	"github.com/sprayc/sprayc/runner/ssh"
	"github.com/sprayc/sprayc/stdlib"
	"golang.org/x/term"
)

// runFlags are the flags of commands that run a bundle on hosts.
type runFlags struct {
	operation            operationFlag
	only, steps, until   string
	events, logs         string
	sshConfig, user      string
	connections, uploads int
	patience             time.Duration
	verbose              bool
	format               string // of plan's report
	approvals            approvalFlags
	receipts             receiptFlags
	accept               acceptFlag
	components           componentFlag

	reports string      // only what tells of this
	gather  runner.Sink // to it, and nowhere else but the logs
	tells   bool        // what is gathered has all that went wrong
	within  time.Duration
}

func (f *runFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	f.addReach(cmd)
	fl.StringVar(&f.steps, "steps", "", "steps to run, a selector: \"stage:runtime\", \"module:os\", \"containerd/daemon\"")
	fl.StringVar(&f.until, "until", "", "the last stage to run")
	fl.StringVar(&f.events, "events", "", "write events to standard output: json")
	fl.IntVar(&f.uploads, "uploads", 32, "uploads at once")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "show resources that are as they should be, too")
	_ = cmd.RegisterFlagCompletionFunc("events", cobra.FixedCompletions([]string{"json"}, cobra.ShellCompDirectiveNoFileComp))
}

// addReach adds those of how hosts are reached.
func (f *runFlags) addReach(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.only, "only", "", "hosts to run on, a selector: \"role:worker & !host:w3\"")
	fl.StringVar(&f.logs, "logs", filepath.Join(".sprayc", "logs"), "folder of each host's full log; empty for none")
	fl.StringVarP(&f.sshConfig, "ssh-config", "F", "", "ssh_config to use instead of ~/.ssh/config")
	fl.StringVar(&f.user, "user", "", "log in as this user, whatever else says")
	fl.IntVar(&f.connections, "connections", 64, "hosts to connect to at once")
	fl.DurationVar(&f.patience, "patience", 10*time.Minute, "how long a host whose link was lost is tried again before it is left")
	f.approvals.add(cmd)
}

// bundleFolder is the bundle that the arguments name.
func bundleFolder(args []string) string {
	if len(args) == 0 {
		return "out"
	}
	return args[0]
}

// readBundle reads a bundle; the error says how to make one.
func readBundle(dir string) (*bundle.Bundle, error) { return readBundleFor("", dir) }

// readBundleFor reads the bundle of an operation; the error says how to make one.
func readBundleFor(operation, dir string) (*bundle.Bundle, error) {
	if _, err := os.Stat(filepath.Join(dir, bundle.PlanFile)); os.IsNotExist(err) {
		return nil, fmt.Errorf("there is no bundle in %s; make one with: %s", dir, buildFor(operation, dir))
	}
	return bundle.Read(dir)
}

// run runs a bundle and ends with the runner's code.
func (f *runFlags) run(cmd *cobra.Command, g *global, args []string, operation runner.Operation) error {
	if f.events != "" && f.events != "json" {
		return fmt.Errorf("--events is json, not %q", f.events)
	}
	format, err := f.reportFormat(g, operation)
	if err != nil {
		return err
	}
	b, err := readBundleFor(f.operation.name, bundleFolder(args))
	if err != nil {
		return err
	}
	if err := f.operation.of(b, bundleFolder(args)); err != nil {
		return err
	}
	if err := f.components.of(b, bundleFolder(args)); err != nil {
		return err
	}
	if operation == runner.Apply {
		if err := f.accept.of(b, bundleFolder(args), asker()); err != nil {
			return err
		}
	}
	approvals, err := f.approvals.approved(cmd, g, bundleFolder(args), b)
	if err != nil {
		return err
	}
	sinks, err := f.sinks(g, format)
	if err != nil {
		return err
	}
	receipts, done, err := f.receipts.keep(cmd, b, operation)
	if err != nil {
		return err
	}
	defer done()
	ctx, leave, restore := runner.Interrupts(cmd.Context(), operation)
	defer restore()
	result, err := runner.Run(ctx, b, runner.Options{
		Operation: operation, Only: f.only, Steps: f.steps, Until: f.until, Reports: f.reports, Components: f.components.names,
		SSH:         ssh.Options{ConfigFile: f.sshConfig, User: f.user, Ask: asker(), Notice: func(text string) { fmt.Fprintln(os.Stderr, "sprayc: "+text) }},
		Connections: f.connections, Uploads: f.uploads, Patience: f.patience, Within: f.within, Sinks: sinks, Receipts: receipts, Leave: leave, Approvals: approvals,
	})
	if err != nil {
		return err
	}
	if errors := result.Diagnostics.Errors(); len(errors) > 0 && f.events == "" && !f.tells {
		// Hosts that could not be reached are warnings, and in the closing list.
		fmt.Fprintln(os.Stderr)
		style := diag.Style{Color: g.colored(os.Stderr)}
		if err := diag.Write(os.Stderr, errors, sourcesOf(errors, b), style); err != nil {
			return err
		}
	}
	if code := result.Code(); code != 0 {
		return exitCode(code)
	}
	return nil
}

// reportFormat is json or markdown when plan is to print its report in it, else "".
func (f *runFlags) reportFormat(g *global, operation runner.Operation) (string, error) {
	if operation != runner.Plan {
		return "", nil
	}
	if err := g.checkFormat(f.format); err != nil {
		return "", err
	}
	format := f.format
	if g.json {
		format = "json"
	}
	switch {
	case format == "" || format == "text":
		return "", nil
	case f.events != "":
		return "", fmt.Errorf("--events and --format %s exclude each other; keep one of them", format)
	}
	return format, nil
}

// sourcesOf reads the files that diagnostics of a run point at, as far as they
// are there: a bundle may be run far from its definition. Of files beside the
// library only those that the bundle was made of are read: a host says where its
// failures come from, and could name any.
func sourcesOf(list diag.List, b *bundle.Bundle) diag.Sources {
	sources := diag.Sources{}
	for _, d := range list {
		name := d.Span.File
		if !strings.HasPrefix(name, "stdlib/") && !b.Names(name) {
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, strings.TrimPrefix(name, "stdlib/"))
		if !strings.HasPrefix(name, "stdlib/") {
			text, err = os.ReadFile(name)
		}
		if err == nil {
			sources[name] = text
		}
	}
	return sources
}

// sinks are where the run is shown: events for programs, or lines for people,
// and the logs; or, in a format, the report at the end alone.
func (f *runFlags) sinks(g *global, format string) ([]runner.Sink, error) {
	var sinks []runner.Sink
	switch {
	case f.gather != nil:
		sinks = append(sinks, f.gather)
	case format != "":
		sinks = append(sinks, runner.NewReport(os.Stdout, format))
	case f.events == "json":
		sinks = append(sinks, runner.NewJSON(os.Stdout))
	default:
		sinks = append(sinks, g.view(f.verbose))
	}
	if f.logs != "" {
		log, err := runner.NewLog(f.logs)
		if err != nil {
			return nil, fmt.Errorf("the logs: %w", err)
		}
		sinks = append(sinks, log)
	}
	return sinks, nil
}

// view is the live view on a terminal, plain lines elsewhere.
func (g *global) view(verbose bool) runner.Sink {
	fd := int(os.Stdout.Fd())
	if os.Getenv("TERM") != "dumb" && term.IsTerminal(fd) {
		live := runner.NewLive(os.Stdout, func() (width, height int) {
			width, height, err := term.GetSize(fd)
			if err != nil {
				return 80, 24
			}
			return width, height
		})
		live.Verbose, live.Color = verbose, g.colored(os.Stdout)
		return live
	}
	plain := runner.NewPlain(os.Stdout)
	plain.Verbose, plain.Paper.Color = verbose, g.colored(os.Stdout)
	return plain
}

// asker asks for a password on the terminal; nil if there is none.
func asker() func(string) ([]byte, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil
	}
	return func(question string) ([]byte, error) {
		fmt.Fprintf(tty, "%s ", strings.TrimSpace(question))
		answer, err := term.ReadPassword(int(tty.Fd()))
		fmt.Fprintln(tty)
		return answer, err
	}
}

func newPlan(g *global) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "plan [BUNDLE]",
		Short: "Show what each host would change, without changing it",
		Long: `Plan asks every host, over SSH, what differs from the bundle (out/ unless one is
named): what will change, what may change once that has, and what is left over. Each change
stands there once, with the hosts that it is of. Nothing on a host is changed.

Of each file that is there and would change, wholly or a line of it, it shows the lines that
differ; of a user or a group what it has and will have. What is only on the host stands
there as *** unless everybody may read it there, now and afterwards; a file that is made of
outputs or secrets is never shown. Then come what would be restarted, how many hosts of each
role would be down at once, what that leaves of etcd's quorum, and how long a run would take.

The time is that of earlier runs: each host keeps the last five times of each step that
changed something there, and a plan follows the order, the waits and the budgets of a run.
A step that no host has run yet is named, and is not in it.

Status: 0 nothing to do, 2 there is, 1 something failed, 4 only that hosts could not be reached.`,
		Example: example(`
			sprayc plan
			sprayc plan --only "role:worker"
			sprayc plan --format markdown >plan.md
			sprayc plan --json | jq '.forecast'
			sprayc plan --component etcd out-upgrade/   # of an upgrade of it alone
			sprayc plan out/ --events json`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, g, args, runner.Plan) },
	}
	f.add(cmd)
	f.operation.add(cmd, "", "what the bundle must be for, any if not given")
	f.components.add(cmd)
	cmd.Flags().StringVar(&f.format, "format", "", "how to print the report: text, json or markdown (default text)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "markdown"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func newRun(g *global) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run [BUNDLE]",
		Short: "Ship a bundle to its hosts and apply it",
		Long: `Run ships the bundle (out/ unless one is named) over SSH and executes it: hosts in
parallel, steps in order, no more hosts of a role down at once than its budget
allows. To resume after a failure, run it again. Ctrl-C lets each host finish the
act under way; a second one leaves the hosts to finish by themselves.

A link that is lost is opened again, and the work goes on meanwhile; --patience says
for how long that is tried. ConnectTimeout, ServerAliveInterval and ServerAliveCountMax
of ssh_config say when a host that is silent is given up: 15 s, and 3 times 10 s.

` + receiptsLong + `

Status: 0 done, 1 something failed, 4 only that hosts could not be reached.`,
		Example: example(`
			sprayc run
			sprayc run --only "host:w3"
			sprayc run --until runtime
			sprayc run --steps "containerd/daemon"
			sprayc run --require-approvals 2      # of those in /etc/sprayc/allowed_signers`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, g, args, runner.Apply) },
	}
	f.add(cmd)
	f.operation.add(cmd, lang.Converge, "what the bundle must be for")
	f.components.add(cmd)
	f.receipts.add(cmd)
	return cmd
}

func newVerify(g *global) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "verify [BUNDLE]",
		Short: "Check that what runs on the hosts is what the bundle says",
		Long: `Verify asks every host whether all is there as the bundle (out/ unless one is named) says:
each file, package, service and other resource is probed, and the verify blocks of all steps
are run, checks of the outcome, such as that a daemon answers with the definition's
configuration. Nothing is changed. All that is not as it should be is named.

` + receiptsLong + `

Status: 0 all is well, 1 something is not, 3 it is and will not stay so (a certificate that
ends soon), 4 only that hosts could not be reached.`,
		Example: example(`
			sprayc verify
			sprayc verify --receipt-key ~/.ssh/id_ed25519
			sprayc verify --only "role:worker" --receipts audit/2026-11
			sprayc verify --junit verify.xml      # for continuous integration`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, g, args, runner.Verify) },
	}
	f.add(cmd)
	f.receipts.add(cmd)
	cmd.Flags().StringVar(&f.receipts.junit, "junit", "", "also write what the receipts say to this file, as JUnit's XML: a suite for each host, a case for each setting")
	return cmd
}
