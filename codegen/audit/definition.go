package audit

import (
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// definition says where the definition calls a module.
func definition(m *bundle.Module) string {
	if m == nil || m.Call == "" {
		return ""
	}
	return m.File + ": " + m.Call
}

// settings finds what the definition says that a call of a script is made from.
type settings struct {
	origins *bundle.Origins // nil: the bundle does not tell
	calls   map[string]map[int][]string
}

func newSettings(b *bundle.Bundle) *settings {
	origins, err := b.Origins()
	if err != nil {
		origins = nil // of an older bundle the module's call has to do
	}
	return &settings{origins: origins, calls: map[string]map[int][]string{}}
}

// of are the addresses in the definition behind the call at a line, sorted, each
// with its file: cluster.hcl: runtime "containerd" root.
func (s *settings) of(script string, src []byte, line int) []string {
	if s.origins == nil {
		return nil
	}
	if s.calls[script] == nil {
		s.calls[script] = s.places(src)
	}
	found := map[string]bool{}
	seen := map[string]bool{}
	var follow func(names []string)
	follow = func(names []string) {
		for _, name := range names {
			o, ok := s.origins.Names[name]
			if seen[name] || !ok {
				continue
			}
			seen[name] = true
			if o.Definition && strings.Count(name, " ") > 1 { // a setting; a block alone is what calls the module
				found[o.Source+": "+name] = true
				continue
			}
			follow(o.Uses)
		}
	}
	for _, place := range s.calls[script][line] {
		follow(s.origins.Places[place])
	}
	if len(found) == 0 {
		return nil
	}
	return sortedKeys(found)
}

// places are, by line, the places that a script's calls name, and those beside the
// values that they use.
func (s *settings) places(src []byte) map[int][]string {
	calls := map[int][]string{}
	parts, err := shell.Parts(src)
	if err != nil {
		return calls
	}
	at := map[string]string{}
	for _, part := range parts {
		if part.Var != "" {
			at[part.Var] = part.Place
			continue
		}
		for i, word := range part.Words {
			if i == 2 || i == 3 { // of output and verify, of resource
				calls[part.From] = append(calls[part.From], word.Text)
			}
			for _, name := range word.Vars {
				calls[part.From] = append(calls[part.From], at[name])
			}
		}
	}
	return calls
}

// Locate puts lines to what the report says of the definition, where that is at
// hand: find returns FILE:LINE:COLUMN of an address in a file of it, such as
// runtime "containerd" root in cluster.hcl. No bundle has them, as blocks in another order make the same bundle.
func (r *Report) Locate(find func(file, address string) (place string, ok bool)) {
	locate := func(text string) string {
		file, address, _ := strings.Cut(text, ": ")
		if place, ok := find(file, address); ok {
			return withoutColumn(place) + ": " + address
		}
		return text
	}
	for i := range r.Modules {
		r.Modules[i].Definition = locate(r.Modules[i].Definition)
	}
	for i := range r.Effects {
		for j := range r.Effects[i].Origins {
			o := &r.Effects[i].Origins[j]
			o.Definition = locate(o.Definition)
			o.Settings = slices.Clone(o.Settings) // of one call, which several effects may share
			for k := range o.Settings {
				o.Settings[k] = locate(o.Settings[k])
			}
		}
	}
}

// written is what the text says of the definition: the setting of the module's own
// block, if there is one, else any, else the block.
func (o *Origin) written() string {
	if len(o.Settings) == 0 {
		return o.Definition
	}
	list := append([]string{}, o.Settings...)
	_, call, _ := strings.Cut(o.Definition, ": ")
	sort.SliceStable(list, func(i, j int) bool {
		return call != "" && strings.Contains(list[i], ": "+call+" ") && !strings.Contains(list[j], ": "+call+" ")
	})
	if len(list) > 1 {
		return list[0] + " and " + count(len(list)-1, "more setting")
	}
	return list[0]
}
