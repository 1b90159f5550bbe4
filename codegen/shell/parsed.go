package shell

import (
	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// Script is a script that was parsed once, for all who look at it. None of them
// changes its tree.
type Script struct {
	Tree *syntax.File // nil with Err
	Err  error
	src  []byte
}

// Parse parses a script. What is wrong with it, [Script.Lint] says.
func Parse(src []byte) *Script {
	tree, err := parse(parsedName, src)
	if err != nil {
		tree = nil
	}
	return &Script{Tree: tree, Err: err, src: src}
}

// parsedName is what errors call a script that has no name yet.
const parsedName = "script"

// Lint is [Lint] of the script.
func (s *Script) Lint(file string, rules Rules) diag.List {
	l := &linter{file: file, src: s.src, seen: map[string]bool{}, rules: rules}
	if tree := l.tree(s); tree != nil {
		l.lint(tree)
	}
	l.list.Sort()
	return l.list
}

// FreeVars are the variables that the script reads and does not assign, sorted,
// without those that every run has.
func (s *Script) FreeVars() []string {
	assigned := map[string]bool{}
	for _, name := range assignedIn(s.Tree) {
		assigned[name] = true
	}
	free := map[string]bool{}
	for _, name := range s.ReadVars() {
		if !assigned[name] && !standard[name] {
			free[name] = true
		}
	}
	return sorted(free)
}

// ReadVars are the variables that the script reads, assigned by it or not, sorted.
func (s *Script) ReadVars() []string {
	read := map[string]bool{}
	syntax.Walk(s.Tree, func(node syntax.Node) bool {
		for _, use := range uses(node) {
			read[use.Value] = true
		}
		return true
	})
	return sorted(read)
}
