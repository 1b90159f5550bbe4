package compiler

import (
	"sync"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// Compile checks the definition and makes the plan. If there are errors, all
// that the plan has is Uses. Files read on the way are added to def.Sources.
func Compile(def *lang.Definition, lib *lang.Library) (*ir.Plan, diag.List) {
	c := &compiler{def: def, lib: lib, bounds: map[exprKey]*bound{}, seen: map[string]bool{}, left: map[string]bool{}, wrong: wrong{cluster: map[string]bool{}, slots: map[string]bool{}}}
	c.resolve()
	c.expand()
	c.order()
	c.checkDisruptive()
	plan := c.emit()
	plan.Uses = c.scriptUses()
	c.diags.Sort()
	if c.diags.HasErrors() {
		return &ir.Plan{Uses: plan.Uses}, def.WithoutEchoes(c.diags)
	}
	c.origins(plan)
	relocate(plan, def)
	return plan, c.diags
}

// compiler holds what the passes hand to each other.
type compiler struct {
	def *lang.Definition
	lib *lang.Library

	scope        *scope // the definition's
	catalog      *lang.Catalog
	mirror       mirror
	proxy        map[string]*binding  // what proxy is in modules, by attribute
	slots        map[string]*binding  // what `slot` is in modules
	subnets      map[string]cty.Value // of the cluster block, as written
	roles        map[string]*role
	hosts        []*host
	classes      []*class
	modules      []*module
	broken       bool            // what the definition says of cluster and hosts has errors
	noKubernetes bool            // the catalog does not have the cluster's version, which is said
	wrong        wrong           // what is reported already, so that what follows from it is not
	steps        []*step         // in order, after the pass of that name
	left         map[string]bool // steps that are not for the operation, by name

	settings map[string]*setting
	notified []notice
	secrets  map[string]*ir.Secret
	files    map[string]*ir.File
	artifact map[string]*ir.Artifact

	renderings map[string]rendering // texts that templates made, by their digests

	varNames map[string]string // of host-time values, by expression
	varTaken map[string]bool

	hostsOnce  sync.Once
	hostsValue cty.Value

	hostFails map[hostFailure]*hostFailures
	refused   map[diag.Span]diag.Span // by what the definition gives: where it was refused first
	bounds    map[exprKey]*bound
	mu        sync.Mutex // diags, seen, memo of bindings
	diags     diag.List
	seen      map[string]bool
}

// report adds a diagnostic, once.
func (c *compiler) report(d diag.Diagnostic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := d.Kind.ID + "\x00" + d.Span.File + "\x00" + d.Label + "\x00" + itoa(d.Span.Start.Byte)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	c.diags = append(c.diags, d)
}

// err reports a problem at a place.
func (c *compiler) err(kind *diag.Kind, at diag.Span, label, fix string, notes ...diag.Note) {
	c.report(diag.Diagnostic{Kind: kind, Span: at, Label: label, Fix: fix, Notes: notes})
}
