package codegen

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
)

// filesOf returns links to the files that each step's scripts run or copy, as what follows
// the links to the scripts.
func filesOf(plan *ir.Plan) map[string]string {
	links := map[string]string{}
	for _, s := range plan.Steps {
		var names []string
		for _, v := range s.Variants {
			for _, r := range v.Resources {
				for _, arg := range r.Args {
					if arg.Value.Kind == ir.Payload {
						names = append(names, arg.Value.Text)
					}
				}
				names = append(names, payloads(r.Probe, r.Act, r.Ready)...)
			}
			names = append(names, payloads(v.Verifies...)...)
		}
		slices.Sort(names)
		var all []string
		for _, name := range slices.Compact(names) {
			all = append(all, "["+path.Base(name)+"]("+name+")")
		}
		if len(all) > 0 {
			links[s.Name] = "; with " + strings.Join(all, ", ")
		}
	}
	return links
}

func payloads(scripts ...*ir.Script) (names []string) {
	for _, s := range scripts {
		if s != nil && s.Payload != "" {
			names = append(names, s.Payload)
		}
	}
	return names
}

// imageLine is a line of a manifest that names an image.
var imageLine = regexp.MustCompile(`(?m)^[ \t-]*"?image"?: *"?([a-z0-9][^"\s]*[:@][^"\s]+)"?,? *$`)

// images writes which images the manifests and other files of the bundle name.
func (m *markdown) images(plan *ir.Plan) {
	files := map[string]string{}
	for _, f := range plan.Files {
		files[f.Path] = string(f.Data)
	}
	steps := map[string][]string{}
	for _, s := range plan.Steps {
		for _, v := range s.Variants {
			for _, r := range v.Resources {
				for _, arg := range r.Args {
					text := arg.Value.Text
					switch arg.Value.Kind {
					case ir.Payload:
						text = files[text]
					case ir.Literal:
					default:
						continue
					}
					for _, found := range imageLine.FindAllStringSubmatch(text, -1) {
						if !slices.Contains(steps[found[1]], s.Name) {
							steps[found[1]] = append(steps[found[1]], s.Name)
						}
					}
				}
			}
		}
	}
	if len(steps) == 0 {
		return
	}
	m.para("## Images")
	m.para("Those that manifests and other files of this bundle name, as it stands there; what a program pulls of its own, such as kubeadm, is not among them.")
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		rows = append(rows, []string{name, strings.Join(steps[name], ", ")})
	}
	m.table([]string{"Image", "Steps"}, rows)
}
