package acts

import (
	"bytes"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// wrappers are commands that run another, which is what counts. They return its
// words; false for what cannot be told.
var wrappers = map[string]func(*command) ([]argument, bool){
	"command": (*command).commandV, "exec": (*command).after, "nohup": (*command).after, "setsid": (*command).after, "nice": (*command).after,
	"env": (*command).env, "timeout": (*command).timeout, "xargs": (*command).xargs,
}

// after are the words behind the options.
func (c *command) after() ([]argument, bool) {
	for i := range c.args {
		text := c.args[i].text()
		if !strings.HasPrefix(text, "-") {
			return c.args[i:], true
		}
		if text == "-n" || text == "-c" || text == "-a" {
			return nil, false
		}
	}
	return nil, true // exec with redirections alone
}

func (c *command) commandV() ([]argument, bool) {
	if len(c.args) > 0 && (c.args[0].text() == "-v" || c.args[0].text() == "-V") {
		return nil, true
	}
	return c.after()
}

func (c *command) env() ([]argument, bool) {
	for i := range c.args {
		text := c.args[i].text()
		switch {
		case text == "-i" || text == "-":
		case len(c.args[i].values) == 1 && strings.Contains(c.args[i].values[0], "="):
		case strings.HasPrefix(text, "-"):
			return nil, false
		default:
			return c.args[i:], true
		}
	}
	return nil, true
}

func (c *command) timeout() ([]argument, bool) {
	operands := c.operands("-s", "-k", "--signal", "--kill-after")
	if len(operands) < 2 {
		return nil, false
	}
	for i := range c.args {
		if strings.Join(c.args[i].values, "\x00") == strings.Join(operands[0].values, "\x00") {
			return c.args[i+1:], true
		}
	}
	return nil, false
}

// xargs runs a command on what it reads, which is not known.
func (c *command) xargs() ([]argument, bool) {
	for i := 0; i < len(c.args); i++ {
		text := c.args[i].text()
		if contains([]string{"-n", "-P", "-L", "-s", "-I", "-E", "-d"}, text) {
			i++
			continue
		}
		if !strings.HasPrefix(text, "-") {
			return append(append([]argument{}, c.args[i:]...), argument{values: values{unknown}, many: true}), true
		}
	}
	return nil, true // echo
}

// trap runs its text later.
func (c *command) trap() {
	if len(c.args) > 0 {
		c.source(c.args[0])
	}
}

// sh runs a text, or a file.
func (c *command) sh() {
	if len(c.args) > 1 && c.args[0].text() == "-c" {
		c.source(c.args[1])
		return
	}
	c.opaque()
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
