package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
)

//go:embed init.hcl
var initDefinition []byte

func newInit(*global) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a commented definition to start from",
		Long:  `Init writes a small definition with comments. It passes check as it is; change the hosts' addresses and systems to yours. A file that is there already is left alone.`,
		Example: example(`
			sprayc init && sprayc check
			sprayc init -o - | less`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "-" {
				_, err := cmd.OutOrStdout().Write(initDefinition)
				return err
			}
			f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already; give another name with -o", file)
			}
			if err != nil {
				return err
			}
			if _, err := f.Write(initDefinition); err != nil {
				f.Close()
				os.Remove(file)
				return err
			}
			if err := f.Close(); err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: change the hosts to yours, then: sprayc check\n", file)
			return nil
		},
	}
	cmd.Flags().StringVarP(&file, "out", "o", "cluster.hcl", "the file to write; - prints it")
	return cmd
}
