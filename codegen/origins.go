package codegen

import (
	"slices"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler/ir"
)

// origins is origins.json of a plan.
func origins(plan *ir.Plan) *bundle.Origins {
	o := &bundle.Origins{
		Schema: bundle.OriginsSchema,
		Places: map[string][]string{}, Names: map[string]bundle.Origin{}, Hosts: map[string][]string{}, Files: map[string]string{},
	}
	for _, p := range plan.Places {
		at := place(p.Source)
		uses := append(slices.Clone(o.Places[at]), p.Uses...)
		slices.Sort(uses)
		if o.Places[at] = slices.Compact(uses); o.Places[at] == nil {
			o.Places[at] = []string{}
		}
	}
	for _, n := range plan.Origins {
		source := place(n.Source)
		if n.Definition {
			source = oneLine(n.Source.File)
		}
		o.Names[n.Name] = bundle.Origin{Source: source, Definition: n.Definition, Default: n.Default, Text: oneLine(n.Text), Reason: oneLine(n.Reason), Uses: n.Uses}
	}
	for _, file := range plan.Files {
		o.Files[file.Path] = place(file.Source)
	}
	for _, c := range plan.Contents {
		if o.Lines == nil {
			o.Lines = map[string]bundle.Lines{}
		}
		o.Lines[c.SHA256] = bundle.Lines{Template: oneLine(c.Template.File), Lines: bundle.FormatLines(c.Lines)}
	}
	for _, t := range plan.Templates {
		if o.Uses == nil {
			o.Uses = map[string]bundle.LineUses{}
		}
		o.Uses[oneLine(t.Source.File)] = t.Lines
	}
	for _, h := range plan.Hosts {
		for _, file := range h.Payloads {
			o.Files[file.Path] = place(file.Source)
		}
		o.Hosts[h.Name] = slices.Clip(append([]string{}, h.Blocks...))
	}
	return o
}
