package origin

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
)

// payloadLine answers for a line of a payload: a file of the module as it is, or a
// content that is made at a place.
func (f *Finder) payloadLine(a *Answer) {
	place := f.origins.Files[a.Path]
	var hosts []string
	if host := hostOf(a.Path); host != "" {
		hosts = []string{host}
	}
	if file, whole := strings.CutSuffix(place, ":1:1"); whole {
		a.What = "a file of the module, as it is"
		a.Values = []Value{{Name: "line", Path: a.Path, Line: a.Line, Place: fmt.Sprintf("%s:%d", file, a.Line)}}
	} else {
		a.What = "content"
		a.Values = []Value{{Name: "content", Path: a.Path, Line: a.Line, Place: place, Names: f.names(f.origins.Places[place], hosts)}}
		f.contentLine(&a.Values[0], string(f.bundle.Files[a.Path].Data), a.Line, hosts)
	}
	var users []*script
	for _, path := range f.Scripts() {
		s := f.scripts[path]
		call, word := s.shipping(a.Path)
		if call == nil {
			continue
		}
		if users = append(users, s); len(users) == 1 {
			a.Step = f.stepOf(s, hosts)
			a.What = argOf(word) + " of " + title(call) + ": " + a.What
			a.Restarts = f.restarts(call, s.classes)
		}
	}
	f.share(a, users...)
	if hosts != nil {
		a.Hosts, a.Classes = hosts, nil
	}
}

// shipping is the call that names a file of the bundle, and the word that does.
func (s *script) shipping(file string) (call *shell.Part, word string) {
	for i := range s.parts {
		for _, w := range s.parts[i].Words {
			if named := shipped(w.Text); named != "" && (named == file || named == hostFile(file)) {
				return &s.parts[i], w.Text
			}
		}
	}
	return nil, ""
}

// shipped is the path in the bundle of the file that a word of a call names.
func shipped(word string) string {
	_, value, found := strings.Cut(word, "=")
	if !found {
		value = word
	}
	if below, ok := strings.CutPrefix(value, "$SPRAY_STEPS/"); ok {
		return "steps/" + below
	}
	if below, ok := strings.CutPrefix(value, "$SPRAY_BUNDLE/"); ok {
		return below
	}
	return ""
}

// hostOf is the host that a file below hosts/ is of, or "".
func hostOf(file string) string {
	below, ok := strings.CutPrefix(file, "hosts/")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(below, "/")
	return strings.TrimSuffix(host, ".env")
}

// hostFile is how scripts name a host's own payload.
func hostFile(file string) string {
	if hostOf(file) == "" {
		return ""
	}
	return "hosts/$SPRAY_HOST/" + path.Base(file)
}

// envLine answers for a line of hosts/<host>.env.
func (f *Finder) envLine(a *Answer) {
	host := hostOf(a.Path)
	a.Hosts, a.What = []string{host}, "what the host is"
	name := f.envName(a)
	attr := map[string]string{"SPRAY_HOST": "host.name", "SPRAY_ADDRESS": "host.address", "SPRAY_OS": "host.os", "SPRAY_OS_FAMILY": "host.os", "SPRAY_OS_ID": "host.os", "SPRAY_OS_VERSION": "host.os", "SPRAY_ARCH": "host.arch"}[name]
	switch {
	case name == "SPRAY_DIGEST":
		a.What = "the digest of all that the host gets"
	case name == "SPRAY_CLASS":
		a.What = "the class of hosts that run the same scripts"
	case attr != "":
		a.Values = []Value{{Name: name, Path: a.Path, Line: a.Line, Names: f.hostNames(attr, host)}}
	case name == "SPRAY_OPERATION":
		a.What = "what the bundle is for, as --operation said to build"
	case name == "SPRAY_CLUSTER":
		a.Values = []Value{{Name: name, Path: a.Path, Line: a.Line, Names: f.names([]string{fmt.Sprintf("cluster %q", f.bundle.Plan.Cluster)}, a.Hosts)}}
	default:
		a.What = "a value of the host"
		f.hostValue(a, name, host)
	}
}

// hostNames is what the definition says of an attribute of a host: the block, if nothing
// uses the attribute in a value.
func (f *Finder) hostNames(attr, host string) []Name {
	if _, used := f.origins.Names[attr]; used {
		return f.names([]string{attr}, []string{host})
	}
	var list []Name
	for _, block := range f.origins.Hosts[host] {
		n := Name{Name: block, How: Set}
		if h := f.bundle.Plan.Host(host); h != nil {
			n.Place = h.Source
		}
		if f.Locate != nil {
			if at, text, ok := f.Locate(n.Place, block); ok {
				n.Place, n.Text = at, text
			}
		}
		list = append(list, n)
	}
	return list
}

// envName is the variable that a line belongs to.
func (f *Finder) envName(a *Answer) string {
	parts, err := shell.Parts(f.bundle.Files[a.Path].Data)
	if err != nil {
		return ""
	}
	for _, p := range parts {
		if p.From <= a.Line && a.Line <= p.To {
			return p.Var
		}
	}
	return ""
}

// hostValue finds the scripts of a host that use a variable of it.
func (f *Finder) hostValue(a *Answer, name, host string) {
	class := ""
	if h := f.bundle.Plan.Host(host); h != nil {
		class = h.Class
	}
	for _, path := range f.Scripts() {
		s := f.scripts[path]
		at := s.vars[name]
		if at == nil || !slices.Contains(s.classes, class) {
			continue
		}
		call, word := s.user(name)
		if call != nil && a.Step == nil {
			a.Step = f.stepOf(s, a.Hosts)
			a.What = argOf(word) + " of " + title(call)
			a.Restarts = f.restarts(call, s.classes)
		}
		v := f.value(s, call, argOf(word), at, a.Hosts)
		a.Values = append(a.Values, v)
	}
}

// listLine answers for a line of a class's lists.
func (f *Finder) listLine(a *Answer) {
	class := strings.TrimSuffix(path.Base(a.Path), path.Ext(a.Path))
	a.Classes = []string{class}
	for _, h := range f.bundle.Plan.Hosts {
		if h.Class == class {
			a.Hosts = append(a.Hosts, h.Name)
		}
	}
	a.What = "a list of the class " + class
	for _, word := range strings.FieldsFunc(a.Text, func(r rune) bool { return r == '\t' || r == ' ' || r == ',' }) {
		if s := f.scripts[word]; s != nil {
			a.Step = f.stepOf(s, a.Hosts)
		} else if step := f.bundle.Plan.Step(word); step != nil {
			a.Step = &Step{Name: step.Name, Summary: step.Summary, Stage: step.Stage, Place: step.Source, Names: f.names(f.origins.Places[step.Source], a.Hosts)}
		} else if place := f.origins.Files[word]; place != "" {
			a.Values = append(a.Values, Value{Name: word, Place: place})
		}
	}
}
