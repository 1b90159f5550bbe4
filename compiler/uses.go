package compiler

import (
	"path"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/zclconf/go-cty/cty"
)

// scriptUses are the modules' own scripts as far as their declarations alone
// tell, so that the errors of a module's shell come in the same pass as those of
// the definition. What an expression would have to be evaluated for is not
// known, and said to be so: nothing here can be an echo of another error.
func (c *compiler) scriptUses() []ir.ScriptUse {
	var all []ir.ScriptUse
	for _, m := range c.modules {
		var whole uses
		for _, s := range m.steps {
			u := c.stepUses(s)
			all = append(all, u.list...)
			whole.commands = append(whole.commands, u.commands...)
			whole.more = whole.more || u.more
		}
		for _, b := range m.decl.Outputs {
			if c.unneeded(m, b) {
				continue
			}
			env, more := constantEnv(b.Attrs["env"], m.scope)
			var revoke []*ir.File
			if b.Attrs["revoke"] != nil {
				revoke = append(revoke, c.declaredScript(b.Attrs["revoke"], m))
			}
			whole.add(c.declaredScript(b.Attrs["script"], m), env, more || misspelt(b, outputAttrs), revoke...)
			whole.effects(0, c.declaredEffects(b.Attrs[effectsAttr]))
		}
		all = append(all, whole.done()...)
	}
	return all
}

// uses are the scripts of a step, or a module's outputs, with the commands
// that they may run.
type uses struct {
	list     []ir.ScriptUse
	commands []string
	more     bool // there may be further commands
}

// add adds scripts that get the same values; more says that there may be
// further values.
func (u *uses) add(script *ir.File, env []ir.Arg, more bool, others ...*ir.File) {
	use := ir.ScriptUse{Env: env, MoreEnv: more}
	for _, file := range append([]*ir.File{script}, others...) {
		use.Scripts = append(use.Scripts, file)
	}
	u.list = append(u.list, use)
}

// effects says of what was added last how many of the scripts only read, and what
// is declared of them.
func (u *uses) effects(reads int, declared []ir.Declared) {
	last := &u.list[len(u.list)-1]
	last.Reads, last.Effects = reads, declared
}

// done gives each use the commands, which are known only at the end.
func (u *uses) done() []ir.ScriptUse {
	for i := range u.list {
		u.list[i].Commands, u.list[i].MoreCommands = u.commands, u.more
	}
	return u.list
}

// stepUses are the scripts of a step.
func (c *compiler) stepUses(s *step) uses {
	u := uses{commands: s.commands, more: s.module.decl.Broken || s.decl.Attrs["commands"] != nil && s.commands == nil}
	for _, b := range s.decl.Resources {
		kind := c.lib.Kinds[b.Type]
		if kind == nil {
			u.more = true
			continue
		}
		u.commands = append(u.commands, kind.Commands...)
		if name, ok := constantName(b); !ok {
			u.more = true
		} else if installed := ir.InstalledCommand(name); installed != "" {
			u.commands = append(u.commands, installed)
		}
		env, more := constantEnv(b.Attrs["env"], s.module.scope)
		probe, act := c.declaredScript(b.Attrs["probe"], s.module), c.declaredScript(b.Attrs["act"], s.module)
		u.add(probe, env, more || misspelt(b, attrsOf(kind)), act)
		if hasScripts(kind) {
			u.effects(1, c.declaredEffects(b.Attrs[effectsAttr]))
		}
		for _, ready := range b.Blocks {
			env, more := constantEnv(ready.Attrs["env"], s.module.scope)
			u.add(c.declaredScript(ready.Attrs["script"], s.module), env, more || misspelt(ready, readyAttrs))
			u.effects(1, c.declaredEffects(ready.Attrs[effectsAttr]))
		}
	}
	for _, b := range s.decl.Verifies {
		env, more := constantEnv(b.Attrs["env"], s.module.scope)
		u.add(c.declaredScript(b.Attrs["script"], s.module), env, more || misspelt(b, verifyAttrs))
		u.effects(1, c.declaredEffects(b.Attrs[effectsAttr]))
	}
	u.list = u.done()
	return u
}

// misspelt reports whether a block has an attribute that does not exist: it
// may have been meant for one that does.
func misspelt(b *lang.BlockDecl, names []string) bool {
	for name := range b.Attrs {
		if !contains(names, name) {
			return true
		}
	}
	return false
}

// declaredScript is a script that is named by a constant or written in place;
// nil if there is none or it is not known.
func (c *compiler) declaredScript(a *lang.AttrDecl, m *module) *ir.File {
	if a == nil {
		return nil
	}
	span := lang.Span(a.Expr.Range())
	call, ok := a.Expr.(*hclsyntax.FunctionCallExpr)
	if !ok {
		text, ok := constantText(a.Expr)
		if !ok {
			return nil
		}
		return &ir.File{Data: []byte(text), Source: span}
	}
	if call.Name != "file" || len(call.Args) != 1 {
		return nil
	}
	name, ok := constantText(call.Args[0])
	if !ok {
		return nil
	}
	data, err := c.readFile(m.scope.fsys, m.scope.dir, name)
	if err != nil {
		c.err(diag.UnreadableFile, span, err.Error(), "")
		return nil
	}
	return &ir.File{Data: data, Source: startOf(path.Join(m.scope.dir, path.Clean(name)))}
}

// startOf is where a file begins: the place of what is the file as a whole.
func startOf(file string) diag.Span {
	return diag.Span{File: file, Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}
}

// constantName is the identity of a resource, if it needs no evaluation.
func constantName(b *lang.BlockDecl) (string, bool) {
	if a := b.Attrs["name"]; a != nil {
		return constantText(a.Expr)
	}
	if len(b.Labels) != 1 {
		return "", false
	}
	return b.Labels[0], true
}

// constantEnv are the names of the values that a script is given, and whether
// there may be more of them.
func constantEnv(a *lang.AttrDecl, sc *scope) (env []ir.Arg, more bool) {
	if a == nil {
		return nil, false
	}
	parts, ok := parts(a.Expr, sc)
	if !ok {
		return nil, true
	}
	for _, p := range parts {
		key, ok := constantText(p.key)
		if !ok {
			more = true
			continue
		}
		env = append(env, ir.Arg{Name: key, Source: lang.Span(p.value.Range())})
	}
	return env, more
}

// constantText is the value of a text without variables or functions.
func constantText(expr hcl.Expression) (string, bool) {
	v, diags := expr.Value(nil)
	if diags.HasErrors() || v.Type() != cty.String || v.IsNull() || !v.IsKnown() {
		return "", false
	}
	return v.AsString(), true
}
