package compiler

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/lang/selector"
	"github.com/zclconf/go-cty/cty"
)

// aboutKinds are what a step about a host may hold: they leave nothing on the
// host that runs it.
var aboutKinds = []string{"exec", "wait"}

// resolveAbout reads whether a step is about a host that another runs it for. In
// such a step `host` is the host that it is about, and every value of it is host
// time: they come with the request, so the hosts that run the step have one
// script for all and do not change with those that it is about.
func (c *compiler) resolveAbout(s *step) {
	s.scope = s.module.scope
	about, executor := s.decl.Attrs["about"], s.decl.Attrs["executor"]
	switch {
	case about == nil && executor == nil:
		return
	case about == nil:
		c.err(diag.AboutStep, executor.Span, "executor is for a step about another host", "write about = host beside it")
		return
	case hcl.ExprAsKeyword(about.Expr) != "host":
		c.err(diag.AboutStep, lang.Span(about.Expr.Range()), "a step can be about a host only", "write about = host")
		return
	case executor == nil:
		c.err(diag.AboutStep, about.Span, "a step about a host needs to know who runs it", `write executor = "role:control_plane" beside it`)
		return
	case s.oncePer != "":
		c.err(diag.AboutStep, s.decl.Attrs["once_per"].Span, "a step about a host is done for each host", "remove once_per or about")
	}
	inner := *s.module.scope
	inner.about = true
	s.about, s.scope = true, &inner
	s.executor = c.stepText(s, "executor")
	s.executes = c.executor(s.executor, lang.Span(executor.Expr.Range()))
}

// executor parses the selector of the hosts that may run a step; nil when it is
// none.
func (c *compiler) executor(text string, at diag.Span) *selector.Expr {
	expr, err := selector.Parse(text, "role", "os", "arch")
	if err != nil {
		fix := ""
		var wrong *selector.Error
		if errors.As(err, &wrong) {
			fix = wrong.Fix
		}
		c.err(diag.AboutStep, at, fmt.Sprintf("%q: %s", text, strings.TrimSpace(err.Error())), fix)
		return nil
	}
	known := append(c.knownRoles(), "all", "node")
	for _, term := range expr.Terms() {
		for _, value := range term.Values {
			if term.Key == "role" && !contains(known, value) {
				c.err(diag.UnknownRole, at, fmt.Sprintf("no role is named %q", value), didYouMean(diag.Suggest(value, known)))
				return nil
			}
		}
	}
	return expr
}

// Values are a class's values for a key of an executor.
func (cls *class) Values(key string) []string {
	switch key {
	case "role":
		roles := append([]string{"all"}, cls.roles...)
		if inRole(cls.roles, "node") {
			roles = append(roles, "node")
		}
		return roles
	case "os":
		return []string{cls.os.Name, cls.os.Family}
	case "arch":
		return []string{cls.arch}
	}
	return nil
}

// bindShared reports what must be the same for every host that a step is about:
// there is one script for all.
func (c *compiler) bindShared(a *lang.AttrDecl, sc *scope) {
	if a != nil {
		c.require(c.bind(a.Expr, sc), Cluster, lang.Span(a.Expr.Range()), a.Name+" in a step about a host")
	}
}

// checkExecutors finds steps that some host needs and none can run.
func (c *compiler) checkExecutors() {
	if c.wrong.hosts {
		return
	}
	for _, s := range c.steps {
		if s.executes == nil || len(s.variants) == 0 {
			continue
		}
		can := false
		for _, cls := range c.classes {
			can = can || s.executes.Match(cls)
		}
		if !can {
			a := s.decl.Attrs["executor"]
			c.err(diag.AboutStep, lang.Span(a.Expr.Range()), fmt.Sprintf("no host is %s", s.executor), "choose hosts that there are")
		}
	}
}

// executed are the steps that hosts of a class may run for others.
func (c *compiler) executed(cls *class) []ir.StepUse {
	var uses []ir.StepUse
	for _, s := range c.steps {
		if s.executes != nil && len(s.variants) > 0 && s.executes.Match(cls) {
			uses = append(uses, ir.StepUse{Step: s.name})
		}
	}
	return uses
}

// fits reports whether a step may hold a resource: one about a host holds no
// more than its own scripts, which change nothing but what they are about.
func (e *expander) fits(b *lang.BlockDecl) bool {
	if !e.s.about {
		return true
	}
	switch {
	case !contains(aboutKinds, b.Type):
		e.c.err(diag.AboutStep, b.Span, fmt.Sprintf("a %s would stay on the host that runs the step, whichever that is", b.Type), "use "+strings.Join(aboutKinds, " or "))
	case b.Attrs["notifies"] != nil:
		e.c.err(diag.AboutStep, b.Attrs["notifies"].Span, "the service that would react is on another host than the one that runs the step", "notify it from a step of its own host")
	case b.Attrs["once_per"] != nil:
		e.c.err(diag.AboutStep, b.Attrs["once_per"].Span, "a step about a host is done for each host", "remove once_per")
	default:
		return true
	}
	return false
}

// unlessFor evaluates a resource's when: false leaves it out. In a step about a
// host it may differ between hosts; then the script is told.
func (e *expander) unlessFor(r *ir.Resource, a *lang.AttrDecl, sc *scope) bool {
	if a == nil || !e.s.about || e.c.bind(a.Expr, sc).time != Host {
		return e.c.holds(a, sc, e.at)
	}
	v, ok := e.value(&ir.Resource{Label: shellName(r.Kind)}, "when", a.Expr, &lang.KindAttribute{Name: "when", Type: cty.Bool}, sc)
	if !ok {
		return false
	}
	r.When = &v
	return true
}
