package shell

import "mvdan.cc/sh/v3/syntax"

// Sort is what a stretch of a script is to its reader.
type Sort byte

// The sorts of stretches. Plain is all else.
const (
	Plain    Sort = 0
	Comment  Sort = 'c'
	Quoted   Sort = 's'
	Variable Sort = 'v'
	Keyword  Sort = 'k'
	Command  Sort = 'f' // the first word of a call, or the name of a function
	Assignee Sort = 'a' // the name of what is assigned
)

// Stretch is a part of a script of one sort, from byte From to before byte To.
type Stretch struct {
	From, To int
	Sort     Sort
}

// Highlight tells what a script is made of, for showing it in colours: the
// stretches that are not plain, in order, none over another. It is nil for what is no
// shell.
func Highlight(src []byte) []Stretch {
	tree, err := parse("script", src)
	if err != nil {
		return nil
	}
	p := painter{src: src, sorts: make([]Sort, len(src))}
	syntax.Walk(tree, p.node)
	var list []Stretch
	for i := 0; i < len(src); {
		from, sort := i, p.sorts[i]
		for i < len(src) && p.sorts[i] == sort {
			i++
		}
		if sort != Plain {
			list = append(list, Stretch{From: from, To: i, Sort: sort})
		}
	}
	return list
}

// painter notes the sort of each byte. What is inside is visited later, and lies on top.
type painter struct {
	src   []byte
	sorts []Sort
}

func (p *painter) paint(from, to syntax.Pos, sort Sort) {
	if !from.IsValid() || !to.IsValid() {
		return
	}
	for i := from.Offset(); i < to.Offset() && int(i) < len(p.sorts); i++ {
		p.sorts[i] = sort
	}
}

func (p *painter) words(sort Sort, length uint, at ...syntax.Pos) {
	for _, pos := range at {
		if pos.IsValid() {
			p.paint(pos, syntax.NewPos(pos.Offset()+length, pos.Line(), pos.Col()), sort)
		}
	}
}

func (p *painter) node(node syntax.Node) bool {
	switch n := node.(type) {
	case *syntax.Comment:
		p.paint(n.Pos(), n.End(), Comment)
	case *syntax.SglQuoted, *syntax.DblQuoted:
		p.paint(n.Pos(), n.End(), Quoted)
	case *syntax.ParamExp:
		p.paint(n.Pos(), n.End(), Variable)
	case *syntax.CmdSubst, *syntax.ArithmExp:
		p.paint(n.Pos(), n.End(), Plain)
	case *syntax.Redirect:
		if n.Hdoc != nil {
			p.paint(n.Hdoc.Pos(), n.Hdoc.End(), Quoted)
		}
	case *syntax.Assign:
		if n.Name != nil {
			p.paint(n.Name.Pos(), n.Name.End(), Assignee)
		}
	case *syntax.FuncDecl:
		p.paint(n.Name.Pos(), n.Name.End(), Command)
	case *syntax.CallExpr:
		if len(n.Args) > 0 && n.Args[0].Lit() != "" {
			p.paint(n.Args[0].Pos(), n.Args[0].End(), Command)
		}
	default:
		p.keywords(node)
	}
	return true
}

func (p *painter) keywords(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.IfClause:
		switch {
		case !n.ThenPos.IsValid():
			p.words(Keyword, 4, n.Position) // else
		case n.Position.IsValid() && p.src[n.Position.Offset()] == 'e':
			p.words(Keyword, 4, n.Position, n.ThenPos) // elif
		default:
			p.words(Keyword, 2, n.Position)
			p.words(Keyword, 4, n.ThenPos)
			p.words(Keyword, 2, n.FiPos)
		}
	case *syntax.WhileClause:
		p.words(Keyword, 5, n.WhilePos, n.WhilePos) // while, until
		p.words(Keyword, 2, n.DoPos)
		p.words(Keyword, 4, n.DonePos)
	case *syntax.ForClause:
		p.words(Keyword, 3, n.ForPos)
		p.words(Keyword, 2, n.DoPos)
		p.words(Keyword, 4, n.DonePos)
	case *syntax.CaseClause:
		p.words(Keyword, 4, n.Case, n.Esac)
		p.words(Keyword, 2, n.In)
	}
}
