package shell

import (
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

const tolerateFix = "say what happens when it fails, or give the reason: # tolerate: REASON"

// failures finds failures that nobody would hear of.
func (l *linter) failures(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.BinaryCmd:
		if n.Op == syntax.OrStmt && isNoOp(n.Y) && !l.tolerated(n.Pos(), n.End()) {
			l.add(diag.ShellSwallowedFailure, n.OpPos, n.End(), "whatever goes wrong here is not heard of", tolerateFix)
		}
	case *syntax.File:
		l.trailing(n.Stmts)
	case *syntax.Block:
		l.trailing(n.Stmts)
	case *syntax.Subshell:
		l.trailing(n.Stmts)
	case *syntax.CmdSubst:
		l.trailing(n.Stmts)
	case *syntax.IfClause:
		l.trailing(n.Cond)
		l.trailing(n.Then)
	case *syntax.WhileClause:
		l.trailing(n.Cond)
		l.trailing(n.Do)
	case *syntax.ForClause:
		l.trailing(n.Do)
	case *syntax.CaseItem:
		l.trailing(n.Stmts)
	case *syntax.CallExpr:
		if name, args := callName(n); name == "set" && hasSetFlag(args, '+', 'e', "errexit") && !l.tolerated(n.Pos(), n.End()) {
			l.node(diag.ShellSwallowedFailure, n, "after this no failure stops the script", tolerateFix)
		}
	}
}

// trailing finds `; true` in a list.
func (l *linter) trailing(list []*syntax.Stmt) {
	for i, stmt := range list {
		if i > 0 && isNoOp(stmt) && !l.tolerated(stmt.Pos(), stmt.End()) {
			l.node(diag.ShellSwallowedFailure, stmt, "it makes the status of what is before it vanish", tolerateFix)
		}
	}
}

func (l *linter) tolerated(from, to syntax.Pos) bool {
	for line := from.Line(); line <= to.Line(); line++ {
		if l.tolerate[line] {
			return true
		}
	}
	return false
}

// isNoOp reports whether a statement is true or :, and does nothing else.
func isNoOp(stmt *syntax.Stmt) bool {
	call, ok := stmt.Cmd.(*syntax.CallExpr)
	if !ok || stmt.Negated || stmt.Background || len(stmt.Redirs) > 0 || len(call.Assigns) > 0 || len(call.Args) != 1 {
		return false
	}
	name := call.Args[0].Lit()
	return name == "true" || name == ":"
}

// hasSetFlag reports whether arguments of set turn an option on (-) or off (+).
func hasSetFlag(args []*syntax.Word, sign byte, letter byte, long string) bool {
	for i, arg := range args {
		text := arg.Lit()
		if text == "--" || text == "-" {
			return false
		}
		if len(text) < 2 || text[0] != sign {
			continue
		}
		if strings.IndexByte(text[1:], letter) >= 0 {
			return true
		}
		if text[len(text)-1] == 'o' && i+1 < len(args) && args[i+1].Lit() == long {
			return true
		}
	}
	return false
}
