package acts

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// script is the state of one Of.
type script struct {
	file      *syntax.File
	functions map[string]*syntax.FuncDecl
	calls     map[string][]site            // of the script's own functions
	vars      map[string]values            // over the whole script, whatever the order
	params    map[string]map[string]values // function, then "1", "2", ..., "@"
	assigned  map[string]bool              // by the script itself
	settled   bool                         // the values are all there
	acts      []Act
}

// site is where a function is called.
type site struct {
	node syntax.Node
	args []*syntax.Word // what it is given
	at   scope
}

// rounds is how often assignments are gone over: each lets values pass one
// assignment further. What still grows then is not known.
const rounds = 5

// Of returns what a script does. env is what it is given: of a value that is not
// known yet, its [Symbol].
func Of(name string, src []byte, env map[string]string) ([]Act, error) {
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX))
	file, err := parser.Parse(bytes.NewReader(src), name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return OfTree(file, env), nil
}

// OfTree is [Of] of a script that is parsed already, as POSIX shell. The tree is left
// as it is.
func OfTree(file *syntax.File, env map[string]string) []Act {
	s := &script{
		file: file, functions: map[string]*syntax.FuncDecl{}, calls: map[string][]site{},
		vars: map[string]values{}, params: map[string]map[string]values{}, assigned: map[string]bool{},
	}
	for name, value := range env {
		s.vars[name] = values{value}
	}
	s.collect()
	for round := range rounds {
		if !s.assignments(round == rounds-1) {
			break
		}
	}
	s.settled = true
	s.walk(file, scope{})
	return s.acts
}

// collect finds the functions, and where each is called.
func (s *script) collect() {
	syntax.Walk(s.file, func(node syntax.Node) bool {
		if f, ok := node.(*syntax.FuncDecl); ok {
			s.functions[f.Name.Value] = f
		}
		return true
	})
	s.each(func(node syntax.Node, at scope) {
		switch n := node.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				s.assigned[n.Name.Value] = true
			}
		case *syntax.WordIter:
			s.assigned[n.Name.Value] = true
		case *syntax.ParamExp:
			if n.Exp != nil && (n.Exp.Op == syntax.AssignUnset || n.Exp.Op == syntax.AssignUnsetOrNull) {
				s.vars[n.Param.Value] = values{unknown}
			}
		}
		call, ok := node.(*syntax.CallExpr)
		if !ok {
			return
		}
		for words := call.Args; len(words) > 0; words = words[1:] {
			name := words[0].Lit()
			if s.functions[name] == nil {
				break
			}
			s.calls[name] = append(s.calls[name], site{call, words[1:], at})
			if !s.hands(name) {
				break
			}
		}
	})
}

// hands reports whether a function runs what it is given.
func (s *script) hands(name string) bool {
	found := false
	syntax.Walk(s.functions[name], func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok && len(call.Args) > 0 && isAll(call.Args[0]) {
			found = true
		}
		return !found
	})
	return found
}

// each visits every node with the function that it stands in.
func (s *script) each(visit func(syntax.Node, scope)) {
	var in func(node syntax.Node, at scope)
	in = func(node syntax.Node, at scope) {
		syntax.Walk(node, func(inner syntax.Node) bool {
			if inner == nil {
				return true
			}
			if f, ok := inner.(*syntax.FuncDecl); ok {
				in(f.Body, scope{f.Name.Value})
				return false
			}
			visit(inner, at)
			return true
		})
	}
	in(s.file, scope{})
}

// assignments goes over all assignments once, and reports whether anything was
// new. In the last round what is new is not known.
func (s *script) assignments(last bool) bool {
	changed := false
	set := func(name string, more values) {
		have := s.vars[name]
		if have.add(more) {
			changed = true
			if last {
				have = values{unknown}
			}
		}
		s.vars[name] = have
	}
	s.each(func(node syntax.Node, at scope) {
		switch n := node.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				set(n.Name.Value, s.eval(n.Value, at))
			}
		case *syntax.ForClause:
			s.forItems(n, at, set)
		case *syntax.CallExpr:
			s.setters(n, at, set)
		}
	})
	for _, name := range sorted(s.calls) {
		for _, site := range s.calls[name] {
			changed = s.passed(name, site, last) || changed
		}
	}
	return changed
}

// forItems gives a loop's variable its items, each word of a value by itself.
func (s *script) forItems(n *syntax.ForClause, at scope, set func(string, values)) {
	iter, ok := n.Loop.(*syntax.WordIter)
	if !ok {
		return
	}
	if !iter.InPos.IsValid() {
		set(iter.Name.Value, s.variable("@", at))
	}
	for _, item := range iter.Items {
		set(iter.Name.Value, fields(s.eval(item, at)))
	}
}

// setters are the commands that give variables values: read, and set.
func (s *script) setters(n *syntax.CallExpr, at scope, set func(string, values)) {
	if len(n.Args) == 0 {
		return
	}
	switch n.Args[0].Lit() {
	case "read":
		for _, arg := range n.Args[1:] {
			if name := arg.Lit(); syntax.ValidName(name) {
				set(name, values{unknown})
			}
		}
	case "export", "readonly":
		for _, arg := range n.Args[1:] {
			if name, value := assigns(arg); name != "" {
				set(name, s.eval(value, at))
			}
		}
	case "getopts":
		for _, arg := range n.Args[1:] {
			if name := arg.Lit(); syntax.ValidName(name) {
				set(name, values{unknown})
			}
		}
	case "set":
		s.positional(n.Args[1:], at)
	}
}

// assigns splits the word NAME=VALUE; "" for another.
func assigns(word *syntax.Word) (string, *syntax.Word) {
	if len(word.Parts) == 0 {
		return "", nil
	}
	first, ok := word.Parts[0].(*syntax.Lit)
	if !ok {
		return "", nil
	}
	name, rest, ok := strings.Cut(first.Value, "=")
	if !ok || !syntax.ValidName(name) {
		return "", nil
	}
	return name, &syntax.Word{Parts: append([]syntax.WordPart{&syntax.Lit{Value: rest}}, word.Parts[1:]...)}
}

// positional gives the parameters of a function, or of the script, new values.
func (s *script) positional(args []*syntax.Word, at scope) {
	for len(args) > 0 && args[0].Lit() != "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return
	}
	params := s.params[at.function]
	if params == nil {
		params = map[string]values{}
		s.params[at.function] = params
	}
	all := params["@"]
	for _, arg := range args[1:] {
		all.add(s.eval(arg, at))
	}
	params["@"] = all
	for i := 1; i <= 9; i++ {
		params[strconv.Itoa(i)] = values{unknown}
	}
}

// passed gives a function's parameters the values of a call.
func (s *script) passed(name string, site site, last bool) bool {
	params := s.params[name]
	if params == nil {
		params = map[string]values{}
		s.params[name] = params
	}
	changed := false
	give := func(key string, more values) {
		have := params[key]
		if have.add(more) {
			changed = true
			if last {
				have = values{unknown}
			}
		}
		params[key] = have
	}
	for i, arg := range site.args {
		value := s.eval(arg, site.at)
		give("@", value)
		if i < 9 {
			give(strconv.Itoa(i+1), value)
		}
	}
	return changed
}

// fields splits values at blanks, as the shell does where nothing is quoted.
func fields(list values) values {
	var out values
	for _, value := range list {
		words := splitBlanks(value)
		out.add(words)
	}
	if out == nil {
		return values{""}
	}
	return out
}

func splitBlanks(value string) values {
	var out values
	for _, word := range bytes.Fields([]byte(value)) {
		if !slices.Contains(out, string(word)) {
			out = append(out, string(word))
		}
	}
	return out
}
