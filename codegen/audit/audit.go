package audit

import (
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// auditor is the state of one Of.
type auditor struct {
	bundle  *bundle.Bundle
	scripts map[string]*Script
	values  *values
	found   map[string]*Effect  // by what is the same when it is one effect
	role    map[string][]string // the classes that have a role
	made    map[string][]made   // by script and family of systems
	said    *settings

	notifiers map[string][]string // resources whose change has a service react, by KIND:NAME
}

// Of audits a bundle. The error is of a file that is not in the form that
// sprayc writes.
func Of(b *bundle.Bundle) (*Report, error) {
	scripts, err := readScripts(b)
	if err != nil {
		return nil, err
	}
	values, err := readValues(b)
	if err != nil {
		return nil, err
	}
	a := &auditor{bundle: b, scripts: scripts, values: values, found: map[string]*Effect{}, role: rolesOf(b), made: map[string][]made{}, said: newSettings(b), notifiers: map[string][]string{}}
	for i := range b.Plan.Classes {
		if err := a.class(&b.Plan.Classes[i]); err != nil {
			return nil, err
		}
	}
	a.library()
	if err := a.libraryPrograms(); err != nil {
		return nil, err
	}
	a.reactions()
	report := &Report{Version: Version, Cluster: b.Plan.Cluster, Classes: classesOf(b), Modules: modulesOf(b)}
	a.finish(report)
	return report, nil
}

// rolesOf returns which classes have a role, or are in a role set, that brings
// something.
func rolesOf(b *bundle.Bundle) map[string][]string {
	all := map[string][]string{}
	for _, class := range b.Plan.Classes {
		for _, role := range bundle.RolesOf(class.Roles) {
			all[role] = append(all[role], class.Name)
		}
	}
	return all
}

func classesOf(b *bundle.Bundle) []Class {
	var classes []Class
	for _, c := range b.Plan.Classes {
		class := Class{Name: c.Name, OS: c.OS, Arch: c.Arch, Roles: c.Roles}
		for _, host := range b.Plan.Hosts {
			if host.Class == c.Name {
				class.Hosts = append(class.Hosts, host.Name)
				class.Addresses = append(class.Addresses, host.Address)
			}
		}
		classes = append(classes, class)
	}
	return classes
}

func modulesOf(b *bundle.Bundle) []Module {
	var modules []Module
	for i := range b.Plan.Modules {
		m := &b.Plan.Modules[i]
		modules = append(modules, Module{Name: m.Name, Path: m.Path, Summary: m.Summary, Definition: definition(m)})
	}
	return modules
}

// class adds what hosts of a class get.
func (a *auditor) class(class *bundle.Class) error {
	for _, use := range class.Steps {
		step := a.bundle.Plan.Step(use.Step)
		on := On{Role: use.Role, Classes: []string{class.Name}}
		module := ""
		if step != nil {
			for _, set := range step.Roles {
				if bundle.BringsStep(use.Role, []string{set}) {
					on.Role = set // as the module says it: node, not control_plane and worker
				}
			}
			on.Once = step.OncePer != ""
			module = step.Module
			if step.About {
				on.By = step.Executor
			}
		}
		if err := a.script(a.scripts[use.Script], scope{step: use.Step, module: module, family: class.Family, on: on}); err != nil {
			return err
		}
	}
	return a.outputs(class)
}

// outputs adds the values that hosts of a class can make.
func (a *auditor) outputs(class *bundle.Class) error {
	paths := outputScripts(a.bundle, class.Name)
	for _, output := range a.bundle.Plan.Outputs {
		script := a.scripts[paths[strings.ReplaceAll(output.Name, "/", ".")]]
		if script == nil {
			continue
		}
		module, _, _ := strings.Cut(output.Name, "/")
		for _, role := range output.Roles {
			if !slices.Contains(bundle.RolesOf(class.Roles), role) {
				continue
			}
			s := scope{step: output.Name, module: module, family: class.Family, on: On{Role: role, Classes: []string{class.Name}, Once: true}}
			if err := a.script(script, s); err != nil {
				return err
			}
			a.copied(&output, script, s)
		}
	}
	return nil
}

// copied adds that a file leaves the host: the runner keeps a copy.
func (a *auditor) copied(output *bundle.Output, script *Script, s scope) {
	if output.Copy.To == "" {
		return
	}
	e := Effect{
		Category: "copy", Action: "leaves the host, encrypted", Subject: "the file of " + output.Name,
		Fields:   []Field{{Name: "to", Value: output.Copy.To + " where sprayc runs"}, {Name: "for", Value: strings.Join(output.Copy.Recipients, ", ")}},
		Security: "whoever has the key of a recipient can read it",
	}
	for i := range script.Resources {
		a.add(e, s.on, a.origin(script, script.Resources[i].Line, script.Resources[i].Source, s))
	}
}

// scope is for whom, and by which step, a script runs.
type scope struct {
	step, module, family string
	on                   On
}

// made is an effect with where it comes from.
type made struct {
	effect Effect
	origin Origin
	on     string // a role whose hosts it is on, when it is not on those that run the script
}

// script adds what one script does for some hosts. What it does is found once.
func (a *auditor) script(script *Script, s scope) error {
	key := script.Path + "\x00" + s.family
	list, ok := a.made[key]
	if !ok {
		var err error
		if list, err = a.read(script, s); err != nil {
			return err
		}
		for i := range list {
			a.classify(&list[i].effect)
		}
		a.made[key] = list
	}
	for _, m := range list {
		on := s.on
		if m.on != "" {
			on = On{Role: m.on, Classes: a.role[m.on]}
		}
		a.add(m.effect, on, m.origin)
	}
	return nil
}

// read finds what one script does.
func (a *auditor) read(script *Script, s scope) (list []made, err error) {
	for i := range script.Resources {
		r := &script.Resources[i]
		origin := a.origin(script, r.Line, r.Source, s)
		for _, effect := range a.effects(r, s) {
			list = append(list, made{effect: effect, origin: origin})
		}
		list = append(list, a.stated(r, origin)...)
		own, err := a.ownScripts(r, origin)
		if err != nil {
			return nil, err
		}
		list = append(list, own...)
	}
	for i := range script.Verifies {
		v := &script.Verifies[i]
		own, err := a.own(v.Script, "verify", false, v.Env, a.origin(script, v.Line, v.Source, s))
		if err != nil {
			return nil, err
		}
		list = append(list, own...)
	}
	return list, nil
}

func (a *auditor) origin(script *Script, line int, source string, s scope) Origin {
	return Origin{
		Step: s.step, Script: script.Path, Line: line, Module: source,
		Definition: definition(a.bundle.Plan.Module(s.module)), Settings: a.said.of(script.Path, a.bundle.Files[script.Path].Data, line),
	}
}

// add adds an effect, or to the one that says the same, for whom it is and
// where it comes from.
func (a *auditor) add(e Effect, on On, origin Origin) {
	if e.Section == "" {
		a.classify(&e)
	}
	key := e.key()
	there := a.found[key]
	if there == nil {
		there = &e
		a.found[key] = there
	}
	there.join(on)
	if !slices.ContainsFunc(there.Origins, func(o Origin) bool { return o.same(&origin) }) {
		there.Origins = append(there.Origins, origin)
	}
}

// key is what is the same when two effects are one.
func (e *Effect) key() string {
	parts := []string{string(e.Section), e.Category, e.Action, e.Subject, e.Security, e.Irreversible, e.Stays}
	for _, f := range e.Fields {
		parts = append(parts, f.Name, f.Value, f.SHA256, f.By)
	}
	return strings.Join(parts, "\x00")
}

// join adds for whom an effect is.
func (e *Effect) join(on On) {
	for i := range e.On {
		there := &e.On[i]
		if there.Role != on.Role || there.Once != on.Once || there.By != on.By {
			continue
		}
		for _, class := range on.Classes {
			if !slices.Contains(there.Classes, class) {
				there.Classes = append(there.Classes, class)
			}
		}
		return
	}
	on.Classes = slices.Clone(on.Classes)
	e.On = append(e.On, on)
}

// finish puts what was found into the report.
func (a *auditor) finish(report *Report) {
	for _, e := range a.found {
		for i := range e.On {
			on := &e.On[i]
			sort.Strings(on.Classes)
			if len(on.Classes) == len(a.role[on.Role]) {
				on.Classes = nil
			}
		}
		sort.Slice(e.On, func(i, j int) bool { return e.On[i].text() < e.On[j].text() })
		sort.Slice(e.Origins, func(i, j int) bool { return e.Origins[i].less(&e.Origins[j]) })
		report.Effects = append(report.Effects, *e)
	}
	sort.Slice(report.Effects, func(i, j int) bool { return report.Effects[i].less(&report.Effects[j]) })
	for _, section := range sections {
		n := 0
		for i := range report.Effects {
			if report.Effects[i].Section == section.name {
				n++
			}
		}
		report.Summary = append(report.Summary, Count{Section: section.name, Title: section.title, Count: n})
	}
	report.Values = a.values.used(report.Effects)
}

func (e *Effect) less(other *Effect) bool {
	if x, y := rank(e.Section), rank(other.Section); x != y {
		return x < y
	}
	return strings.Join([]string{e.Category, e.Subject, e.key()}, "\x00") < strings.Join([]string{other.Category, other.Subject, other.key()}, "\x00")
}

// same reports whether two origins are of the same line.
func (o *Origin) same(other *Origin) bool {
	return o.Script == other.Script && o.Line == other.Line && o.Own == other.Own && o.OwnLine == other.OwnLine && o.Declared == other.Declared
}

func (o *Origin) less(other *Origin) bool {
	if o.Script != other.Script {
		return o.Script < other.Script
	}
	if o.Line != other.Line {
		return o.Line < other.Line
	}
	if o.Own != other.Own {
		return o.Own < other.Own
	}
	return o.OwnLine < other.OwnLine
}
