package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/sbom"
)

func newSBOM(*global) *cobra.Command {
	var created string
	cmd := &cobra.Command{
		Use:   "sbom [BUNDLE]",
		Short: "Print what a bundle installs as a bill of materials (SPDX)",
		Long: `Sbom reads a bundle (out/ unless one is named) and prints what it brings to the hosts as
SPDX 2.3 in JSON: downloads with URL and SHA-256, packages by operating system, images
that its texts name; each with a package URL and the hosts that get it.

The same bundle is the same document. SPDX wants a time in it: that of SOURCE_DATE_EPOCH
or --created, without either 1970-01-01T00:00:00Z.`,
		Example: example(`
			sprayc sbom >sbom.spdx.json
			sprayc sbom out/ --created 2026-11-22T03:00:00Z`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, err := createdAt(created, os.Getenv("SOURCE_DATE_EPOCH"))
			if err != nil {
				return err
			}
			b, err := readBundle(bundleFolder(args))
			if err != nil {
				return err
			}
			doc, err := sbom.Of(b, at)
			if err != nil {
				return err
			}
			text, err := sbom.JSON(doc)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	}
	cmd.Flags().StringVar(&created, "created", "", "the document's time, as 2026-11-22T03:00:00Z")
	return cmd
}

// createdAt is the time of a document: the flag's, else SOURCE_DATE_EPOCH's, in seconds
// since the epoch; the zero time without either.
func createdAt(flag, epoch string) (time.Time, error) {
	if flag != "" {
		at, err := time.Parse(time.RFC3339, flag)
		if err != nil {
			return at, fmt.Errorf("--created is a time such as 2026-11-22T03:00:00Z, not %q", flag)
		}
		return at, nil
	}
	if epoch == "" {
		return time.Time{}, nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is a number of seconds, not %q", epoch)
	}
	return time.Unix(seconds, 0), nil
}
