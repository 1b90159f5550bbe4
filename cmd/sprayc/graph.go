package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang"
)

func newGraph(g *global) *cobra.Command {
	var d definitionFlags
	var format string
	cmd := &cobra.Command{
		Use:   "graph [FILE|FOLDER...]",
		Short: "Show the order of the steps and what they wait for",
		Long:  `Graph prints the steps in the order in which they run: which stage, for which roles, after which steps, and what crosses hosts.`,
		Example: example(`
			sprayc graph
			sprayc graph --format dot | dot -Tsvg > graph.svg`),
		RunE: func(cmd *cobra.Command, args []string) error {
			write, ok := map[string]func(*bundle.Plan) string{"text": graphText, "dot": graphDOT, "json": nil}[format]
			if !ok {
				return fmt.Errorf("--format is text, dot or json, not %q", format)
			}
			c, err := d.compile(args)
			if err != nil {
				return err
			}
			if c.diags.HasErrors() {
				return g.report(c.diags, c.sources)
			}
			if write == nil {
				asJSON := &global{json: true}
				return asJSON.print(cmd, graphOf(&c.bundle.Plan), "")
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), write(&c.bundle.Plan))
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, dot or json")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "dot", "json"}, cobra.ShellCompDirectiveNoFileComp))
	d.add(cmd)
	d.operation.add(cmd, lang.Converge, "what to draw it for")
	return cmd
}

// graph is what --format json prints.
type graph struct {
	Schema int           `json:"schema"`
	Stages []string      `json:"stages"`
	Steps  []bundle.Step `json:"steps"`
}

func graphOf(p *bundle.Plan) graph {
	return graph{Schema: bundle.Schema, Stages: p.Stages, Steps: p.Steps}
}

func graphText(p *bundle.Plan) string {
	var b strings.Builder
	stage := ""
	for _, s := range p.Steps {
		if s.Stage != stage {
			stage = s.Stage
			fmt.Fprintf(&b, "%s\n", stage)
		}
		fmt.Fprintf(&b, "  %-24s on %s", s.Name, strings.Join(s.Roles, ", "))
		if s.About {
			fmt.Fprintf(&b, ", run by %s", s.Executor)
		}
		if len(s.After) > 0 {
			fmt.Fprintf(&b, ", after %s", strings.Join(s.After, ", "))
		}
		b.WriteByte('\n')
		for _, n := range s.Needs {
			fmt.Fprintf(&b, "  %-24s   waits for %s on %s (%s)\n", "", n.Step, strings.Join(n.Roles, ", "), n.Gate)
		}
	}
	return b.String()
}

func graphDOT(p *bundle.Plan) string {
	var b strings.Builder
	b.WriteString("digraph steps {\n\trankdir=LR;\n\tnode [shape=box];\n")
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "\t%s [label=%s];\n", strconv.Quote(s.Name), strconv.Quote(s.Name+"\n"+s.Stage+": "+strings.Join(s.Roles, ", ")))
		for _, a := range s.After {
			fmt.Fprintf(&b, "\t%s -> %s;\n", strconv.Quote(a), strconv.Quote(s.Name))
		}
		for _, n := range s.Needs {
			fmt.Fprintf(&b, "\t%s -> %s [style=dashed, label=%s];\n", strconv.Quote(n.Step), strconv.Quote(s.Name), strconv.Quote(n.Gate))
		}
	}
	b.WriteString("}\n")
	return b.String()
}
