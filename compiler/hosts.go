package compiler

import (
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// Hosts returns the definition's hosts and how they are reached, for asking
// them what the definition does not say: a host without os or arch is no error
// here.
func Hosts(def *lang.Definition, lib *lang.Library) ([]*ir.Host, ir.SSH, diag.List) {
	c := &compiler{def: def, lib: lib, bounds: map[exprKey]*bound{}, seen: map[string]bool{}, wrong: wrong{cluster: map[string]bool{}, slots: map[string]bool{}}}
	c.resolve()
	var hosts []*ir.Host
	for _, h := range c.hosts {
		hosts = append(hosts, &ir.Host{
			Name: h.name, Index: h.index, Address: h.address, SSHAddress: h.ssh.address, SSHUser: h.ssh.user, SSHPort: h.ssh.port,
			State: h.state, Source: labelSpan(h.block),
		})
	}
	ssh := c.ssh()
	var diags diag.List
	for _, d := range c.diags {
		if d.Kind != diag.MissingFact {
			diags = append(diags, d)
		}
	}
	diags.Sort()
	return hosts, ssh, def.WithoutEchoes(diags)
}
