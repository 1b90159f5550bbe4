package acts

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell/inner"
	"mvdan.cc/sh/v3/syntax"
)

// inner returns the words of the command that a wrapper runs, which is what counts; none if it
// runs none, and false for what cannot be told.
func (c *command) inner() ([]argument, bool) {
	words := c.texts()
	at, ok := inner.Command(c.name, words)
	if !ok {
		return nil, false
	}
	for i := range c.args[:at] {
		// One of several options, or any number of words: what follows may be at another place.
		if c.args[i].many || len(c.args[i].values) > 1 && strings.HasPrefix(strings.Join(c.args[i].values, ""), "-") {
			return nil, false
		}
		if name, _, assigned := strings.Cut(words[i], "="); assigned && loaders[name] {
			return nil, false
		}
	}
	if at == len(c.args) {
		return nil, true
	}
	rest := slices.Clone(c.args[at:])
	if c.name == "xargs" { // what it reads is not known
		rest = append(rest, argument{values: values{unknown}, many: true})
	}
	return rest, true
}

// texts are the words behind the name; of one that may be several, the first.
func (c *command) texts() []string {
	texts := make([]string, len(c.args))
	for i := range c.args {
		if len(c.args[i].values) > 0 {
			texts[i] = c.args[i].values[0]
		}
	}
	return texts
}

// trap runs its text later.
func (c *command) trap() {
	if len(c.args) > 0 {
		c.source(c.args[0])
	}
}

// sh runs a text, or a file.
func (c *command) sh() {
	at := inner.Text(c.texts())
	if at < 0 || slices.ContainsFunc(c.args[:at], func(a argument) bool { return a.many || len(a.values) != 1 }) {
		c.opaque()
		return
	}
	c.source(c.args[at])
}

// source reads a text as shell.
func (c *command) source(arg argument) {
	text := arg.text()
	if len(arg.values) == 1 {
		text = arg.values[0]
	}
	if text == "" || text == "-" {
		return
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(bytes.NewReader([]byte(text)), "trap")
	if err != nil || strings.Contains(text, unknown) {
		c.opaque()
		return
	}
	from := len(c.script.acts)
	c.script.walk(file, c.at)
	for i := from; i < len(c.script.acts); i++ {
		c.script.acts[i].Pos, c.script.acts[i].End = c.node.Pos(), c.node.End()
	}
}
