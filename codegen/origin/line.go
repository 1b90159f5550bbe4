package origin

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// frame is what a line is that every script has.
const frame = "the frame that every script of sprayc has"

// Line says where a line of a file of the bundle comes from.
func (f *Finder) Line(file string, line int) (*Answer, error) {
	text, err := f.text(file, line)
	if err != nil {
		return nil, err
	}
	a := &Answer{Of: fmt.Sprintf("%s:%d", file, line), Path: file, Line: line, Text: text}
	switch {
	case f.scripts[file] != nil:
		f.scriptLine(a, f.scripts[file])
	case f.origins.Files[file] != "":
		f.payloadLine(a)
	case strings.HasPrefix(file, "hosts/") && strings.HasSuffix(file, ".env"):
		f.envLine(a)
	case strings.HasPrefix(file, "classes/"):
		f.listLine(a)
	case strings.HasPrefix(file, "lib/") || file == bundle.RunFile:
		a.What = "sprayc's shell library, the same in every bundle"
		a.Values = []Value{{Name: "line", Place: "stdlib/lib/" + path.Base(file)}}
	default:
		a.What = "written by sprayc of the whole plan"
	}
	return a, nil
}

// text is a line of a file.
func (f *Finder) text(file string, line int) (string, error) {
	data := f.bundle.Files[file].Data
	if file == bundle.PlanFile {
		encoded, err := f.bundle.Plan.Encode()
		if err != nil {
			return "", err
		}
		data = encoded
	} else if file == bundle.SumsFile {
		data = f.bundle.List
	} else if _, ok := f.bundle.Files[file]; !ok {
		return "", fmt.Errorf("the bundle has no file %s", file)
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if line < 1 || line > len(lines) {
		return "", fmt.Errorf("%s has %d lines, not %d", file, len(lines), line)
	}
	return lines[line-1], nil
}

// scriptLine answers for a line of a generated script.
func (f *Finder) scriptLine(a *Answer, s *script) {
	f.share(a, s)
	a.Step = f.stepOf(s, a.Hosts)
	a.What = frame
	if strings.HasPrefix(a.Text, "# ") && a.Line < 20 && len(a.Text) > 9 && a.Step != nil {
		a.What = "what the script says of itself"
	}
	for i := range s.parts {
		part := &s.parts[i]
		if a.Line < part.From || a.Line > part.To {
			continue
		}
		if part.Var == "" {
			f.callLine(a, s, part)
			return
		}
		user, arg := s.user(part.Var)
		a.What = "a value"
		if user != nil {
			a.What = argOf(arg) + " of " + title(user)
			a.Restarts = f.restarts(user, s.classes)
		}
		v := f.value(s, user, argOf(arg), part, a.Hosts)
		f.contentLine(&v, part.Value, a.Line-part.TextFrom+1, a.Hosts)
		a.Values = []Value{v}
		return
	}
}

// callLine answers for a line of a call: its words that stand there.
func (f *Finder) callLine(a *Answer, s *script, call *shell.Part) {
	a.What = title(call)
	a.Restarts = f.restarts(call, s.classes)
	all := f.values(s, call, a.Hosts)
	for _, v := range all {
		if v.Line == a.Line || v.Name == "resource" {
			a.Values = append(a.Values, v)
		}
	}
	if len(all) == 0 {
		a.What = frame
	}
}

// user is the call that uses a variable, and the word that does.
func (s *script) user(name string) (call *shell.Part, word string) {
	for i := range s.parts {
		for _, w := range slices.Backward(s.parts[i].Words) { // NAME= rather than the bare name before it
			if slices.Contains(w.Vars, name) {
				return &s.parts[i], w.Text
			}
		}
	}
	return nil, ""
}

// argOf is the name of an argument NAME=VALUE; a bare path is that of a script, and a
// bare number how long it is waited for.
func argOf(word string) string {
	name, _, found := strings.Cut(word, "=")
	switch {
	case found:
		return name
	case shipped(word) != "":
		return "script"
	case strings.Trim(word, "0123456789") == "":
		return "timeout"
	}
	return "name"
}

// title is what a call is about.
func title(call *shell.Part) string {
	w := call.Words
	switch {
	case len(w) > 2 && w[0].Text == "resource":
		return w[1].Text + " " + w[2].Text
	case len(w) > 1 && w[0].Text == "output":
		return "output " + strings.Replace(w[1].Text, ".", "/", 1)
	case len(w) > 1 && (w[0].Text == "verify" || strings.HasPrefix(w[0].Text, "report")):
		return strings.ReplaceAll(w[0].Text, "_", " ") + " " + fmt.Sprintf("%q", w[1].Text)
	case len(w) > 1 && w[0].Text == "await":
		return "waiting for " + w[1].Text
	case len(w) > 1 && w[0].Text == "step":
		return "step " + w[1].Text
	}
	return w[0].Text
}

// sourceWord is which word of a call is its place.
var sourceWord = map[string]int{"resource": 3, "output": 2, "verify": 2, "report": 2, "report_status": 2, "await": 2}

// values are all values of a call, the first of them that it is there at all.
func (f *Finder) values(s *script, call *shell.Part, hosts []string) []Value {
	at, ok := sourceWord[call.Words[0].Text]
	if !ok || at >= len(call.Words) {
		return nil
	}
	place := call.Words[at].Text
	list := []Value{{Name: "resource", Path: s.path, Line: call.From, Place: place, Names: f.names(f.origins.Places[place], hosts)}}
	for _, w := range call.Words[at+1:] {
		name := argOf(w.Text)
		v := Value{Name: name, Path: s.path, Line: w.Line, Place: place}
		switch {
		case len(w.Vars) > 0 && s.vars[w.Vars[0]] != nil:
			v = f.value(s, call, name, s.vars[w.Vars[0]], hosts)
			v.Line = w.Line
		default:
			_, v.Text, _ = strings.Cut(w.Text, "=")
			if !strings.Contains(w.Text, "=") {
				v.Text = w.Text
			}
			if file := shipped(w.Text); file != "" {
				if len(hosts) > 0 { // of the host, or one of those that are alike
					file = strings.Replace(file, "$SPRAY_HOST", hosts[0], 1)
				}
				v.Text = file
				if from := f.origins.Files[file]; from != "" {
					v.Place, v.Names = strings.TrimSuffix(from, ":1:1"), f.names(f.origins.Places[from], hosts)
				}
			}
		}
		list = append(list, v)
	}
	return list
}

// value is a value that has a line of its own.
func (f *Finder) value(s *script, call *shell.Part, name string, at *shell.Part, hosts []string) Value {
	v := Value{Name: name, Path: s.path, Line: at.TextFrom, Place: at.Place, Text: short(at.Value)}
	uses := f.origins.Places[v.Place]
	if kind, isKind := kindDefault(call, v.Place); isKind {
		attr, _, _ := strings.Cut(name, ".")
		uses = []string{"kind " + kind + ": " + attr}
	}
	if strings.HasPrefix(at.Var, "h_") && at.Value == "" {
		v.Text = "$" + at.Var
		if len(hosts) == 1 {
			if values, err := shell.Assignments(f.bundle.Files[bundle.EnvPath(hosts[0])].Data); err == nil {
				v.Text = short(values[at.Var])
			}
		}
	}
	v.Names = f.names(uses, hosts)
	return v
}

// contentLine narrows a value down to a line of it, where a template made it: to the
// template's line, and what that is made from.
func (f *Finder) contentLine(v *Value, content string, line int, hosts []string) {
	made, known := f.origins.Lines[bundle.Digest([]byte(content))]
	if !known || line < 1 {
		return
	}
	if n := made.Line(line); n > 0 {
		v.Template = fmt.Sprintf("%s:%d", made.Template, n)
		v.Names = f.names(f.origins.Uses[made.Template][n], hosts)
		if lines := strings.Split(content, "\n"); line <= len(lines) {
			v.Text = strings.TrimSpace(lines[line-1])
		}
	}
}

// kindDefault is the kind whose default stands at a place.
func kindDefault(call *shell.Part, place string) (string, bool) {
	if call == nil || len(call.Words) < 2 || call.Words[0].Text != "resource" {
		return "", false
	}
	kind := call.Words[1].Text
	return kind, place == "stdlib/lib/"+kind+".hcl:1:1"
}

// widest is how many bytes of a value are shown.
const widest = 120

// short is a text in a line.
func short(text string) string {
	switch {
	case strings.Contains(text, "\n"):
		return fmt.Sprintf("(%d lines, %d bytes)", strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1, len(text))
	case len(text) > widest:
		return strings.ToValidUTF8(text[:widest], "") + "..."
	}
	return text
}
