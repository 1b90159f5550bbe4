package compiler

import (
	"fmt"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// addReactions sees to it that in each stage a notified service comes once
// more after the last that notifies it: there its mark is found and it is
// restarted. A service that stands after all its notifiers already is left as
// it is.
func (c *compiler) addReactions() {
	c.checkNotified()
	for _, cls := range c.classes {
		var run []*step
		for _, s := range c.steps {
			if s.runsOn(cls) {
				run = append(run, s)
			}
		}
		for i := 0; i < len(run); {
			j := i
			for j < len(run) && run[j].stage == run[i].stage {
				j++
			}
			c.reactStage(cls, run[:i], run[i:j])
			i = j
		}
	}
}

// reactStage adds the reactions of one stage of a class.
func (c *compiler) reactStage(cls *class, before, stage []*step) {
	pending := map[ir.Address]*variant{}
	var order []ir.Address
	for _, s := range stage {
		v := s.variantFor(c, cls)
		if v == nil {
			continue
		}
		for _, r := range v.Resources {
			if r.Kind == "service" && r.Name.Kind == ir.Literal {
				delete(pending, ir.Address{Kind: r.Kind, Name: r.Name.Text})
			}
			for _, addr := range r.Notifies {
				pending[addr] = v
				order = append(order, addr)
			}
		}
	}
	for _, addr := range order {
		v := pending[addr]
		if v == nil {
			continue
		}
		delete(pending, addr)
		if service, vars := c.findService(cls, addr, append(append([]*step{}, before...), stage...)); service != nil {
			again := *service
			again.Label += "_again"
			again.Notifies = nil
			again.Reaction = true
			v.Resources = append(v.Resources, &again)
			v.vars = append(v.vars, vars...)
		}
	}
}

// findService finds the service that a class runs, in the steps given.
func (c *compiler) findService(cls *class, addr ir.Address, steps []*step) (*ir.Resource, []hostVar) {
	for _, s := range steps {
		v := s.variantFor(c, cls)
		if v == nil {
			continue
		}
		for _, r := range v.Resources {
			if r.Kind == addr.Kind && r.Name.Kind == ir.Literal && r.Name.Text == addr.Name {
				return r, v.vars
			}
		}
	}
	return nil, nil
}

// checkNotified reports references to services that no step has.
func (c *compiler) checkNotified() {
	known := map[string]bool{}
	for _, s := range c.steps {
		for _, v := range s.variants {
			for _, r := range v.Resources {
				if r.Kind == "service" && r.Name.Kind == ir.Literal {
					known[r.Name.Text] = true
				}
			}
		}
	}
	for _, n := range c.notified {
		if !known[n.to.Name] {
			c.err(diag.UnknownResource, n.span, fmt.Sprintf("no step has service %q", n.to.Name), didYouMean(diag.Suggest(n.to.Name, sortedKeys(known))))
		}
	}
}
