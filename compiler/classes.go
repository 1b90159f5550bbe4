package compiler

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// maxWays is how many classes the conditions may make of one hosts block.
const maxWays = 8

// condition is a when or for_each that uses values of the host.
type condition struct {
	expr hcl.Expression
	step *step
}

// baseClasses are the classes by OS, architecture and roles alone. A host of
// which these are not known, an error, is in none.
func (c *compiler) baseClasses() []*class {
	if c.classes != nil {
		return c.classes
	}
	byBase := map[string]*class{}
	for _, h := range c.hosts {
		if h.os == nil || machines[h.arch] == "" {
			continue // reported already
		}
		base := strings.Join([]string{strings.Join(h.roles, "+"), h.os.Name, h.arch}, ".")
		cls := byBase[base]
		if cls == nil {
			cls = &class{name: base, base: base, os: h.os, arch: h.arch, roles: h.roles}
			attrs := map[string]cty.Value{}
			addClassAttrs(attrs, h.os, h.arch, h.roles)
			cls.value = cty.ObjectVal(attrs)
			byBase[base] = cls
			c.classes = append(c.classes, cls)
		}
		cls.hosts = append(cls.hosts, h)
		h.class = cls
	}
	sort.Slice(c.classes, func(i, j int) bool { return c.classes[i].name < c.classes[j].name })
	return c.classes
}

// classed are the hosts that are in a class.
func (c *compiler) classed() []*host {
	var hosts []*host
	for _, h := range c.hosts {
		if h.class != nil {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// splitClasses splits the classes by the outcome of conditions that use values
// of the host. The name of a class depends on its own outcome only, so that a
// further host changes no other's.
func (c *compiler) splitClasses(conditions []*condition) {
	if len(conditions) == 0 {
		return
	}
	var split []*class
	ways := map[*lang.BlockDecl]map[string]string{}
	for _, base := range c.baseClasses() {
		byOutcome := map[string]*class{}
		for _, h := range base.hosts {
			outcome := c.outcome(h, conditions)
			cls := byOutcome[outcome]
			if cls == nil {
				clone := *base
				cls = &clone
				cls.hosts, cls.split = nil, outcome
				if outcome != "" {
					cls.name = base.name + "." + shortHash(outcome)
				}
				byOutcome[outcome] = cls
				split = append(split, cls)
			}
			cls.hosts = append(cls.hosts, h)
			h.class = cls
			if ways[h.block] == nil {
				ways[h.block] = map[string]string{}
			}
			if ways[h.block][outcome] == "" {
				ways[h.block][outcome] = h.name
			}
		}
	}
	for _, b := range c.def.Hosts {
		if len(ways[b]) > maxWays {
			c.tooManyWays(b, ways[b], conditions)
		}
	}
	sort.Slice(split, func(i, j int) bool { return split[i].name < split[j].name })
	c.classes = split
}

func (c *compiler) tooManyWays(b *lang.BlockDecl, ways map[string]string, conditions []*condition) {
	var hosts []string
	for _, name := range ways {
		hosts = append(hosts, name)
	}
	sort.Strings(hosts)
	if len(hosts) > maxWays+1 {
		hosts = append(hosts[:maxWays+1], "...")
	}
	var notes []diag.Note
	for _, cond := range conditions {
		notes = append(notes, diag.Note{Span: lang.Span(cond.expr.Range()), Label: "in step " + cond.step.name})
	}
	c.err(diag.TooManyClasses, b.Span, fmt.Sprintf("the conditions make %d classes of these hosts: %s all differ", len(ways), strings.Join(hosts, ", ")), "use class values in the conditions, or pass the value as data", notes...)
}

// outcome is the values of the conditions on a host, as text; "" where no step
// of the host has any.
func (c *compiler) outcome(h *host, conditions []*condition) string {
	var b strings.Builder
	for _, cond := range conditions {
		if text := c.conditionText(cond, h); text != "" {
			fmt.Fprintf(&b, "%s %s\n", cond.step.name, text)
		}
	}
	return b.String()
}

func (c *compiler) conditionText(cond *condition, h *host) string {
	if !cond.step.runsOn(h.class) {
		return ""
	}
	v, ok := c.eval(cond.expr, cond.step.scope, &point{time: Host, host: h, cls: h.class})
	if !ok {
		return ""
	}
	v, _ = v.UnmarkDeep()
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return ""
	}
	return string(text)
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:3])
}
