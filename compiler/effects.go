package compiler

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
)

// effectsAttr is where a module says what commands of its own scripts do, when
// their text does not tell.
const effectsAttr = "effects"

const effectsFix = `write effects = { "COMMAND" = ["VERB WHAT"] }, such as "kubeadm init" = ["writes /etc/kubernetes/pki/*"]; [] for a command that only reads`

// declaredEffects reads an effects attribute. It needs no evaluation: what it
// says holds whatever the values are.
func (c *compiler) declaredEffects(a *lang.AttrDecl) []ir.Declared {
	if a == nil {
		return nil
	}
	pairs, diags := hcl.ExprMap(a.Expr)
	if diags.HasErrors() {
		c.err(diag.WrongType, lang.Span(a.Expr.Range()), "effects is a map, written here, from a command to what it does", effectsFix)
		return nil
	}
	var list []ir.Declared
	for _, pair := range pairs {
		at := lang.Span(pair.Key.Range())
		command, ok := constantText(pair.Key)
		if !ok || strings.TrimSpace(command) == "" {
			c.err(diag.WrongType, at, "the key is the words that a command begins with", effectsFix)
			continue
		}
		if effects, ok := c.effectList(pair.Value); ok {
			list = append(list, ir.Declared{Command: strings.Join(strings.Fields(command), " "), Effects: effects, Source: at})
		}
	}
	return list
}

// effectList reads what one command does.
func (c *compiler) effectList(expr hcl.Expression) ([]string, bool) {
	items, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		c.err(diag.WrongType, lang.Span(expr.Range()), "what a command does is a list of texts, written here", effectsFix)
		return nil, false
	}
	effects := []string{}
	for _, item := range items {
		text, ok := constantText(item)
		if !ok || strings.ContainsAny(text, "\n\r\t") {
			c.err(diag.WrongType, lang.Span(item.Range()), "an effect is one line of text without values: those of the scripts are written as $NAME", effectsFix)
			return nil, false
		}
		effects = append(effects, text)
	}
	return effects, true
}
