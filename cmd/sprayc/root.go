package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"golang.org/x/term"
)

// global holds the flags that every command has.
type global struct {
	color       string
	json        bool
	diagnostics string // how diagnostics are printed: one of diagnosticForms
}

// newRoot makes the command line.
func newRoot() *cobra.Command {
	cobra.EnableCommandSorting = false // the order of a first use teaches more
	g := &global{}
	root := &cobra.Command{
		Use:   "sprayc",
		Short: "Compile a cluster definition to shell scripts, and run them",
		Long: `sprayc compiles a cluster definition in HCL to plain POSIX shell: reviewed,
idempotent scripts per host and role. It checks everything before any host is
touched, shows what would change, and ships and runs the scripts over SSH.`,
		Example: example(`
			sprayc init                       # write a definition to start from
			sprayc check                      # every error, before any host is touched
			sprayc build -o out/              # the scripts, to read
			sprayc rehearse                   # try them on throwaway hosts of this machine
			sprayc plan                       # what each host would change
			sprayc run                        # change it`),
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if !slices.Contains(colors, g.color) {
				return fmt.Errorf("--color is auto, always or never, not %q", g.color)
			}
			return g.chooseDiagnostics()
		},
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&g.color, "color", "auto", "colour the output: auto, always or never")
	root.PersistentFlags().BoolVar(&g.json, "json", false, "print diagnostics as JSON, and reports")
	root.PersistentFlags().StringVar(&g.diagnostics, "diagnostics", "", "how to print diagnostics: text, json, sarif (code scanning) or github (annotations); text unless --json")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w\nrun %s --help for its flags", err, cmd.CommandPath())
	})
	root.AddGroup(&cobra.Group{ID: "definition", Title: "From a definition to a bundle:"},
		&cobra.Group{ID: "bundle", Title: "From a bundle to hosts:"}, &cobra.Group{ID: "operation", Title: "The life of a cluster, each with a bundle of its own:"}, &cobra.Group{ID: "other", Title: "Beside these:"})
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("definition", newInit(g), newCheck(g), newBuild(g), newGraph(g), newFmt(g), newFacts(g), newCatalog(g))
	add("bundle", newAudit(g), newDiff(g), newApprove(g), newPlan(g), newRun(g), newVerify(g), newStatus(g), newCertificates(g), newPack(g), newRehearse(g), newSBOM(g))
	add("operation", newOperations(g)...)
	add("other", newExplain(g), newVersion(g))
	root.AddCommand(newDocs(g))
	_ = root.RegisterFlagCompletionFunc("diagnostics", cobra.FixedCompletions(diagnosticForms, cobra.ShellCompDirectiveNoFileComp))
	_ = root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(colors, cobra.ShellCompDirectiveNoFileComp))
	hintArgs(root)
	namesEdits(root, g)
	root.SetHelpCommandGroupID("other")
	root.SetCompletionCommandGroupID("other")
	return root
}

// colors are the values of --color.
var colors = []string{"auto", "always", "never"}

// hintArgs lets an error about a command's arguments say where its help is.
func hintArgs(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if check := c.Args; check != nil {
			c.Args = func(cmd *cobra.Command, args []string) error {
				if err := check(cmd, args); err != nil {
					return fmt.Errorf("%w\nrun %s --help for what it takes", err, cmd.CommandPath())
				}
				return nil
			}
		}
		hintArgs(c)
	}
}

// namesEdits reports a bundle that is not as it was built as a diagnostic.
func namesEdits(parent *cobra.Command, g *global) {
	for _, c := range parent.Commands() {
		if run := c.RunE; run != nil {
			c.RunE = func(cmd *cobra.Command, args []string) error {
				err := run(cmd, args)
				var edited *bundle.EditedError
				if !errors.As(err, &edited) {
					return err
				}
				var diags diag.List
				for _, wrong := range edited.Wrong {
					diags = append(diags, diag.Diagnostic{Kind: diag.BundleEdited, Span: diag.Span{File: edited.Dir}, Label: wrong})
				}
				diags[0].Fix = "build it again, or undo the edit"
				return g.report(diags, nil)
			}
		}
		namesEdits(c, g)
	}
}

// example removes the indentation that an example has in the source.
func example(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = "  " + strings.TrimLeft(line, "\t")
	}
	return strings.Join(lines, "\n")
}

// colored reports whether to colour what goes to a file.
func (g *global) colored(f *os.File) bool {
	switch g.color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
