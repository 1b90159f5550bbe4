package compiler

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"golang.org/x/mod/semver"
)

// checkVersionJump refuses an upgrade over more than one minor version, or back over one. What hosts have is what facts.json says they had;
// each host is asked again before anything changes there.
func (c *compiler) checkVersionJump() {
	a := c.def.Cluster.Attrs["kubernetes_version"]
	v := c.scope.roots["cluster"].GetAttr("kubernetes_version")
	if a == nil || v.IsNull() || c.noKubernetes || c.def.Operation != "upgrade" {
		return
	}
	want := v.AsString()
	of := map[string][]string{}
	for _, h := range c.hosts {
		has := c.def.Facts[h.name].Kubernetes
		if has == "" || h.state == "absent" || !contains(h.roles, "control_plane") && minorOf(has) < minorOf(want) && minorOf(want)-minorOf(has) <= 3 {
			continue // a kubelet may be three minor versions behind
		}
		of[has] = append(of[has], h.name)
	}
	const anew = "if that is no longer so, make the facts anew: sprayc facts --write"
	for _, has := range sortedKeys(of) {
		label := fmt.Sprintf("by facts.json %s %s %s", strings.Join(of[has], ", "), map[bool]string{true: "has", false: "have"}[len(of[has]) == 1], has)
		from, to := minorOf(has), minorOf(want)
		switch {
		case from == 0 || to == 0:
		case from > to:
			c.err(diag.VersionJump, lang.Span(a.Expr.Range()), label+", and Kubernetes does not go back over a minor version", fmt.Sprintf("write %q, or restore what was backed up before the upgrade; %s", has, anew))
		case to > from+1:
			way := c.way(has, want)
			c.err(diag.VersionJump, lang.Span(a.Expr.Range()), label+", and an upgrade goes one minor version at a time: "+strings.Join(append([]string{has}, way...), " -> "),
				fmt.Sprintf("write %q first; %s", way[0], anew))
		}
	}
}

// way are the versions from one to another: of each minor version in between the newest
// that the catalog has.
func (c *compiler) way(has, want string) []string {
	newest := map[int]string{}
	for _, v := range versions(c.catalog.Components["kubeadm"]) { // the newest first
		if newest[minorOf(v)] == "" && semver.Prerelease("v"+v) == "" {
			newest[minorOf(v)] = v
		}
	}
	var all []string
	for minor := minorOf(has) + 1; minor < minorOf(want); minor++ {
		if newest[minor] == "" {
			newest[minor] = fmt.Sprintf("1.%d", minor) // which catalog add can bring
		}
		all = append(all, newest[minor])
	}
	return append(all, want)
}

// minorOf is the second number of a version, 0 when it has none.
func minorOf(version string) int {
	minor := 0
	if _, rest, ok := strings.Cut(version, "."); ok {
		_, _ = fmt.Sscanf(rest, "%d", &minor)
	}
	return minor
}
