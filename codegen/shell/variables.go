package shell

import (
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// standard are the variables that every run has: run.sh sets them, or POSIX
// says the shell does.
var standard = map[string]bool{
	"PATH": true, "HOME": true, "LC_ALL": true, "IFS": true, "PWD": true, "OLDPWD": true, "PPID": true,
	"OPTARG": true, "OPTIND": true, "LINENO": true, "PS4": true,
	"SPRAY_RUN": true, // the folder of the run, named by its id
}

// FreeVars returns the variables that a script reads and does not assign,
// sorted, without those that every run has.
func FreeVars(src []byte) ([]string, error) {
	s := Parse(src)
	if s.Err != nil {
		return nil, s.Err
	}
	return s.FreeVars(), nil
}

// uses returns the names that this one node reads.
func uses(node syntax.Node) []*syntax.Lit {
	switch n := node.(type) {
	case *syntax.ParamExp:
		if n.Param != nil && ValidName(n.Param.Value) {
			return []*syntax.Lit{n.Param}
		}
	case *syntax.ArithmExp:
		return arithmUses(n.X)
	}
	return nil
}

// arithmUses returns the names in an arithmetic expression, where $ is not
// needed.
func arithmUses(x syntax.ArithmExpr) []*syntax.Lit {
	switch n := x.(type) {
	case *syntax.Word:
		if len(n.Parts) == 1 {
			if lit, ok := n.Parts[0].(*syntax.Lit); ok && ValidName(lit.Value) {
				return []*syntax.Lit{lit}
			}
		}
	case *syntax.BinaryArithm:
		return append(arithmUses(n.X), arithmUses(n.Y)...)
	case *syntax.UnaryArithm:
		return arithmUses(n.X)
	case *syntax.ParenArithm:
		return arithmUses(n.X)
	}
	return nil
}

// variables reports a variable that nothing gives the script.
func (l *linter) variables(node syntax.Node) {
	for _, use := range uses(node) {
		name := use.Value
		if l.vars[name] || standard[name] {
			continue
		}
		if bashVariables[name] {
			l.node(diag.ShellBashism, use, "$"+name+" is bash's own", "use what POSIX has, or pass the value in env")
			continue
		}
		if l.rules.MoreVars {
			continue
		}
		fix := "assign it, or pass it: env = { " + name + " = ... }"
		if near := l.nearest(name); near != "" {
			fix = "did you mean $" + near + "? Else pass it: env = { " + name + " = ... }"
		}
		l.node(diag.ShellUndeclaredVariable, use, "nothing gives the script a variable "+name, fix)
	}
}

// nearest returns a variable that is written almost alike, or "".
func (l *linter) nearest(name string) string {
	for _, candidate := range sorted(l.vars) {
		if strings.EqualFold(candidate, name) || oneEdit(candidate, name) {
			return candidate
		}
	}
	return ""
}

// oneEdit reports whether one letter more, less or other, or two that changed
// places, makes a into b.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(b) < 3 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) {
		return true
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	return swapped || a[i+1:] == b[i+1:]
}
