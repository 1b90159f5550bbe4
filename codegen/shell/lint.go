package shell

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/apparentlymart/go-textseg/v15/textseg"
	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// Rules says what a script may use without declaring it itself.
type Rules struct {
	Vars      []string // variables that it is given
	Functions []string // functions that it is given
	Commands  []string // commands that its module, or the kinds it uses, declare
	Module    bool     // a module's own script, sourced by the library, with its verbs

	MoreVars, MoreCommands bool // there may be further ones, so that none is undeclared
}

// Lint checks a script: that it is POSIX shell, beyond what the parser refuses,
// and keeps the house rules. The file is the name that the diagnostics' spans
// have; they are sorted.
//
// A comment `# tolerate: REASON` on the same line or the line before permits a
// swallowed failure, an unquoted expansion or a here-document with values.
func Lint(file string, src []byte, rules Rules) diag.List {
	return Parse(src).Lint(file, rules)
}

// linter is the state of one Lint.
type linter struct {
	file     string
	src      []byte
	list     diag.List
	seen     map[string]bool // kind and place, so that nothing is said twice
	tolerate map[uint]bool   // lines with a reason
	known    map[string]bool // commands
	vars     map[string]bool // variables
	rules    Rules
}

// tree returns the tree, or nil when there is none. A script that is not
// POSIX only because of a construct of bash is parsed as bash, so that all of
// them are found in one pass.
func (l *linter) tree(s *Script) *syntax.File {
	tree, err := s.Tree, s.Err
	var lang syntax.LangError
	if errors.As(err, &lang) {
		parser := syntax.NewParser(syntax.Variant(syntax.LangBash), syntax.KeepComments(true))
		tree, bashErr := parser.Parse(bytes.NewReader(l.src), l.file)
		if bashErr == nil {
			l.bashNodes(tree)
		}
		if len(l.list) == 0 {
			l.add(diag.ShellBashism, lang.Pos, lang.Pos, lang.Feature+" are not in POSIX shell", "use what POSIX has")
		}
		if bashErr == nil {
			return tree
		}
		return nil
	}
	var parseErr syntax.ParseError
	switch {
	case errors.As(err, &parseErr):
		l.add(diag.ShellSyntax, parseErr.Pos, parseErr.Pos, parseErr.Text, "")
		return nil
	case err != nil:
		pos := syntax.NewPos(0, 1, 1)
		l.add(diag.ShellSyntax, pos, pos, strings.TrimPrefix(err.Error(), parsedName+": "), "")
		return nil
	}
	return tree
}

// lint walks the tree once for each group of rules.
func (l *linter) lint(tree *syntax.File) {
	l.tolerate = tolerated(tree)
	l.known = knownCommands(tree, l.rules)
	l.vars = map[string]bool{}
	for _, name := range append(assignedIn(tree), l.rules.Vars...) {
		l.vars[name] = true
	}
	syntax.Walk(tree, func(node syntax.Node) bool {
		if node == nil {
			return true
		}
		l.bashisms(node)
		l.expansions(node)
		l.variables(node)
		l.failures(node)
		l.commands(node)
		return true
	})
}

// add records a finding from one place to another.
func (l *linter) add(kind *diag.Kind, from, to syntax.Pos, label, fix string) {
	span := diag.Span{File: l.file, Start: l.pos(from), End: l.pos(to)}
	if span.End.Byte <= span.Start.Byte {
		span.End = span.Start
		span.End.Column++
		span.End.Byte++
	}
	key := fmt.Sprint(kind.ID, span.Start.Byte)
	if l.seen[key] {
		return
	}
	l.seen[key] = true
	l.list = append(l.list, diag.Diagnostic{Kind: kind, Span: span, Label: label, Fix: fix})
}

// node records a finding at the whole of a node.
func (l *linter) node(kind *diag.Kind, n syntax.Node, label, fix string) {
	l.add(kind, n.Pos(), n.End(), label, fix)
}

func (l *linter) pos(p syntax.Pos) diag.Pos { return Place(l.src, p) }

// Place converts a place. The parser counts bytes; diagnostics count grapheme
// clusters.
func Place(src []byte, p syntax.Pos) diag.Pos {
	offset := min(int(p.Offset()), len(src))
	start := bytes.LastIndexByte(src[:offset], '\n') + 1
	clusters, err := textseg.TokenCount(src[start:offset], textseg.ScanGraphemeClusters)
	if err != nil {
		clusters = offset - start
	}
	return diag.Pos{Line: int(p.Line()), Column: clusters + 1, Byte: offset}
}

// text returns a node as it is written, shortened when long.
func (l *linter) text(n syntax.Node) string {
	from, to := min(int(n.Pos().Offset()), len(l.src)), min(int(n.End().Offset()), len(l.src))
	text, _, more := strings.Cut(string(l.src[from:to]), "\n")
	if more || len(text) > 60 {
		text = text[:min(len(text), 57)] + "..."
	}
	return text
}

var tolerateComment = regexp.MustCompile(`^\s*(tolerate:\s*\S|shellcheck disable=\S+\s+#\s*\S)`)

// tolerated returns the lines on which a comment gives a reason, and the lines
// after such lines.
func tolerated(tree *syntax.File) map[uint]bool {
	lines := map[uint]bool{}
	syntax.Walk(tree, func(node syntax.Node) bool {
		if c, ok := node.(*syntax.Comment); ok && tolerateComment.MatchString(c.Text) {
			lines[c.Hash.Line()] = true
			lines[c.Hash.Line()+1] = true
		}
		return true
	})
	return lines
}

func assignedIn(tree *syntax.File) []string {
	set := map[string]bool{}
	syntax.Walk(tree, func(node syntax.Node) bool {
		for _, name := range assignedBy(node) {
			set[name] = true
		}
		return true
	})
	return sorted(set)
}
