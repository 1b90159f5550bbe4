// Command sprayc compiles a cluster definition to shell bundles and runs them.
// Each command is a file of its own here, with no logic beyond its flags.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

func main() {
	root := newRoot()
	root.SetArgs(longFlags(os.Args[1:]))
	err := root.Execute()
	var exit exitCode
	switch {
	case err == nil:
	case errors.As(err, &exit):
		os.Exit(int(exit))
	default:
		fmt.Fprintf(os.Stderr, "sprayc: %s\n", err)
		os.Exit(1)
	}
}

// exitCode ends the program with a status; all there is to say has been said.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// longFlags lets -var and -var-file, as others write them, be --var and
// --var-file.
func longFlags(args []string) []string {
	out := slices.Clone(args)
	for i, arg := range out {
		if arg == "--" {
			break
		}
		if name, _, _ := strings.Cut(arg, "="); name == "-var" || name == "-var-file" {
			out[i] = "-" + arg
		}
	}
	return out
}
