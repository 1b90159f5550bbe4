package compiler

import (
	"container/heap"
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// order puts the steps into the one order that holds on every host: by stage,
// then as after and outputs say, then as modules are used and steps written.
func (c *compiler) order() {
	c.resolveAfter()
	c.resolveOutputs()
	sorted := c.sortSteps()
	if sorted == nil {
		return
	}
	c.steps = sorted
	for i, s := range c.steps {
		s.index = i
	}
	c.resolveNeeds()
	c.addReactions()
	c.checkDuplicates()
}

// stepName is the whole name of a step, seen from a module.
func (m *module) stepName(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return m.decl.Name + "/" + name
}

// stepNamed finds a step by its name, seen from a module.
func (c *compiler) stepNamed(name string, from *module) *step {
	name = from.stepName(name)
	for _, s := range c.steps {
		if s.name == name {
			return s
		}
	}
	return nil
}

// resolveAfter finds the steps that others name; a step's before is an after of the one that it
// names.
func (c *compiler) resolveAfter() {
	for _, s := range c.steps {
		for i := range s.after {
			c.findStep(s, &s.after[i])
		}
	}
	for _, s := range c.steps {
		for i := range s.before {
			b := &s.before[i]
			if c.findStep(s, b); b.step != nil {
				b.step.after = append(b.step.after, afterRef{name: s.name, span: b.span, step: s, order: true})
			}
		}
	}
}

func (c *compiler) findStep(s *step, a *afterRef) {
	a.step = c.stepNamed(a.name, s.module)
	if a.step != nil || c.left[s.module.stepName(a.name)] || c.lacks(s.module, a.name) {
		return
	}
	var names []string
	for _, other := range c.steps {
		if other.module == s.module {
			names = append(names, other.decl.Name)
		}
		names = append(names, other.name)
	}
	c.err(diag.UnknownStep, a.span, fmt.Sprintf("no step is named %q", a.name), didYouMean(diag.Suggest(a.name, names)))
}

// resolveOutputs adds an edge from the step that makes an output to each that
// uses it.
func (c *compiler) resolveOutputs() {
	for _, s := range c.steps {
		for _, use := range s.live {
			module, name, ok := strings.Cut(use.id, "/")
			if !ok {
				continue // a secret
			}
			producer := c.producer(module, name)
			if producer == nil || producer == s {
				continue
			}
			s.after = append(s.after, afterRef{name: producer.name, span: use.span, step: producer})
		}
	}
}

// producer is the step after which an output can be made: the one it names, or
// the last of its module.
func (c *compiler) producer(moduleName, output string) *step {
	m := c.otherModule(moduleName)
	if m == nil || len(m.steps) == 0 {
		return nil
	}
	for _, b := range m.decl.Outputs {
		if len(b.Labels) == 1 && b.Labels[0] == output && b.Attrs["step"] != nil {
			if v, ok := c.evalAttr(b.Attrs["step"], cty.String, m.scope, &point{}, Cluster); ok && !v.IsNull() {
				if s := c.stepNamed(v.AsString(), m); s != nil || c.left[m.stepName(v.AsString())] {
					return s
				}
				c.err(diag.UnknownStep, lang.Span(b.Attrs["step"].Expr.Range()), fmt.Sprintf("no step is named %q", v.AsString()), "")
			}
		}
	}
	return m.steps[len(m.steps)-1]
}

// readyQueue holds the steps whose predecessors are all placed.
type readyQueue []*step

func (q readyQueue) Len() int      { return len(q) }
func (q readyQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *readyQueue) Push(x any)   { *q = append(*q, x.(*step)) }
func (q *readyQueue) Pop() any {
	old := *q
	s := old[len(old)-1]
	*q = old[:len(old)-1]
	return s
}
func (q readyQueue) Less(i, j int) bool {
	a, b := q[i], q[j]
	switch {
	case a.stage != b.stage:
		return a.stage < b.stage
	case a.module.order != b.module.order:
		return a.module.order < b.module.order
	}
	return a.written < b.written
}

// sortSteps sorts topologically; nil after a cycle, which it reports.
func (c *compiler) sortSteps() []*step {
	ok := true
	waits := map[*step]int{}
	next := map[*step][]*step{}
	for _, s := range c.steps {
		for _, a := range s.after {
			if a.step == nil {
				continue
			}
			if a.step.stage > s.stage {
				ok = false
				c.err(diag.StepCycle, a.span, fmt.Sprintf("%s is of stage %s, which comes before the stage %s of %s", s.name, c.lib.Stages[s.stage], c.lib.Stages[a.step.stage], a.step.name),
					"move one of them to another stage", diag.Note{Span: a.step.decl.Span, Label: a.step.name + " is here"})
				continue
			}
			waits[s]++
			next[a.step] = append(next[a.step], s)
		}
	}
	q := &readyQueue{}
	for _, s := range c.steps {
		if waits[s] == 0 {
			heap.Push(q, s)
		}
	}
	var sorted []*step
	for q.Len() > 0 {
		s := heap.Pop(q).(*step)
		sorted = append(sorted, s)
		for _, n := range next[s] {
			if waits[n]--; waits[n] == 0 {
				heap.Push(q, n)
			}
		}
	}
	if len(sorted) < len(c.steps) {
		c.reportCycle(waits)
		return nil
	}
	if !ok {
		return nil
	}
	return sorted
}

// reportCycle walks from a step that is left until it meets one again.
func (c *compiler) reportCycle(waits map[*step]int) {
	var at *step
	for _, s := range c.steps {
		if waits[s] > 0 {
			at = s
			break
		}
	}
	var trail []*step
	var edges []afterRef
	seen := map[*step]int{}
	for {
		if i, ok := seen[at]; ok {
			trail, edges = trail[i:], edges[i:]
			break
		}
		seen[at] = len(trail)
		trail = append(trail, at)
		for _, a := range at.after {
			if a.step != nil && waits[a.step] > 0 {
				edges = append(edges, a)
				at = a.step
				break
			}
		}
	}
	var names []string
	var notes []diag.Note
	for i, s := range trail {
		names = append(names, s.name)
		notes = append(notes, diag.Note{Span: edges[i].span, Label: fmt.Sprintf("%s waits for %s", s.name, edges[i].step.name)})
	}
	c.err(diag.StepCycle, edges[0].span, strings.Join(append(names, names[0]), " waits for "), "remove one of these", notes[1:]...)
}

// resolveNeeds finds the edges that cross hosts, and how a host tells that the
// other side is done.
func (c *compiler) resolveNeeds() {
	for _, s := range c.steps {
		for _, a := range s.after {
			if a.step == nil || a.order || !c.crosses(s, a.step) {
				continue
			}
			need := ir.Need{Step: a.step.name, Roles: a.step.roles, Gate: "ready"}
			for _, use := range s.live {
				if use.span == a.span {
					need.Output = use.id
				}
			}
			switch {
			case s.gate == "runner", s.gate == "all":
				need.Gate = "runner"
			case !a.step.hasReady():
				c.err(diag.MissingReady, a.span, fmt.Sprintf("%s runs on other hosts and has no ready block", a.step.name), `add ready { ... } to its exec, or gate = "runner" here`, diag.Note{Span: a.step.decl.Span, Label: "the step waited for"})
			}
			s.needs = append(s.needs, need)
		}
	}
}

// crosses reports whether some host runs s but has no role of the step it waits
// for, or the latter runs on one host of the cluster only. A step that is there
// but for its condition is nothing to wait for.
func (c *compiler) crosses(s, before *step) bool {
	anywhere, everywhere := false, true
	for _, cls := range c.classes {
		anywhere = anywhere || before.runsOn(cls)
		if s.runsOn(cls) && before.roleFor(cls) == "" {
			everywhere = false
		}
	}
	return anywhere && (!everywhere || before.oncePer != "" || s.gate == "all")
}

func (s *step) hasReady() bool {
	for _, v := range s.variants {
		for _, r := range v.Resources {
			if r.Ready != nil {
				return true
			}
		}
	}
	return false
}

// checkDuplicates finds resources that are declared twice for one host.
func (c *compiler) checkDuplicates() {
	for _, cls := range c.classes {
		seen := map[ir.Address]*ir.Resource{}
		for _, s := range c.steps {
			v := s.variantFor(c, cls)
			if v == nil {
				continue
			}
			for _, r := range v.Resources {
				if r.Name.Kind != ir.Literal || r.Kind == "exec" || r.Kind == "wait" || r.Reaction {
					continue
				}
				addr := ir.Address{Kind: r.Kind, Name: r.Name.Text}
				if first := seen[addr]; first != nil {
					c.err(diag.DuplicateResource, r.Source, fmt.Sprintf("%s %q is declared twice for hosts of class %s", r.Kind, r.Name.Text, cls.name), "keep one of them", diag.Note{Span: first.Source, Label: "first here"})
					continue
				}
				seen[addr] = r
			}
		}
	}
}

// variantFor is the script of the step that a class runs, or nil.
func (s *step) variantFor(c *compiler, cls *class) *variant {
	if !s.runsOn(cls) {
		return nil
	}
	i, ok := s.byKey[c.variantKey(s, cls)]
	if !ok {
		return nil
	}
	return s.variants[i]
}
