package shell

import (
	"sort"

	"mvdan.cc/sh/v3/syntax"
)

// Assigned returns every variable that a script assigns, sorted: by
// assignment, for, read, getopts, export and readonly, and ${NAME:=}.
func Assigned(src []byte) ([]string, error) {
	file, err := parse("script", src)
	if err != nil {
		return nil, err
	}
	set := map[string]bool{}
	syntax.Walk(file, func(node syntax.Node) bool {
		for _, name := range assignedBy(node) {
			set[name] = true
		}
		return true
	})
	return sorted(set), nil
}

// assignedBy returns the names that this one node assigns.
func assignedBy(node syntax.Node) []string {
	switch n := node.(type) {
	case *syntax.Assign:
		if n.Name != nil {
			return []string{n.Name.Value}
		}
	case *syntax.WordIter:
		return []string{n.Name.Value}
	case *syntax.ParamExp:
		if n.Param != nil && n.Exp != nil &&
			(n.Exp.Op == syntax.AssignUnset || n.Exp.Op == syntax.AssignUnsetOrNull) {
			return []string{n.Param.Value}
		}
	case *syntax.BinaryArithm:
		return assignedByArithm(n)
	case *syntax.UnaryArithm:
		if n.Op == syntax.Inc || n.Op == syntax.Dec {
			return literalName(n.X)
		}
	case *syntax.CallExpr:
		return assignedByCall(n)
	}
	return nil
}

func assignedByArithm(n *syntax.BinaryArithm) []string {
	switch n.Op {
	case syntax.Assgn, syntax.AddAssgn, syntax.SubAssgn, syntax.MulAssgn, syntax.QuoAssgn, syntax.RemAssgn,
		syntax.AndAssgn, syntax.OrAssgn, syntax.XorAssgn, syntax.ShlAssgn, syntax.ShrAssgn:
		return literalName(n.X)
	}
	return nil
}

func literalName(x syntax.ArithmExpr) []string {
	if word, ok := x.(*syntax.Word); ok && ValidName(word.Lit()) {
		return []string{word.Lit()}
	}
	return nil
}

// assignedByCall knows the builtins that assign what their arguments name.
func assignedByCall(n *syntax.CallExpr) []string {
	name, args := callName(n)
	var names []string
	switch name {
	case "read", "export", "readonly":
		for _, arg := range args {
			if id, _ := assignmentPrefix(arg); id != "" {
				names = append(names, id)
			}
		}
	case "getopts":
		names = []string{"OPTARG", "OPTIND"}
		if len(args) > 1 && ValidName(args[1].Lit()) {
			names = append(names, args[1].Lit())
		}
	}
	return names
}

// callName returns what a call runs, when that is literal, and its arguments;
// `command`, when it runs its argument, is seen through.
func callName(n *syntax.CallExpr) (string, []*syntax.Word) {
	args := n.Args
	for len(args) > 0 {
		name, plain := literal(args[0])
		if !plain {
			return "", args[1:]
		}
		if name == "command" && len(args) > 1 && args[1].Lit() != "" && args[1].Lit()[0] != '-' {
			args = args[1:]
			continue
		}
		return name, args[1:]
	}
	return "", nil
}

// assignmentPrefix returns the name of a word of the form NAME or NAME=VALUE,
// and whether it has a value.
func assignmentPrefix(word *syntax.Word) (string, bool) {
	if len(word.Parts) == 0 {
		return "", false
	}
	first, ok := word.Parts[0].(*syntax.Lit)
	if !ok {
		return "", false
	}
	for i := range first.Value {
		if first.Value[i] == '=' {
			if ValidName(first.Value[:i]) {
				return first.Value[:i], true
			}
			return "", false
		}
	}
	if len(word.Parts) == 1 && ValidName(first.Value) {
		return first.Value, false
	}
	return "", false
}

func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
