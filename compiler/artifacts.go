package compiler

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/mod/semver"
)

// machines are the names that `uname -m` has for architectures.
var machines = map[string]string{"amd64": "x86_64", "arm64": "aarch64", "arm": "armv7l", "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64"}

// artifactBinding binds an artifact block: an object that depends on the
// architecture.
func (c *compiler) artifactBinding(a *lang.BlockDecl, sc *scope) *binding {
	name := a.Labels[0]
	b := &binding{title: "artifact." + name, name: name, scope: sc, span: a.Span}
	component, version := a.Attrs["component"], a.Attrs["version"]
	b.build = func(at *point) (cty.Value, bool) {
		cv, ok := c.evalAttr(component, cty.String, sc, at, Class)
		if !ok {
			return cty.NilVal, false
		}
		vv, ok := c.evalAttr(version, cty.String, sc, at, Class)
		if !ok {
			return cty.NilVal, false
		}
		return c.artifactValue(cv, vv, component, version, at)
	}
	if component == nil || version == nil {
		c.err(diag.MissingArgument, a.Span, "an artifact needs component and version", "")
		b.info = &bound{}
		return b
	}
	b.least = bound{time: Class, dims: DimArch, ok: true} // the digest depends on the architecture
	b.deps = []hcl.Expression{component.Expr, version.Expr}
	return b
}

func (c *compiler) artifactValue(name, version cty.Value, nameAt, versionAt *lang.AttrDecl, at *point) (cty.Value, bool) {
	if name.IsNull() || version.IsNull() {
		c.err(diag.MissingArgument, lang.Span(versionAt.Expr.Range()), "the artifact has no version", "give one; the catalog has no default for it")
		return cty.NilVal, false
	}
	component := c.catalog.Components[name.AsString()]
	if component == nil {
		c.err(diag.UnknownComponent, lang.Span(nameAt.Expr.Range()), fmt.Sprintf("the catalog has no component %q", name.AsString()), didYouMean(diag.Suggest(name.AsString(), sortedKeys(c.catalog.Components))))
		return cty.NilVal, false
	}
	versionSpan := c.originOf(versionAt)
	archs := component.Versions[version.AsString()]
	if archs == nil {
		if !c.noKubernetes || !readsKubernetesVersion(versionAt) {
			c.unknownVersion(component, version.AsString(), versionSpan)
		}
		return cty.NilVal, false
	}
	arch := at.cls.arch
	digest, ok := archs[arch]
	if !ok {
		digest, ok = archs["any"] // the same for all, such as a manifest
	}
	if !ok {
		c.err(diag.UnknownArch, versionSpan, fmt.Sprintf("%s %s has no download for %s, only for %s", component.Name, version.AsString(), arch, strings.Join(sortedKeys(archs), ", ")), "")
		return cty.NilVal, false
	}
	if digest.SHA256 == "" {
		c.err(diag.UnknownVersion, versionSpan, fmt.Sprintf("%s %s for %s has no SHA-256 in the catalog", component.Name, version.AsString(), arch), "add it with sprayc catalog add")
		return cty.NilVal, false
	}
	art := ir.Artifact{Component: component.Name, Version: version.AsString(), Arch: arch, SHA256: digest.SHA256, Size: digest.Size, Format: component.Format}
	art.URL = c.artifactURL(component, digest, art)
	c.mu.Lock()
	key := art.URL + " " + art.SHA256
	if c.artifact[key] == nil {
		c.artifact[key] = &art
	}
	c.mu.Unlock()
	return cty.ObjectVal(map[string]cty.Value{
		"url": cty.StringVal(art.URL), "sha256": cty.StringVal(art.SHA256), "size": cty.NumberIntVal(art.Size), "format": cty.StringVal(art.Format),
		"component": cty.StringVal(art.Component), "version": cty.StringVal(art.Version),
	}), true
}

// readsKubernetesVersion says that a version is, or is made of, the cluster's.
func readsKubernetesVersion(a *lang.AttrDecl) bool {
	return slices.ContainsFunc(a.Expr.Variables(), func(t hcl.Traversal) bool {
		return t.RootName() == "cluster" && len(t) > 1 && stepName(t[1]) == "kubernetes_version"
	})
}

// originOf is the place that a version was written at: the caller's argument,
// if the expression is just an input.
func (c *compiler) originOf(a *lang.AttrDecl) diag.Span {
	for _, t := range a.Expr.Variables() {
		if t.RootName() != "input" || len(t) != 2 {
			continue
		}
		for _, m := range c.modules {
			if b := m.scope.inputs[stepName(t[1])]; b != nil && strings.HasPrefix(lang.Span(a.Expr.Range()).File, m.decl.Path) {
				return b.argSpan()
			}
		}
	}
	return lang.Span(a.Expr.Range())
}

func (c *compiler) unknownVersion(component *lang.Component, version string, at diag.Span) {
	c.err(diag.UnknownVersion, at, fmt.Sprintf("the catalog has no %s %q", component.Name, version), versionFix(component, version))
}

// versions are those of a component, the newest first.
func versions(component *lang.Component) []string {
	all := sortedKeys(component.Versions)
	slices.SortStableFunc(all, func(a, b string) int { return semver.Compare("v"+b, "v"+a) })
	return all
}

// versionsShown is how many versions a diagnostic names.
const versionsShown = 8

// versionFix names the version that was most likely meant, one of the same minor
// release, or else the newest that the catalog has.
func versionFix(component *lang.Component, version string) string {
	all := versions(component)
	if len(all) == 0 {
		return "it has none; add one: sprayc catalog add"
	}
	bare := strings.TrimPrefix(version, "v")
	minor := semver.MajorMinor("v"+bare) + "."
	var near []string
	for _, v := range all {
		if v == bare {
			return didYouMean(v)
		}
		if strings.HasPrefix("v"+v, minor) {
			near = append(near, v)
		}
	}
	if s := diag.Suggest(bare, near); s != "" && "v"+bare+"." != minor {
		return didYouMean(s)
	} else if len(near) > 0 {
		return didYouMean(near[0])
	}
	fix := "use one of " + strings.Join(all[:min(len(all), versionsShown)], ", ")
	if n := len(all) - versionsShown; n > 0 {
		fix += fmt.Sprintf(" and %d more; sprayc catalog list names them all", n)
	}
	return fix
}

// artifactURL is where a download comes from: upstream, or the same path below
// the mirror with the upstream host as its first folder.
func (c *compiler) artifactURL(component *lang.Component, digest lang.Digest, art ir.Artifact) string {
	text := component.URL
	if digest.URL != "" {
		text = digest.URL
	}
	text = strings.NewReplacer("{version}", art.Version, "{arch}", art.Arch, "{machine}", machines[art.Arch]).Replace(text)
	if c.mirror.files == "" {
		return text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return text
	}
	return c.mirror.files + "/" + u.Host + u.EscapedPath()
}
