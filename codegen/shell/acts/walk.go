package acts

import (
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// walk finds the acts of a tree, in order.
func (s *script) walk(root syntax.Node, at scope) {
	syntax.Walk(root, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.FuncDecl:
			s.walk(n.Body, scope{n.Name.Value})
			return false
		case *syntax.Stmt:
			for _, redirect := range n.Redirs {
				s.redirect(redirect, at)
			}
		case *syntax.CallExpr:
			if len(n.Args) > 0 {
				s.command(n.Args, at, n)
			}
		}
		return true
	})
}

// redirect is an act when it writes.
func (s *script) redirect(r *syntax.Redirect, at scope) {
	switch r.Op {
	case syntax.RdrOut, syntax.AppOut, syntax.ClbOut, syntax.RdrInOut:
		c := &command{script: s, at: at, node: r, name: ">"}
		c.emit("writes", s.eval(r.Word, at))
	}
}

// command is one simple command while its acts are found.
type command struct {
	script *script
	at     scope
	node   syntax.Node
	name   string
	args   []argument
	plain  []string // the words that say what it does
}

// argument is one word of a command.
type argument struct {
	values values
	many   bool // "$@": any number of these
}

// text is an argument that can only be one thing; "" otherwise.
func (a *argument) text() string {
	if len(a.values) != 1 || a.many || strings.ContainsAny(a.values[0], "*"+begin) {
		return ""
	}
	return a.values[0]
}

func (s *script) command(words []*syntax.Word, at scope, node syntax.Node) {
	var args []argument
	for _, word := range words {
		args = append(args, argument{values: s.eval(word, at), many: isAll(word)})
	}
	s.run(args, words, at, node)
}

// byValue is how a command is called whose name is a value: "$program" is $program.
func byValue(words []*syntax.Word) string {
	name := "a value"
	if len(words) > 0 {
		syntax.Walk(words[0], func(node syntax.Node) bool {
			if p, ok := node.(*syntax.ParamExp); ok && p.Param != nil {
				name = "$" + p.Param.Value
			}
			return true
		})
	}
	return name
}

// isAll reports whether a word is "$@".
func isAll(word *syntax.Word) bool {
	if len(word.Parts) != 1 {
		return false
	}
	quoted, ok := word.Parts[0].(*syntax.DblQuoted)
	if !ok || len(quoted.Parts) != 1 {
		return false
	}
	p, ok := quoted.Parts[0].(*syntax.ParamExp)
	return ok && p.Param.Value == "@"
}

// run finds what a command does whose words are these.
func (s *script) run(args []argument, words []*syntax.Word, at scope, node syntax.Node) {
	if len(args) == 0 {
		return
	}
	if args[0].many {
		for _, site := range s.calls[at.function] {
			s.command(site.args, site.at, site.node)
		}
		if len(s.calls[at.function]) == 0 {
			(&command{script: s, at: at, node: node, name: `"$@"`}).opaque()
		}
		return
	}
	name := args[0].text()
	c := &command{script: s, at: at, node: node, name: path.Base(name), args: args[1:]}
	switch {
	case name == "":
		c.name = byValue(words)
		c.opaque()
	case s.functions[name] != nil || verdicts[name]:
	case wrappers[name] != nil:
		rest, ok := wrappers[name](c)
		switch {
		case !ok:
			c.opaque()
		case len(rest) > 0:
			s.run(rest, nil, at, node)
		}
	case handlers[c.name] != nil:
		c.plain = c.words()
		handlers[c.name](c)
	case !readers[c.name]:
		c.plain = c.words()
		c.opaque()
	}
}

// emit adds an act for each value.
func (c *command) emit(verb Verb, subjects values) {
	for _, subject := range subjects {
		if subject == "" {
			continue
		}
		act := Act{Pos: c.node.Pos(), End: c.node.End(), Command: append([]string{c.name}, c.plain...), Verb: verb, Subject: shown(subject), Known: known(subject)}
		if verb == "writes" || verb == "removes" || verb == "mode" {
			act.Known = act.Known && (subject[0] == '/' || strings.HasPrefix(subject, begin))
		}
		if !act.Scratch() || act.Subject != "/dev/null" {
			c.script.acts = append(c.script.acts, act)
		}
	}
}

// says adds an act that is known as it is.
func (c *command) says(verb Verb, subject string) {
	c.script.acts = append(c.script.acts, Act{
		Pos: c.node.Pos(), End: c.node.End(), Command: append([]string{c.name}, c.plain...), Verb: verb, Subject: shown(subject), Known: true,
	})
}

// opaque adds an act of which nothing is known but the command.
func (c *command) opaque() {
	c.script.acts = append(c.script.acts, Act{
		Pos: c.node.Pos(), End: c.node.End(), Command: append([]string{c.name}, c.plain...), Verb: "runs",
	})
}

// isOption reports whether an argument can only be an option.
func (a *argument) isOption() bool {
	for _, value := range a.values {
		if len(value) < 2 || value[0] != '-' {
			return false
		}
	}
	return !a.many
}

// before is the argument before this one.
func (c *command) before(i int) string {
	if i == 0 {
		return ""
	}
	return c.args[i-1].text()
}

// words are the plain words after the command's name, without options and the
// values of these.
func (c *command) words(valued ...string) []string {
	var plain []string
	for i := range c.args {
		text := c.args[i].text()
		if c.args[i].isOption() {
			continue
		}
		if contains(valued, c.before(i)) {
			continue
		}
		if text == "" || len(plain) == 5 {
			break
		}
		plain = append(plain, text)
	}
	return plain
}

// has reports whether an option is given, by one of its names; a single letter
// also among others.
func (c *command) has(names ...string) bool {
	for i := range c.args {
		for _, value := range c.args[i].values {
			if value == "--" {
				return false
			}
			for _, name := range names {
				if value == name || strings.HasPrefix(name, "--") && strings.HasPrefix(value, name+"=") {
					return true
				}
				if len(name) == 2 && name[1] != '-' && len(value) > 1 && value[0] == '-' && value[1] != '-' && strings.Contains(value[1:], name[1:]) {
					return true
				}
			}
		}
	}
	return false
}

// option returns the values of an option, given as NAME VALUE or NAME=VALUE.
func (c *command) option(names ...string) values {
	var out values
	for i := range c.args {
		for j, value := range c.args[i].values {
			for _, name := range names {
				if value == name && c.args[i].many {
					out.add(c.args[i].values[j+1 : min(j+2, len(c.args[i].values))])
				} else if value == name && i+1 < len(c.args) {
					out.add(c.args[i+1].values)
				} else if after, ok := strings.CutPrefix(value, name+"="); ok {
					out.add(values{after})
				}
			}
		}
	}
	return out
}

// operands are the arguments that are no options, nor the values of these.
func (c *command) operands(valued ...string) []argument {
	var out []argument
	rest := false
	for i := 0; i < len(c.args); i++ {
		text := c.args[i].text()
		if !rest {
			if text == "--" {
				rest = true
				continue
			}
			if contains(valued, text) {
				i++
				continue
			}
			if c.args[i].isOption() {
				continue
			}
		}
		out = append(out, c.args[i])
	}
	return out
}

func contains(list []string, text string) bool {
	for _, one := range list {
		if one == text {
			return true
		}
	}
	return false
}

// all are the values of several arguments, without what looks like options.
func all(args []argument) values {
	var out values
	for _, arg := range args {
		for _, value := range arg.values {
			if !strings.HasPrefix(value, "-") && !contains(out, value) {
				out = append(out, value)
			}
		}
	}
	return out
}
