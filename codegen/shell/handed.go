package shell

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// called is a command that a simple command runs, and the word that says so.
type called struct {
	word *syntax.Word
	name string
}

// calledBy are the commands that a simple command runs, as far as it says them: the one that
// it names, those in front of that, as setsid, and those that it is told to run: by find,
// xargs, timeout, sh -c and trap.
func calledBy(words []*syntax.Word) []called {
	word, name := innerCommand(words)
	list := inFront(words, word)
	if word == nil {
		return list
	}
	list = append(list, called{word, name})
	args := words[slices.Index(words, word)+1:]
	switch path.Base(name) {
	case "find":
		for i, arg := range args {
			if slices.Contains([]string{"-exec", "-execdir", "-ok", "-okdir"}, arg.Lit()) {
				list = append(list, calledBy(args[i+1:])...)
			}
		}
	case "xargs":
		list = append(list, calledBy(behind(args, 0, "-n", "-P", "-L", "-s", "-I", "-E", "-d"))...)
	case "timeout":
		list = append(list, calledBy(behind(args, 1, "-s", "-k"))...)
	case "sh", "dash", "bash":
		if len(args) > 1 && args[0].Lit() == "-c" {
			list = append(list, calledIn(args[1])...)
		}
	case "trap":
		if len(args) > 0 {
			list = append(list, calledIn(args[0])...)
		}
	}
	return list
}

// inFront are the commands that are in front of another, up to the word that names that one.
func inFront(words []*syntax.Word, inner *syntax.Word) []called {
	var list []called
	for _, word := range words {
		name := word.Lit()
		if word == inner || !slices.Contains(wrappers, name) && !env("env", word) {
			break
		}
		if !env("env", word) {
			list = append(list, called{word, name})
		}
	}
	return list
}

// behind are the words after options, the values of these, and some operands.
func behind(words []*syntax.Word, operands int, valued ...string) []*syntax.Word {
	for i := 0; i < len(words); i++ {
		switch text := words[i].Lit(); {
		case slices.Contains(valued, text):
			i++
		case strings.HasPrefix(text, "-"):
		case operands > 0:
			operands--
		default:
			return words[i:]
		}
	}
	return nil
}

// calledIn are the commands of a word that is itself shell.
func calledIn(word *syntax.Word) []called {
	text := literal(word)
	tree, err := parse("text", []byte(text))
	if text == "-" || err != nil {
		return nil
	}
	var list []called
	syntax.Walk(tree, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok {
			for _, c := range calledBy(call.Args) {
				list = append(list, called{word, c.name})
			}
		}
		return true
	})
	return list
}

// literal is the text of a word, with a variable for each value in it.
func literal(word *syntax.Word) string {
	text := ""
	for _, part := range word.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			text += p.Value
		case *syntax.SglQuoted:
			text += p.Value
		case *syntax.DblQuoted:
			for _, inner := range p.Parts {
				if lit, ok := inner.(*syntax.Lit); ok {
					text += lit.Value
				} else {
					text += "$x"
				}
			}
		default:
			text += "$x"
		}
	}
	return text
}
