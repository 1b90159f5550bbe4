package compiler

import (
	"fmt"
	"net/netip"
	"os"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// resolve finds out which roles, modules and hosts there are, and makes the
// scopes in which everything else is evaluated.
func (c *compiler) resolve() {
	c.secrets = map[string]*ir.Secret{}
	c.files = map[string]*ir.File{}
	c.artifact = map[string]*ir.Artifact{}
	c.subnets = map[string]cty.Value{}
	if c.def.Sources == nil {
		c.def.Sources = diag.Sources{}
	}
	c.resolveCatalog()
	c.scope = c.definitionScope()
	c.resolveMirror()
	c.resolveProxy()
	c.resolveRoles()
	c.resolveModules()
	c.resolveSlots()
	c.resolveSettings()
	c.resolveHosts()
	c.checkCluster()
	c.checkProxy()
	c.broken = c.diags.HasErrors()
	c.bindArguments()
}

// definitionScope is the scope of the definition's own expressions.
func (c *compiler) definitionScope() *scope {
	fsys := os.DirFS(c.def.Dir)
	sc := &scope{title: "the definition", dir: c.def.Dir, fsys: fsys, roots: map[string]cty.Value{}, locals: map[string]*binding{}}
	sc.funcs = c.functions(fsys, c.def.Dir)
	vars := map[string]cty.Value{}
	for name, v := range c.def.Variables {
		vars[name] = v.Value
	}
	sc.roots["var"] = cty.ObjectVal(vars)
	sc.roots["catalog"] = c.catalogValue()
	sc.roots["cluster"] = cty.EmptyObjectVal
	for _, name := range sortedKeys(c.def.Locals) {
		sc.locals[name] = localBinding(c.def.Locals[name], sc)
	}
	c.scope = sc
	sc.roots["cluster"] = c.clusterValue(sc)
	return sc
}

func localBinding(a *lang.AttrDecl, sc *scope) *binding {
	return &binding{title: "local." + a.Name, name: a.Name, expr: a.Expr, scope: sc, span: a.NameSpan}
}

// clusterAttrs are the attributes of the cluster block with their types.
var clusterAttrs = lang.ArgumentsOf("definition", "cluster")

// clusterValue is what `cluster` is in expressions: what the block says, null
// for what it does not.
func (c *compiler) clusterValue(sc *scope) cty.Value {
	attrs := map[string]cty.Value{"name": cty.StringVal("")}
	for name, ty := range clusterAttrs {
		attrs[name] = cty.NullVal(ty)
		if ty.IsListType() {
			attrs[name] = cty.ListValEmpty(ty.ElementType())
		}
	}
	attrs["domain"] = cty.StringVal("cluster.local")
	if c.def.Cluster == nil {
		for name := range clusterAttrs {
			c.wrong.cluster[name] = true
		}
		c.err(diag.NoHosts, diag.Span{}, "there is no cluster block", "write cluster \"NAME\" { ... }; sprayc init prints a definition to start from")
		return cty.ObjectVal(attrs)
	}
	if len(c.def.Cluster.Labels) > 0 {
		attrs["name"] = cty.StringVal(c.def.Cluster.Labels[0])
	}
	for _, name := range sortedKeys(c.def.Cluster.Attrs) {
		ty, ok := clusterAttrs[name]
		if !ok {
			lang.ReportUnknown(c.report, c.def.Cluster.Attrs[name], "cluster", sortedKeys(clusterAttrs))
			c.wrong.cluster[diag.Suggest(name, sortedKeys(clusterAttrs))] = true
			continue
		}
		c.wrong.cluster[name] = true
		if v, ok := c.evalAttr(c.def.Cluster.Attrs[name], ty, sc, &point{}, Cluster); ok {
			attrs[name] = v
			delete(c.wrong.cluster, name)
			if ty.IsListType() && !v.IsNull() {
				c.subnets[name], attrs[name] = v, onlyCIDRs(v)
			}
		}
	}
	return cty.ObjectVal(attrs)
}

// onlyCIDRs leaves out what is no CIDR: that is reported where it was written,
// and not again by every expression that uses it.
func onlyCIDRs(list cty.Value) cty.Value {
	var good []cty.Value
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		if v.IsNull() {
			continue
		}
		if _, err := netip.ParsePrefix(v.AsString()); err == nil {
			good = append(good, v)
		}
	}
	if len(good) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	return cty.ListVal(good)
}

// evalAttr evaluates an attribute that must be known at a time, and converts
// it.
func (c *compiler) evalAttr(a *lang.AttrDecl, ty cty.Type, sc *scope, at *point, latest Time) (cty.Value, bool) {
	b := c.bind(a.Expr, sc)
	if !c.require(b, latest, lang.Span(a.Expr.Range()), a.Name) {
		return cty.NilVal, false
	}
	v, ok := c.eval(a.Expr, sc, at)
	if !ok {
		return cty.NilVal, false
	}
	converted, err := convertTo(v, ty)
	if err != nil {
		where := at
		if b.time < Host { // the same for all hosts of a block
			where = nil
		}
		c.wrongType(a.Name, v, ty, err, func(path []string) diag.Span { return c.within(a.Expr, path) }, where)
		return cty.NilVal, false
	}
	return converted, true
}

// mirror says where downloads and images come from instead.
type mirror struct {
	files string
	value cty.Value
}

// mirrorAttrs and registryAttrs are the attributes of those blocks with their types.
var (
	mirrorAttrs   = lang.ArgumentsOf("definition", "mirror")
	registryAttrs = lang.ArgumentsOf("mirror", "registry")
)

func (c *compiler) resolveMirror() {
	registry := map[string]cty.Value{}
	files := cty.NullVal(cty.String)
	if m := c.def.Mirror; m != nil {
		for _, name := range sortedKeys(m.Attrs) {
			if _, ok := mirrorAttrs[name]; !ok {
				lang.ReportUnknown(c.report, m.Attrs[name], "mirror", sortedKeys(mirrorAttrs))
				continue
			}
			if v, ok := c.evalAttr(m.Attrs[name], cty.String, c.scope, &point{}, Cluster); ok && !v.IsNull() {
				v = c.bareURL(m.Attrs[name], v)
				c.mirror.files = strings.TrimSuffix(v.AsString(), "/")
				files = cty.StringVal(c.mirror.files)
				c.checkWeb(m.Attrs[name], c.mirror.files)
			}
		}
		for _, b := range m.Blocks {
			if b.Type == "registry" && len(b.Labels) == 1 {
				c.checkRegistry(b)
				registry[b.Labels[0]] = c.registryValue(b)
			}
		}
	}
	registries := cty.MapValEmpty(cty.Object(registryAttrs))
	if len(registry) > 0 {
		registries = cty.MapVal(registry)
	}
	c.mirror.value = cty.ObjectVal(map[string]cty.Value{"files": files, "registries": registries})
	c.scope.roots["mirror"] = c.mirror.value
}

func (c *compiler) registryValue(b *lang.BlockDecl) cty.Value {
	attrs := map[string]cty.Value{}
	for name, ty := range registryAttrs {
		attrs[name] = cty.NullVal(ty)
	}
	if b.Attrs["endpoint"] == nil && !meantAs(b.Attrs, "endpoint", sortedKeys(registryAttrs)) {
		c.err(diag.MissingArgument, b.Span, "a registry needs an endpoint", "write endpoint = \"https://...\"")
	}
	for _, name := range sortedKeys(b.Attrs) {
		ty, ok := registryAttrs[name]
		if !ok {
			lang.ReportUnknown(c.report, b.Attrs[name], "registry", sortedKeys(registryAttrs))
			continue
		}
		if v, ok := c.evalAttr(b.Attrs[name], ty, c.scope, &point{}, Cluster); ok {
			attrs[name] = c.bareURL(b.Attrs[name], v)
			if name == "endpoint" && !v.IsNull() {
				c.checkWeb(b.Attrs[name], v.AsString())
			}
		}
	}
	return cty.ObjectVal(attrs)
}

// checkRegistry reports a label that is more than a registry's host.
func (c *compiler) checkRegistry(b *lang.BlockDecl) {
	host := b.Labels[0]
	if _, after, ok := strings.Cut(host, "://"); ok {
		host = after
	}
	host, _, _ = strings.Cut(host, "/")
	if host != b.Labels[0] {
		c.err(diag.InvalidValue, labelSpan(b), "a registry is named by its host alone, as images have it in their names", fmt.Sprintf("write registry %q", host))
		b.Labels = []string{host}
	}
}

// checkWeb reports a URL that is of neither http nor https.
func (c *compiler) checkWeb(a *lang.AttrDecl, url string) {
	if !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		c.err(diag.InvalidValue, lang.Span(a.Expr.Range()), a.Name+" is an http:// or https:// URL", fmt.Sprintf("write %q", "https://"+url))
	}
}

// bareURL reports a URL that has credentials in it, and returns it without them;
// any other value as it is.
func (c *compiler) bareURL(a *lang.AttrDecl, v cty.Value) cty.Value {
	if v.Type() != cty.String || v.IsNull() {
		return v
	}
	bare, found := lang.Credentials(v.AsString())
	if found {
		c.err(diag.URLCredentials, lang.Span(a.Expr.Range()), lang.CredentialsLabel, lang.CredentialsFix)
	}
	return cty.StringVal(bare)
}

// checkCluster checks what the cluster block says as a whole.
func (c *compiler) checkCluster() {
	if c.def.Cluster == nil {
		return
	}
	if len(c.hosts) == 0 && len(c.def.Hosts)+len(c.def.Host) == 0 {
		c.err(diag.NoHosts, c.def.Cluster.Span, "there is no hosts block", "write hosts \"cp[1-3]\" { ... }")
	}
	c.checkSubnets()
	c.checkDomain()
	c.checkEndpoint()
	c.checkKubernetesVersion()
	c.checkVersionJump()
	c.checkEtcd()
}

// subnet is one CIDR with the place it was written at.
type subnet struct {
	prefix netip.Prefix
	attr   string
	span   diag.Span
}
