package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"golang.org/x/term"
)

func newPack(*global) *cobra.Command {
	var role, from, to string
	cmd := &cobra.Command{
		Use:   "pack HOST",
		Short: "Print one host's bundle as a tar, to copy by hand",
		Long:  packHelp(),
		Example: example(`
			sprayc pack cp1 -o cp1.tar
			sprayc pack cp1 | ssh cp1 'sudo sh -c "mkdir /root/b && cd /root/b && tar -xof - && sh run.sh plan"'
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

// packHelp says what to do with the tar, in the words of PLAN.md.
func packHelp() string {
	unpack, run := codegen.HandCommands()
	return `Pack prints what one host gets of a bundle: a tar with the same bytes each time. Copy
it to the host as HOST.tar. There, as root, in an empty folder of root's:

    ` + strings.Join(unpack, "\n    ") + `

    ` + strings.Join(run, "\n    ") + `

sh run.sh help says what else there is; PLAN.md has the order for the whole cluster.
With --role the tar has only the steps that the role brings, those of the sets that it
is in (node, all) with them, and a digest of its own; such a part removes nothing that
another role's steps have made.`
}
