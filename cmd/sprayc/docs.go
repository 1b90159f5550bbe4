package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/sprayc/sprayc/lang/diag"
)

// newDocs writes the reference: the same data that the program works with. It is
// hidden, for `make docs`.
func newDocs(*global) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:    "docs",
		Short:  "Write the reference documentation",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			pages, err := docPages()
			if err != nil {
				return err
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			for _, name := range sortedKeys(pages) {
				if err := replaceFile(filepath.Join(dir, name), []byte(pages[name])); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&dir, "out", "o", "", "the folder to write; what is there under the same names is replaced")
	_ = cmd.MarkFlagRequired("out")
	return cmd
}

// generated stands at the top of each page.
const generated = "<!-- Made by `make docs`. Do not edit: change what it is made from. -->\n\n"

// docPages are the pages of the reference by file name.
func docPages() (map[string]string, error) {
	library, err := docLibrary()
	if err != nil {
		return nil, err
	}
	language, err := docLanguage()
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"command-line.md":     generated + docCommandLine(),
		"diagnostics.md":      generated + diag.Reference(),
		"language.md":         generated + language,
		"standard-library.md": generated + library,
	}, nil
}

// docCommandLine is the page about all commands, from their own help.
func docCommandLine() string {
	root := newRoot()
	var b strings.Builder
	fmt.Fprintf(&b, "# Command line\n\n%s\n\n```sh\n%s\n```\n", root.Long, unindent(root.Example))
	b.WriteString("\nExit codes: 0 nothing to do or done; 1 an error; 2 changes are pending (`plan`, `diff`); 3 `verify` was warned, of certificates that end soon; 4 only that some hosts could not be reached.\n")
	b.WriteString("\nDiagnostics are for people; `--json` prints them for programs, `--diagnostics sarif` for code scanning (SARIF 2.1.0, paths from the repository's root), `--diagnostics github` as annotations of a GitHub Actions workflow. Colour follows `--color`, `NO_COLOR` and whether the output is a terminal.\n")
	fmt.Fprintf(&b, "\nFlags of every command:\n\n%s", docFlags(root.PersistentFlags()))
	docCommands(&b, root)
	return b.String()
}

func docCommands(b *strings.Builder, parent *cobra.Command) {
	for _, c := range parent.Commands() {
		if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Runnable() {
			fmt.Fprintf(b, "\n## %s\n\n%s.\n\n    %s\n\n%s\n", c.CommandPath(), c.Short, c.UseLine(), strings.TrimSpace(c.Long))
			if c.Example != "" {
				fmt.Fprintf(b, "\n```sh\n%s\n```\n", unindent(c.Example))
			}
			if flags := docFlags(c.LocalNonPersistentFlags()); flags != "" {
				b.WriteString("\n" + flags)
			}
		}
		docCommands(b, c)
	}
}

// docFlags is a table of flags.
func docFlags(flags *pflag.FlagSet) string {
	var b strings.Builder
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := "`--" + f.Name + "`"
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		value := ""
		if f.DefValue != "" && f.DefValue != "[]" && f.DefValue != "false" {
			value = "`" + f.DefValue + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, value, f.Usage)
	})
	if b.Len() == 0 {
		return ""
	}
	return "| flag | default | |\n|---|---|---|\n" + b.String()
}

func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "  ")
	}
	return strings.Join(lines, "\n")
}
