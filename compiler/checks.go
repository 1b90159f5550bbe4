package compiler

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// checkAddresses finds addresses that two hosts share.
func (c *compiler) checkAddresses() {
	type clash struct{ a, b diag.Span }
	first := map[string]*host{}
	count := map[clash]int{}
	var order []clash
	labels := map[clash]string{}
	for _, h := range c.hosts {
		if h.address == "" {
			continue
		}
		f := first[h.address]
		if f == nil {
			first[h.address] = h
			continue
		}
		k := clash{c.addressSpan(h), c.addressSpan(f)}
		if count[k] == 0 {
			order = append(order, k)
			labels[k] = fmt.Sprintf("%s and %s both have %s", f.name, h.name, h.address)
		}
		count[k]++
	}
	for _, k := range order {
		label := labels[k]
		if count[k] > 1 {
			label += fmt.Sprintf(" (and %d more pairs)", count[k]-1)
		}
		var notes []diag.Note
		if k.a != k.b {
			notes = []diag.Note{{Span: k.b, Label: "the other is here"}}
		}
		c.err(diag.DuplicateAddress, k.a, label, "give each host an address of its own", notes...)
	}
}

func (c *compiler) addressSpan(h *host) diag.Span {
	r := &hostResolver{c: c, h: h}
	return r.span("address")
}

// roleSpan is the place of one role in the roles list, or of the whole list.
func (r *hostResolver) roleSpan(name string) diag.Span {
	a := r.attr("roles")
	return elementSpan(a.Expr, name)
}

// elementSpan is the place of a literal in a list, or of the whole expression.
func elementSpan(expr hcl.Expression, text string) diag.Span {
	if list, ok := expr.(*hclsyntax.TupleConsExpr); ok {
		for _, e := range list.Exprs {
			if v, diags := e.Value(nil); !diags.HasErrors() && v.Type() == cty.String && v.AsString() == text {
				return lang.Span(e.Range())
			}
		}
	}
	return lang.Span(expr.Range())
}

// checkSubnets checks the pod and service subnets: CIDRs without host bits
// that do not overlap each other or hold a host's address.
func (c *compiler) checkSubnets() {
	var all []subnet
	for _, attr := range []string{"pod_subnets", "service_subnets"} {
		a, v := c.def.Cluster.Attrs[attr], c.subnets[attr]
		if v == cty.NilVal {
			continue
		}
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			if e.IsNull() {
				continue
			}
			if s, ok := c.subnet(attr, e.AsString(), elementSpan(a.Expr, e.AsString())); ok {
				all = append(all, s)
			}
		}
	}
	for i, s := range all {
		for _, t := range all[:i] {
			if s.prefix.Overlaps(t.prefix) {
				c.err(diag.OverlappingCIDR, s.span, fmt.Sprintf("%s overlaps %s", s.prefix, t.prefix), "use subnets that do not overlap", diag.Note{Span: t.span, Label: t.attr + " is here"})
			}
		}
		for _, h := range c.hosts {
			if addr, err := netip.ParseAddr(h.address); err == nil && s.prefix.Contains(addr) {
				c.err(diag.OverlappingCIDR, s.span, fmt.Sprintf("%s holds the address %s of host %s", s.prefix, addr, h.name), "use a subnet apart from the hosts'", diag.Note{Span: c.addressSpan(h), Label: "the host's address"})
				break
			}
		}
	}
}

func (c *compiler) subnet(attr, text string, at diag.Span) (subnet, bool) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		c.err(diag.BadCIDR, at, fmt.Sprintf("%q is not a CIDR", text), "write a network and a prefix length, such as 10.233.0.0/18")
		return subnet{}, false
	}
	if prefix != prefix.Masked() {
		c.err(diag.BadCIDR, at, fmt.Sprintf("%s has bits set beyond its prefix", text), fmt.Sprintf("did you mean %q?", prefix.Masked()))
		return subnet{}, false
	}
	return subnet{prefix, attr, at}, true
}

var domainName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// checkDomain checks that the domain is one that names of services can have.
func (c *compiler) checkDomain() {
	a := c.def.Cluster.Attrs["domain"]
	v := c.scope.roots["cluster"].GetAttr("domain")
	if a == nil || v.IsNull() || domainName.MatchString(v.AsString()) && len(v.AsString()) <= 253 {
		return
	}
	c.wrong.cluster["domain"] = true
	fix := `write a DNS name, such as "cluster.local"`
	if meant := strings.Trim(strings.ToLower(strings.ReplaceAll(v.AsString(), "_", ".")), "."); domainName.MatchString(meant) {
		fix = fmt.Sprintf("write %q", meant)
	}
	c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), "a domain is a DNS name of lower-case letters, digits, - and dots", fix)
}

// checkEndpoint checks that the endpoint is a name or an address and a port, and nothing
// more.
func (c *compiler) checkEndpoint() {
	a := c.def.Cluster.Attrs["control_plane_endpoint"]
	v := c.scope.roots["cluster"].GetAttr("control_plane_endpoint")
	if a == nil || v.IsNull() {
		return
	}
	if text := v.AsString(); !isEndpoint(text) {
		c.wrong.cluster["control_plane_endpoint"] = true
		fix := `write a name and a port, such as "api.example.com:6443"`
		if meant := meantEndpoint(text); isEndpoint(meant) {
			fix = fmt.Sprintf("write %q", meant)
		}
		c.err(diag.BadEndpoint, lang.Span(a.Expr.Range()), fmt.Sprintf("%q is not HOST:PORT", text), fix)
	}
}

// isEndpoint reports whether a text is HOST:PORT, an IPv6 address in brackets. What a name
// may be is for the modules to say.
func isEndpoint(text string) bool {
	host, port, err := net.SplitHostPort(text)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n < 1 || n > 65535 {
		return false
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Is4() || strings.HasPrefix(text, "[")
	}
	return host != "" && !strings.ContainsAny(host, "/ \t")
}

// meantEndpoint is an endpoint without what URLs have around it, and with a port.
func meantEndpoint(text string) string {
	_, after, found := strings.Cut(text, "://")
	if found {
		text = after
	}
	text, _, _ = strings.Cut(text, "/")
	switch addr, err := netip.ParseAddr(text); {
	case err == nil && addr.Is6():
		return "[" + text + "]:6443"
	case !strings.Contains(strings.TrimPrefix(text, "["), ":") || strings.HasSuffix(text, "]"):
		if text == "localhost" {
			return text + ":8443" // on control planes the API server itself has 6443
		}
		return text + ":6443"
	}
	return text
}

// checkKubernetesVersion checks that the catalog knows the version: kubeadm is
// the component that every cluster has. They are few enough to name them all.
func (c *compiler) checkKubernetesVersion() {
	a := c.def.Cluster.Attrs["kubernetes_version"]
	v := c.scope.roots["cluster"].GetAttr("kubernetes_version")
	component := c.catalog.Components["kubeadm"]
	if a == nil || v.IsNull() || component == nil {
		return
	}
	if component.Versions[v.AsString()] == nil {
		c.noKubernetes = true
		all := versions(component)
		fix := "use one of " + strings.Join(all, ", ")
		if near := versionFix(component, v.AsString()); strings.HasPrefix(near, "did you mean") {
			fix = near + " The catalog has " + strings.Join(all, ", ")
		}
		c.err(diag.UnknownVersion, lang.Span(a.Expr.Range()), fmt.Sprintf("the catalog has no Kubernetes %q", v.AsString()), fix)
	}
}

func (c *compiler) checkEtcd() {
	if c.wrong.hosts {
		return
	}
	n, gone := 0, false
	var at diag.Span
	// While etcd moves to the control planes, those that it leaves still have the role.
	returns := c.def.Operation == "migrate" && slices.ContainsFunc(c.hosts, func(h *host) bool { return contains(h.roles, "etcd") && contains(h.roles, "control_plane") })
	for _, h := range c.hosts {
		if !contains(h.roles, "etcd") || returns && !contains(h.roles, "control_plane") {
			continue
		}
		if h.state == "absent" {
			gone = true // it is done without for a while
		} else {
			n++
			r := &hostResolver{c: c, h: h}
			at = r.roleSpan("etcd")
		}
	}
	if n > 0 && n%2 == 0 && !gone {
		c.err(diag.EvenEtcd, at, fmt.Sprintf("%d hosts have the role etcd", n), "use an odd number")
	}
}

// checkDisruptive refuses a step that is said to interrupt what serves when none of
// its resources does: it is a resource that waits for its turn.
func (c *compiler) checkDisruptive() {
	for _, s := range c.steps {
		if a := s.decl.Attrs["disruptive"]; s.disruptive && len(s.variants) > 0 && !s.interrupts() {
			c.err(diag.InvalidValue, a.Span, "no resource of the step is disruptive, so none would wait for its turn", "write disruptive = true in the one whose act interrupts what serves")
		}
	}
}
