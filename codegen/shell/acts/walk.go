package acts

import (
	"path"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell/inner"
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
		case *syntax.Assign:
			if n.Name != nil && loaders[n.Name.Value] {
				(&command{script: s, at: at, node: n, name: n.Name.Value + "="}).opaque()
			}
		case *syntax.CallExpr:
			if len(n.Args) > 0 {
				s.command(n.Args, at, n)
			}
		}
		return true
	})
}

// loaders are variables that decide what commands run, whatever their names say.
var loaders = set("PATH LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT ENV BASH_ENV PYTHONPATH PERL5OPT")

// redirect is an act when it writes.
func (s *script) redirect(r *syntax.Redirect, at scope) {
	switch r.Op {
	case syntax.DplOut:
		if to := r.Word.Lit(); to == "-" || to != "" && strings.Trim(to, "0123456789") == "" {
			return // of another output
		}
		fallthrough // a file, to shells that know more than POSIX
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

// systems are the folders of programs that are what their names say.
var systems = set("/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin")

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
	case strings.Contains(name, "/") && !systems[path.Dir(name)]:
		c.opaque()
	case name == "export" || name == "readonly":
		for _, word := range words {
			if assigned, _ := assigns(word); loaders[assigned] {
				(&command{script: s, at: at, node: node, name: assigned + "="}).opaque()
			}
		}
	case s.functions[name] != nil || verdicts[name]:
	case inner.Wraps(c.name):
		rest, ok := c.inner()
		switch {
		case !ok:
			c.opaque()
		case len(rest) > 0:
			s.run(rest, nil, at, node)
		}
	case handlers[c.name] != nil:
		c.plain = c.words()
		if o, ok := optionsOf[c.name]; ok && !c.spell(o) {
			c.opaque()
		}
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
