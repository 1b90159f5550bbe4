package shell

import (
	"fmt"
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Part is a statement of a generated script: what a value is given at, or a call. It
// is how a line is understood.
type Part struct {
	From, To int    // the lines of it, 1-based; a comment above that says its place is its first
	Place    string // FILE:LINE:COLUMN from the comment beside it, or ""
	Var      string // the variable that is assigned, or that hosts/<host>.env must have; "" of a call
	Value    string // of an assignment; text of its first line at TextFrom
	TextFrom int
	Words    []PartWord // of a call
}

// PartWord is a word of a call.
type PartWord struct {
	Text string   // as [Call] has it
	Line int      // where it stands
	Vars []string // the variables in it
}

// place is what a comment that says where a value comes from looks like.
var place = regexp.MustCompile(`^ (\S.*:[0-9]+:[0-9]+)$`)

// Parts returns the statements of a generated script, in order: the assignments and the
// calls of its function main.
func Parts(src []byte) ([]Part, error) {
	tree, err := parse("script", src)
	if err != nil {
		return nil, err
	}
	p := &parter{data: map[string]string{}}
	for _, stmt := range tree.Stmts {
		switch cmd := stmt.Cmd.(type) {
		case *syntax.CallExpr:
			p.statement(stmt, cmd)
		case *syntax.FuncDecl:
			if cmd.Name.Value == "main" {
				p.calls(cmd.Body)
			}
		}
	}
	if p.parts == nil {
		return nil, fmt.Errorf("the script has neither values nor calls")
	}
	return p.parts, nil
}

type parter struct {
	data  map[string]string
	parts []Part
}

// statement is a statement outside of main: NAME='...' or : "${NAME?}".
func (p *parter) statement(stmt *syntax.Stmt, cmd *syntax.CallExpr) {
	part := Part{From: int(stmt.Pos().Line()), To: int(stmt.End().Line())}
	part.TextFrom = part.From
	for _, c := range stmt.Comments {
		match := place.FindStringSubmatch(c.Text)
		if at := int(c.Pos().Line()); match != nil && (at == part.To || at == part.TextFrom-1) {
			part.Place, part.From = match[1], min(part.From, at)
		}
	}
	switch {
	case len(cmd.Assigns) == 1 && len(cmd.Args) == 0:
		part.Var = cmd.Assigns[0].Name.Value
		part.Value = resolve(cmd.Assigns[0].Value, p.data)
		p.data[part.Var] = part.Value
	case len(cmd.Args) == 2 && cmd.Args[0].Lit() == ":":
		if vars := varsOf(cmd.Args[1]); len(vars) == 1 {
			part.Var = vars[0]
		}
	default:
		return // main "$@"
	}
	p.parts = append(p.parts, part)
}

// calls are the simple commands of main.
func (p *parter) calls(body *syntax.Stmt) {
	syntax.Walk(body, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		part := Part{From: int(call.Pos().Line()), To: int(call.End().Line())}
		for _, word := range call.Args {
			part.Words = append(part.Words, PartWord{Text: resolve(word, p.data), Line: int(word.Pos().Line()), Vars: varsOf(word)})
		}
		p.parts = append(p.parts, part)
		return true
	})
}

// varsOf are the variables of a word.
func varsOf(word *syntax.Word) []string {
	var names []string
	syntax.Walk(word, func(node syntax.Node) bool {
		if param, ok := node.(*syntax.ParamExp); ok && !strings.HasPrefix(param.Param.Value, "SPRAY_") {
			names = append(names, param.Param.Value)
		}
		return true
	})
	return names
}
