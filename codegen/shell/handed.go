package shell

import (
	"path"
	"regexp"

	"github.com/sprayc/sprayc/codegen/shell/inner"
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
	list, args := chain(words)
	if len(list) == 0 {
		return nil
	}
	switch name := path.Base(list[len(list)-1].name); {
	case name == "find":
		for i, arg := range args {
			if text, _ := literal(arg); inner.Runs(text) {
				list = append(list, calledBy(args[i+1:])...)
			}
		}
	case inner.Shell(name):
		if at := inner.Text(texts(args)); at >= 0 {
			list = append(list, calledIn(args[at])...)
		}
	case name == "trap" && len(args) > 0:
		list = append(list, calledIn(args[0])...)
	}
	return list
}

// chain are the commands at the beginning of a simple command, each of which runs the next,
// as far as they are literal, and the words behind the last.
func chain(words []*syntax.Word) (list []called, args []*syntax.Word) {
	for len(words) > 0 {
		name, plain := literal(words[0])
		if !plain || name == "" {
			return list, nil
		}
		list, args = append(list, called{words[0], name}), words[1:]
		if !inner.Wraps(path.Base(name)) {
			return list, args
		}
		at, ok := inner.Command(path.Base(name), texts(args))
		if !ok {
			return list, nil
		}
		words = args[at:]
	}
	return list, nil
}

// texts are the texts of words.
func texts(words []*syntax.Word) []string {
	var list []string
	for _, word := range words {
		text, _ := literal(word)
		list = append(list, text)
	}
	return list
}

// calledIn are the commands of a word that is itself shell.
func calledIn(word *syntax.Word) []called {
	text, _ := literal(word)
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

// literal is the text of a word, with a variable for each value in it, and whether it has none.
func literal(word *syntax.Word) (text string, plain bool) {
	plain = true
	for _, part := range word.Parts {
		switch p := part.(type) {
		case *syntax.Lit:
			text += escaped.ReplaceAllString(p.Value, "$1")
		case *syntax.SglQuoted:
			text += p.Value
		case *syntax.DblQuoted:
			for _, of := range p.Parts {
				if lit, ok := of.(*syntax.Lit); ok {
					text += escapedInQuotes.ReplaceAllString(lit.Value, "$1")
				} else {
					text, plain = text+"$x", false
				}
			}
		default:
			text, plain = text+"$x", false
		}
	}
	return text, plain
}

// escapedInQuotes is a character behind a backslash that is quoted by it within double quotes.
var escapedInQuotes = regexp.MustCompile("\\\\([$`\"\\\\])")
