package origin

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// Finder finds where things in one bundle come from.
type Finder struct {
	// Locate finds an address of the definition in a file of the definition itself: its place and
	// the text of that line. Nil where there is none at hand.
	Locate func(file, address string) (place, text string, ok bool)

	bundle  *bundle.Bundle
	origins *bundle.Origins
	scripts map[string]*script
}

// script is a generated script, read back.
type script struct {
	path    string
	step    string // or the output's name
	parts   []shell.Part
	vars    map[string]*shell.Part
	classes []string // that have it
}

// Of returns the finder of a bundle. The error is of a file that is not in the form that
// sprayc writes.
func Of(b *bundle.Bundle) (*Finder, error) {
	origins, err := b.Origins()
	if err != nil {
		return nil, err
	}
	f := &Finder{bundle: b, origins: origins, scripts: map[string]*script{}}
	for i := range b.Plan.Classes {
		class := &b.Plan.Classes[i]
		for _, use := range slices.Concat(class.Steps, class.Executes) {
			if err := f.add(use.Script, use.Step, class.Name); err != nil {
				return nil, err
			}
		}
		for line := range strings.Lines(string(b.Files[bundle.OutputsPath(class.Name)].Data)) {
			name, path, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			if err := f.add(path, name, class.Name); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

// add reads a script that a class has.
func (f *Finder) add(path, step, class string) error {
	s := f.scripts[path]
	if s == nil {
		parts, err := shell.Parts(f.bundle.Files[path].Data)
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		s = &script{path: path, step: step, parts: parts, vars: map[string]*shell.Part{}}
		for i := range parts {
			if parts[i].Var != "" {
				s.vars[parts[i].Var] = &parts[i]
			}
		}
		f.scripts[path] = s
	}
	if !slices.Contains(s.classes, class) {
		s.classes = append(s.classes, class)
	}
	return nil
}

// Scripts are the paths of the generated scripts, sorted.
func (f *Finder) Scripts() []string {
	paths := make([]string, 0, len(f.scripts))
	for path := range f.scripts {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return paths
}

// share fills in who has one of the scripts.
func (f *Finder) share(a *Answer, scripts ...*script) {
	a.Classes, a.Hosts = nil, nil
	for _, s := range scripts {
		a.Classes = append(a.Classes, s.classes...)
	}
	sort.Strings(a.Classes)
	a.Classes = slices.Compact(a.Classes)
	for _, h := range f.bundle.Plan.Hosts {
		if slices.Contains(a.Classes, h.Class) {
			a.Hosts = append(a.Hosts, h.Name)
		}
	}
}

// stepOf is the step of a script, with why it is there.
func (f *Finder) stepOf(s *script, hosts []string) *Step {
	if step := f.bundle.Plan.Step(s.step); step != nil {
		return &Step{Name: step.Name, Summary: step.Summary, Stage: step.Stage, Place: step.Source, Names: f.names(f.origins.Places[step.Source], hosts)}
	}
	for _, p := range s.parts { // an output: its call names its place
		if len(p.Words) > 2 && p.Words[0].Text == "output" {
			at := p.Words[2].Text
			return &Step{Name: strings.Replace(s.step, ".", "/", 1), Summary: "a value that is made while running", Place: at, Names: f.names(f.origins.Places[at], hosts)}
		}
	}
	return nil
}

// names are all that the given names are made from, themselves included: first what the
// definition says, then defaults, sources, and what lies between; each by name.
func (f *Finder) names(of []string, hosts []string) []Name {
	blocks := f.blocks(hosts)
	var list []Name
	seen := map[string]bool{}
	var follow func(names []string, reason string)
	follow = func(names []string, reason string) {
		for _, name := range names {
			o, known := f.origins.Names[name]
			if seen[name] || !known {
				continue
			}
			seen[name] = true
			n := f.name(name, &o)
			uses := ofHosts(name, o.Uses, blocks, len(hosts) == 1)
			switch {
			case n.How == Default && len(uses) > 0 && strings.HasPrefix(name, "host."):
				n.How = Through // some block says it
			case n.How == Set && n.Reason == "":
				n.Reason = reason // of the input that is set by it
			}
			list = append(list, n)
			about := ""
			if strings.Contains(name, ": input.") {
				about = n.Reason
			}
			follow(uses, about)
		}
	}
	follow(of, "")
	sort.SliceStable(list, func(i, j int) bool {
		if a, b := rank(list[i].How), rank(list[j].How); a != b {
			return a < b
		}
		return list[i].Name < list[j].Name
	})
	return list
}

// name is one name by itself.
func (f *Finder) name(name string, o *bundle.Origin) Name {
	n := Name{Name: name, How: how(name, o), Place: o.Source, Text: o.Text, Reason: o.Reason}
	if strings.Contains(name, "file ") {
		n.Place = strings.TrimSuffix(n.Place, ":1:1")
	}
	if o.Definition && f.Locate != nil {
		if at, text, ok := f.Locate(o.Source, name); ok {
			n.Place, n.Text = at, text
		}
	}
	return n
}

var order = []How{Set, Default, From, Through}

func rank(h How) int { return slices.Index(order, h) }

// how is what a name is to the value that is made from it.
func how(name string, o *bundle.Origin) How {
	switch {
	case o.Definition:
		return Set
	case o.Default:
		return Default
	case len(o.Uses) > 0 || strings.Contains(name, ": local.") || strings.Contains(name, ": input."):
		return Through
	}
	return From
}

// blocks are those of the definition that speak of the hosts, the last over the first.
func (f *Finder) blocks(hosts []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, host := range hosts {
		for _, block := range f.origins.Hosts[host] {
			if !seen[block] {
				seen[block] = true
				all = append(all, block)
			}
		}
	}
	return all
}

// ofHosts leaves of what is said of hosts only what these blocks say; for one host of
// that only what wins.
func ofHosts(name string, uses, blocks []string, one bool) []string {
	if len(blocks) == 0 || !strings.HasPrefix(name, "host.") {
		return uses
	}
	var rest []string
	for _, use := range uses {
		if !strings.HasPrefix(use, "host ") && !strings.HasPrefix(use, "hosts ") {
			rest = append(rest, use) // what a setting's default is made from
		}
	}
	var said []string
	for _, block := range slices.Backward(blocks) {
		for _, use := range uses {
			if (use == block || strings.HasPrefix(use, block+" ")) && (!one || said == nil) {
				said = append(said, use)
			}
		}
	}
	if said == nil {
		return rest
	}
	return said
}
