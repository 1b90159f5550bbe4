package lang

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/lang/diag"
)

// The parser and the evaluator recurse, so nesting is limited before they see
// the text.
const (
	maxNesting = 100  // brackets, blocks and templates within each other
	maxChain   = 1000 // operators and indexes of one expression
)

// checkNesting refuses text that nests too deeply, and absurd numbers, from its
// tokens. It reports one place only.
func checkNesting(file string, tokens hclsyntax.Tokens) diag.List {
	n := nesting{chains: []chain{{brace: true}}}
	for i, t := range tokens {
		if t.Type == hclsyntax.TokenNumberLit && !sensible(string(t.Bytes)) {
			return diag.List{{Kind: diag.InvalidValue, Span: Span(t.Range), Label: "no number here has so many digits", Fix: "write it as a string if it is a name"}}
		}
		n.token(tokens, i)
		label := ""
		switch {
		case n.depth() > maxNesting:
			label = fmt.Sprintf("more than %d brackets within each other", maxNesting)
		case n.chains[len(n.chains)-1].length > maxChain:
			label = fmt.Sprintf("an expression with more than %d operators", maxChain)
		default:
			continue
		}
		return diag.List{{Kind: diag.TooDeep, Span: Span(t.Range), Label: label, Fix: "split it into locals"}}
	}
	return nil
}

// sensible says whether a number is one that can be printed: 1e99999999 takes
// hours.
func sensible(number string) bool {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	return len(mantissa) <= 100 && len(strings.TrimLeft(exponent, "+-0")) <= 2
}

type nesting struct {
	chains     []chain // one for each open bracket
	directives int     // template directives that wait for their end
}

// chain is the expression that is being read between two brackets.
type chain struct {
	length int  // operators since it began
	brace  bool // between braces a line end is the end of an expression
}

func (n *nesting) depth() int { return len(n.chains) - 1 + n.directives }

func (n *nesting) token(tokens hclsyntax.Tokens, i int) {
	top := len(n.chains) - 1
	switch t := tokens[i]; t.Type {
	case hclsyntax.TokenOBrack:
		n.chains[top].length++ // an index, of which a chain nests to the left
		n.chains = append(n.chains, chain{})
	case hclsyntax.TokenOParen:
		n.chains[top].length++
		n.chains = append(n.chains, chain{})
	case hclsyntax.TokenOBrace:
		n.chains = append(n.chains, chain{brace: true})
	case hclsyntax.TokenTemplateInterp, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
		n.chains = append(n.chains, chain{})
	case hclsyntax.TokenTemplateControl:
		n.chains = append(n.chains, chain{})
		n.directive(tokens, i)
	case hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
		if top > 0 {
			n.chains = n.chains[:top]
		}
	case hclsyntax.TokenComma, hclsyntax.TokenEqual, hclsyntax.TokenFatArrow:
		n.chains[top].length = 0
	case hclsyntax.TokenNewline:
		if n.chains[top].brace {
			n.chains[top].length = 0
		}
	case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenPlus, hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPercent,
		hclsyntax.TokenAnd, hclsyntax.TokenOr, hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenGreaterThan,
		hclsyntax.TokenLessThanEq, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenQuestion, hclsyntax.TokenColon, hclsyntax.TokenDot:
		n.chains[top].length++
	}
}

// directive follows %{ if }, %{ for } and their ends.
func (n *nesting) directive(tokens hclsyntax.Tokens, i int) {
	if i+1 >= len(tokens) || tokens[i+1].Type != hclsyntax.TokenIdent {
		return
	}
	switch string(tokens[i+1].Bytes) {
	case "if", "for":
		n.directives++
	case "endif", "endfor":
		n.directives = max(0, n.directives-1)
	}
}
