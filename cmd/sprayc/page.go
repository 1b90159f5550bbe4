package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	review "github.com/sprayc/sprayc/codegen/page"
)

// reviewPage is the page that audit writes for a browser.
type reviewPage struct {
	file string // "-" is standard output
	old  string // the folder of the bundle to compare with
}

func (r *reviewPage) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.file, "html", "", "write the review page to this file; - is standard output")
	cmd.Flags().StringVar(&r.old, "old", "", "with --html: an older bundle, to say what has changed since")
	_ = cmd.MarkFlagFilename("html", "html")
	_ = cmd.MarkFlagDirname("old")
}

// write writes the page, if it is asked for, and reports whether it was.
func (r *reviewPage) write(cmd *cobra.Command, folder string, b *bundle.Bundle, library *audit.Library, format bool) (bool, error) {
	switch {
	case r.file == "" && r.old != "":
		return false, errors.New("--old is for the review page; add --html FILE, or see sprayc diff")
	case r.file == "":
		return false, nil
	case format:
		return false, errors.New("--html is a form of its own; leave out --json and --format")
	}
	for _, dir := range []string{folder, r.old} {
		if dir != "" && within(r.file, dir) {
			return false, fmt.Errorf("--html %s is in the bundle, where nothing may be added; write it beside", r.file)
		}
	}
	var old *bundle.Bundle
	if r.old != "" {
		var err error
		if old, err = readBundle(r.old); err != nil {
			return false, err
		}
	}
	var out bytes.Buffer
	if err := review.Write(&out, b, old, library); err != nil {
		return false, err
	}
	if r.file == "-" {
		_, err := cmd.OutOrStdout().Write(out.Bytes())
		return true, err
	}
	if err := os.WriteFile(r.file, out.Bytes(), 0o644); err != nil {
		return false, fmt.Errorf("write the review page: %w", err)
	}
	return true, nil
}

// within reports whether a file is in a folder.
func within(file, dir string) bool {
	if file == "-" {
		return false
	}
	file, err1 := filepath.Abs(file)
	dir, err2 := filepath.Abs(dir)
	below, err3 := filepath.Rel(dir, file)
	return err1 == nil && err2 == nil && err3 == nil && below != ".." && !strings.HasPrefix(below, "../")
}
