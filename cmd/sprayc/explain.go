package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

func newExplain(g *global) *cobra.Command {
	var w whence
	cmd := &cobra.Command{
		Use:   "explain [KIND|MODULE|RESOURCE|HOST:THING|FILE:LINE]",
		Short: "Explain an error, a module or a resource, or where something comes from",
		Long: `Explain prints the page about a kind of diagnostic: the word in brackets behind an
error. Of a module, the library's or one in a folder, it prints the steps, the inputs
and what hosts may say for it; of a kind of resource, its attributes. Without a word it
lists all that there are.

Of a bundle it says where something comes from: HOST:THING of what is on a host (a path,
a unit, a package, a kernel parameter; a path may have a line: HOST:PATH:LINE), FILE:LINE
of a line in the bundle. It names the step and the module's line, what the definition says and what is a default, and why;
who else has it, and what restarts if it changes. The definition, if it is at hand, is
looked into for the lines; a bundle has none of it, as blocks may stand in any order.`,
		Example: example(`
			sprayc explain late-value
			sprayc explain containerd
			sprayc explain ./site/ntp
			sprayc explain worker01:/etc/containerd/config.toml
			sprayc explain worker01:/etc/containerd/config.toml:21
			sprayc explain worker01:kubelet
			sprayc explain out/steps/containerd/daemon.sh:15
			sprayc explain`),
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return slices.Concat(diag.IDs(), libraryModules(), libraryKinds()), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, k := range diag.Kinds() {
					fmt.Fprintf(cmd.OutOrStdout(), "%-22s %s\n", k.ID, k.Summary)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "\nmodules: %s\nresources: %s\n", strings.Join(libraryModules(), ", "), strings.Join(libraryKinds(), ", "))
				return nil
			}
			if strings.Contains(args[0], ":") {
				return w.explain(g, cmd, args[0])
			}
			page, err := explain(args[0])
			fmt.Fprint(cmd.OutOrStdout(), page)
			return err
		},
	}
	cmd.Flags().StringVarP(&w.bundle, "bundle", "o", "out", "the bundle to look into")
	cmd.Flags().StringArrayVar(&w.definition, "definition", nil, "the definition's files or folder; *.hcl of the current one unless given")
	return cmd
}

// explain is the page about a kind of diagnostic, a module or a kind of resource.
func explain(name string) (string, error) {
	if page, ok := diag.Explain(name); ok {
		return page, nil
	}
	var b strings.Builder
	switch {
	case strings.HasPrefix(name, ".") || filepath.IsAbs(name):
		clean := filepath.Clean(name)
		err := docModule(&b, os.DirFS(clean), filepath.Base(clean), name)
		return page(&b, "module"), err
	case slices.Contains(libraryModules(), name):
		err := docLibraryModule(&b, name)
		return page(&b, "module"), err
	case slices.Contains(libraryKinds(), name):
		lib, _ := lang.LoadLibrary(stdlib.FS)
		docKind(&b, lib.Kinds[name])
		return page(&b, "resource"), nil
	}
	hint := "sprayc explain lists them all"
	if near := diag.Suggest(name, slices.Concat(diag.IDs(), libraryModules(), libraryKinds())); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "", fmt.Errorf("there is no kind of diagnostic, module or resource %q; %s", name, hint)
}

// page is a part of the reference as a page of its own.
func page(b *strings.Builder, what string) string {
	title, rest, found := strings.Cut(strings.TrimPrefix(b.String(), "\n### "), "\n")
	if !found {
		return ""
	}
	return "# " + title + ": " + what + "\n" + strings.ReplaceAll(rest, "```hcl resource\n", "```hcl\n")
}

// libraryModules and libraryKinds are the names of the library's modules and kinds
// of resource.
func libraryModules() (names []string) {
	entries, _ := fs.ReadDir(stdlib.FS, "modules")
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func libraryKinds() (names []string) {
	files, _ := fs.Glob(stdlib.FS, "lib/*.hcl")
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f), ".hcl"))
	}
	return names
}
