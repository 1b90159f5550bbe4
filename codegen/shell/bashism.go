package shell

import (
	"regexp"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// bashCommands are commands of bash and ksh that parse as POSIX shell, with
// what to write instead.
var bashCommands = map[string]string{
	"[[":        `write [ ... ], with the values in quotes, or case`,
	"local":     "drop local, and give the variable a name of its own",
	"declare":   "assign it",
	"typeset":   "assign it",
	"source":    "write . FILE",
	"let":       "write NAME=$((EXPRESSION))",
	"function":  "write NAME() { ...; }",
	"shopt":     "do without",
	"pushd":     "write (cd DIR && COMMAND)",
	"popd":      "write (cd DIR && COMMAND)",
	"dirs":      "do without",
	"mapfile":   "write while read -r line",
	"readarray": "write while read -r line",
	"select":    "do without; nobody is there to answer",
	"disown":    "do without; the library detaches a run",
	"enable":    "do without",
	"builtin":   "write command NAME",
	"coproc":    "do without",
	"compgen":   "do without",
	"complete":  "do without",
	"caller":    "do without",
	"which":     "write command -v NAME",
	"time":      "do without",
}

// Refused reports whether Lint refuses a command by its name, so that nothing more
// is to be said of it.
func Refused(name string) bool {
	switch name {
	case "eval", "sudo", "doas", "su":
		return true
	}
	return bashCommands[name] != ""
}

// bashVariables are set by bash and not by every shell.
var bashVariables = map[string]bool{
	"RANDOM": true, "SECONDS": true, "UID": true, "EUID": true, "HOSTNAME": true, "HOSTTYPE": true, "OSTYPE": true,
	"MACHTYPE": true, "FUNCNAME": true, "PIPESTATUS": true, "REPLY": true, "DIRSTACK": true, "BASHPID": true,
	"BASH": true, "BASH_VERSION": true, "BASH_SOURCE": true, "BASH_REMATCH": true, "BASH_LINENO": true,
	"SHLVL": true, "GROUPS": true, "EPOCHSECONDS": true,
}

// bashisms finds what parses as POSIX shell and is not.
func (l *linter) bashisms(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.CallExpr:
		l.bashCall(n)
		for _, word := range n.Args {
			l.braces(word)
		}
	case *syntax.DeclClause:
		if v := n.Variant.Value; v != "export" && v != "readonly" {
			l.bashism(n.Variant, v, bashCommands[v])
		}
	case *syntax.Word:
		l.dollarQuotes(n)
	case *syntax.Redirect:
		if n.Op == syntax.DplOut && n.Word != nil && !isDescriptor(n.Word) {
			l.bashism(n, ">&FILE", "write >FILE 2>&1")
		}
	case *syntax.Subshell:
		l.doubleParen(n)
	case *syntax.UnaryArithm:
		if n.Op == syntax.Inc || n.Op == syntax.Dec {
			l.bashism(n, "++ and --", "write NAME=$((NAME + 1))")
		}
	}
}

// bashism records what is not POSIX and what to write instead.
func (l *linter) bashism(n syntax.Node, what, fix string) {
	if fix == "" {
		fix = "use what POSIX has"
	}
	l.node(diag.ShellBashism, n, what+" is not in POSIX shell", fix)
}

// bashCall looks at a command's name and the options it has only in bash.
func (l *linter) bashCall(n *syntax.CallExpr) {
	name, args := callName(n)
	if len(n.Args) > 0 && assignsWithPlus(n.Args[0].Lit()) {
		l.bashism(n.Args[0], "+=", `write NAME="$NAME..."`)
		return
	}
	if fix := bashCommands[name]; fix != "" {
		l.bashism(n.Args[0], name, fix)
		return
	}
	switch name {
	case "[", "test":
		l.testOperators(args)
	case "set":
		for i, arg := range args {
			if text := arg.Lit(); strings.HasSuffix(text, "o") && (text[0] == '-' || text[0] == '+') &&
				i+1 < len(args) && args[i+1].Lit() == "pipefail" {
				l.bashism(args[i+1], "pipefail", "give the stages of the pipe files between them, and check each")
			}
		}
	case "read", "printf", "trap", "wait", "export", "unset", "command":
		l.options(name, args)
	}
}

// posixOptions are the options that a builtin has everywhere.
var posixOptions = map[string]string{
	"read": "r", "printf": "", "wait": "", "export": "p", "unset": "fv", "command": "pvV",
}

// options reports an option that a builtin has only in some shells.
func (l *linter) options(name string, args []*syntax.Word) {
	if name == "trap" {
		l.trapSignals(args[min(1, len(args)):])
		return
	}
	for _, arg := range args {
		text := arg.Lit()
		if len(text) < 2 || text[0] != '-' || text == "--" {
			return
		}
		if strings.Trim(text[1:], posixOptions[name]) != "" {
			l.bashism(arg, name+" "+text, "use what POSIX has")
			return
		}
	}
}

func (l *linter) trapSignals(args []*syntax.Word) {
	for _, arg := range args {
		switch text := arg.Lit(); {
		case text == "ERR", text == "DEBUG", text == "RETURN":
			l.bashism(arg, "trap "+text, "check the command's status")
		case strings.HasPrefix(text, "SIG"):
			l.bashism(arg, text, "write "+strings.TrimPrefix(text, "SIG"))
		}
	}
}

// testOperators finds operators of [ that not every shell has.
func (l *linter) testOperators(args []*syntax.Word) {
	for i, arg := range args {
		switch arg.Lit() {
		case "==":
			l.bashism(arg, "== in [", "write =")
		case "=~":
			l.bashism(arg, "=~", "write case, or grep -E")
		case "-a", "-o":
			if i > 0 && i+1 < len(args) {
				l.bashism(arg, arg.Lit()+" between tests", "write [ ... ] && [ ... ], or ||")
			}
		case "-v":
			if i == 0 {
				l.bashism(arg, "-v", `write [ -n "${NAME+set}" ]`)
			}
		}
	}
}

// dollarQuotes finds $'..' and $"..", which POSIX takes for a $ and a string.
func (l *linter) dollarQuotes(word *syntax.Word) {
	for i, part := range word.Parts {
		switch p := part.(type) {
		case *syntax.SglQuoted:
			if p.Dollar || endsWithDollar(word.Parts, i) {
				l.bashism(part, "$'...'", "write the character itself in quotes, or printf")
			}
		case *syntax.DblQuoted:
			if p.Dollar || endsWithDollar(word.Parts, i) {
				l.bashism(part, `$"..."`, `write "..."`)
			}
		}
	}
}

func endsWithDollar(parts []syntax.WordPart, i int) bool {
	if i == 0 {
		return false
	}
	lit, ok := parts[i-1].(*syntax.Lit)
	return ok && strings.HasSuffix(lit.Value, "$") && !strings.HasSuffix(lit.Value, `\$`)
}

// doubleParen finds ((EXPRESSION)), which POSIX takes for two subshells.
func (l *linter) doubleParen(n *syntax.Subshell) {
	if len(n.Stmts) != 1 {
		return
	}
	inner, ok := n.Stmts[0].Cmd.(*syntax.Subshell)
	if ok && inner.Lparen.Offset() == n.Lparen.Offset()+1 && inner.Rparen.Offset()+1 == n.Rparen.Offset() {
		l.bashism(n, "((...))", "write [ ... ] or NAME=$((EXPRESSION))")
	}
}

var (
	braceList    = regexp.MustCompile(`^[^{]*\{[^{} ]*,[^{} ]*\}|\{[A-Za-z0-9]+\.\.[A-Za-z0-9]+\}`)
	plusAssigned = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*\+=`)
)

// braces finds {a,b} and {1..3}, which POSIX leaves as they are.
func (l *linter) braces(word *syntax.Word) {
	for _, part := range word.Parts {
		if lit, ok := part.(*syntax.Lit); ok && braceList.MatchString(lit.Value) {
			l.bashism(word, "{...,...}", "write the words out, or quote it")
			return
		}
	}
}

func assignsWithPlus(text string) bool { return plusAssigned.MatchString(text) }

func isDescriptor(word *syntax.Word) bool {
	text := word.Lit()
	if text == "-" {
		return true
	}
	if len(word.Parts) == 1 && text == "" {
		return true // "$fd"
	}
	return strings.Trim(text, "0123456789-") == ""
}

// bashNodes finds what only bash's parser knows. It is called when the script
// did not parse as POSIX.
func (l *linter) bashNodes(tree *syntax.File) {
	syntax.Walk(tree, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.TestClause:
			l.bashism(n, "[[", bashCommands["[["])
		case *syntax.ArrayExpr:
			l.bashism(n, "an array", "use the positional parameters: set -- a b c")
		case *syntax.Assign:
			if n.Append {
				l.bashism(n, "+=", `write NAME="$NAME..."`)
			} else if n.Index != nil {
				l.bashism(n, "an array", "use the positional parameters: set -- a b c")
			}
		case *syntax.LetClause:
			l.bashism(n, "let", bashCommands["let"])
		case *syntax.CStyleLoop:
			l.bashism(n, "for ((...))", "write while [ ... ]")
		case *syntax.ArithmCmd:
			l.bashism(n, "((...))", "write [ ... ] or NAME=$((EXPRESSION))")
		case *syntax.ProcSubst:
			l.bashism(n, "process substitution", "use a temporary file or a pipe")
		case *syntax.CoprocClause:
			l.bashism(n, "coproc", bashCommands["coproc"])
		case *syntax.ExtGlob:
			l.bashism(n, "an extended pattern", "write case with several patterns")
		case *syntax.FuncDecl:
			if n.RsrvWord {
				l.bashism(n.Name, "the keyword function", bashCommands["function"])
			}
		case *syntax.ForClause:
			if n.Select {
				l.bashism(n, "select", bashCommands["select"])
			}
		case *syntax.BinaryCmd:
			if n.Op == syntax.PipeAll {
				l.add(diag.ShellBashism, n.OpPos, n.Y.Pos(), "|& is not in POSIX shell", "write 2>&1 |")
			}
		case *syntax.ParamExp:
			l.bashExpansion(n)
		case *syntax.Redirect:
			l.bashRedirect(n)
		}
		return true
	})
}

func (l *linter) bashExpansion(n *syntax.ParamExp) {
	switch {
	case n.Excl || n.Names != 0:
		l.bashism(n, "${!NAME}", "pass the value itself")
	case n.Index != nil:
		l.bashism(n, "an array", "use the positional parameters")
	case n.Slice != nil:
		l.bashism(n, "${NAME:OFFSET}", "write ${NAME#PATTERN}, or cut")
	case n.Repl != nil:
		l.bashism(n, "${NAME/A/B}", "use sed")
	case n.Exp != nil && strings.ContainsAny(n.Exp.Op.String(), "^,@"):
		l.bashism(n, "${NAME"+n.Exp.Op.String()+"}", "use tr")
	}
}

func (l *linter) bashRedirect(n *syntax.Redirect) {
	switch n.Op {
	case syntax.RdrAll, syntax.AppAll:
		l.bashism(n, n.Op.String(), "write >FILE 2>&1")
	case syntax.WordHdoc:
		l.bashism(n, "<<<", `write printf '%s\n' "$VALUE" |`)
	}
}
