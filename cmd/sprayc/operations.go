package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner"
)

// operationFlag is --operation of a command that compiles, or of one that takes a bundle;
// the empty name is that of any bundle.
type operationFlag struct{ name string }

func (o *operationFlag) add(cmd *cobra.Command, unless, usage string) {
	cmd.Flags().StringVar(&o.name, "operation", unless, usage+": "+strings.Join(lang.OperationNames(), ", "))
	_ = cmd.RegisterFlagCompletionFunc("operation", cobra.FixedCompletions(lang.OperationNames(), cobra.ShellCompDirectiveNoFileComp))
}

// check refuses what is no operation.
func (o *operationFlag) check() error {
	if o.name == "" || slices.Contains(lang.OperationNames(), o.name) {
		return nil
	}
	if near := diag.Suggest(o.name, lang.OperationNames()); near != "" {
		return fmt.Errorf("no operation is named %q; did you mean %s?", o.name, near)
	}
	return fmt.Errorf("no operation is named %q; there are %s", o.name, strings.Join(lang.OperationNames(), ", "))
}

// of refuses a bundle that is for another operation, and says what to do with it instead.
func (o *operationFlag) of(b *bundle.Bundle, dir string) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.name == "" || b.Plan.Operation == o.name {
		return nil
	}
	return fmt.Errorf("%s is for %s, not for %s: run it with: %s %s\nor build one for %s: %s", dir, b.Plan.Operation, o.name, verb(b.Plan.Operation), dir, o.name, buildFor(o.name, dir))
}

// buildFor is the command that makes a bundle of an operation.
func buildFor(operation, dir string) string {
	if operation == "" || operation == lang.Converge {
		return "sprayc build -o " + dir
	}
	return "sprayc build --operation " + operation + " -o " + dir
}

// verb is the command that runs a bundle of an operation.
func verb(operation string) string {
	for _, o := range lang.Operations {
		if o.Name == operation {
			return "sprayc " + o.Command()
		}
	}
	return "sprayc run --operation " + operation
}

// newOperations are the commands of all operations but converge, which is run's, and but
// those that belong to another command: each is run --operation of its name.
func newOperations(g *global) []*cobra.Command {
	var all []*cobra.Command
	for _, o := range lang.Operations[1:] {
		if o.Verb == "" {
			all = append(all, newOperation(g, o))
		}
	}
	return all
}

// newVerbs are the commands below another one that run operations: its renew is that of
// the verb "certificates renew".
func newVerbs(g *global, below string) []*cobra.Command {
	var all []*cobra.Command
	for _, o := range lang.Operations {
		if strings.HasPrefix(o.Verb, below+" ") {
			all = append(all, newOperation(g, o))
		}
	}
	return all
}

func newOperation(g *global, o lang.Operation) *cobra.Command {
	f := runFlags{operation: operationFlag{o.Name}}
	var requests requestsFlag
	words := strings.Fields(o.Command())
	more, flags := "", ""
	if o.Long != "" {
		more = "\n" + o.Long + "\n"
	}
	if o.Irreversible != "" {
		more += "\nIt " + o.Irreversible + ".\nThere is no way back, so it wants the cluster's name: by --accept, or typed when it asks.\n"
		flags = "--accept prod "
	}
	if o.Brings != "" {
		flags = "-o requests/ "
	}
	use, limit := words[len(words)-1]+" [BUNDLE]", cobra.MaximumNArgs(1)
	if o.Components {
		use, limit = words[len(words)-1]+" [COMPONENT...] [BUNDLE]", cobra.ArbitraryArgs
	}
	cmd := &cobra.Command{
		Use:   use,
		Short: o.Summary,
		Long: fmt.Sprintf(`Run a bundle (out/ unless one is named) that was built for the operation %[1]s, as run does:
sprayc %[2]s is sprayc run --operation %[1]s. Build it, read or audit it, have it approved,
and look at what it would do, first. Broken off, it is gone on with by the same command.
`+more+`
`+receiptsLong+`

Status: 0 done, 1 something failed, 4 only that hosts could not be reached.`, o.Name, o.Command()),
		Example: example(fmt.Sprintf(`
			sprayc build --operation %[1]s -o out-%[1]s/
			sprayc audit out-%[1]s/
			sprayc plan out-%[1]s/
			sprayc %[2]s %[3]sout-%[1]s/`, o.Name, o.Command(), flags)),
		Args: limit,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Components {
				var err error
				if args, err = f.components.take(args); err != nil {
					return err
				}
			}
			if o.Brings != "" {
				return f.bring(cmd, g, args, o, requests.dir)
			}
			return f.run(cmd, g, args, runner.Apply)
		},
	}
	f.add(cmd)
	f.receipts.add(cmd)
	if o.Brings != "" {
		requests.add(cmd)
	}
	if o.Components {
		f.components.add(cmd)
	}
	if o.Irreversible != "" {
		f.accept.add(cmd)
	}
	return cmd
}

// acceptFlag is --accept: that what has no way back is meant.
type acceptFlag struct{ name string }

func (a *acceptFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.name, "accept", "", "the cluster's name: what this operation does has no way back, and is meant")
}

// of refuses what has no way back unless the cluster is named: by the flag, or by who sits at
// the terminal.
func (a *acceptFlag) of(b *bundle.Bundle, dir string, ask func(string) ([]byte, error)) error {
	why := lang.OperationOf(b.Plan.Operation).Irreversible
	if why == "" || a.name == b.Plan.Cluster {
		return nil
	}
	if a.name != "" {
		return fmt.Errorf("--accept %s: this bundle is of the cluster %s", a.name, b.Plan.Cluster)
	}
	if ask != nil {
		answer, err := ask(fmt.Sprintf("This %s (the cluster %s, %d hosts), and there is no way back.\nThe cluster's name, if that is meant:", why, b.Plan.Cluster, len(b.Plan.Hosts)))
		if err == nil && string(answer) == b.Plan.Cluster {
			return nil
		}
	}
	return fmt.Errorf("this %[1]s, and there is no way back; look at it with sprayc plan %[4]s, and if it is meant: %[2]s --accept %[3]s %[4]s", why, verb(b.Plan.Operation), b.Plan.Cluster, dir)
}
