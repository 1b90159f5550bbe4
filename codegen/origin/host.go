package origin

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/lang/diag"
)

// On says where something on a host comes from: a path, a unit, a package, a kernel
// parameter, or whatever else a resource is about, by its name or as audit names it. There
// is an answer for each resource that speaks of it. What no resource names, but a folder
// above it, gets that folder's answer with a note.
func (f *Finder) On(host, thing string) ([]*Answer, error) {
	h := f.bundle.Plan.Host(host)
	if h == nil {
		var names []string
		for _, h := range f.bundle.Plan.Hosts {
			names = append(names, h.Name)
		}
		return nil, fmt.Errorf("the bundle has no host %q; %s", host, diag.Meant(host, names))
	}
	subjects, err := f.subjects(h)
	if err != nil {
		return nil, err
	}
	note, found := "", subjects[thing]
	if path, line, ok := fileLine(thing); found == nil && ok && subjects[path] != nil {
		return f.linesOf(host, path, line, subjects[path]), nil
	}
	for _, suffix := range []string{".service", ".timer", ".socket"} {
		if found == nil {
			found = subjects[thing+suffix]
		}
	}
	for above := thing; found == nil && strings.HasPrefix(above, "/") && len(above) > 1; {
		above = path.Dir(above)
		if found = subjects[above]; found != nil && above != "/" {
			note = fmt.Sprintf("no resource names %s itself; this one is about %s", thing, above)
		}
	}
	if found == nil {
		hint := "sprayc audit lists all that it does"
		if near := diag.Suggest(thing, sortedSubjects(subjects)); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return nil, fmt.Errorf("nothing in the bundle is about %q on %s; %s", thing, host, hint)
	}
	var answers []*Answer
	for _, at := range found {
		a := f.resource(host, at.script, at.call)
		a.Of, a.Note = host+":"+thing, note
		answers = append(answers, a)
	}
	return answers, nil
}

// fileLine is PATH:LINE.
func fileLine(thing string) (file string, line int, ok bool) {
	i := strings.LastIndexByte(thing, ':')
	line, err := strconv.Atoi(thing[i+1:])
	if i < 0 || err != nil || line < 1 {
		return "", 0, false
	}
	return thing[:i], line, true
}

// linesOf answers for a line of a file on a host: what each of its resources has of
// several lines, narrowed down to that one.
func (f *Finder) linesOf(host, file string, line int, calls []callAt) []*Answer {
	var answers []*Answer
	for _, at := range calls {
		a := f.resource(host, at.script, at.call)
		a.Of = fmt.Sprintf("%s:%s:%d", host, file, line)
		var values []Value
		for i, v := range a.Values {
			if i == 0 || len(at.call.Words) <= i+sourceWord["resource"] {
				continue
			}
			content := f.content(at, at.call.Words[i+sourceWord["resource"]], host)
			if lines := strings.Split(strings.TrimSuffix(content, "\n"), "\n"); strings.Contains(content, "\n") && line <= len(lines) {
				v.Text = strings.TrimSpace(lines[line-1])
				f.contentLine(&v, content, line, []string{host})
				values = append(values, v)
			}
		}
		if values == nil {
			a.Note = fmt.Sprintf("it has no line %d that the bundle knows", line)
			values = a.Values
		}
		a.Values = values
		answers = append(answers, a)
	}
	return answers
}

// content is what a word of a call stands for on a host, or what is in the file that it
// names.
func (f *Finder) content(at callAt, word shell.PartWord, host string) string {
	if file := shipped(word.Text); file != "" {
		return string(f.bundle.Files[strings.Replace(file, "$SPRAY_HOST", host, 1)].Data)
	}
	if len(word.Vars) != 1 || at.script.vars[word.Vars[0]] == nil {
		return ""
	}
	part := at.script.vars[word.Vars[0]]
	if part.Value == "" && strings.HasPrefix(part.Var, "h_") {
		values, err := shell.Assignments(f.bundle.Files[bundle.EnvPath(host)].Data)
		if err != nil {
			return ""
		}
		return values[part.Var]
	}
	return part.Value
}

func sortedSubjects(subjects map[string][]callAt) []string {
	names := make([]string, 0, len(subjects))
	for name := range subjects {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// callAt is a call of a script.
type callAt struct {
	script *script
	call   *shell.Part
}

// subjects are all that the scripts of a host's class are about, by name: resources by
// their own, and by what audit says that they do.
func (f *Finder) subjects(h *bundle.Host) (map[string][]callAt, error) {
	all := map[string][]callAt{}
	add := func(name string, at callAt) {
		if name != "" && !slices.Contains(all[name], at) {
			all[name] = append(all[name], at)
		}
	}
	env, err := shell.Assignments(f.bundle.Files[bundle.EnvPath(h.Name)].Data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", bundle.EnvPath(h.Name), err)
	}
	for _, file := range f.Scripts() {
		s := f.scripts[file]
		if !slices.Contains(s.classes, h.Class) {
			continue
		}
		for i := range s.parts {
			if w := s.parts[i].Words; len(w) > 2 && (w[0].Text == "resource" || w[0].Text == "output") {
				text := w[2].Text
				if w[0].Text == "output" {
					text = strings.Replace(w[1].Text, ".", "/", 1)
				}
				if value, own := env[strings.TrimPrefix(text, "$")]; own {
					text = value
				}
				add(text, callAt{s, &s.parts[i]})
			}
		}
	}
	report, err := audit.Of(f.bundle)
	if err != nil {
		return nil, err
	}
	for i := range report.Effects {
		e := &report.Effects[i]
		subject := strings.NewReplacer("{name}", h.Name, "{address}", h.Address).Replace(e.Subject)
		for _, o := range e.Origins {
			if s := f.scripts[o.Script]; s != nil && slices.Contains(s.classes, h.Class) {
				if call := s.callAt(o.Line); call != nil {
					add(subject, callAt{s, call})
				}
			}
		}
	}
	return all, nil
}

// callAt is the call that begins at a line.
func (s *script) callAt(line int) *shell.Part {
	for i := range s.parts {
		if s.parts[i].From == line && len(s.parts[i].Words) > 0 {
			return &s.parts[i]
		}
	}
	return nil
}

// resource answers for a whole resource.
func (f *Finder) resource(host string, s *script, call *shell.Part) *Answer {
	a := &Answer{What: title(call), Path: s.path, Line: call.From, Step: f.stepOf(s, []string{host})}
	a.Values = f.values(s, call, []string{host})
	f.share(a, s)
	a.Restarts = f.restarts(call, s.classes)
	return a
}

// restarts are the reactions to a change of a resource: of those that it notifies, and of
// itself if its kind reacts.
func (f *Finder) restarts(call *shell.Part, classes []string) []Restart {
	var list []Restart
	add := func(r Restart) {
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	if r, reacts := reaction(call); reacts {
		add(r)
	}
	for _, w := range call.Words {
		to, is := strings.CutPrefix(w.Text, "notify=")
		if !is {
			continue
		}
		kind, name, _ := strings.Cut(to, ":")
		for _, path := range f.Scripts() {
			s := f.scripts[path]
			if !slices.ContainsFunc(s.classes, func(c string) bool { return slices.Contains(classes, c) }) {
				continue
			}
			for i := range s.parts {
				if r, reacts := reaction(&s.parts[i]); reacts && r.Resource == kind+" "+name {
					add(r)
				}
			}
		}
	}
	return list
}

// reaction is what a resource does when something that it reads has changed.
func reaction(call *shell.Part) (r Restart, reacts bool) {
	if len(call.Words) < 4 || call.Words[0].Text != "resource" {
		return r, false
	}
	r.Resource = title(call)
	for _, w := range call.Words[4:] {
		switch name, value, _ := strings.Cut(w.Text, "="); name {
		case "reaction":
			r.Reaction, reacts = value, value != ""
		case "disruptive":
			r.Disruptive = value == "true"
		}
	}
	return r, reacts
}
