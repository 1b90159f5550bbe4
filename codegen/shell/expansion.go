package shell

import (
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// expansions finds the expansions that the shell would split into fields or
// take for a pattern. In assignments, after case and in arithmetic it does
// neither; for NAME in LIST splits because that is what it is for.
func (l *linter) expansions(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.CallExpr:
		for _, word := range n.Args {
			l.split(word)
		}
	case *syntax.DeclClause:
		for _, assign := range n.Args {
			if assign.Value != nil {
				l.split(assign.Value) // export A=$b: dash splits it, bash does not
			}
		}
	case *syntax.Redirect:
		if n.Hdoc != nil {
			l.heredoc(n)
		} else if n.Word != nil {
			l.split(n.Word)
		}
	case *syntax.CaseItem:
		for _, word := range n.Patterns {
			l.pattern(word)
		}
	case *syntax.ParamExp:
		if n.Exp != nil && n.Exp.Word != nil {
			switch n.Exp.Op {
			case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
				l.pattern(n.Exp.Word)
			}
		}
	}
}

// split reports what the shell would split.
func (l *linter) split(word *syntax.Word) {
	for _, part := range word.Parts {
		if unsafe(part) && !l.tolerate[part.Pos().Line()] {
			text := l.text(part)
			l.node(diag.ShellUnquoted, part, text+" is split at blanks, and its parts are taken for file name patterns",
				`write "`+text+`"`)
		}
	}
}

// pattern reports a value that would be taken for a pattern.
func (l *linter) pattern(word *syntax.Word) {
	for _, part := range word.Parts {
		if unsafe(part) && !l.tolerate[part.Pos().Line()] {
			text := l.text(part)
			l.node(diag.ShellUnquoted, part, text+" is taken for a pattern here", `write "`+text+`"`)
		}
	}
}

// unsafe reports whether the value of a part that stands outside quotes may be
// split. What is always a number, and ${x+"$x"}, is not.
func unsafe(part syntax.WordPart) bool {
	switch p := part.(type) {
	case *syntax.CmdSubst:
		return true
	case *syntax.ParamExp:
		if p.Length {
			return false
		}
		if p.Param != nil {
			switch p.Param.Value {
			case "#", "?", "$", "!", "-":
				return false
			}
		}
		if p.Exp != nil && (p.Exp.Op == syntax.AlternateUnset || p.Exp.Op == syntax.AlternateUnsetOrNull) {
			return p.Exp.Word != nil && anyUnsafe(p.Exp.Word)
		}
		return true
	}
	return false
}

func anyUnsafe(word *syntax.Word) bool {
	for _, part := range word.Parts {
		if unsafe(part) {
			return true
		}
	}
	return false
}

// heredoc reports values in a here-document: the text around them is code to
// whoever reads it, and nothing quotes them for that. A document of nothing but
// values, with no text around them, feeds a loop or a filter and is fine.
func (l *linter) heredoc(n *syntax.Redirect) {
	if l.tolerate[n.OpPos.Line()] || onlyValues(n.Hdoc) {
		return
	}
	for _, part := range n.Hdoc.Parts {
		switch part.(type) {
		case *syntax.ParamExp, *syntax.CmdSubst:
			if l.tolerate[part.Pos().Line()] {
				continue
			}
			l.node(diag.ShellHeredoc, part, l.text(part)+" is put into the text as it is",
				"make it a template of the module, or use printf with the value as an argument")
		}
	}
}

// onlyValues reports whether a here-document has no text but blanks.
func onlyValues(doc *syntax.Word) bool {
	for _, part := range doc.Parts {
		if lit, ok := part.(*syntax.Lit); ok && strings.TrimSpace(lit.Value) != "" {
			return false
		}
	}
	return true
}
