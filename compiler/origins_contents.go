package compiler

import (
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
)

// given notes what the values are made from that a template is given.
func (f *originFinder) given(file string, values hcl.Expression, sc *scope) {
	parts, ok := parts(values, sc)
	if !ok {
		return
	}
	if f.values[file] == nil {
		f.values[file] = map[string]map[string]bool{}
	}
	for _, p := range parts {
		name, constant := constantText(p.key)
		if !constant {
			continue
		}
		if f.values[file][name] == nil {
			f.values[file][name] = map[string]bool{}
		}
		for _, used := range f.uses(p.value, sc) {
			f.values[file][name][used] = true
		}
	}
}

// contents adds to the plan which lines of which templates its contents come from, and
// what these lines are made from.
func (f *originFinder) contents(plan *ir.Plan) {
	templates := map[string]*template{}
	seen := map[string]bool{}
	for _, s := range plan.Steps {
		for _, v := range s.Variants {
			for _, r := range v.Resources {
				for _, arg := range r.Args {
					digest := arg.Value.Text
					made, known := f.c.renderings[digest]
					if arg.Value.Kind != ir.Literal || !strings.HasSuffix(arg.Name, "sha256") || !known || seen[digest] {
						continue
					}
					seen[digest] = true
					if lines := made.lines(); lines != nil {
						templates[made.file] = made.parsed
						plan.Contents = append(plan.Contents, ir.Content{SHA256: digest, Template: startOf(made.file), Lines: lines})
					}
				}
			}
		}
	}
	sort.Slice(plan.Contents, func(i, j int) bool { return plan.Contents[i].SHA256 < plan.Contents[j].SHA256 })
	for _, file := range sortedKeys(templates) {
		t := ir.Template{Source: startOf(file), Lines: map[int][]string{}}
		expr, ok := templates[file].expr.(hclsyntax.Expression)
		if !ok {
			continue
		}
		for line, vars := range lineVars(expr) {
			uses := map[string]bool{}
			for name := range vars {
				uses = union(uses, f.values[file][name])
			}
			if len(uses) > 0 {
				t.Lines[line] = sortedKeys(uses)
			}
		}
		plan.Templates = append(plan.Templates, t)
	}
}
