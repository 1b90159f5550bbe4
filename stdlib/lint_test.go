package stdlib_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/stdlib"
)

// scriptUse is what a module says of one of its scripts: the values it is given
// and the commands that its step declares.
type scriptUse struct{ vars, commands []string }

// scriptUses finds the scripts of a module file by their file("...") calls.
func scriptUses(t *testing.T, name string) map[string]scriptUse {
	t.Helper()
	text, err := fs.ReadFile(stdlib.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	file, diags := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	found, locals := map[string]scriptUse{}, map[string]hclsyntax.Expression{}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if b.Type == "locals" {
			for name, a := range b.Body.Attributes {
				locals[name] = a.Expr
			}
		}
	}
	scriptsOf := func(b *hclsyntax.Block, commands []string) {
		var vars []string
		if a := b.Body.Attributes["env"]; a != nil {
			vars = keysOf(t, a.Expr, locals)
		}
		for _, attr := range []string{"script", "probe", "act", "revoke"} {
			if a := b.Body.Attributes[attr]; a != nil {
				if call, ok := a.Expr.(*hclsyntax.FunctionCallExpr); ok {
					v, _ := call.Args[0].Value(nil)
					found[path.Join(path.Dir(name), v.AsString())] = scriptUse{vars, commands}
				}
			}
		}
	}
	var all []string // what the module's steps declare, for its outputs
	for _, step := range file.Body.(*hclsyntax.Body).Blocks {
		if step.Type != "step" {
			continue
		}
		var commands []string
		if a := step.Body.Attributes["commands"]; a != nil {
			v, _ := a.Expr.Value(nil)
			for it := v.ElementIterator(); it.Next(); {
				_, e := it.Element()
				commands = append(commands, e.AsString())
			}
		}
		all = append(all, commands...)
		for _, b := range step.Body.Blocks {
			scriptsOf(b, commands)
			for _, inner := range b.Body.Blocks { // ready
				scriptsOf(inner, commands)
			}
		}
	}
	for _, output := range file.Body.(*hclsyntax.Body).Blocks {
		if output.Type == "output" {
			scriptsOf(output, all)
		}
	}
	return found
}

// keysOf are the names of an object: one that is written out, a local of the file, or a
// merge of such.
func keysOf(t *testing.T, expr hclsyntax.Expression, locals map[string]hclsyntax.Expression) []string {
	t.Helper()
	var keys []string
	switch expr := expr.(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range expr.Items {
			keys = append(keys, hcl.ExprAsKeyword(item.KeyExpr))
		}
	case *hclsyntax.ScopeTraversalExpr:
		keys = keysOf(t, locals[expr.Traversal[1].(hcl.TraverseAttr).Name], locals)
	case *hclsyntax.FunctionCallExpr:
		for _, object := range expr.Args {
			keys = append(keys, keysOf(t, object, locals)...)
		}
	default:
		t.Fatalf("%v: what the names of this env are is not known", expr)
	}
	return keys
}

// A script uses only the values that it is given and the commands that its step
// declares, and every script is used.
func TestScriptsUseWhatTheyAreGiven(t *testing.T) {
	uses := map[string]scriptUse{}
	for _, name := range files(t, ".hcl") {
		if strings.HasPrefix(name, "modules/") {
			for script, use := range scriptUses(t, name) {
				uses[script] = use
			}
		}
	}
	for _, name := range files(t, ".sh") {
		use, ok := uses[name]
		if !ok {
			t.Errorf("no step uses %s", name)
			continue
		}
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range shell.Lint(name, text, shell.Rules{Vars: use.vars, Commands: use.commands, Module: true}) {
			t.Errorf("%s:%d:%d: %s: %s (%s)", d.Span.File, d.Span.Start.Line, d.Span.Start.Column, d.Kind.Summary, d.Label, d.Fix)
		}
	}
}
