package compiler

import (
	"fmt"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// emit makes the plan of what the passes have found, and evaluates what
// differs between hosts, host by host.
func (c *compiler) emit() *ir.Plan {
	plan := &ir.Plan{Operation: c.def.Operation, Stages: c.lib.Stages, Outputs: c.outputs()}
	plan.Cluster = c.scope.roots["cluster"].GetAttr("name").AsString()
	if v := c.scope.roots["cluster"].GetAttr("control_plane_endpoint"); v.IsKnown() && !v.IsNull() {
		plan.Endpoint = v.AsString()
	}
	plan.SSH = c.ssh()
	for _, name := range sortedKeys(c.roles) {
		r := c.roles[name]
		plan.Roles = append(plan.Roles, ir.Role{Name: name, MaxUnavailable: r.maxUnavailable, Source: r.span})
	}
	for _, m := range c.modules {
		plan.Modules = append(plan.Modules, ir.Module{Name: m.decl.Name, Summary: m.decl.Summary, Path: m.decl.Path, Call: m.callText(), Source: m.span})
	}
	for _, s := range c.steps {
		if len(s.variants) > 0 {
			made := s.emit()
			made.Components = c.componentsOf(s)
			plan.Steps = append(plan.Steps, made)
		}
	}
	for _, cls := range c.classes {
		plan.Classes = append(plan.Classes, c.emitClass(cls))
	}
	plan.Hosts = c.emitHosts()
	splitLong(plan)
	c.flushHostFails()
	for _, id := range sortedKeys(c.secrets) {
		plan.Secrets = append(plan.Secrets, c.secrets[id])
	}
	for _, p := range sortedKeys(c.files) {
		plan.Files = append(plan.Files, c.files[p])
	}
	for _, key := range sortedKeys(c.artifact) {
		plan.Artifacts = append(plan.Artifacts, c.usedArtifact(key))
	}
	return plan
}

// callText is the call as the definition has it, without what stands in the block.
func (m *module) callText() string {
	if m.call == nil {
		return ""
	}
	return m.call.Type + " " + strconv.Quote(m.call.Source)
}

// interrupts reports whether something that the step does may interrupt what the
// host serves.
func (s *step) interrupts() bool {
	for _, v := range s.variants {
		for _, r := range v.Resources {
			for _, a := range r.Args {
				if a.Name == "disruptive" && (a.Value.Kind != ir.Literal || a.Value.Text == "true") {
					return true
				}
			}
		}
	}
	return false
}

// emit makes the plan's step.
func (s *step) emit() *ir.Step {
	out := &ir.Step{
		Name: s.name, Module: s.module.decl.Name, Summary: s.summary, Stage: s.stageText, Roles: s.roles,
		Source: s.decl.Span, Needs: s.needs, OncePer: s.oncePer, Disruptive: s.interrupts(), About: s.about, Executor: s.executor,
	}
	seen := map[string]bool{}
	for _, a := range s.after {
		if a.step != nil && len(a.step.variants) > 0 && !seen[a.step.name] {
			seen[a.step.name] = true
			out.After = append(out.After, a.step.name)
		}
	}
	for _, v := range s.variants {
		out.Variants = append(out.Variants, v.Variant)
	}
	return out
}

func (c *compiler) emitClass(cls *class) *ir.Class {
	out := &ir.Class{Name: cls.name, Arch: cls.arch, Roles: cls.roles}
	if cls.os != nil {
		out.OS, out.Family = cls.os.Name, cls.os.Family
		out.OSID, out.OSVersion = cls.os.ID, cls.os.VersionID
		if cls.os.Major {
			out.OSVersion, _, _ = strings.Cut(out.OSVersion, ".")
		}
	}
	for _, s := range c.steps {
		if v := s.variantFor(c, cls); v != nil {
			out.Steps = append(out.Steps, ir.StepUse{Step: s.name, Variant: s.byKey[v.Suffix], Role: s.roleFor(cls)})
		}
	}
	out.Executes = c.executed(cls)
	for _, h := range cls.hosts {
		out.Hosts = append(out.Hosts, h.name)
	}
	return out
}

// usedArtifact adds to a download the steps whose scripts fetch it.
func (c *compiler) usedArtifact(key string) ir.Artifact {
	art := *c.artifact[key]
	for _, s := range c.steps {
		if s.fetches(art.URL) {
			art.Steps = append(art.Steps, s.name)
		}
	}
	return art
}

func (s *step) fetches(url string) bool {
	for _, v := range s.variants {
		for _, r := range v.Resources {
			for _, a := range r.Args {
				if a.Value.Kind == ir.Literal && a.Value.Text == url {
					return true
				}
			}
		}
	}
	return false
}

// hostVar is a value that differs between hosts: a line in each one's .env.
type hostVar struct {
	name    string
	expr    hcl.Expression
	scope   *scope
	attr    string
	typ     cty.Type
	content bool
	span    diag.Span
	rules   rules
}

// varName names a host-time value after what it is: h_address for
// host.address, h_MODULE_NAME for an input or local, else after its place.
// Equal expressions of a module share a variable.
func (c *compiler) varName(s *step, r *ir.Resource, v *hostVar) string {
	text := string(c.source(v.span))
	key := fmt.Sprintf("%s\x00%s\x00%s\x00%t\x00%v", v.scope.label, text, v.typ.FriendlyName(), v.content, v.rules)
	if v.scope.each != nil || text == "" {
		key = fmt.Sprintf("%s\x00%s\x00%s\x00%d", s.name, r.Label, v.attr, v.span.Start.Byte)
	}
	if c.varNames == nil {
		c.varNames, c.varTaken = map[string]string{}, map[string]bool{}
	}
	if name, ok := c.varNames[key]; ok {
		return name
	}
	base := fmt.Sprintf("h_%s_%s_%s_%s", v.scope.label, shellName(s.decl.Name), r.Label, shellName(v.attr))
	if t, diags := hcl.AbsTraversalForExpr(v.expr); !diags.HasErrors() && len(t) == 2 && stepName(t[1]) != "" && v.scope.each == nil {
		switch t.RootName() {
		case "host":
			base = "h_" + shellName(stepName(t[1]))
		case "input", "local":
			base = "h_" + v.scope.label + "_" + shellName(stepName(t[1]))
		}
	}
	name := base
	for n := 2; c.varTaken[name]; n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	c.varNames[key], c.varTaken[name] = name, true
	return name
}

// source is the text at a place.
func (c *compiler) source(at diag.Span) []byte {
	text := c.def.Sources[at.File]
	if at.Start.Byte < 0 || at.End.Byte > len(text) || at.Start.Byte > at.End.Byte {
		return nil
	}
	return text[at.Start.Byte:at.End.Byte]
}

// emitHosts evaluates the host-time values of every host, on all processors.
func (c *compiler) emitHosts() []*ir.Host {
	vars := map[*class][]hostVar{}
	for _, cls := range c.classes {
		vars[cls] = c.classVars(cls)
	}
	out := make([]*ir.Host, len(c.hosts))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < len(c.hosts); i += workers {
				h := c.hosts[i]
				if h.class == nil {
					continue // an error, so there is no plan
				}
				out[i] = c.emitHost(h, vars[h.class])
				h.memo = nil
			}
		}()
	}
	wg.Wait()
	return out
}

// classVars are the host-time values that the scripts of a class use, by name.
func (c *compiler) classVars(cls *class) []hostVar {
	seen := map[string]bool{}
	var list []hostVar
	for _, s := range c.steps {
		v := s.variantFor(c, cls)
		if v == nil {
			continue
		}
		for _, hv := range v.vars {
			if !seen[hv.name] {
				seen[hv.name] = true
				list = append(list, hv)
			}
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list
}

func (c *compiler) emitHost(h *host, vars []hostVar) *ir.Host {
	out := &ir.Host{
		Name: h.name, Index: h.index, Address: h.address, SSHAddress: h.ssh.address, SSHUser: h.ssh.user, SSHPort: h.ssh.port,
		Class: h.class.name, State: h.state, Reason: h.reason, Source: labelSpan(h.block), Blocks: h.addresses(),
	}
	at := &point{time: Host, host: h, cls: h.class}
	for _, v := range vars {
		text, ok := c.hostText(v, at)
		if !ok {
			continue
		}
		if v.content {
			out.Env = append(out.Env, ir.Var{Name: v.name + "_sha256", Text: sha256Text(text)})
		}
		if v.content && len(text) > payloadAt {
			out.Payloads = append(out.Payloads, &ir.File{Path: longContent(h.name, v.name), Data: []byte(text), Mode: 0o644, Source: v.span})
			continue
		}
		out.Env = append(out.Env, ir.Var{Name: v.name, Text: text})
	}
	sort.Slice(out.Env, func(i, j int) bool { return out.Env[i].Name < out.Env[j].Name })
	return out
}

// hostText is the value of a host-time expression on a host, as text.
func (c *compiler) hostText(v hostVar, at *point) (string, bool) {
	value, ok := c.eval(v.expr, v.scope, at)
	if !ok {
		return "", false
	}
	converted, err := convertTo(value, v.typ)
	if err == nil {
		var text string
		if text, err = textOf(converted); err == nil {
			if p := v.rules.check(v.attr, text); p != nil {
				c.refuse(p, v.expr, v.scope, at, v.span)
				return "", false
			}
			return text, true
		}
	}
	c.fail(diag.WrongType, v.span, v.attr+": "+strings.TrimSpace(err.Error()), "", at)
	return "", false
}
