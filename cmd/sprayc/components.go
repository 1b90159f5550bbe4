package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
)

// componentFlag is --component: the components to run alone, of an operation that is done so.
type componentFlag struct {
	names  []string
	folder string // an argument without a / that was taken for the bundle
}

func (c *componentFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&c.names, "component", nil, "components to upgrade alone, such as etcd or runtime; of a bundle for upgrade")
}

// take parts the arguments of a command into components and the bundle, which has a / in its
// name or is the folder of one. It returns the bundle.
func (c *componentFlag) take(args []string) ([]string, error) {
	var folders []string
	for _, arg := range args {
		switch {
		case strings.ContainsRune(arg, filepath.Separator) || arg == "." || arg == "..":
			folders = append(folders, arg)
		case isBundle(arg):
			folders, c.folder = append(folders, arg), arg
		default:
			c.names = append(c.names, arg)
		}
	}
	if len(folders) > 1 {
		return nil, fmt.Errorf("one bundle at a time, not %s", strings.Join(folders, " and "))
	}
	return folders, nil
}

// of refuses names that are no components of the bundle, before any host is reached, and a
// folder that could be meant as one.
func (c *componentFlag) of(b *bundle.Bundle, dir string) error {
	if known := b.Plan.Components(); slices.Contains(known, c.folder) {
		return fmt.Errorf("%[1]s is the folder of a bundle and the name of a component: write ./%[1]s for the bundle, or --component %[1]s", c.folder)
	}
	for _, name := range c.names {
		if err := runner.NoComponent(&b.Plan, name); err != nil {
			return fmt.Errorf("%w (the bundle is %s, and %s is the folder of none)", err, dir, name)
		}
	}
	return nil
}

func isBundle(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, bundle.PlanFile))
	return err == nil
}
