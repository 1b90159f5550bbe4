package compiler

import (
	"fmt"
	"net/netip"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/lang/hostpattern"
	"github.com/zclconf/go-cty/cty"
)

// setting is an attribute that modules add to hosts blocks.
type setting struct {
	decl   *lang.InputDecl
	module *module
}

// hostAttrTypes are the attributes of hosts blocks that need no module.
var hostAttrTypes = lang.ArgumentsOf("definition", "hosts")

// states are what a host's state may be.
var states = []string{"absent", "maintenance", "present"}

// resolveSettings gathers the host_setting blocks of all modules.
func (c *compiler) resolveSettings() {
	c.settings = map[string]*setting{}
	for _, m := range c.modules {
		for _, decl := range m.decl.HostSettings {
			if first := c.settings[decl.Name]; first != nil {
				c.err(diag.DuplicateSetting, decl.Span, fmt.Sprintf("%s is declared by %s too", decl.Name, first.module.decl.Name), "rename one of them", diag.Note{Span: first.decl.Span, Label: "first here"})
				continue
			}
			c.settings[decl.Name] = &setting{decl, m}
		}
	}
}

// resolveHosts expands the hosts blocks and evaluates what each host is.
func (c *compiler) resolveHosts() {
	byName := map[string]*host{}
	var hosts []*host
	for _, b := range c.def.Hosts {
		if len(b.Labels) != 1 {
			continue
		}
		names, err := hostpattern.Hosts(b.Labels[0])
		if err != nil {
			c.patternError(b, err)
			continue
		}
		for _, n := range names {
			h := &host{name: n.Name, index: n.Index, block: b}
			if first := byName[h.name]; first != nil {
				c.err(diag.DuplicateHost, labelSpan(b), h.name+" is declared a second time", "", diag.Note{Span: labelSpan(first.block), Label: "first here"})
				continue
			}
			byName[h.name] = h
			hosts = append(hosts, h)
		}
	}
	for _, b := range c.def.Host {
		if len(b.Labels) != 1 {
			continue
		}
		h := byName[b.Labels[0]]
		switch {
		case h == nil:
			h = c.loneHost(b, len(hosts)+1, hosts)
			if h == nil {
				continue
			}
			byName[h.name] = h
			hosts = append(hosts, h)
		case h.over != nil || h.block == b || !isHostsBlock(h.block):
			c.err(diag.DuplicateHost, labelSpan(b), h.name+" is declared a second time", "", diag.Note{Span: labelSpan(h.block), Label: "first here"})
		default:
			h.over = b
		}
	}
	c.checkHostNames()
	consts := map[constKey]cty.Value{}
	for _, h := range hosts {
		c.resolveHost(h, consts)
	}
	sort.Slice(hosts, func(i, j int) bool { return hosts[i].name < hosts[j].name })
	c.hosts = hosts
	if c.hosts == nil {
		c.hosts = []*host{}
	}
	c.flushHostFails()
	c.checkAddresses()
}

func isHostsBlock(b *lang.BlockDecl) bool { return b.Type == "hosts" }

func labelSpan(b *lang.BlockDecl) diag.Span {
	if len(b.LabelSpan) > 0 {
		return b.LabelSpan[0]
	}
	return b.Span
}

func (c *compiler) patternError(b *lang.BlockDecl, err error) {
	label, fix := err.Error(), ""
	if e, ok := err.(*hostpattern.Error); ok {
		label, fix = e.Message, e.Fix
	}
	c.wrong.hosts = true
	c.err(diag.BadRange, labelSpan(b), label, fix)
}

// checkHostNames checks the names of the attributes of hosts blocks.
func (c *compiler) checkHostNames() {
	names := append(sortedKeys(hostAttrTypes), sortedKeys(c.settings)...)
	for _, blocks := range [][]*lang.BlockDecl{c.def.Hosts, c.def.Host} {
		for _, b := range blocks {
			for _, name := range sortedKeys(b.Attrs) {
				if _, ok := hostAttrTypes[name]; !ok && c.settings[name] == nil {
					lang.ReportUnknown(c.report, b.Attrs[name], b.Type, names)
				}
			}
		}
	}
}

// constKey is an attribute whose value is the same for every host of a block.
type constKey struct {
	attr  *lang.AttrDecl
	valid bool // not its value, but that it was validated
}

// resolveHost evaluates one host: first what makes its class, then the rest.
func (c *compiler) resolveHost(h *host, consts map[constKey]cty.Value) {
	r := &hostResolver{c: c, h: h, consts: consts, at: &point{time: Host, host: h}}
	h.value = cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal(h.name), "index": cty.NumberIntVal(int64(h.index))})
	h.roles = r.roles()
	h.os = r.os()
	h.arch = r.arch()
	c.wrong.hosts = c.wrong.hosts || h.os == nil || machines[h.arch] == ""
	h.state = "present"
	if v := r.text("state"); v != "" {
		h.state = v
		if !contains(states, v) {
			c.fail(diag.InvalidValue, r.span("state"), fmt.Sprintf("state is one of %s", strings.Join(states, ", ")), didYouMean(diag.Suggest(v, states)), r.at)
		}
	}
	h.reason = r.text("reason")
	if h.reason != "" && h.state == "present" {
		c.fail(diag.InvalidValue, r.span("reason"), "reason says why a host is absent or in maintenance, and this one is present", `write state = "maintenance" or "absent" too, or remove the reason`, r.at)
	}
	h.ssh = r.ssh()
	h.address = r.address()
	h.settings = map[string]cty.Value{}
	for _, name := range sortedKeys(c.settings) {
		h.settings[name] = r.setting(c.settings[name])
	}
	h.value = h.object()
	h.memo = nil
}

// object is what `host` is in expressions.
func (h *host) object() cty.Value {
	attrs := map[string]cty.Value{
		"name": cty.StringVal(h.name), "index": cty.NumberIntVal(int64(h.index)),
		"address": cty.StringVal(h.address), "state": cty.StringVal(h.state),
	}
	for name, v := range h.settings {
		attrs[name] = v
	}
	addClassAttrs(attrs, h.os, h.arch, h.roles)
	return cty.ObjectVal(attrs)
}

func addClassAttrs(attrs map[string]cty.Value, os *lang.OS, arch string, roles []string) {
	osName, family := "", ""
	if os != nil {
		osName, family = os.Name, os.Family
	}
	list := cty.ListValEmpty(cty.String)
	if len(roles) > 0 {
		var vals []cty.Value
		for _, r := range roles {
			vals = append(vals, cty.StringVal(r))
		}
		list = cty.ListVal(vals)
	}
	attrs["os"], attrs["os_family"], attrs["arch"], attrs["roles"] = cty.StringVal(osName), cty.StringVal(family), cty.StringVal(arch), list
}

// hostResolver evaluates the attributes of one host.
type hostResolver struct {
	c      *compiler
	h      *host
	at     *point
	consts map[constKey]cty.Value
}

// attr is the attribute in force: the host's own over its block's.
func (r *hostResolver) attr(name string) *lang.AttrDecl {
	if r.h.over != nil {
		if a := r.h.over.Attrs[name]; a != nil {
			return a
		}
	}
	return r.h.block.Attrs[name]
}

func (r *hostResolver) span(name string) diag.Span {
	if a := r.attr(name); a != nil {
		return lang.Span(a.Expr.Range())
	}
	return labelSpan(r.h.block)
}

// get evaluates an attribute; ok is false if it is absent or wrong.
func (r *hostResolver) get(name string, ty cty.Type) (cty.Value, bool) {
	a := r.attr(name)
	if a == nil {
		return cty.NilVal, false
	}
	return r.eval(a, ty)
}

func (r *hostResolver) eval(a *lang.AttrDecl, ty cty.Type) (cty.Value, bool) {
	if v, ok := r.consts[constKey{attr: a}]; ok {
		return v, v != cty.NilVal
	}
	v, ok := r.c.evalAttr(a, ty, r.c.scope, r.at, Host)
	if !ok {
		v = cty.NilVal
	}
	if b := r.c.bind(a.Expr, r.c.scope); b.time == Cluster || !b.ok {
		r.consts[constKey{attr: a}] = v
	}
	return v, ok
}

func (r *hostResolver) text(name string) string {
	v, ok := r.get(name, cty.String)
	if !ok || v.IsNull() {
		return ""
	}
	return v.AsString()
}

func (r *hostResolver) roles() []string {
	v, ok := r.get("roles", cty.Set(cty.String))
	if !ok || v.IsNull() || v.LengthInt() == 0 {
		r.c.wrong.hosts = true
		if r.lacks("roles") {
			r.c.err(diag.MissingArgument, labelSpan(r.h.block), "a host needs roles", `write roles = ["worker"]`)
		}
		return nil
	}
	var roles []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		name := e.AsString()
		if r.c.roles[name] == nil {
			r.c.wrong.hosts = true
			r.c.err(diag.UnknownRole, r.roleSpan(name), fmt.Sprintf("no role is named %q", name), didYouMean(diag.Suggest(name, r.c.knownRoles())))
			continue
		}
		roles = append(roles, name)
	}
	sort.Strings(roles)
	return roles
}

// os is the host's operating system, from its block or its facts.
func (r *hostResolver) os() *lang.OS {
	name := r.text("os")
	if name == "" {
		name = r.c.def.Facts[r.h.name].OS
	}
	if name == "" {
		if r.lacks("os") {
			r.missing("os")
		}
		return nil
	}
	os := r.c.lib.OS[name]
	if os == nil {
		names := sortedKeys(r.c.lib.OS)
		fix := didYouMean(diag.Suggest(name, names))
		if fix == "" {
			fix = "one of " + strings.Join(names, ", ")
		}
		r.c.fail(diag.UnknownOS, r.span("os"), fmt.Sprintf("no operating system is named %q", name), fix, r.constAt("os"))
	}
	return os
}

// constAt is the point to report at: without a host if the value is the same
// for all of the block.
func (r *hostResolver) constAt(name string) *point {
	if a := r.attr(name); a == nil || r.c.bind(a.Expr, r.c.scope).time == Cluster {
		return nil
	}
	return r.at
}

func (r *hostResolver) arch() string {
	arch := r.text("arch")
	if arch == "" {
		arch = r.c.def.Facts[r.h.name].Arch
	}
	if arch == "" {
		if r.lacks("arch") {
			r.missing("arch")
		}
		return ""
	}
	if machines[arch] == "" {
		fix := diag.Meant(arch, sortedKeys(machines))
		for name, machine := range machines {
			if machine == arch {
				fix = didYouMean(name)
			}
		}
		r.c.fail(diag.UnknownArch, r.span("arch"), fmt.Sprintf("no architecture is named %q", arch), fix, r.constAt("arch"))
	}
	return arch
}

func (r *hostResolver) missing(what string) {
	r.c.err(diag.MissingFact, labelSpan(r.h.block), fmt.Sprintf("%s has no %s and there are no facts of it", r.h.name, what),
		fmt.Sprintf("write %s = \"...\", or run sprayc facts --write to ask the hosts", what))
}

func (r *hostResolver) address() string {
	text := r.text("address")
	if text == "" {
		if r.lacks("address") {
			r.c.err(diag.MissingArgument, labelSpan(r.h.block), "a host needs an address", `write address = "10.0.0.11", or cidrhost("10.0.0.0/24", host.index)`)
		}
		return ""
	}
	if _, err := netip.ParseAddr(text); err != nil {
		r.c.fail(diag.BadAddress, r.span("address"), fmt.Sprintf("%q is not an IP address", text), "write an address such as 10.0.0.11; a name to connect to goes into ssh_address", r.constAt("address"))
		return ""
	}
	return text
}

// setting is the value of a host setting: a map of the host's own is laid over
// its block's, anything else replaces it.
func (r *hostResolver) setting(s *setting) cty.Value {
	name := s.decl.Name
	conv := inputConversion(s.decl)
	one := func(a *lang.AttrDecl) cty.Value {
		v, ok := r.eval(a, cty.DynamicPseudoType)
		if !ok {
			return cty.NullVal(s.decl.Type)
		}
		converted, err := conv(v)
		if err != nil {
			r.c.wrongType(name, v, s.decl.Type, err, func(path []string) diag.Span { return r.c.within(a.Expr, path) }, r.constAt(name))
			return cty.NullVal(s.decl.Type)
		}
		b := &binding{title: "host." + name, name: name, expr: a.Expr, span: a.NameSpan}
		where := r.at
		if r.constAt(name) == nil { // the same for all of the block
			if key := (constKey{attr: a, valid: true}); r.consts[key] == cty.NilVal {
				where, r.consts[key] = nil, cty.True
			} else {
				return converted
			}
		}
		r.c.validate(s.decl, converted, b, s.module.scope, r.at, where)
		return converted
	}
	base := r.h.block.Attrs[name]
	var over *lang.AttrDecl
	if r.h.over != nil {
		over = r.h.over.Attrs[name]
	}
	switch {
	case base != nil && over != nil && s.decl.Type.IsMapType():
		return mergeMaps(one(base), one(over))
	case over != nil:
		return one(over)
	case base != nil:
		return one(base)
	case s.decl.Default != nil:
		if v, ok := r.c.eval(s.decl.Default, s.module.scope, &point{}); ok {
			if converted, err := conv(v); err == nil {
				return converted
			}
		}
	}
	return cty.NullVal(s.decl.Type)
}

func mergeMaps(base, over cty.Value) cty.Value {
	if base.IsNull() || base.LengthInt() == 0 {
		return over
	}
	if over.IsNull() || over.LengthInt() == 0 {
		return base
	}
	m := base.AsValueMap()
	for k, v := range over.AsValueMap() {
		m[k] = v
	}
	return cty.MapVal(m)
}
