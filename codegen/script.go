package codegen

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// script is the text of one variant while it is made: data above, logic below.
type script struct {
	step    *ir.Step
	variant *ir.Variant
	library *library
	names   *names
	data    strings.Builder
	logic   strings.Builder
	host    []string          // host-time variables, in the order first used
	hostAt  map[string]string // where each is first used
	live    []string          // live values that it reads, in the order first used
	liveAt  map[string]bool
	files   []string // payloads that it needs
	seen    map[string]bool
	dollar  bool // a value has a $ or a ` in it
	slash   bool // a value has a backslash in it
	diags   diag.List
}

// scriptPath returns where the script of a variant stands in the bundle.
func scriptPath(step *ir.Step, variant *ir.Variant) string {
	path := "steps/" + step.Name
	if variant.Suffix != "" {
		path += "." + variant.Suffix
	}
	return path + ".sh"
}

// named adds NAME=WORD, where NAME may have a key of the user's in it. A name
// that would not be one word is quoted.
func (s *script) named(c *call, name string, word shell.Word, source diag.Span) {
	if plainName(name) {
		c.named(name, word)
		return
	}
	c.add(s.quote("the name of an argument", name+"=", source), word)
}

// fail records that a value cannot be in a script.
func (s *script) fail(span diag.Span, err error) {
	s.diags = append(s.diags, diag.Diagnostic{
		Kind: diag.ShellValue, Span: span, Label: err.Error(),
		Fix: "remove the NUL byte, or ship the content as a file",
	})
}

// quote quotes text and notes what shellcheck would say of it.
func (s *script) quote(what, text string, source diag.Span) shell.Word {
	word, err := shell.Quote(text)
	if err != nil {
		s.fail(source, fmt.Errorf("%s: %w", what, err))
	}
	s.dollar = s.dollar || strings.ContainsAny(text, "$`")
	s.slash = s.slash || strings.Contains(text, `\`)
	return word
}

// assign gives a value its variable and returns the expansion of it.
func (s *script) assign(label, argument, text string, source diag.Span) shell.Word {
	word := s.quote(argument, text, source)
	name := s.names.variable(label, argument)
	assignment, at := name+"="+word.String(), place(source)
	switch {
	case at == "":
		s.data.WriteString(assignment + "\n")
	case strings.Contains(text, "\n"): // a comment behind many lines is not beside the first
		s.data.WriteString("# " + at + "\n" + assignment + "\n")
	default:
		s.data.WriteString(assignment + " # " + at + "\n")
	}
	return shell.Var(name)
}

// value returns the word by which a script speaks of a value.
func (s *script) value(label, argument string, value ir.Value, source diag.Span) shell.Word {
	var word shell.Word
	var err error
	switch value.Kind {
	case ir.Literal:
		return s.assign(label, argument, value.Text, source)
	case ir.HostVar:
		name := hostVar(value.Text)
		if s.hostAt[name] == "" {
			s.host = append(s.host, name)
			s.hostAt[name] = place(source)
		}
		return shell.Var(name)
	case ir.Payload:
		word, err = s.payload(value.Text)
	case ir.HostPayload:
		if word, err = shell.Below("SPRAY_BUNDLE", "hosts"); err == nil {
			word, err = word.BelowVar("SPRAY_HOST").Below(value.Text)
		}
	case ir.Live:
		if !s.liveAt[value.Text] {
			s.liveAt[value.Text] = true
			s.live = append(s.live, value.Text)
		}
		word, err = shell.Below("SPRAY_IN", liveName(value.Text))
	default:
		err = fmt.Errorf("a value of kind %d; this is a bug in sprayc", value.Kind)
	}
	if err != nil {
		s.fail(source, fmt.Errorf("%s: %w", argument, err))
	}
	return word
}

// payload returns the path of a file of the bundle and notes that the script
// needs it.
func (s *script) payload(path string) (shell.Word, error) {
	if !s.seen[path] {
		s.seen[path] = true
		s.files = append(s.files, path)
	}
	if below, ok := strings.CutPrefix(path, "steps/"); ok {
		return shell.Below("SPRAY_STEPS", below)
	}
	return shell.Below("SPRAY_BUNDLE", path)
}

// resource writes the data and the call of one resource.
func (s *script) resource(r *ir.Resource) {
	label := r.Label
	if label == "" {
		label = r.Kind
	}
	kind := s.library.kinds[r.Kind]
	c := &call{}
	s.data.WriteByte('\n')
	name := s.value(label, identity(kind), r.Name, r.Source)
	c.words = append(c.words, "resource")
	c.add(shell.Constant(r.Kind))
	c.add(name)
	c.add(s.quote("the source", place(r.Source), r.Source))
	given := map[string]bool{}
	for _, arg := range r.Args {
		given[arg.Name] = true
	}
	if kind.identity != "" && !given[kind.identity] {
		c.named(kind.identity, name)
	}
	for _, arg := range r.Args {
		if arg.Name == kind.identity && arg.Value == r.Name {
			c.named(arg.Name, name)
			continue
		}
		s.argument(c, label, arg)
	}
	s.scripts(c, label, r, given)
	for _, to := range r.Notifies {
		s.constant(c, "notify", to.Kind+":"+to.Name, r.Source)
	}
	if r.When != nil {
		c.named("when", s.value(label, "when", *r.When, r.Source))
	}
	s.logic.WriteString(c.text())
}

// identity is the name of the argument that says which one of its kind a
// resource is.
func identity(kind libraryKind) string {
	if kind.identity == "" {
		return "name"
	}
	return kind.identity
}

// argument writes one NAME=VALUE. Content that is a file goes as payload=.
func (s *script) argument(c *call, label string, arg ir.Arg) {
	name := arg.Name
	isFile := arg.Value.Kind == ir.Payload || arg.Value.Kind == ir.HostPayload
	if isFile && name == "content" {
		name = "payload"
	}
	s.named(c, name, s.value(label, name, arg.Value, arg.Source), arg.Source)
}

// scripts writes what an exec runs: the paths of its scripts and the values
// that they are given.
func (s *script) scripts(c *call, label string, r *ir.Resource, given map[string]bool) {
	for _, part := range []struct {
		name   string
		script *ir.Script
		prefix string
	}{{"probe", r.Probe, "env."}, {"act", r.Act, "env."}, {"ready", r.Ready, "ready_env."}} {
		if part.script == nil {
			continue
		}
		if !given[part.name] {
			given[part.name] = true
			word, err := s.payload(part.script.Payload)
			if err != nil {
				s.fail(part.script.Source, err)
			}
			c.named(part.name, word)
		}
		for _, arg := range part.script.Env {
			name := part.prefix + strings.TrimPrefix(arg.Name, "env.")
			if !given[name] {
				given[name] = true
				s.named(c, name, s.value(label, name, arg.Value, arg.Source), arg.Source)
			}
		}
	}
	if r.Ready != nil && r.Ready.Timeout > 0 && !given["ready_timeout"] {
		s.constant(c, "ready_timeout", strconv.Itoa(r.Ready.Timeout), r.Ready.Source)
	}
	if r.OncePer != "" && !given["once_per"] {
		s.constant(c, "once_per", r.OncePer, r.Source)
	}
}

// constant writes NAME='TEXT' for a word that is the compiler's, or a name.
func (s *script) constant(c *call, name, text string, source diag.Span) {
	c.named(name, s.quote(name, text, source))
}

// verify writes the data and the call of one verify block.
func (s *script) verify(i int, v *ir.Script) {
	label := "verify_" + strconv.Itoa(i+1)
	if len(v.Env) > 0 {
		s.data.WriteByte('\n')
	}
	c := &call{words: []string{"verify"}}
	switch v.Reports {
	case "":
	case "status":
		c.words[0] = "report_status"
	default:
		c.words[0] = "report"
	}
	text := s.quote("the text of verify", v.Label, v.Source)
	path, err := s.payload(v.Payload)
	if err != nil {
		s.fail(v.Source, err)
	}
	c.add(text)
	c.add(s.quote("the source", place(v.Source), v.Source))
	c.add(path)
	for _, arg := range v.Env {
		name := strings.TrimPrefix(arg.Name, "env.")
		s.named(c, name, s.value(label, name, arg.Value, arg.Source), arg.Source)
	}
	s.logic.WriteString(c.text())
}
