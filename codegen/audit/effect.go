package audit

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// effects returns what one resource does, as its kind declares it. A kind that
// declares nothing is shown with all its arguments: nothing is left out for
// want of a declaration.
func (a *auditor) effects(r *Resource, s scope) []Effect {
	kind := a.bundle.Plan.Kind(r.Kind)
	if kind == nil || len(kind.Effects) == 0 && len(kind.Changes) == 0 {
		return []Effect{a.undeclaredKind(r)}
	}
	var list []Effect
	for i := range kind.Effects {
		d := &kind.Effects[i]
		if d.Family != "" && d.Family != s.family || !r.meets(d.When) {
			continue
		}
		for _, element := range r.elements(d.Each) {
			list = append(list, a.effect(r, d, element))
		}
	}
	for _, arg := range r.Args {
		if arg.Name == "notify" && len(list) > 0 {
			a.notice(arg.Value, &list[0], r)
		}
		if arg.Name == "when" {
			for i := range list {
				list[i].Fields = append(list[i].Fields, a.field("when", arg.Value))
			}
		}
	}
	return list
}

// notice notes that a change of a resource has a service react.
func (a *auditor) notice(to string, e *Effect, r *Resource) {
	kind, name, _ := strings.Cut(to, ":")
	e.Fields = append(e.Fields, Field{Name: "notifies", Value: kind + " " + name})
	what := r.Kind + " " + a.inline(r.Name)
	if !slices.Contains(a.notifiers[to], what) {
		a.notifiers[to] = append(a.notifiers[to], what)
	}
}

// reactions says of each service what it reacts to.
func (a *auditor) reactions() {
	for _, e := range a.found {
		list := slices.Sorted(slices.Values(a.notifiers[e.Category+":"+e.Subject]))
		if len(list) > 0 && e.Action == "" {
			e.Fields = append(e.Fields, Field{Name: "reacts to a change of", Value: strings.Join(list, "; ")})
		}
	}
}

// meets reports whether a condition on the arguments holds. What a host's own
// value decides may hold.
func (r *Resource) meets(when string) bool {
	if when == "" {
		return true
	}
	name, want, compared := strings.Cut(when, "=")
	not := strings.HasPrefix(name, "!") || strings.HasSuffix(name, "!")
	name = strings.Trim(name, "!")
	value := r.Arg(name)
	if strings.HasPrefix(value, "$h_") && compared {
		return true
	}
	holds := value != "" && value != "false"
	if compared {
		holds = value == want
	}
	return holds != not
}

// element is one of those that an effect is for.
type element struct{ key, value string }

// elements are the elements of a list or map, or one that is empty for an effect
// that is there once.
func (r *Resource) elements(each string) []element {
	if each == "" {
		return []element{{}}
	}
	var list []element
	for _, arg := range r.Args {
		key, ok := strings.CutPrefix(arg.Name, each+".")
		if arg.Name != each && (!ok || strings.HasSuffix(key, ".sha256")) || arg.Value == "" {
			continue
		}
		list = append(list, element{key: key, value: arg.Value})
	}
	return list
}

var placeholder = regexp.MustCompile(`\{[a-z0-9_]+(\.[a-z0-9_]+)*\}`)

// effect fills in one declared effect.
func (a *auditor) effect(r *Resource, d *bundle.KindEffect, el element) Effect {
	e := Effect{Category: d.Category, Action: d.Action, Security: d.Security, Irreversible: d.Irreversible, Stays: d.Stays}
	e.Subject = placeholder.ReplaceAllStringFunc(d.Subject, func(word string) string {
		switch name := strings.Trim(word, "{}"); {
		case d.Each != "" && name == "key":
			return el.key
		case d.Each != "" && name == "value":
			return a.inline(el.value)
		default:
			return a.inline(strings.Join(r.all(name), ", "))
		}
	})
	for _, name := range d.Fields {
		if d.Each != "" && name == "value" {
			e.Fields = append(e.Fields, a.field("content", el.value))
			continue
		}
		values := r.all(name)
		if len(values) == 0 || name == "artifact.size" && values[0] == "0" { // 0: not known
			continue
		}
		e.Fields = append(e.Fields, a.field(name[strings.LastIndexByte(name, '.')+1:], strings.Join(values, ", ")))
	}
	return e
}

// all are the values of an argument; of a content, its file's when it is
// shipped as one.
func (r *Resource) all(name string) []string {
	var list []string
	for _, arg := range r.Args {
		if (arg.Name == name || name == "content" && arg.Name == "payload") && arg.Value != "" {
			list = append(list, arg.Value)
		}
	}
	return list
}

// undeclaredKind is a resource whose kind says nothing of what it does.
func (a *auditor) undeclaredKind(r *Resource) Effect {
	e := Effect{Category: r.Kind, Subject: a.inline(r.Name)}
	for _, arg := range r.Args {
		if arg.Value == "" || arg.Value == r.Name || isScript(arg.Value) || strings.HasSuffix(arg.Name, "sha256") {
			continue
		}
		e.Fields = append(e.Fields, a.field(arg.Name, arg.Value))
	}
	return e
}

// isScript reports whether an argument is a module's own shell.
func isScript(value string) bool {
	return strings.HasPrefix(value, "$SPRAY_STEPS/") && strings.HasSuffix(value, ".sh")
}

// ownScripts are the effects of the scripts that a resource runs.
func (a *auditor) ownScripts(r *Resource, origin Origin) (list []made, err error) {
	for _, arg := range r.Args {
		if !isScript(arg.Value) {
			continue
		}
		use, prefix := arg.Name, "env."
		if use == "ready" || use == "revoke" {
			prefix = use + "_env."
		}
		var env []Arg
		for _, value := range r.Args {
			if name, ok := strings.CutPrefix(value.Name, prefix); ok {
				env = append(env, Arg{Name: name, Value: value.Value})
			}
		}
		changes := r.Kind == outputKind
		if kind := a.bundle.Plan.Kind(r.Kind); kind != nil {
			changes = slices.Contains(kind.Changes, use)
		}
		own, err := a.own(bundlePath(arg.Value), use, changes, env, origin)
		if err != nil {
			return nil, err
		}
		list = append(list, own...)
	}
	return list, nil
}
