package shell

import (
	"fmt"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Call is one simple command of a script.
type Call struct {
	Words []string // with the values of the script's own data put in; $NAME for any other variable
	Line  int
}

// Calls returns the simple commands of the function main of a generated
// script, in order. It reads what [Quote] and codegen write: data assigned
// above, calls below. It is how a bundle is understood without the definition
// that it was made from.
func Calls(src []byte) ([]Call, error) {
	tree, err := parse("script", src)
	if err != nil {
		return nil, err
	}
	data := map[string]string{}
	var calls []Call
	for _, stmt := range tree.Stmts {
		switch cmd := stmt.Cmd.(type) {
		case *syntax.CallExpr:
			for _, assign := range cmd.Assigns {
				data[assign.Name.Value] = resolve(assign.Value, data)
			}
		case *syntax.FuncDecl:
			if cmd.Name.Value == "main" {
				calls = append(calls, callsOf(cmd.Body, data)...)
			}
		}
	}
	if calls == nil {
		return nil, fmt.Errorf("the script has no function main that calls anything")
	}
	return calls, nil
}

func callsOf(body *syntax.Stmt, data map[string]string) []Call {
	var calls []Call
	syntax.Walk(body, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		made := Call{Line: int(call.Pos().Line())}
		for _, word := range call.Args {
			made.Words = append(made.Words, resolve(word, data))
		}
		calls = append(calls, made)
		return true
	})
	return calls
}

// escaped is a character behind a backslash, outside quotes.
var escaped = regexp.MustCompile(`(?s)\\(.)`)

// resolve returns the value of a word as far as the script itself says it.
func resolve(word *syntax.Word, data map[string]string) string {
	if word == nil {
		return ""
	}
	var b strings.Builder
	var parts func([]syntax.WordPart, bool)
	parts = func(list []syntax.WordPart, quoted bool) {
		for _, part := range list {
			switch p := part.(type) {
			case *syntax.Lit:
				if quoted {
					b.WriteString(p.Value)
				} else {
					b.WriteString(escaped.ReplaceAllString(p.Value, "$1"))
				}
			case *syntax.SglQuoted:
				b.WriteString(p.Value)
			case *syntax.DblQuoted:
				parts(p.Parts, true)
			case *syntax.ParamExp:
				if value, ok := data[p.Param.Value]; ok {
					b.WriteString(value)
				} else {
					b.WriteString("$" + p.Param.Value)
				}
			}
		}
	}
	parts(word.Parts, false)
	return b.String()
}

// Commands returns the programs that a script may run, sorted: what it calls
// by a literal name and is neither a builtin nor a function of its own.
func Commands(src []byte) ([]string, error) {
	tree, err := parse("script", src)
	if err != nil {
		return nil, err
	}
	own := knownCommands(tree, Rules{Module: true})
	for _, name := range Utilities() {
		delete(own, name)
	}
	set := map[string]bool{}
	syntax.Walk(tree, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok {
			for _, c := range calledBy(call.Args) {
				if c.name != "" && !own[c.name] {
					set[c.name] = true
				}
			}
		}
		return true
	})
	return sorted(set), nil
}

// Assignments returns the values that a file of assignments gives its
// variables, as hosts/<host>.env is.
func Assignments(src []byte) (map[string]string, error) {
	tree, err := parse("assignments", src)
	if err != nil {
		return nil, err
	}
	data := map[string]string{}
	for _, stmt := range tree.Stmts {
		call, ok := stmt.Cmd.(*syntax.CallExpr)
		if !ok || len(call.Args) > 0 {
			return nil, fmt.Errorf("line %d is not an assignment", stmt.Pos().Line())
		}
		for _, assign := range call.Assigns {
			data[assign.Name.Value] = resolve(assign.Value, data)
		}
	}
	return data, nil
}

// Functions returns the names of the functions that a script has.
func Functions(src []byte) ([]string, error) {
	tree, err := parse("script", src)
	if err != nil {
		return nil, err
	}
	var names []string
	syntax.Walk(tree, func(node syntax.Node) bool {
		if f, ok := node.(*syntax.FuncDecl); ok && f.Name != nil {
			names = append(names, f.Name.Value)
		}
		return true
	})
	return names, nil
}
