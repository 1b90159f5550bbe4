package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/lang/diag"
)

func newExplain(*global) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [KIND]",
		Short: "Explain a kind of error",
		Long:  `Explain prints the page about a kind of diagnostic: the word in brackets behind an error. Without one it lists them all.`,
		Example: example(`
			sprayc explain late-value
			sprayc explain`),
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return diag.IDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, k := range diag.Kinds() {
					fmt.Fprintf(cmd.OutOrStdout(), "%-22s %s\n", k.ID, k.Summary)
				}
				return nil
			}
			page, ok := diag.Explain(args[0])
			if !ok {
				hint := "sprayc explain lists them all"
				if near := diag.Suggest(args[0], diag.IDs()); near != "" {
					hint = fmt.Sprintf("did you mean %q?", near)
				}
				return fmt.Errorf("there is no kind of diagnostic %q; %s", args[0], hint)
			}
			fmt.Fprint(cmd.OutOrStdout(), page)
			return nil
		},
	}
}
