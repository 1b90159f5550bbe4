package compiler

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/lang/selector"
	"github.com/zclconf/go-cty/cty"
)

// step is a step of a module with what the definition fixes about it.
type step struct {
	decl       *lang.StepDecl
	module     *module
	name       string // "containerd/install"
	summary    string
	stage      int // index into the library's stages
	stageText  string
	roles      []string
	operations []string
	components []string // beside its module's
	after      []afterRef
	before     []afterRef
	gate       string
	oncePer    string
	commands   []string
	disruptive bool
	about      bool
	executor   string
	executes   *selector.Expr // nil: no step about a host
	scope      *scope         // the module's, but see resolveAbout
	written    int            // place among all steps as written

	dims       Dims
	conditions []*condition
	variants   []*variant
	byKey      map[string]int
	off        map[*class]bool // classes for which its condition does not hold
	live       []liveUse
	needs      []ir.Need
	index      int // place in the order
}

// afterRef is a step that comes before, by name; or after, for its own before.
type afterRef struct {
	name  string
	span  diag.Span
	step  *step
	order bool // of the steps on a host alone: no other host is waited for
}

// liveUse is an output or secret that a step uses.
type liveUse struct {
	id   string
	span diag.Span
}

// variant is one script of a step, being made.
type variant struct {
	*ir.Variant
	class *class    // one that uses it
	vars  []hostVar // host-time values that it uses
}

// stepAttrs are the attributes of a step with their types.
var stepAttrs = lang.ArgumentsOf("module", "step")

// operations are what a bundle can be run for.
var operations = lang.OperationNames()

// resolveSteps evaluates the attributes of all steps that are the same for the
// whole cluster. Those that are not for its operation are left out.
func (c *compiler) resolveSteps() {
	n, named := 0, false
	for _, m := range c.modules {
		seen := map[string]*step{}
		for _, decl := range m.decl.Steps {
			s := c.resolveStep(m, decl)
			s.written = n
			n++
			if first := seen[decl.Name]; first != nil {
				c.err(diag.DuplicateResource, decl.Span, fmt.Sprintf("there is a step %q already", decl.Name), "rename one", diag.Note{Span: first.decl.Span, Label: "here"})
				continue
			}
			seen[decl.Name] = s
			named = named || contains(s.operations, c.def.Operation)
			if !lang.InOperation(c.def.Operation, s.operations) {
				c.left[s.name] = true
				continue
			}
			m.steps = append(m.steps, s)
			c.steps = append(c.steps, s)
		}
	}
	if !named && n > 0 && c.def.Cluster != nil && c.def.Operation != lang.Converge && !lang.OperationOf(c.def.Operation).Bare {
		c.err(diag.InvalidValue, c.def.Cluster.Span, fmt.Sprintf("no module that this cluster uses has a step for %s", c.def.Operation), "")
	}
}

func (c *compiler) resolveStep(m *module, decl *lang.StepDecl) *step {
	s := &step{decl: decl, module: m, name: m.decl.Name + "/" + decl.Name, byKey: map[string]int{}, off: map[*class]bool{}, operations: []string{"converge"}, roles: []string{"all"}}
	for _, name := range sortedKeys(decl.Attrs) {
		if _, ok := stepAttrs[name]; !ok {
			lang.ReportUnknown(c.report, decl.Attrs[name], "step", sortedKeys(stepAttrs))
		}
	}
	s.summary = c.stepText(s, "summary")
	s.resolveStage(c)
	if a := decl.Attrs["roles"]; a == nil {
		c.err(diag.MissingArgument, decl.Span, "a step needs roles", `write roles = ["node"]`)
	} else {
		s.roles = c.stepRoles(s, a)
	}
	if list, ok := c.stepList(s, "operations"); ok {
		s.operations = list
		for _, op := range list {
			if !contains(operations, op) {
				c.err(diag.InvalidValue, elementSpan(decl.Attrs["operations"].Expr, op), fmt.Sprintf("no operation is named %q", op), didYouMean(diag.Suggest(op, operations)))
			}
		}
	}
	if list, ok := c.stepList(s, "components"); ok {
		s.components = list
		known := c.componentNames()
		for _, name := range list {
			if !contains(known, name) {
				c.err(diag.InvalidValue, elementSpan(decl.Attrs["components"].Expr, name), fmt.Sprintf("no slot and no module of this cluster is named %q", name), didYouMean(diag.Suggest(name, known)))
			}
		}
	}
	if list, ok := c.stepList(s, "after"); ok {
		for _, name := range list {
			s.after = append(s.after, afterRef{name: name, span: elementSpan(decl.Attrs["after"].Expr, name)})
		}
	}
	if list, ok := c.stepList(s, "before"); ok {
		for _, name := range list {
			s.before = append(s.before, afterRef{name: name, span: elementSpan(decl.Attrs["before"].Expr, name)})
		}
	}
	s.commands, _ = c.stepList(s, "commands")
	s.gate = c.stepChoice(s, "gate", "ready", "runner", "all")
	s.oncePer = c.stepChoice(s, "once_per", "cluster")
	c.resolveAbout(s)
	if a := decl.Attrs["disruptive"]; a != nil {
		if v, ok := c.evalAttr(a, cty.Bool, m.scope, &point{}, Cluster); ok && !v.IsNull() {
			s.disruptive = v.True()
		}
	}
	return s
}

func (s *step) resolveStage(c *compiler) {
	a := s.decl.Attrs["stage"]
	if a == nil {
		c.err(diag.MissingArgument, s.decl.Span, "a step needs a stage", "one of "+strings.Join(c.lib.Stages, ", "))
		return
	}
	v, ok := c.evalAttr(a, cty.String, s.module.scope, &point{}, Cluster)
	if !ok || v.IsNull() {
		return
	}
	for i, name := range c.lib.Stages {
		if name == v.AsString() {
			s.stage, s.stageText = i, name
			return
		}
	}
	fix := didYouMean(diag.Suggest(v.AsString(), c.lib.Stages))
	if fix == "" {
		fix = "one of " + strings.Join(c.lib.Stages, ", ")
	}
	c.err(diag.UnknownStage, lang.Span(a.Expr.Range()), fmt.Sprintf("no stage is named %q", v.AsString()), fix)
}

func (c *compiler) stepRoles(s *step, a *lang.AttrDecl) []string {
	list, _ := c.stepList(s, "roles")
	known := append(c.knownRoles(), "all", "node")
	for _, name := range list {
		if !contains(known, name) {
			c.err(diag.UnknownRole, elementSpan(a.Expr, name), fmt.Sprintf("no role is named %q", name), didYouMean(diag.Suggest(name, known)))
		}
	}
	return list
}

func (c *compiler) stepText(s *step, name string) string {
	a := s.decl.Attrs[name]
	if a == nil {
		return ""
	}
	v, ok := c.evalAttr(a, cty.String, s.module.scope, &point{}, Cluster)
	if !ok || v.IsNull() {
		return ""
	}
	return v.AsString()
}

func (c *compiler) stepChoice(s *step, name string, choices ...string) string {
	text := c.stepText(s, name)
	if text != "" && !contains(choices, text) {
		c.err(diag.InvalidValue, lang.Span(s.decl.Attrs[name].Expr.Range()), fmt.Sprintf("%s is %s", name, strings.Join(choices, " or ")), "")
		return ""
	}
	return text
}

func (c *compiler) stepList(s *step, name string) ([]string, bool) {
	a := s.decl.Attrs[name]
	if a == nil {
		return nil, false
	}
	v, ok := c.evalAttr(a, cty.List(cty.String), s.module.scope, &point{}, Cluster)
	if !ok || v.IsNull() {
		return nil, false
	}
	var list []string
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !e.IsNull() {
			list = append(list, e.AsString())
		}
	}
	return list, true
}

// runsOn reports whether a class runs the step: it has one of its roles, and
// the step's condition holds for it.
func (s *step) runsOn(cls *class) bool { return !s.off[cls] && s.roleFor(cls) != "" }

// roleFor is the role of the class that brings the step, "" if none does.
func (s *step) roleFor(cls *class) string {
	for _, name := range s.roles {
		if !inRole(cls.roles, name) {
			continue
		}
		if name != "node" {
			return name
		}
		for _, r := range cls.roles {
			if contains(nodeRoles, r) {
				return r
			}
		}
	}
	return ""
}
