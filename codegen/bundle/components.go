package bundle

import "slices"

// EveryComponent stands in a step's components for any.
const EveryComponent = "all"

// Component is the one that the step's module is upgraded as; "" where the operation is not
// done by components.
func (s *Step) Component() string {
	if len(s.Components) == 0 {
		return ""
	}
	return s.Components[0]
}

// Belongs reports whether the step is among those of a component alone.
func (s *Step) Belongs(component string) bool {
	return slices.Contains(s.Components, component) || slices.Contains(s.Components, EveryComponent)
}

// TellsVersion reports whether the step tells which version of its component is there.
func (s *Step) TellsVersion() bool { return slices.Contains(s.Reports, "versions") }

// Components are those that can be run one alone, by name: those that tell their versions.
func (p *Plan) Components() []string {
	var names []string
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Component() != "" && s.TellsVersion() {
			names = append(names, s.Component())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ComesWith are the components with which something comes that is none itself: a step names
// both.
func (p *Plan) ComesWith(name string) []string {
	var with []string
	for i := range p.Steps {
		if s := &p.Steps[i]; slices.Contains(s.Components, name) {
			with = append(with, s.Components...)
		}
	}
	known := p.Components()
	with = slices.DeleteFunc(with, func(other string) bool { return other == name || !slices.Contains(known, other) })
	slices.Sort(with)
	return slices.Compact(with)
}
