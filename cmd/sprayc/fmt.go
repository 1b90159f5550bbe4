package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/lang"
)

func newFmt(*global) *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt [FILE|FOLDER...]",
		Short: "Lay out definitions in the usual way",
		Long:  `Fmt rewrites *.hcl in the usual layout and prints the names of what it changed. With --check it changes nothing and ends with status 1 if there is something to do.`,
		Example: example(`
			sprayc fmt
			sprayc fmt --check examples/`),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := hclFiles(args)
			if err != nil {
				return err
			}
			changed := false
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				formatted := lang.Format(text)
				if bytes.Equal(text, formatted) {
					continue
				}
				changed = true
				fmt.Fprintln(cmd.OutOrStdout(), file)
				if !check {
					if err := replaceFile(file, formatted); err != nil {
						return err
					}
				}
			}
			if check && changed {
				return exitCode(1)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "change nothing; status 1 if there is something to do")
	return cmd
}

// hclFiles are the files named, and the *.hcl of the folders named; without
// any, of the current folder.
func hclFiles(args []string) ([]string, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(arg, func(name string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && filepath.Ext(name) == ".hcl" {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// replaceFile writes a file whole or not at all, with the mode it had.
func replaceFile(name string, data []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(data); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Chmod(mode); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
