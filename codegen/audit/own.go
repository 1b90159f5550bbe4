package audit

import (
	"path"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/codegen/shell/acts"
)

// own are the effects of a module's own script: what its text tells, with the
// values that it is given, and what its module declares. The same is checked when
// a definition is built; here it is found again, of what is there to be run.
func (a *auditor) own(script, use string, changes bool, env []Arg, origin Origin) ([]made, error) {
	src := a.bundle.Files[script].Data
	given := map[string]string{}
	for _, arg := range env {
		given[arg.Name] = a.given(arg.Value)
	}
	found, err := acts.Of(script, src, given)
	if err != nil {
		return nil, err
	}
	found, _ = acts.Apply(found, a.declaredAt(origin.Module))
	e := a.scriptEffect(script, use, src, found)
	for _, arg := range env {
		if f := a.field(arg.Name, arg.Value); f.By != "" && changes {
			e.Fields = append(e.Fields, f) // what it does depends on it
		}
	}
	list := []made{{effect: e, origin: origin}}
	for _, act := range settle(found) {
		at := origin
		at.Own, at.OwnLine = script, int(act.Pos.Line())
		if act.Declared {
			at.Declared = strings.Join(act.Command, " ")
		}
		list = append(list, made{effect: ownEffect(&act, given, changes), origin: at})
	}
	return list, nil
}

// given is a value as a script has it.
func (a *auditor) given(value string) string {
	if name, ok := strings.CutPrefix(value, "$SPRAY_IN/"); ok {
		return "/run/sprayc/in/" + name
	}
	if strings.HasPrefix(value, "$SPRAY_") {
		return "{" + path.Base(value) + "}"
	}
	return a.inline(value)
}

func (a *auditor) declaredAt(block string) []acts.Declared {
	var list []acts.Declared
	for _, d := range a.bundle.Plan.Declared {
		if d.Block == block && d.Command != "" {
			list = append(list, acts.Declared{Command: d.Command, Effects: d.Effects})
		}
	}
	return list
}

// stated are the effects that a module states of a resource beside those of its
// kind.
func (a *auditor) stated(r *Resource, origin Origin) (list []made) {
	for _, d := range a.bundle.Plan.Declared {
		if d.Block != r.Source || d.Command != "" || d.Name != "" && d.Name != r.Name || d.Script != "" && d.Script != origin.Script {
			continue
		}
		for _, text := range d.Effects {
			verb, subject, err := acts.Parse(text)
			if err != nil {
				continue // what is built has none
			}
			e := Effect{Subject: subject, Irreversible: irreversible(verb, subject)}
			e.Category, e.Action = verb.Category()
			e.parameter(verb)
			at := origin
			at.Declared = r.Kind + " " + a.inline(r.Name)
			m := made{effect: e, origin: at}
			if kind := a.bundle.Plan.Kind(r.Kind); kind != nil {
				m.on = kind.EffectsOn
			}
			list = append(list, m)
		}
	}
	return list
}

// scriptEffect is that a script is run at all.
func (a *auditor) scriptEffect(script, use string, src []byte, found []acts.Act) Effect {
	e := Effect{Category: "script", Subject: script, Fields: []Field{{Name: "as", Value: use}}}
	if !slices.ContainsFunc(found, func(act acts.Act) bool { return !act.Reads() }) {
		e.Action = "only reads"
	}
	commands, err := shell.Commands(src)
	if err != nil {
		return e
	}
	usual := shell.Utilities()
	commands = slices.DeleteFunc(commands, func(name string) bool { return slices.Contains(usual, name) })
	if len(commands) > 0 {
		e.Fields = append(e.Fields, Field{Name: "runs", Value: strings.Join(commands, " ")})
	}
	return e
}

// settle leaves out what a script makes and takes away again under names of its
// own, and what it does where a run keeps what it works with.
func settle(found []acts.Act) []acts.Act {
	written, removed := map[string]bool{}, []string{}
	for _, act := range found {
		switch act.Verb {
		case "writes":
			written[act.Subject] = true
		case "removes":
			removed = append(removed, act.Subject)
		}
	}
	own := func(subject string) bool {
		return written[subject] && slices.ContainsFunc(removed, func(pattern string) bool { return covers(pattern, subject) })
	}
	var out []acts.Act
	for _, act := range found {
		file := act.Verb == "writes" || act.Verb == "removes" || act.Verb == "mode"
		switch {
		case act.Known && (act.Scratch() || file && own(act.Subject)):
		case act.Verb == "removes" && act.Known && slices.ContainsFunc(sortedKeys(written), func(subject string) bool { return covers(act.Subject, subject) }):
		default:
			out = append(out, act)
		}
	}
	return out
}

// covers reports whether a path, or the pattern of one, is for a subject.
func covers(pattern, subject string) bool {
	if pattern == subject {
		return true
	}
	before, after, ok := strings.Cut(pattern, "*")
	return ok && strings.HasPrefix(subject, before) && strings.HasSuffix(subject, after) && !strings.Contains(subject[len(before):], "/")
}

// ownEffect is an act as an effect.
func ownEffect(act *acts.Act, given map[string]string, changes bool) Effect {
	e := Effect{Subject: act.Subject}
	e.Category, e.Action = act.Verb.Category()
	command := strings.Join(act.Command, " ")
	switch {
	case !act.Known:
		e.Section, e.Category = Undeclared, "command"
		e.Action = "nobody can tell what it " + string(act.Verb)
		e.Subject = command
		return e
	case act.Declared:
		e.Subject = acts.Fill(act.Subject, given)
	}
	e.parameter(act.Verb)
	if !changes && !act.Declared && !act.Reads() {
		e.Section = Undeclared
		e.Action = strings.TrimPrefix(e.Action+", by a script that only reads", ", ")
	}
	e.Irreversible = irreversible(act.Verb, e.Subject)
	return e
}

// parameter makes what is told as words, or as a file, an effect on a kernel parameter, where
// it is one.
func (e *Effect) parameter(verb acts.Verb) {
	if name, ok := strings.CutPrefix(e.Subject, "kernel parameter "); ok && verb == "sets" {
		name, value, _ := strings.Cut(name, "=")
		e.Category, e.Subject = "kernel parameter", name
		e.Fields = append([]Field{{Name: "value", Value: value}}, e.Fields...)
	}
	if name, ok := strings.CutPrefix(e.Subject, "/proc/sys/"); ok && verb == "writes" {
		e.Category, e.Subject, e.Action = "kernel parameter", strings.ReplaceAll(name, "/", "."), "set"
	}
}

// irreversible says why what a module's own shell does cannot be taken back.
func irreversible(verb acts.Verb, subject string) string {
	switch verb {
	case "removes":
		return "no copy is kept"
	case "loses":
		return "it does not come back"
	case "changes":
		return match(goneObjects, subject)
	}
	return ""
}

var goneObjects = rules(
	`kubectl (delete|drain)( .*)?`, "what is deleted does not come back by itself",
	`etcd: (member remove|del|snapshot restore)( .*)?`, "what is removed does not come back by itself",
)
