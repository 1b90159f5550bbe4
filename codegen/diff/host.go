package diff

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// classes compares which steps a class has, in which order.
func (c *comparison) classes() {
	list := func(p *bundle.Plan) map[string][]string {
		all := map[string][]string{}
		for _, class := range p.Classes {
			var steps []string
			for _, use := range class.Steps {
				steps = append(steps, use.Step+" ("+use.Script+")")
			}
			for _, use := range class.Executes {
				steps = append(steps, "for others: "+use.Step+" ("+use.Script+")")
			}
			all[class.Name] = steps
		}
		return all
	}
	before, after := list(&c.old.Plan), list(&c.new.Plan)
	for _, name := range unionKeys(before, after) {
		x, inOld := before[name]
		y, inNew := after[name]
		switch {
		case !inOld:
			c.section("class "+name+" (new)", prefixed("+ ", y))
		case !inNew:
			c.section("class "+name+" (gone)", prefixed("- ", x))
		case !slices.Equal(x, y):
			lines := append(prefixed("- ", without(x, y)), prefixed("+ ", without(y, x))...)
			if len(lines) == 0 {
				lines = []string{"~ its steps come in another order: " + strings.Join(y, ", ")}
			}
			c.section("class "+name, lines)
		}
	}
}

func prefixed(prefix string, list []string) []string {
	var lines []string
	for _, text := range list {
		lines = append(lines, prefix+text)
	}
	return lines
}

// without returns what is in a and not in b.
func without(a, b []string) []string {
	var rest []string
	for _, text := range a {
		if !slices.Contains(b, text) {
			rest = append(rest, text)
		}
	}
	return rest
}

// files compares run.sh, the library and the modules' own files.
func (c *comparison) files() {
	scripts := scriptSteps(c.old)
	for path := range scriptSteps(c.new) {
		scripts[path] = true
	}
	shared := func(b *bundle.Bundle) map[string]string {
		all := map[string]string{}
		for path, file := range b.Files {
			code := path == bundle.RunFile || strings.HasPrefix(path, "lib/") || strings.HasPrefix(path, "steps/")
			if code && !scripts[path] {
				all[path] = string(file.Data)
			}
		}
		return all
	}
	before, after := shared(c.old), shared(c.new)
	for _, path := range unionKeys(before, after) {
		x, inOld := before[path]
		y, inNew := after[path]
		switch {
		case !inOld:
			c.section("file "+path, []string{fmt.Sprintf("+ new, %d bytes", len(y))})
		case !inNew:
			c.section("file "+path, []string{fmt.Sprintf("- gone, %d bytes", len(x))})
		case x != y:
			c.section("file "+path, lineDiff(x, y))
		}
	}
}

// hosts compares what hosts have of their own. Hosts with the same change are
// together.
func (c *comparison) hosts() {
	byChange := map[string][]string{}
	old, new := hostNames(&c.old.Plan), hostNames(&c.new.Plan)
	for _, name := range unionKeys(old, new) {
		x, y := old[name], new[name]
		var lines []string
		switch {
		case x == nil:
			lines = []string{"+ new, class " + y.Class}
		case y == nil:
			lines = []string{"- gone, class " + x.Class}
		default:
			lines = c.host(x, y)
		}
		if len(lines) > 0 {
			key := strings.Join(lines, "\n")
			byChange[key] = append(byChange[key], name)
		}
	}
	keys := make([]string, 0, len(byChange))
	for key := range byChange {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool { return byChange[keys[i]][0] < byChange[keys[j]][0] })
	for _, key := range keys {
		names := byChange[key]
		title := "host " + names[0]
		if len(names) > 1 {
			title = fmt.Sprintf("%d hosts: %s", len(names), bundle.HostSet(names))
		}
		c.section(title, strings.Split(key, "\n"))
	}
}

func hostNames(p *bundle.Plan) map[string]*bundle.Host {
	all := map[string]*bundle.Host{}
	for i := range p.Hosts {
		all[p.Hosts[i].Name] = &p.Hosts[i]
	}
	return all
}

// host compares one host's values, payloads, and how it is reached. What its
// class gets is another section's.
func (c *comparison) host(x, y *bundle.Host) []string {
	facts := func(h *bundle.Host) map[string]string {
		all := map[string]string{}
		for name, value := range map[string]string{
			"class": h.Class, "state": h.State, "ssh_address": h.SSHAddress, "ssh_user": h.SSHUser,
		} {
			if value != "" {
				all[name] = value
			}
		}
		if h.SSHPort != 0 {
			all["ssh_port"] = fmt.Sprint(h.SSHPort)
		}
		return all
	}
	lines := changes(facts(x), facts(y))
	before, after := c.old.Files[bundle.EnvPath(x.Name)].Data, c.new.Files[bundle.EnvPath(y.Name)].Data
	if string(before) != string(after) {
		lines = append(lines, changes(values(before), values(after))...)
	}
	payloads := func(b *bundle.Bundle, h *bundle.Host) map[string]string {
		all := map[string]string{}
		for _, path := range h.Files {
			all[strings.TrimPrefix(path, "hosts/"+h.Name+"/")] = string(b.Files[path].Data)
		}
		return all
	}
	p, q := payloads(c.old, x), payloads(c.new, y)
	for _, name := range unionKeys(p, q) {
		u, inOld := p[name]
		v, inNew := q[name]
		switch {
		case !inOld:
			lines = append(lines, "+ "+name)
		case !inNew:
			lines = append(lines, "- "+name)
		case u != v:
			lines = append(append(lines, "~ "+name), lineDiff(u, v)...)
		}
	}
	return lines
}

// values returns the values of hosts/<host>.env, but for what a digest or a
// class makes of itself.
func values(env []byte) map[string]string {
	all, err := shell.Assignments(env)
	if err != nil {
		return map[string]string{"hosts/HOST.env": err.Error()}
	}
	delete(all, "SPRAY_DIGEST")
	delete(all, "SPRAY_CLASS")
	for name, value := range all {
		all[name] = short(value)
	}
	return all
}
