package compiler

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// withoutProxy matches what no_proxy may hold: a name, the end of one (.example.com),
// an address or a range.
var withoutProxy = regexp.MustCompile(`^\.?[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9:])?(/[0-9]+)?$`)

// resolveProxy makes what `proxy` is in modules: http and https, which may be live
// ("" for what the block does not say), no_proxy, the whole list, and enabled, which
// conditions can use whatever the time of the others.
func (c *compiler) resolveProxy() {
	b := c.def.Proxy
	attrs := lang.Attrs{}
	if b != nil {
		attrs = b.Attrs
		if attrs["http"] == nil && attrs["https"] == nil {
			c.err(diag.MissingArgument, b.Span, "proxy needs http or https", `write http = "http://proxy.example.com:3128"`)
		}
	}
	c.proxy = map[string]*binding{
		"http":     c.proxyURL("http", attrs["http"]),
		"https":    c.proxyURL("https", attrs["https"]),
		"enabled":  {title: "proxy.enabled", name: "enabled", value: cty.BoolVal(b != nil)},
		"no_proxy": {title: "proxy.no_proxy", name: "no_proxy", build: func(*point) (cty.Value, bool) { return c.noProxy(), true }},
	}
}

// proxyURL is the binding of one of the block's URLs.
func (c *compiler) proxyURL(name string, a *lang.AttrDecl) *binding {
	b := &binding{title: "proxy." + name, name: name, value: cty.StringVal("")}
	if a == nil {
		return b
	}
	b.expr, b.scope, b.span = a.Expr, c.scope, a.NameSpan
	b.conv = func(v cty.Value) (cty.Value, error) {
		bare, marks := v.UnmarkDeep()
		converted, err := convertTo(bare, cty.String)
		if err != nil {
			return v, fmt.Errorf("%s: %w", name, err)
		}
		if len(marks) == 0 {
			converted = c.bareURL(a, converted)
		}
		return converted.WithMarks(marks), nil
	}
	b.check = func(v cty.Value, at *point) bool {
		if v.IsMarked() {
			return true
		}
		if !v.IsNull() {
			u, err := url.Parse(v.AsString())
			if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == "" {
				return true
			}
		}
		c.fail(diag.InvalidValue, lang.Span(a.Expr.Range()), name+" is the URL of a proxy, without a path", `write "http://proxy.example.com:3128"`, at)
		return false
	}
	return b
}

// checkProxy checks the block once there are hosts.
func (c *compiler) checkProxy() {
	if c.def.Proxy == nil {
		return
	}
	for _, name := range []string{"http", "https"} {
		b := c.proxy[name]
		if b.expr == nil {
			continue
		}
		info := c.bindBinding(b, ref{span: b.span})
		if info.ok && info.time != Live && c.require(info, Cluster, b.argSpan(), name) {
			c.bindingValue(b, &point{})
		}
	}
	c.bindingValue(c.proxy["no_proxy"], &point{})
}

// noProxy is what is never reached through a proxy: the host itself, the cluster's own
// names and ranges, the servers, the mirrors, and what the block adds. Workers are not in
// it one by one: a worker more would change every host.
func (c *compiler) noProxy() cty.Value {
	list := []string{"localhost", "127.0.0.0/8", "::1"}
	cluster := c.scope.roots["cluster"]
	if v := cluster.GetAttr("domain"); v.IsKnown() && !v.IsNull() {
		list = append(list, ".svc", "."+v.AsString())
	}
	list = append(list, texts(cluster.GetAttr("pod_subnets"))...)
	list = append(list, texts(cluster.GetAttr("service_subnets"))...)
	if v := cluster.GetAttr("control_plane_endpoint"); v.IsKnown() && !v.IsNull() {
		if host, _, err := net.SplitHostPort(v.AsString()); err == nil {
			list = append(list, host)
		}
	}
	for _, h := range c.hosts {
		if h.address != "" && (contains(h.roles, "control_plane") || contains(h.roles, "etcd")) {
			list = append(list, h.address)
		}
	}
	list = append(list, c.mirrorHosts()...)
	list = append(list, c.ownNoProxy()...)
	var values []cty.Value
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			values = append(values, cty.StringVal(s))
		}
		seen[s] = true
	}
	return cty.ListVal(values)
}

// mirrorHosts are the names of the mirrors' servers.
func (c *compiler) mirrorHosts() (names []string) {
	urls := []string{c.mirror.files}
	registries := c.mirror.value.GetAttr("registries").AsValueMap()
	for _, name := range sortedKeys(registries) {
		if v := registries[name].GetAttr("endpoint"); v.IsKnown() && !v.IsNull() {
			urls = append(urls, v.AsString())
		}
	}
	for _, text := range urls {
		if u, err := url.Parse(text); err == nil && u.Hostname() != "" {
			names = append(names, u.Hostname())
		}
	}
	return names
}

// ownNoProxy is the block's own list, checked.
func (c *compiler) ownNoProxy() (list []string) {
	if c.def.Proxy == nil || c.def.Proxy.Attrs["no_proxy"] == nil {
		return nil
	}
	a := c.def.Proxy.Attrs["no_proxy"]
	v, ok := c.evalAttr(a, cty.List(cty.String), c.scope, &point{}, Cluster)
	if !ok {
		return nil
	}
	for _, s := range texts(v) {
		at := elementSpan(a.Expr, s)
		if !withoutProxy.MatchString(s) {
			c.err(diag.InvalidValue, at, fmt.Sprintf("%q is neither a name, nor the end of one, nor an address or a range", s), `write "example.com", ".example.com" for all below it, or "10.0.0.0/8"`)
			continue
		}
		if prefix, err := netip.ParsePrefix(s); err == nil && prefix != prefix.Masked() {
			c.err(diag.BadCIDR, at, fmt.Sprintf("%s has bits set beyond its prefix", s), fmt.Sprintf("did you mean %q?", prefix.Masked()))
			continue
		}
		list = append(list, s)
	}
	return list
}

// texts are the strings of a list that is known.
func texts(list cty.Value) (all []string) {
	if !list.IsKnown() || list.IsNull() {
		return nil
	}
	for it := list.ElementIterator(); it.Next(); {
		if _, v := it.Element(); v.IsKnown() && !v.IsNull() {
			all = append(all, v.AsString())
		}
	}
	return all
}
