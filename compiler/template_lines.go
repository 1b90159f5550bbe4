package compiler

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Between these two a marked template has the number of its line that what follows is
// from. They are of the private use area: no text that means anything has them.
const (
	markOpen  = '\uE000'
	markClose = '\uE001'
)

// rendering is one text that a template made.
type rendering struct {
	templates *templates
	parsed    *template
	file      string // the template's
	given     map[string]cty.Value
	text      string
}

// mostRenderings is how many texts are remembered: what differs between hosts is not.
const mostRenderings = 4096

// rendered remembers a text that a template made, by its digest.
func (c *compiler) rendered(r rendering) {
	key := sha256Text(r.text)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.renderings == nil {
		c.renderings = map[string]rendering{}
	}
	if len(c.renderings) < mostRenderings {
		c.renderings[key] = r
	}
}

// lines are the lines of the template that each line of the text comes from; nil if that
// cannot be told.
func (r *rendering) lines() []int {
	if strings.ContainsAny(r.text, string([]rune{markOpen, markClose})) {
		return nil
	}
	expr, ok := r.parsed.expr.(hclsyntax.Expression)
	if !ok {
		return nil
	}
	v, diags := markLines(expr, r.parsed.text).Value(&hcl.EvalContext{Variables: r.given, Functions: r.templates.funcs})
	if diags.HasErrors() || v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return nil
	}
	v, _ = v.Unmark()
	text, lines := unmarkLines(v.AsString())
	if text != r.text {
		return nil
	}
	return lines
}

// markLines is a template that says of each text where in its source it begins.
func markLines(expr hclsyntax.Expression, source []byte) hclsyntax.Expression {
	switch expr := expr.(type) {
	case *hclsyntax.TemplateExpr:
		out := *expr
		out.Parts = nil
		for _, part := range expr.Parts {
			switch p := part.(type) {
			case *hclsyntax.LiteralValueExpr:
				if p.Val.Type() != cty.String {
					out.Parts = append(out.Parts, p)
					continue
				}
				marked := *p
				marked.Val = cty.StringVal(markText(p.Val.AsString(), firstLine(p, source)))
				out.Parts = append(out.Parts, &marked)
			case *hclsyntax.ConditionalExpr, *hclsyntax.TemplateJoinExpr:
				out.Parts = append(out.Parts, markLines(part, source))
			default:
				mark := &hclsyntax.LiteralValueExpr{Val: cty.StringVal(mark(part.StartRange().Start.Line)), SrcRange: part.Range()}
				out.Parts = append(out.Parts, mark, part)
			}
		}
		return &out
	case *hclsyntax.ConditionalExpr:
		out := *expr
		out.TrueResult, out.FalseResult = markLines(expr.TrueResult, source), markLines(expr.FalseResult, source)
		return &out
	case *hclsyntax.TemplateJoinExpr:
		out := *expr
		out.Tuple = markLines(expr.Tuple, source)
		return &out
	case *hclsyntax.ForExpr:
		out := *expr
		out.ValExpr = markLines(expr.ValExpr, source)
		return &out
	}
	return expr
}

// firstLine is the line that a literal's text begins on. A ~ before it takes the rest of
// its line away: if that was blank, with the newline.
func firstLine(p *hclsyntax.LiteralValueExpr, source []byte) int {
	line, from, to := p.SrcRange.Start.Line, p.SrcRange.Start.Byte, p.SrcRange.End.Byte
	if from < 2 || to > len(source) || from > to || string(source[from-2:from]) != "~}" {
		return line
	}
	if rest, _, more := strings.Cut(string(source[from:to]), "\n"); more && strings.TrimSpace(rest) == "" {
		line++
	}
	return line
}

func mark(line int) string { return string(markOpen) + strconv.Itoa(line) + string(markClose) }

// markText marks each line of a text that begins on a line.
func markText(text string, line int) string {
	var b strings.Builder
	for part := range strings.Lines(text) {
		b.WriteString(mark(line) + part)
		line++
	}
	return b.String()
}

// unmarkLines is a marked text without its marks, and the number that each of its lines
// has: that of the first text on it.
func unmarkLines(marked string) (text string, lines []int) {
	var b strings.Builder
	now, at, number := 0, 0, false
	digits := ""
	for _, r := range marked {
		switch {
		case r == markOpen:
			number, digits = true, ""
		case r == markClose:
			number = false
			now, _ = strconv.Atoi(digits)
		case number:
			digits += string(r)
		default:
			if at == 0 {
				at = now
			}
			b.WriteRune(r)
			if r == '\n' {
				lines, at = append(lines, at), 0
			}
		}
	}
	if at != 0 {
		lines = append(lines, at)
	}
	return b.String(), lines
}

// lineVars are the free names of a template by the lines on which something is made of
// them: what decides whether a line is there, or how often, is of that line too.
func lineVars(expr hclsyntax.Expression) map[int]map[string]bool {
	found := map[int]map[string]bool{}
	var walk func(expr hclsyntax.Expression, above map[string]bool, loop map[string]map[string]bool)
	names := func(expr hclsyntax.Expression, loop map[string]map[string]bool) map[string]bool {
		set := map[string]bool{}
		for _, t := range expr.Variables() {
			if over, is := loop[t.RootName()]; is {
				for name := range over {
					set[name] = true
				}
				continue
			}
			set[t.RootName()] = true
		}
		return set
	}
	add := func(from, to int, sets ...map[string]bool) {
		for line := from; line <= to; line++ {
			for _, set := range sets {
				for name := range set {
					if found[line] == nil {
						found[line] = map[string]bool{}
					}
					found[line][name] = true
				}
			}
		}
	}
	walk = func(expr hclsyntax.Expression, above map[string]bool, loop map[string]map[string]bool) {
		at := expr.Range()
		switch e := expr.(type) {
		case *hclsyntax.TemplateExpr:
			for _, part := range e.Parts {
				walk(part, above, loop)
			}
		case *hclsyntax.LiteralValueExpr:
			if at.End.Column == 1 && at.End.Line > at.Start.Line {
				at.End.Line-- // its last newline ends the line before
			}
			add(at.Start.Line, at.End.Line, above)
		case *hclsyntax.ConditionalExpr:
			inner := union(above, names(e.Condition, loop))
			walk(e.TrueResult, inner, loop)
			walk(e.FalseResult, inner, loop)
		case *hclsyntax.TemplateJoinExpr:
			walk(e.Tuple, above, loop)
		case *hclsyntax.ForExpr:
			over := names(e.CollExpr, loop)
			inner := map[string]map[string]bool{e.ValVar: over}
			if e.KeyVar != "" {
				inner[e.KeyVar] = over
			}
			for name, set := range loop {
				if inner[name] == nil {
					inner[name] = set
				}
			}
			walk(e.ValExpr, union(above, over), inner)
		default:
			add(at.Start.Line, at.End.Line, above, names(expr, loop))
		}
	}
	walk(expr, nil, nil)
	return found
}

func union(a, b map[string]bool) map[string]bool {
	out := map[string]bool{}
	for _, set := range []map[string]bool{a, b} {
		for name := range set {
			out[name] = true
		}
	}
	return out
}
