package compiler

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// functions are the language's functions with those that need to know where
// they are called: file and template read the scope's folder, secret makes a
// live value.
func (c *compiler) functions(fsys fs.FS, dir string) map[string]function.Function {
	funcs := lang.Functions()
	t := &templates{c: c, fsys: fsys, dir: dir, funcs: funcs, parsed: map[string]*template{}}
	funcs["template"] = t.function()
	funcs["templatefile"] = t.function()
	funcs["file"] = function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := c.readFile(fsys, dir, args[0].AsString())
			return cty.StringVal(string(text)), err
		},
	})
	funcs["secret"] = c.secretFunction()
	funcs["secret_file"] = c.secretFileFunction()
	return funcs
}

// readFile reads a file of the scope's folder and remembers it as a source.
func (c *compiler) readFile(fsys fs.FS, dir, name string) ([]byte, error) {
	clean := path.Clean(name)
	if !fs.ValidPath(clean) {
		return nil, &kindError{diag.UnreadableFile, fmt.Sprintf("%q leaves the folder %s", name, dir)}
	}
	text, err := fs.ReadFile(fsys, clean)
	if err != nil {
		return nil, &kindError{diag.UnreadableFile, fmt.Sprintf("%s: no such file in %s", name, dir)}
	}
	c.mu.Lock()
	c.def.Sources[path.Join(dir, clean)] = text
	c.mu.Unlock()
	return text, nil
}

// secretFunction makes secret("env:NAME" | "file:PATH" | "command:..."): a
// marked value, whose mark is the id of the secret.
func (c *compiler) secretFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "reference", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			ref := args[0].AsString()
			scheme, rest, _ := strings.Cut(ref, ":")
			if !contains([]string{"env", "file", "command"}, scheme) || rest == "" {
				return cty.DynamicVal, &kindError{diag.InvalidValue, fmt.Sprintf("a secret is \"env:NAME\", \"file:PATH\" or \"command:...\", not %q", ref)}
			}
			return c.secretValue(ref), nil
		},
	})
}

// secretFileFunction makes secret_file(PATH, IDENTITY): a secret as secret("file:PATH") is,
// but one that is given to a host only when it asks, however large it is, and that the
// identity, another secret or "", opens.
func (c *compiler) secretFileFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}, {Name: "identity", Type: cty.String, AllowMarked: true}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			file := ir.Secret{Ref: "file:" + args[0].AsString(), File: true}
			for mark := range args[1].Marks() {
				if id, ok := mark.(liveMark); ok {
					file.Identity = string(id)
				}
			}
			if plain, _ := args[1].Unmark(); file.Identity == "" && plain.AsString() != "" {
				return cty.DynamicVal, &kindError{diag.PlainSecret, "the identity is a secret; written here it would stand in the bundle"}
			}
			return c.secretOf(file), nil
		},
	})
}

// secretValue stands for a secret in expressions.
func (c *compiler) secretValue(ref string) cty.Value { return c.secretOf(ir.Secret{Ref: ref}) }

func (c *compiler) secretOf(secret ir.Secret) cty.Value {
	id := c.secretID(secret)
	return cty.StringVal("live:" + id).Mark(liveMark(id))
}

// secretID names a secret after its reference.
func (c *compiler) secretID(secret ir.Secret) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.secrets {
		if secret.ID = s.ID; *s == secret {
			return s.ID
		}
	}
	base := "secret_" + shellName(secret.Ref)
	id := base
	for n := 2; c.secrets[id] != nil; n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	secret.ID = id
	c.secrets[id] = &secret
	return id
}

// templates reads and renders the template files of one folder; each is parsed
// once.
type templates struct {
	c      *compiler
	fsys   fs.FS
	dir    string
	funcs  map[string]function.Function
	mu     sync.Mutex
	parsed map[string]*template
}

type template struct {
	expr  hcl.Expression
	text  []byte
	names map[string]bool // free names
	err   error
}

func (t *templates) function() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "path", Type: cty.String},
			{Name: "values", Type: cty.DynamicPseudoType},
		},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return t.render(args[0].AsString(), args[1])
		},
	})
}

func (t *templates) render(name string, values cty.Value) (cty.Value, error) {
	parsed := t.load(name)
	if parsed.err != nil {
		return cty.DynamicVal, parsed.err
	}
	if ty := values.Type(); !ty.IsObjectType() && !ty.IsMapType() {
		return cty.DynamicVal, &kindError{diag.WrongType, "a template's values are an object, { name = value }"}
	}
	given := map[string]cty.Value{}
	if values.LengthInt() > 0 {
		given = values.AsValueMap()
	}
	if err := parsed.match(name, given); err != nil {
		return cty.DynamicVal, err
	}
	v, diags := parsed.expr.Value(&hcl.EvalContext{Variables: given, Functions: t.funcs})
	if diags.HasErrors() {
		d := diags[0]
		return cty.DynamicVal, fmt.Errorf("%s:%d: %s", path.Join(t.dir, name), d.Subject.Start.Line, strings.TrimSuffix(d.Detail, "."))
	}
	if bare, marks := v.Unmark(); len(marks) == 0 && bare.Type() == cty.String && bare.IsKnown() && !bare.IsNull() {
		t.c.rendered(rendering{templates: t, parsed: parsed, file: path.Join(t.dir, path.Clean(name)), given: given, text: bare.AsString()})
	}
	return v, nil
}

// match compares the template's free names with those given.
func (p *template) match(name string, given map[string]cty.Value) error {
	var missing, unused []string
	for n := range p.names {
		if _, ok := given[n]; !ok {
			missing = append(missing, n)
		}
	}
	for n := range given {
		if !p.names[n] {
			unused = append(unused, n)
		}
	}
	sort.Strings(missing)
	sort.Strings(unused)
	switch {
	case len(missing) > 0:
		return &kindError{diag.TemplateNames, fmt.Sprintf("%s uses %s, which is not given", name, strings.Join(missing, ", "))}
	case len(unused) > 0:
		return &kindError{diag.TemplateNames, fmt.Sprintf("%s does not use %s", name, strings.Join(unused, ", "))}
	}
	return nil
}

func (t *templates) load(name string) *template {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p, ok := t.parsed[name]; ok {
		return p
	}
	p := &template{names: map[string]bool{}}
	t.parsed[name] = p
	text, err := t.c.readFile(t.fsys, t.dir, name)
	if err != nil {
		p.err = err
		return p
	}
	expr, diags := hclsyntax.ParseTemplate(text, path.Join(t.dir, name), hcl.InitialPos)
	if diags.HasErrors() {
		d := diags[0]
		p.err = fmt.Errorf("%s:%d: %s (to write a literal ${ or %%{ double its first character)", path.Join(t.dir, name), d.Subject.Start.Line, strings.TrimSuffix(d.Detail, "."))
		return p
	}
	p.expr, p.text = expr, text
	for _, v := range expr.Variables() {
		p.names[v.RootName()] = true
	}
	return p
}

// shellName makes a shell name of any text.
func shellName(text string) string {
	var b strings.Builder
	under := true
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
			under = false
		case !under:
			b.WriteByte('_')
			under = true
		}
	}
	name := strings.TrimRight(b.String(), "_")
	if name == "" {
		return "x"
	}
	return name
}
