package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/codegen/shell/acts"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// checkEffects reports commands of modules' own scripts of which neither the text
// nor a declaration tells what they do, those that change something in a script
// that only reads, and declarations that say what nothing does.
func (all parsedScripts) checkEffects(uses []ir.ScriptUse) (list diag.List) {
	said := map[string]bool{}
	add := func(d diag.Diagnostic) {
		if id := fmt.Sprint(d.Kind.ID, d.Span, d.Label); !said[id] {
			said[id] = true
			list = append(list, d)
		}
	}
	for i := range uses {
		c := effectCheck{scripts: all, use: &uses[i], add: add, whole: true}
		c.run()
	}
	return list
}

// checkStated reports what resources say of themselves that cannot be understood.
func checkStated(plan *ir.Plan) (list diag.List) {
	for _, step := range plan.Steps {
		for _, variant := range step.Variants {
			for _, r := range variant.Resources {
				for _, d := range r.Effects {
					if c := (effectCheck{use: &ir.ScriptUse{MoreEnv: true}, add: func(d diag.Diagnostic) { list = append(list, d) }}); d.Command == "" {
						c.grammar(d)
					}
				}
			}
		}
	}
	return list
}

// effectCheck is the check of scripts that share their declarations.
type effectCheck struct {
	scripts parsedScripts
	use     *ir.ScriptUse
	add     func(diag.Diagnostic)
	whole   bool // every script is known
}

func (c *effectCheck) run() {
	declared := make([]acts.Declared, len(c.use.Effects))
	used := make([]bool, len(declared))
	for i, d := range c.use.Effects {
		declared[i] = acts.Declared{Command: d.Command, Effects: d.Effects}
		c.grammar(d)
	}
	for i, file := range c.use.Scripts {
		if file == nil {
			c.whole = false
			continue
		}
		for j, yes := range c.script(file, declared, i < c.use.Reads) {
			used[j] = used[j] || yes
		}
	}
	for i, yes := range used {
		if !yes && c.whole {
			c.add(diag.Diagnostic{
				Kind: diag.ShellUnusedEffect, Span: c.use.Effects[i].Source, Label: "no script of this block runs a command that begins with " + c.use.Effects[i].Command,
				Fix: "remove it, or write the words with which the command begins, without options",
			})
		}
	}
}

// script checks one script, and returns which declarations it uses.
func (c *effectCheck) script(file *ir.File, declared []acts.Declared, reads bool) []bool {
	script := c.scripts.of(file)
	if script.Err != nil {
		c.whole = false // which has its own error
		return nil
	}
	found, used := acts.Apply(script.actsOf(envNames(c.use.Env)), declared)
	for i := range found {
		c.act(file, &found[i], reads)
	}
	return used
}

// act reports what one command does, if that is not known, or is out of place.
func (c *effectCheck) act(file *ir.File, act *acts.Act, reads bool) {
	command := strings.Join(act.Command[:min(len(act.Command), 3)], " ")
	d := diag.Diagnostic{Kind: diag.ShellUndeclaredEffect, Span: spanOf(scriptName(file), file.Data, act)}
	switch {
	case shell.Refused(act.Command[0]):
		return
	case !act.Known && act.Verb == "runs":
		d.Label = "nothing tells what " + command + " does"
		d.Fix = `declare it beside the script: effects = { "` + command + `" = ["writes /PATH"] }, or [] if it only reads`
	case !act.Known:
		d.Label = fmt.Sprintf("%s %s what only a value of the run tells", command, act.Verb)
		d.Fix = fmt.Sprintf(`declare it beside the script: effects = { "%s" = ["%s WHAT"] }`, command, act.Verb)
	case reads && !act.Reads() && !act.Declared:
		d.Label = fmt.Sprintf("a script that only reads %s %s", act.Verb, act.Subject)
		d.Fix = fmt.Sprintf(`move it to the act, write below /run/sprayc/, or declare it: effects = { "%s" = ["%s %s"] }`, command, act.Verb, act.Subject)
	default:
		return
	}
	c.add(atSource(d, file))
}

// grammar reports a declaration that says nothing that can be understood.
func (c *effectCheck) grammar(d ir.Declared) {
	for _, effect := range d.Effects {
		_, subject, err := acts.Parse(effect)
		if err != nil {
			c.add(diag.Diagnostic{Kind: diag.InvalidEffect, Span: d.Source, Label: err.Error(), Fix: `write a verb and what it is done to: "writes /etc/x", "restarts x.service", "connects $ENDPOINT"`})
			continue
		}
		for _, name := range acts.Values(subject) {
			if !c.use.MoreEnv && !slices.Contains(envNames(c.use.Env), name) {
				c.add(diag.Diagnostic{Kind: diag.InvalidEffect, Span: d.Source, Label: "the scripts are given no " + name, Fix: "name a value of their env"})
			}
		}
	}
}

// spanOf is where an act stands.
func spanOf(name string, src []byte, act *acts.Act) diag.Span {
	return diag.Span{File: name, Start: shell.Place(src, act.Pos), End: shell.Place(src, act.End)}
}
