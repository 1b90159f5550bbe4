package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
)

func newVersion(*global) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fmt.Fprintf(cmd.OutOrStdout(), "sprayc %s (bundle schema %d, %s %s/%s)\n", codegen.Version, bundle.Schema, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
