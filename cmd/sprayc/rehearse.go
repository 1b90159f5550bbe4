package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRehearse(g *global) *cobra.Command {
	return &cobra.Command{Use: "rehearse", RunE: func(cmd *cobra.Command, args []string) error { return fmt.Errorf("not yet") }}
}
func newDocs(g *global) *cobra.Command {
	return &cobra.Command{Use: "docs", Hidden: true}
}
