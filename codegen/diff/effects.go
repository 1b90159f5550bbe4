package diff

import (
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/settings"
)

// reaction is what a change sets off on a host.
type reaction struct {
	text   string
	run    bool // a module's own act, where its probe says so
	token  bool // it interrupts what the host serves
	reboot bool
}

// reactions returns what a change of a call sets off on the hosts of a class: of
// what it notifies, of itself, and what it runs.
func (c *comparison) reactions(op settings.Op, of *call, deltas []delta, v, before *view) []reaction {
	if op == removed {
		return c.leaves(of)
	}
	var all []reaction
	for _, a := range of.args {
		if a.name != "notify" {
			continue
		}
		if r, ok := c.reactionOf(a.value, v, before); ok {
			all = append(all, r)
		}
	}
	if reacts(of) && op == changed && changesText(deltas) {
		if r, ok := c.reactionOf(of.kind+":"+of.name, v, before); ok {
			all = append(all, r)
		}
	}
	disruptive := of.arg("disruptive") == "true"
	switch {
	case of.arg("act") != "":
		all = append(all, reaction{text: of.step + ": " + of.name + once(of), run: true, token: disruptive})
	case disruptive && op == changed && c.stops(deltas):
		all = append(all, reaction{text: of.name + " is stopped", token: true})
	}
	if op == added && of.arg("running") == "true" || op == changed && starts(deltas) {
		all = append(all, reaction{text: of.name + " starts"})
	}
	if pod := staticPod(of); pod != "" && op != removed {
		all = append(all, reaction{text: "the static pod " + pod + " is made anew"})
	}
	return all
}

// leaves returns what becomes of what runs when its resource has left the bundle: a
// service is stopped if its unit was ours. Nothing else reacts to what is removed.
func (c *comparison) leaves(of *call) []reaction {
	if reacts(of) && c.removable(of) {
		return []reaction{{text: of.name + " is stopped"}}
	}
	return nil
}

// idle reports whether nothing that differs is looked for on a host: what a
// resource notifies, how a service would be restarted, where a download that is
// there already, by its digest, would come from.
func idle(deltas []delta) bool {
	return len(deltas) > 0 && !slices.ContainsFunc(deltas, func(d delta) bool {
		switch d.field {
		case "notify", "reaction", "disruptive", "step", "artifact.url", "artifact.size", "artifact.component", "artifact.version":
			return false
		}
		return true
	})
}

// reacts reports whether a resource of a kind that reacts is the call.
func reacts(c *call) bool { return c.arg("reaction") != "" }

// changesText reports whether a text of the resource itself changes, and no mere
// setting: what it reads at its start.
func changesText(deltas []delta) bool {
	for _, d := range deltas {
		if d.field == "unit" || strings.HasPrefix(d.field, "dropins") {
			return true
		}
	}
	return false
}

// once says that a script is run for the whole cluster at most once.
func once(c *call) string {
	if per := c.arg("once_per"); per != "" {
		return " once per " + per
	}
	return ""
}

func starts(deltas []delta) bool {
	return slices.ContainsFunc(deltas, func(d delta) bool { return d.field == "running" && d.new == "true" })
}

func (c *comparison) stops(deltas []delta) bool {
	for _, d := range deltas {
		if d.field == "running" && d.new == "false" || d.field == "masked" && d.new == "true" {
			return true
		}
	}
	return false
}

// reactionOf is what becomes of KIND:NAME when it is notified. What no step of the
// class has does nothing, and what does not run is not restarted.
func (c *comparison) reactionOf(target string, v, before *view) (reaction, bool) {
	kind, name, _ := strings.Cut(target, ":")
	for i := len(v.calls) - 1; i >= 0; i-- {
		declared := v.calls[i]
		if declared.kind != kind || declared.name != name {
			continue
		}
		token := declared.arg("disruptive") == "true"
		if c.restartsHost(kind) {
			return reaction{text: "the host restarts", token: token, reboot: true}, true
		}
		if declared.arg("running") == "false" || declared.arg("masked") == "true" {
			return reaction{}, false
		}
		verb := "restarts"
		if declared.arg("reaction") == "reload" {
			verb = "reloads"
		}
		if before == nil || !slices.ContainsFunc(before.calls, func(had *call) bool { return had.kind == kind && had.name == name }) {
			verb = "starts"
		}
		return reaction{text: name + " " + verb, token: token}, true
	}
	return reaction{}, false
}

// restartsHost reports whether resources of a kind restart the host.
func (c *comparison) restartsHost(kind string) bool {
	declared := c.kind(kind)
	return declared != nil && slices.ContainsFunc(declared.Effects, func(e bundle.KindEffect) bool { return e.Category == "restart" })
}

// staticPod returns the name of the pod whose manifest for the kubelet the call
// writes.
func staticPod(c *call) string {
	below, ok := strings.CutPrefix(c.name, "/etc/kubernetes/manifests/")
	name, manifest := strings.CutSuffix(below, ".yaml")
	if !ok || !manifest || strings.HasPrefix(name, ".") || strings.Contains(name, "/") {
		return ""
	}
	return name
}
