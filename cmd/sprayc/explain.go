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
		Use:   "explain [KIND|SLOT|BLOCK|MODULE|RESOURCE|HOST:THING|FILE:LINE]",
		Short: "Explain an error, a word of the language, or where something comes from",
		Long: `Explain prints the page about a kind of diagnostic: the word in brackets behind an
error. Of a slot (runtime, endpoint) it prints which modules fill it and the default; of
a block (hosts, role, mirror, step) and of a kind of resource, what one may say in it; of
a module, the library's or one in a folder, the steps, the inputs and what hosts may say
for it. Without a word it lists all that there are.

Of a bundle it says where something comes from: HOST:THING of what is on a host (a path,
a unit, a package, a kernel parameter; a path may have a line: HOST:PATH:LINE), FILE:LINE
of a line in the bundle. It names the step and the module's line, what the definition says and what is a default, and why;
who else has it, and what restarts if it changes. The definition, if it is at hand, is
looked into for the lines; a bundle has none of it, as blocks may stand in any order.`,
		Example: example(`
			sprayc explain late-value
			sprayc explain runtime
			sprayc explain hosts
			sprayc explain containerd
			sprayc explain ./site/ntp
			sprayc explain worker01:/etc/containerd/config.toml
			sprayc explain worker01:/etc/containerd/config.toml:21
			sprayc explain worker01:kubelet
			sprayc explain out/steps/containerd/daemon.sh:15
			sprayc explain`),
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return slices.Compact(slices.Sorted(slices.Values(explained()))), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				for _, k := range diag.Kinds() {
					fmt.Fprintf(cmd.OutOrStdout(), "%-22s %s\n", k.ID, k.Summary)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "\nslots: %s\nblocks: %s\nmodules: %s\nresources: %s\n",
					strings.Join(librarySlots(), ", "), strings.Join(blockNames(), ", "), strings.Join(libraryModules(), ", "), strings.Join(libraryKinds(), ", "))
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

// explain are the pages about a word: a kind of diagnostic, a slot, a block of the
// language, a module or a kind of resource. A slot and a module may share a name, and
// so may a block of a definition and one of a module.
func explain(name string) (string, error) {
	if page, ok := diag.Explain(name); ok {
		return page, nil
	}
	var b strings.Builder
	if strings.HasPrefix(name, ".") || filepath.IsAbs(name) {
		clean := filepath.Clean(name)
		err := docModule(&b, os.DirFS(clean), filepath.Base(clean), name)
		return page(&b, "module"), err
	}
	lib, _ := lang.LoadLibrary(stdlib.FS)
	var pages []string
	add := func(what string) {
		pages = append(pages, page(&b, what))
		b.Reset()
	}
	for _, slot := range lib.Slots {
		if slot.Name == name {
			if err := docSlot(&b, slot); err != nil {
				return "", err
			}
			add("slot")
		}
	}
	for _, block := range lang.Blocks() {
		if block.Name == name {
			docBlock(&b, block)
			add(map[bool]string{false: "block of a definition", true: "block of a module"}[block.InModule()])
		}
	}
	if slices.Contains(libraryModules(), name) {
		if err := docLibraryModule(&b, name); err != nil {
			return "", err
		}
		add("module")
	}
	if kind := lib.Kinds[name]; kind != nil {
		docKind(&b, kind)
		add("resource")
	}
	if len(pages) > 0 {
		return strings.Join(pages, "\n"), nil
	}
	hint := "sprayc explain lists them all"
	if near := diag.Suggest(name, explained()); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "", fmt.Errorf("there is no kind of diagnostic, slot, block, module or resource %q; %s", name, hint)
}

// page is a part of the reference as a page of its own.
func page(b *strings.Builder, what string) string {
	title, rest, found := strings.Cut(strings.TrimPrefix(b.String(), "\n### "), "\n")
	if !found {
		return ""
	}
	return "# " + title + ": " + what + "\n" + strings.NewReplacer("```hcl resource\n", "```hcl\n", "```hcl module\n", "```hcl\n").Replace(rest)
}

// explained are all words that explain takes, each once for each thing that it means.
func explained() []string {
	return slices.Concat(diag.IDs(), librarySlots(), blockNames(), libraryModules(), libraryKinds())
}

// librarySlots are the names of the slots.
func librarySlots() (names []string) {
	lib, _ := lang.LoadLibrary(stdlib.FS)
	for _, slot := range lib.Slots {
		names = append(names, slot.Name)
	}
	return names
}

// blockNames are the names of the language's blocks, in their order, each once.
func blockNames() (names []string) {
	for _, block := range lang.Blocks() {
		if !slices.Contains(names, block.Name) {
			names = append(names, block.Name)
		}
	}
	return names
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
