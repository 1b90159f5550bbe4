package compiler

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
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

// hasScripts reports whether resources of a kind run scripts of the module.
func hasScripts(kind *lang.Kind) bool {
	for _, a := range kind.Attributes {
		if a.Script {
			return true
		}
	}
	return false
}

// stated are effects that a resource has beside those of its kind, such as the
// ports that a service opens: a list, known for the class.
func (e *expander) stated(a *lang.AttrDecl, sc *scope) []ir.Declared {
	if a == nil {
		return nil
	}
	at := lang.Span(a.Expr.Range())
	if !e.c.require(e.c.bind(a.Expr, sc), Class, at, "an effect") {
		return nil
	}
	v, ok := e.c.eval(a.Expr, sc, e.at)
	if !ok || v.IsNull() {
		return nil
	}
	list, err := convertTo(v, cty.List(cty.String))
	if err != nil || list.IsNull() || !list.IsWhollyKnown() {
		e.c.err(diag.WrongType, at, "effects is a list of what it does beside what its kind says", `write effects = ["listens 2379/tcp"]`)
		return nil
	}
	effects := []string{}
	for _, item := range list.AsValueSlice() {
		if item.IsNull() || strings.ContainsAny(item.AsString(), "\n\r\t") {
			e.c.err(diag.WrongType, at, "an effect is one line of text", `write effects = ["listens 2379/tcp"]`)
			return nil
		}
		effects = append(effects, item.AsString())
	}
	return []ir.Declared{{Effects: effects, Source: at}}
}
