package compiler

import (
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// script takes a shell file of the module, written script = file("x.sh"), or
// a text written in place.
func (e *expander) script(label string, a *lang.AttrDecl, sc *scope) *ir.Script {
	span := lang.Span(a.Expr.Range())
	if call, ok := a.Expr.(*hclsyntax.FunctionCallExpr); ok && call.Name == "file" && len(call.Args) == 1 {
		if !e.c.require(e.c.bind(call.Args[0], sc), Class, span, "the path of a script") {
			return nil
		}
		v, ok := e.c.eval(call.Args[0], sc, e.at)
		if !ok || v.Type() != cty.String || v.IsNull() {
			return nil
		}
		name := path.Clean(v.AsString())
		data, err := e.c.readFile(sc.fsys, sc.dir, name)
		if err != nil {
			e.c.err(diag.UnreadableFile, span, err.Error(), "")
			return nil
		}
		return &ir.Script{Payload: e.c.payload(e.s, name, data, startOf(path.Join(sc.dir, name))), Source: a.Span}
	}
	v, ok := e.c.evalAttr(a, cty.String, sc, e.at, Class)
	if !ok || v.IsNull() {
		return nil
	}
	if e.c.isFileName(v.AsString(), sc) {
		e.c.err(diag.InvalidValue, span, fmt.Sprintf("%s: this is the text of a script, and %q looks like the name of a file", a.Name, v.AsString()), fmt.Sprintf("write file(%q)", v.AsString()))
		return nil
	}
	file := fmt.Sprintf("%s.%s.sh", e.s.decl.Name, label)
	if e.v.Suffix != "" {
		file = fmt.Sprintf("%s.%s.%s.sh", e.s.decl.Name, label, e.v.Suffix)
	}
	return &ir.Script{Payload: e.c.payload(e.s, file, []byte(v.AsString()), span), Source: a.Span}
}

// oneName matches a text that may be the name of a file, or of a command.
var oneName = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)

// isFileName reports whether the text of a script is but the name of one: it ends
// like one, or the module has such a file.
func (c *compiler) isFileName(text string, sc *scope) bool {
	if !oneName.MatchString(text) {
		return false
	}
	if strings.HasSuffix(text, ".sh") {
		return true
	}
	_, err := c.readFile(sc.fsys, sc.dir, path.Clean(text))
	return err == nil
}

// reportNames are what verify blocks may tell of, and what the runner gathers.
var reportNames = []string{"certificates", "requests", "status", "versions"}

// verifyAttrs are the attributes of a verify block.
var verifyAttrs = sortedKeys(lang.ArgumentsOf("step", "verify"))

// verify adds a verify block.
func (e *expander) verify(b *lang.BlockDecl, n int) {
	sc := e.s.scope
	for _, name := range sortedKeys(b.Attrs) {
		if !contains(verifyAttrs, name) {
			lang.ReportUnknown(e.c.report, b.Attrs[name], "verify", verifyAttrs)
		}
	}
	if b.Attrs["script"] == nil {
		e.c.err(diag.MissingArgument, b.Span, "verify needs a script", `write script = file("NAME.sh")`)
		return
	}
	if !e.c.holds(b.Attrs["when"], sc, e.at) {
		return
	}
	label := fmt.Sprintf("verify_%d", n+1)
	s := e.script(label, b.Attrs["script"], sc)
	if s == nil {
		return
	}
	if len(b.Labels) == 1 {
		s.Label = b.Labels[0]
	}
	s.Env = e.env(label, b.Attrs["env"], sc)
	s.Effects = e.c.declaredEffects(b.Attrs[effectsAttr])
	s.Reports = e.reports(b.Attrs["reports"], sc)
	s.Source = b.Span
	e.v.Verifies = append(e.v.Verifies, s)
}

// reports is what a verify block tells of, one of reportNames; "" for one that checks.
func (e *expander) reports(a *lang.AttrDecl, sc *scope) string {
	if a == nil {
		return ""
	}
	v, ok := e.c.evalAttr(a, cty.String, sc, e.at, Cluster)
	if !ok || v.IsNull() {
		return ""
	}
	if !contains(reportNames, v.AsString()) {
		e.c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), fmt.Sprintf("nothing gathers reports of %q", v.AsString()), diag.Meant(v.AsString(), reportNames))
		return ""
	}
	return v.AsString()
}

// env evaluates an env attribute: NAME = value, of any binding time.
func (e *expander) env(label string, a *lang.AttrDecl, sc *scope) []ir.Arg {
	if a == nil {
		return nil
	}
	r := &ir.Resource{Label: label}
	e.expr(r, "env", a.Expr, &lang.KindAttribute{Name: "env", Live: true}, cty.DynamicPseudoType, sc)
	var env []ir.Arg
	for _, arg := range r.Args {
		arg.Name = strings.TrimPrefix(arg.Name, "env.")
		env = append(env, arg)
	}
	sort.SliceStable(env, func(i, j int) bool { return env[i].Name < env[j].Name })
	return env
}

// ready reads the block that says how a waiting host can tell.
func (e *expander) ready(r *ir.Resource, b *lang.BlockDecl, sc *scope) *ir.Script {
	if b.Attrs["script"] == nil {
		e.c.err(diag.MissingArgument, b.Span, "ready needs a script", `write script = file("NAME.ready.sh")`)
		return nil
	}
	s := e.script(r.Label+".ready", b.Attrs["script"], sc)
	if s == nil {
		return nil
	}
	s.Env = e.env(r.Label+"_ready", b.Attrs["env"], sc)
	s.Effects = e.c.declaredEffects(b.Attrs[effectsAttr])
	s.Timeout = e.c.seconds(b.Attrs["timeout"], sc)
	return s
}

// seconds reads a duration such as "10m"; 0 if absent.
func (c *compiler) seconds(a *lang.AttrDecl, sc *scope) int {
	if a == nil {
		return 0
	}
	v, ok := c.evalAttr(a, cty.String, sc, &point{}, Cluster)
	if !ok || v.IsNull() {
		return 0
	}
	d, err := time.ParseDuration(v.AsString())
	if err != nil || d < time.Second {
		c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), fmt.Sprintf("%q is not a duration of at least a second", v.AsString()), `write "30s" or "10m"`)
		return 0
	}
	return int(d / time.Second)
}

// payload adds a file to the bundle, below the step's module, and returns its
// path.
func (c *compiler) payload(s *step, name string, data []byte, source diag.Span) string {
	p := path.Join("steps", s.module.decl.Name, "files", name)
	c.files[p] = &ir.File{Path: p, Data: data, Mode: 0o644, Source: source}
	return p
}

// outputs makes the plan's outputs of all modules.
func (c *compiler) outputs() []*ir.Output {
	var all []*ir.Output
	for _, m := range c.modules {
		for _, b := range m.decl.Outputs {
			if c.unneeded(m, b) {
				continue
			}
			if o := c.output(m, b); o != nil {
				all = append(all, o)
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// unneeded reports whether an output is for other operations, and no step uses it.
func (c *compiler) unneeded(m *module, b *lang.BlockDecl) bool {
	if len(b.Labels) != 1 || !c.forOthers(m, b) {
		return false
	}
	for _, s := range c.steps {
		for _, use := range s.live {
			if use.id == m.decl.Name+"/"+b.Labels[0] {
				return false
			}
		}
	}
	return true
}

// forOthers reports whether an output is made after a step that is not for the operation,
// or is asked of the cluster before anything is done, and the operation does not ask.
func (c *compiler) forOthers(m *module, b *lang.BlockDecl) bool {
	if b.Attrs["refuses"] != nil && c.refuses(m, b) == "" {
		return true
	}
	if c.listsMembers(m, b) || b.Attrs["refuses"] != nil {
		return !lang.OperationOf(c.def.Operation).AsksMembers
	}
	if b.Attrs["step"] == nil {
		return false
	}
	v, ok := c.evalAttr(b.Attrs["step"], cty.String, m.scope, &point{}, Cluster)
	return ok && !v.IsNull() && c.left[m.stepName(v.AsString())]
}

// listsMembers reports whether an output lists the cluster's hosts.
func (c *compiler) listsMembers(m *module, b *lang.BlockDecl) bool {
	if b.Attrs["members"] == nil {
		return false
	}
	v, ok := c.evalAttr(b.Attrs["members"], cty.Bool, m.scope, &point{}, Cluster)
	return ok && !v.IsNull() && v.True()
}

// refuses is what to do when an output says that the definition is for another cluster.
func (c *compiler) refuses(m *module, b *lang.BlockDecl) string {
	if b.Attrs["refuses"] == nil {
		return ""
	}
	v, ok := c.evalAttr(b.Attrs["refuses"], cty.String, m.scope, &point{}, Cluster)
	if !ok || v.IsNull() {
		return ""
	}
	return v.AsString()
}

// outputAttrs are the attributes of an output block.
var outputAttrs = sortedKeys(lang.ArgumentsOf("module", "output"))

func (c *compiler) output(m *module, b *lang.BlockDecl) *ir.Output {
	if len(b.Labels) != 1 {
		return nil
	}
	for _, name := range sortedKeys(b.Attrs) {
		if !contains(outputAttrs, name) {
			lang.ReportUnknown(c.report, b.Attrs[name], "output", outputAttrs)
		}
	}
	for _, name := range []string{"pattern", "script"} {
		if b.Attrs[name] == nil {
			c.err(diag.MissingArgument, b.Span, "an output needs "+name, "")
			return nil
		}
	}
	decl := &lang.StepDecl{Name: "output." + b.Labels[0], Attrs: b.Attrs, Span: b.Span}
	s := &step{decl: decl, module: m}
	cls := &class{}
	if len(c.classes) > 0 {
		cls = c.classes[0]
	}
	e := &expander{c: c, s: s, v: &variant{Variant: &ir.Variant{}}, at: &point{time: Class, cls: cls}, labels: map[string]int{}}
	o := &ir.Output{Name: m.decl.Name + "/" + b.Labels[0], Module: m.decl.Name, Source: b.Span, Secret: true, Roles: []string{"control_plane"}}
	o.Effects = c.declaredEffects(b.Attrs[effectsAttr])
	o.Script = e.script("script", b.Attrs["script"], m.scope)
	if b.Attrs["revoke"] != nil {
		o.Revoke = e.script("revoke", b.Attrs["revoke"], m.scope)
	}
	c.outputEnv(e, o, b.Attrs["env"], m.scope)
	o.Pattern = c.stepText(s, "pattern")
	if _, err := regexp.CompilePOSIX(o.Pattern); err != nil {
		c.err(diag.InvalidValue, lang.Span(b.Attrs["pattern"].Expr.Range()), "this is no extended regular expression: "+err.Error(), "")
	}
	o.TTL = c.seconds(b.Attrs["ttl"], m.scope)
	if b.Attrs["copy_to"] != nil {
		if o.Copy = c.copy(m, b); o.Copy == nil {
			return nil
		}
	}
	if a := b.Attrs["roles"]; a != nil {
		o.Roles = c.stepRoles(s, a)
	}
	if a := b.Attrs["secret"]; a != nil {
		if v, ok := c.evalAttr(a, cty.Bool, m.scope, &point{}, Cluster); ok && !v.IsNull() {
			o.Secret = v.True()
		}
	}
	if c.listsMembers(m, b) {
		c.askedFirst(o, b, "members", "the names of the cluster's hosts are no secret", "an output that lists the cluster's hosts has no ")
		o.Members = lang.OperationOf(c.def.Operation).AsksMembers
	}
	if b.Attrs["refuses"] != nil {
		c.askedFirst(o, b, "refuses", "why a run is refused is no secret", "an output that says why a run is refused has no ")
		if a := b.Attrs["members"]; a != nil && o.Members {
			c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), "an output lists the cluster's hosts, or says why a run is refused", "make two of it")
		}
		if lang.OperationOf(c.def.Operation).AsksMembers {
			o.Refuses = c.refuses(m, b)
		}
	}
	return o
}

// askedFirst is what becomes of an output that the cluster is asked for before anything is
// done, by its attribute what.
func (c *compiler) askedFirst(o *ir.Output, b *lang.BlockDecl, what, open, hasNo string) {
	if a := b.Attrs["secret"]; a != nil && o.Secret {
		c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), open, "remove it")
	}
	o.Secret = false
	for _, name := range []string{"copy_to", "revoke"} {
		if a := b.Attrs[name]; a != nil {
			c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), hasNo+name, "remove it, or "+what)
		}
	}
}

// copy is what becomes of an output that is a file; nil if nothing does.
func (c *compiler) copy(m *module, b *lang.BlockDecl) *ir.Copy {
	made := &ir.Copy{}
	for name, into := range map[string]*string{"copy_to": &made.To, "step": &made.Step} {
		if b.Attrs[name] == nil {
			c.err(diag.MissingArgument, b.Span, "an output with copy_to needs "+name, "")
			return nil
		}
		v, ok := c.evalAttr(b.Attrs[name], cty.String, m.scope, &point{}, Cluster)
		if !ok || v.IsNull() {
			return nil
		}
		*into = v.AsString()
	}
	if b.Attrs["recipients"] == nil {
		c.err(diag.MissingArgument, b.Span, "an output with copy_to needs recipients: it leaves no host unencrypted", "")
		return nil
	}
	v, ok := c.evalAttr(b.Attrs["recipients"], cty.List(cty.String), m.scope, &point{}, Cluster)
	if !ok || v.IsNull() || v.LengthInt() == 0 || made.To == "" {
		return nil
	}
	for _, r := range v.AsValueSlice() {
		made.Recipients = append(made.Recipients, r.AsString())
	}
	made.Step = m.stepName(made.Step)
	return made
}

// outputEnv gives an output's scripts their values. Whoever makes it runs the same
// script, so that they are the same for all.
func (c *compiler) outputEnv(e *expander, o *ir.Output, a *lang.AttrDecl, sc *scope) {
	if a == nil || !c.require(c.bind(a.Expr, sc), Cluster, lang.Span(a.Expr.Range()), "a value of an output's scripts") {
		return
	}
	env := e.env("output", a, sc)
	if o.Script != nil {
		o.Script.Env = env
	}
	if o.Revoke != nil {
		o.Revoke.Env = env
	}
}
