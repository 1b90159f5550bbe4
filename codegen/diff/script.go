package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/audit"
	"github.com/sprayc/sprayc/codegen/bundle"
)

// scripts compares the scripts that both have, resource by resource.
func (c *comparison) scripts() error {
	for _, path := range union(scriptSteps(c.old), scriptSteps(c.new)) {
		before, after := c.old.Files[path], c.new.Files[path]
		if string(before.Data) == string(after.Data) {
			continue
		}
		title := "script " + path
		switch {
		case before.Data == nil:
			title += " (new)"
		case after.Data == nil:
			title += " (gone)"
		}
		old, err := readScript(path, before.Data)
		if err != nil {
			return err
		}
		new, err := readScript(path, after.Data)
		if err != nil {
			return err
		}
		lines := append(resources(old, new), verifies(old, new)...)
		if len(lines) == 0 {
			lines = []string{"~ only its comments differ"}
		}
		c.section(title, lines)
	}
	return nil
}

// scriptSteps returns the generated scripts of a bundle.
func scriptSteps(b *bundle.Bundle) map[string]bool {
	paths := map[string]bool{}
	for _, class := range b.Plan.Classes {
		for _, use := range class.Steps {
			paths[use.Script] = true
		}
		for line := range strings.Lines(string(b.Files[bundle.OutputsPath(class.Name)].Data)) {
			if _, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
				paths[path] = true
			}
		}
	}
	return paths
}

func readScript(path string, data []byte) (*audit.Script, error) {
	if data == nil {
		return &audit.Script{Path: path}, nil
	}
	return audit.ReadScript(path, data)
}

// resources compares the resources of two scripts.
func resources(old, new *audit.Script) []string {
	before, after := byName(old), byName(new)
	var lines []string
	for _, name := range unionKeys(before, after) {
		x, inOld := before[name]
		y, inNew := after[name]
		switch {
		case !inOld:
			lines = append(lines, "+ "+visible(name))
		case !inNew:
			lines = append(lines, "- "+visible(name))
		default:
			lines = append(lines, argLines(visible(name), x.Args, y.Args)...)
		}
	}
	if len(lines) == 0 && !sameOrder(old, new) {
		lines = append(lines, "~ its resources come in another order")
	}
	return lines
}

func byName(s *audit.Script) map[string]audit.Resource {
	all := map[string]audit.Resource{}
	for _, r := range s.Resources {
		name := r.Kind + " " + r.Name
		for i := 2; ; i++ { // a name may come twice, in different states
			if _, taken := all[name]; !taken {
				break
			}
			name = fmt.Sprintf("%s %s (%d)", r.Kind, r.Name, i)
		}
		all[name] = r
	}
	return all
}

func sameOrder(old, new *audit.Script) bool {
	return slices.EqualFunc(old.Resources, new.Resources, func(x, y audit.Resource) bool { return x.Kind == y.Kind && x.Name == y.Name })
}

// argLines compares arguments by name; a name may come several times.
func argLines(what string, old, new []audit.Arg) []string {
	before, after := map[string]string{}, map[string]string{}
	gather := func(into map[string]string, args []audit.Arg) {
		for _, arg := range args {
			text := short(arg.Value)
			if have, again := into[arg.Name]; again {
				text = have + ", " + text
			}
			into[arg.Name] = text
		}
	}
	gather(before, old)
	gather(after, new)
	var lines []string
	for _, name := range unionKeys(before, after) {
		x, inOld := before[name]
		y, inNew := after[name]
		switch {
		case !inOld:
			lines = append(lines, fmt.Sprintf("+ %s %s=%s", what, visible(name), y))
		case !inNew:
			lines = append(lines, fmt.Sprintf("- %s %s=%s", what, visible(name), x))
		case x != y:
			lines = append(lines, fmt.Sprintf("~ %s %s: %s -> %s", what, visible(name), x, y))
		}
	}
	return append(lines, textLines(old, new)...)
}

// textLines shows how long values differ, line by line.
func textLines(old, new []audit.Arg) []string {
	var lines []string
	for _, x := range old {
		for _, y := range new {
			if x.Name == y.Name && x.Value != y.Value && strings.Contains(x.Value+y.Value, "\n") {
				lines = append(lines, lineDiff(x.Value, y.Value)...)
			}
		}
	}
	return lines
}

func verifies(old, new *audit.Script) []string {
	list := func(s *audit.Script) map[string]audit.Verify {
		all := map[string]audit.Verify{}
		for _, v := range s.Verifies {
			all["verify "+v.Label] = v
		}
		return all
	}
	before, after := list(old), list(new)
	var lines []string
	for _, name := range unionKeys(before, after) {
		x, inOld := before[name]
		y, inNew := after[name]
		switch {
		case !inOld:
			lines = append(lines, "+ "+visible(name))
		case !inNew:
			lines = append(lines, "- "+visible(name))
		default:
			lines = append(lines, argLines(visible(name), append(x.Env, audit.Arg{Name: "script", Value: x.Script}), append(y.Env, audit.Arg{Name: "script", Value: y.Script}))...)
		}
	}
	return lines
}
