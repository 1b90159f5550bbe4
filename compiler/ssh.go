package compiler

import (
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// sshAttrs are the attributes of the ssh block.
var sshAttrs = lang.ArgumentsOf("definition", "ssh")

// sshRules are what the texts must be that say how to connect: one word that ssh
// takes for nothing else. What ssh_config(5) calls a host may be an address too.
var sshRules = map[string]rules{
	"ssh_user":    {pattern: `[^\p{Z}\p{C}-][^\p{Z}\p{C}]*`, means: "the name of a user: one word that does not begin with -"},
	"ssh_address": {pattern: `[A-Za-z0-9_][A-Za-z0-9_.-]*|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.:]*(%[A-Za-z0-9_.-]+)?`, means: "a name or an address to connect to"},
}

// sshFix says where a part of an ssh_address belongs.
func sshFix(name, text string) string {
	switch {
	case name == "ssh_address" && strings.Contains(text, "@"):
		return "write the user as ssh_user"
	case name == "ssh_address" && strings.Contains(text, ":"):
		return "write the port as ssh_port"
	}
	return "write one, or leave it out: without it ~/.ssh/config says, or the host's address is taken"
}

const portLabel = "a port is a whole number between 1 and 65535"

// port is a port's number; false if it is none.
func port(v cty.Value) (int, bool) {
	n, accuracy := v.AsBigFloat().Int64()
	return int(n), accuracy == 0 && n >= 1 && n <= 65535
}

// ssh reads the ssh block.
func (c *compiler) ssh() ir.SSH {
	var out ir.SSH
	if c.def.SSH == nil {
		return out
	}
	for _, name := range sortedKeys(c.def.SSH.Attrs) {
		a := c.def.SSH.Attrs[name]
		ty, ok := sshAttrs[name]
		if !ok {
			lang.ReportUnknown(c.report, a, "ssh", sortedKeys(sshAttrs))
			continue
		}
		v, ok := c.evalAttr(a, ty, c.scope, &point{}, Cluster)
		if !ok || v.IsNull() {
			continue
		}
		if name == "user" {
			out.User = v.AsString()
			if p := sshRules["ssh_user"].check(name, out.User); p != nil {
				c.err(p.kind, lang.Span(a.Expr.Range()), p.label, sshFix(name, out.User))
			}
			continue
		}
		if out.Port, ok = port(v); !ok {
			c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), portLabel, "")
		}
	}
	return out
}

// ssh reads how to connect to one host.
func (r *hostResolver) ssh() (out sshAddress) {
	out.address, out.user = r.sshText("ssh_address"), r.sshText("ssh_user")
	if v, ok := r.get("ssh_port", cty.Number); ok && !v.IsNull() {
		if out.port, ok = port(v); !ok {
			r.c.fail(diag.InvalidValue, r.span("ssh_port"), portLabel, "", r.constAt("ssh_port"))
		}
	}
	return out
}

// sshText is a text that says how to connect; "" if it is not given.
func (r *hostResolver) sshText(name string) string {
	v, ok := r.get(name, cty.String)
	if !ok || v.IsNull() {
		return ""
	}
	text := v.AsString()
	if p := sshRules[name].check(name, text); p != nil {
		r.c.fail(p.kind, r.span(name), p.label, sshFix(name, text), r.constAt(name))
	}
	return text
}
