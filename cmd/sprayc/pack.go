package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"golang.org/x/term"
)

func newPack(*global) *cobra.Command {
	var role, from, to string
	cmd := &cobra.Command{
		Use:   "pack HOST",
		Short: "Print one host's bundle as a tar, to copy by hand",
		Long: `Pack prints what one host gets of a bundle: a tar with the same bytes each time. On
the host, unpack it and read run.sh --help. With --role it has only the steps that
the role brings, those of the sets that it is in (node, all) with them; such a part
removes nothing that another role's steps have made.`,
		Example: example(`
			sprayc pack cp1 | ssh cp1 'mkdir b && tar -C b -x && cd b && sudo sh run.sh plan'
			sprayc pack w1 --role worker -o w1.tar`),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := readBundle(from)
			if err != nil {
				return err
			}
			data, err := bundle.Pack(b, args[0], role)
			if err != nil {
				return err
			}
			if to != "" {
				return replaceFile(to, data)
			}
			if term.IsTerminal(int(os.Stdout.Fd())) {
				return fmt.Errorf("a tar is no text for a terminal; pipe it on, or give -o FILE")
			}
			_, err = os.Stdout.Write(data)
			return err
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "only the steps that this role brings")
	cmd.Flags().StringVar(&from, "bundle", "out", "the bundle")
	cmd.Flags().StringVarP(&to, "out", "o", "", "write to a file")
	return cmd
}
