package lang

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"

	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

var validation = &schema{attrs: argumentNames("input", "validation")}

var inputSchema = &schema{
	labels: []string{"NAME"}, name: identifier, unique: true,
	attrs:  argumentNames("module", "input"),
	blocks: map[string]*schema{"validation": validation},
}

// settingSchema is a host setting's: what hosts blocks say is known before the run, so it
// is never a secret.
var settingSchema = &schema{
	labels: []string{"NAME"}, name: identifier, unique: true,
	attrs:  argumentNames("module", "host_setting"),
	blocks: map[string]*schema{"validation": validation},
}

// resourceSchema is a resource's, or a verify block's.
var resourceSchema = &schema{labels: []string{"NAME"}, open: true, rest: anything}

// moduleSchema is what stands at the top of a module's files.
var moduleSchema = &schema{blocks: map[string]*schema{
	"module":       {once: true, attrs: argumentNames("module", "module"), required: []string{"summary"}},
	"input":        inputSchema,
	"host_setting": settingSchema,
	"locals":       {open: true},
	"artifact":     {labels: []string{"NAME"}, name: identifier, unique: true, open: true},
	"assert":       validation,
	"step":         {labels: []string{"NAME"}, name: stepName, unique: true, open: true, rest: resourceSchema},
	"provide":      {labels: []string{"NAME"}, name: identifier, unique: true, attrs: argumentNames("module", "provide"), required: []string{"value"}},
	"output":       {labels: []string{"NAME"}, name: identifier, unique: true, open: true},
}}

// LoadModule reads a module: the *.hcl of its folder. name is the folder's base
// name; shown is its path as diagnostics give it. The module is never nil; with
// errors it holds what could be read.
func LoadModule(fsys fs.FS, name, shown string) (*Module, diag.List) {
	f := newFiles()
	m := &Module{Name: name, Path: shown, FS: fsys, Sources: f.sources, Locals: Attrs{}}
	if !stepName.pattern.MatchString(name) {
		f.report(diag.Diagnostic{Kind: diag.InvalidName, Span: m.Span, Label: fmt.Sprintf("a module's folder has a name of %s, not %q", stepName.says, name), Fix: "rename the folder"})
	}
	names, err := fs.Glob(fsys, "*.hcl")
	if err == nil && len(names) == 0 {
		_, err = fs.ReadDir(fsys, ".")
	}
	if err != nil || len(names) == 0 {
		label := "the folder has no *.hcl file"
		if err != nil {
			label = cause(err)
		}
		f.report(diag.Diagnostic{Kind: diag.UnreadableFile, Label: fmt.Sprintf("module %s: %s", shown, label), Fix: "write module.hcl"})
		m.Broken = true
		return m, f.diags
	}
	sort.Strings(names)
	m.Span = fileStart(path.Join(shown, names[0]))
	f.readAll(fsys, names, shown)
	f.fill(m, f.top(moduleSchema, "a module"))
	m.Broken = f.broken
	f.diags.Sort()
	return m, f.diags
}

// readAll reads files of a folder, in the order of their names.
func (f *files) readAll(fsys fs.FS, names []string, shown string) {
	sort.Strings(names)
	for _, name := range names {
		if p := f.read(fsys.Open, name, path.Join(shown, name), nil); p != nil {
			f.add(p)
		}
	}
}

func (f *files) fill(m *Module, blocks []*BlockDecl) {
	var header *BlockDecl
	for _, b := range blocks {
		switch b.Type {
		case "module":
			header = b
		case "input":
			m.Inputs = append(m.Inputs, f.input(b))
		case "host_setting":
			m.HostSettings = append(m.HostSettings, f.input(b))
		case "locals":
			f.locals(m.Locals, b)
		case "artifact":
			m.Artifacts = append(m.Artifacts, b)
		case "assert":
			if c := f.check(b); c != nil {
				m.Asserts = append(m.Asserts, c)
			}
		case "step":
			m.Steps = append(m.Steps, step(b))
		case "output":
			m.Outputs = append(m.Outputs, b)
		case "provide":
			m.Provides = append(m.Provides, b)
		}
	}
	if header == nil {
		if !f.broken {
			f.report(diag.Diagnostic{Kind: diag.MissingArgument, Span: m.Span, Label: "the module has no module block", Fix: `write module { summary = "..." }`})
		}
		return
	}
	m.Span = header.Span
	m.Slot, m.Summary = f.text(header.Attrs, "slot"), f.text(header.Attrs, "summary")
	m.Requires, m.Conflicts = f.refs(header.Attrs, "requires"), f.refs(header.Attrs, "conflicts")
}

// times are the binding times that an argument may be limited to.
var times = []string{"cluster", "class", "host"}

func (f *files) input(b *BlockDecl) *InputDecl {
	in := &InputDecl{Name: b.Labels[0], Type: cty.DynamicPseudoType, Span: b.Span}
	if a := b.Attrs["type"]; a != nil {
		in.Type, in.Defaults, _ = f.typeOf(a)
	}
	if a := b.Attrs["default"]; a != nil {
		in.Default = a.Expr
	}
	in.Description = f.text(b.Attrs, "description")
	in.Sensitive = f.flag(b.Attrs, "sensitive")
	in.Time = f.text(b.Attrs, "time")
	if in.Time != "" && !contains(times, in.Time) {
		f.report(diag.Diagnostic{Kind: diag.InvalidValue, Span: Span(b.Attrs["time"].Expr.Range()), Label: "time is cluster, class or host", Fix: diag.Meant(in.Time, times)})
		in.Time = ""
	}
	for _, inner := range b.Blocks {
		if c := f.check(inner); c != nil {
			in.Validations = append(in.Validations, c)
		}
	}
	return in
}

// check is a validation or assert; nil if it is not whole.
func (f *files) check(b *BlockDecl) *CheckDecl {
	condition, message, problems := b.Attrs["condition"], b.Attrs["message"], b.Attrs["problems"]
	if problems != nil {
		for _, a := range []*AttrDecl{condition, message} {
			if a != nil {
				f.report(diag.Diagnostic{Kind: diag.WrongChoice, Span: a.Span, Label: fmt.Sprintf("%s has problems, which say what %s would", b.Type, a.Name), Fix: "remove one of them"})
			}
		}
		return &CheckDecl{Problems: problems.Expr, Span: b.Span}
	}
	whole := true
	for _, name := range []string{"condition", "message"} {
		if b.Attrs[name] == nil {
			whole = false
			f.report(diag.Diagnostic{Kind: diag.MissingArgument, Span: b.Span, Label: fmt.Sprintf("%s needs %s", b.Type, name), Fix: "write " + name + " = ..., or problems = [...] in place of condition and message"})
		}
	}
	if !whole {
		return nil
	}
	return &CheckDecl{Condition: condition.Expr, Message: message.Expr, Span: b.Span}
}

func step(b *BlockDecl) *StepDecl {
	s := &StepDecl{Name: b.Labels[0], Attrs: b.Attrs, Span: b.Span}
	for _, inner := range b.Blocks {
		if inner.Type == "verify" {
			s.Verifies = append(s.Verifies, inner)
		} else {
			s.Resources = append(s.Resources, inner)
		}
	}
	return s
}

var kindName = &naming{regexp.MustCompile(`^[a-z][a-z0-9_]*$`), "lower-case letters, digits and _"}
