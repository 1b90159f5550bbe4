package codegen

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// moduleScript is a shell file of a module in one use of it: with these values
// and among these resources.
type moduleScript struct {
	payload  string
	vars     []string
	commands []string
}

// checkScripts lints every module's own scripts, each use once, and reports at
// the shell file's own line.
func (b *build) checkScripts() {
	seen := map[string]bool{}
	said := map[string]bool{}
	for _, script := range b.moduleScripts() {
		file := b.payloads[script.payload]
		key := script.payload + "\x00" + strings.Join(script.vars, " ") + "\x00" + strings.Join(script.commands, " ")
		if file == nil || seen[key] {
			continue
		}
		seen[key] = true
		rules := shell.Rules{Vars: script.vars, Commands: script.commands, Module: true}
		for _, d := range shell.Lint(scriptName(file), file.Data, rules) {
			d = atSource(d, file)
			id := fmt.Sprint(d.Kind.ID, d.Span, d.Label)
			if !said[id] {
				said[id] = true
				b.diags = append(b.diags, d)
			}
		}
	}
}

// scriptUse is scripts that get the same values.
type scriptUse struct {
	scripts []*ir.Script
	env     []ir.Arg
}

// checkValues reports values that are passed to scripts none of which reads
// them.
func (b *build) checkValues() {
	said := map[string]bool{}
	for _, use := range b.scriptUses() {
		read := map[string]bool{}
		known := true
		for _, script := range use.scripts {
			if script == nil {
				continue
			}
			file := b.payloads[script.Payload]
			if file == nil {
				known = false
				continue
			}
			names, err := shell.ReadVars(file.Data)
			known = known && err == nil // a script that does not parse has its own error
			for _, name := range names {
				read[name] = true
			}
		}
		for _, arg := range use.env {
			name := strings.TrimPrefix(arg.Name, "env.")
			id := fmt.Sprint(name, arg.Source)
			if !known || read[name] || said[id] {
				continue
			}
			said[id] = true
			b.diags = append(b.diags, diag.Diagnostic{
				Kind: diag.ShellUnusedValue, Span: arg.Source, Label: "nothing reads " + name,
				Fix: `remove it, or read it in the script; for a program that the script runs write : "$` + name + `"`,
			})
		}
	}
}

// scriptUses returns which scripts get which values, in the plan's order.
func (b *build) scriptUses() []scriptUse {
	var all []scriptUse
	for _, step := range b.plan.Steps {
		for _, variant := range step.Variants {
			for _, r := range variant.Resources {
				if r.Probe == nil && r.Act == nil {
					continue
				}
				use := scriptUse{scripts: []*ir.Script{r.Probe, r.Act}}
				for _, arg := range r.Args {
					if strings.HasPrefix(arg.Name, "env.") {
						use.env = append(use.env, arg)
					}
				}
				for _, script := range use.scripts {
					if script != nil {
						use.env = append(use.env, script.Env...)
					}
				}
				all = append(all, use)
				if r.Ready != nil {
					all = append(all, scriptUse{[]*ir.Script{r.Ready}, r.Ready.Env})
				}
			}
			for _, v := range variant.Verifies {
				all = append(all, scriptUse{[]*ir.Script{v}, v.Env})
			}
		}
	}
	for _, output := range b.plan.Outputs {
		use := scriptUse{scripts: []*ir.Script{output.Script, output.Revoke}}
		for _, script := range use.scripts {
			if script != nil {
				use.env = append(use.env, script.Env...)
			}
		}
		all = append(all, use)
	}
	return all
}

// scriptName returns what a script's diagnostics call it.
func scriptName(file *ir.File) string {
	if file.Source.File == "" {
		return file.Path
	}
	return file.Source.File
}

// atSource moves a finding in a script that stands in HCL, not in a file of
// its own, to where it stands.
func atSource(d diag.Diagnostic, file *ir.File) diag.Diagnostic {
	if file.Source.File == "" || file.Source.Start == file.Source.End {
		return d
	}
	d.Label = fmt.Sprintf("line %d of the script: %s", d.Span.Start.Line, d.Label)
	d.Span = file.Source
	return d
}

// moduleScripts returns every use of a module's own scripts, in the plan's
// order.
func (b *build) moduleScripts() []moduleScript {
	var all []moduleScript
	ofModule := map[string][]string{}
	for _, step := range b.plan.Steps {
		for _, variant := range step.Variants {
			commands := b.commandsOf(variant)
			ofModule[step.Module] = append(ofModule[step.Module], commands...)
			for _, r := range variant.Resources {
				all = append(all, resourceScripts(r, commands)...)
			}
			for _, v := range variant.Verifies {
				all = append(all, moduleScript{v.Payload, envNames(v.Env), commands})
			}
		}
	}
	for _, output := range b.plan.Outputs {
		for _, script := range []*ir.Script{output.Script, output.Revoke} {
			if script != nil {
				all = append(all, moduleScript{script.Payload, envNames(script.Env), distinct(ofModule[output.Module])})
			}
		}
	}
	return all
}

// resourceScripts returns the scripts of an exec. Its probe and its act get
// the same values.
func resourceScripts(r *ir.Resource, commands []string) []moduleScript {
	var vars []string
	for _, arg := range r.Args {
		if name, ok := strings.CutPrefix(arg.Name, "env."); ok {
			vars = append(vars, name)
		}
	}
	for _, script := range []*ir.Script{r.Probe, r.Act} {
		if script != nil {
			vars = append(vars, envNames(script.Env)...)
		}
	}
	vars = distinct(vars)
	var all []moduleScript
	for _, script := range []*ir.Script{r.Probe, r.Act} {
		if script != nil {
			all = append(all, moduleScript{script.Payload, vars, commands})
		}
	}
	if r.Ready != nil {
		all = append(all, moduleScript{r.Ready.Payload, envNames(r.Ready.Env), commands})
	}
	return all
}

// envNames returns the variables that a script's env becomes.
func envNames(env []ir.Arg) []string {
	var names []string
	for _, arg := range env {
		names = append(names, strings.TrimPrefix(arg.Name, "env."))
	}
	return distinct(names)
}

// commandsOf returns the commands that a variant's scripts may run beside the
// usual ones: what its step lists, what its resources' kinds run, and the
// programs that its resources install.
func (b *build) commandsOf(variant *ir.Variant) []string {
	commands := append([]string{}, variant.Commands...)
	for _, r := range variant.Resources {
		commands = append(commands, b.library.kinds[r.Kind].commands...)
		if r.Name.Kind == ir.Literal && (strings.Contains(r.Name.Text, "/bin/") || strings.Contains(r.Name.Text, "/sbin/")) {
			commands = append(commands, path.Base(r.Name.Text))
		}
	}
	return distinct(commands)
}

// distinct returns the texts sorted, each once.
func distinct(list []string) []string {
	set := map[string]bool{}
	for _, text := range list {
		set[text] = true
	}
	list = make([]string, 0, len(set))
	for text := range set {
		list = append(list, text)
	}
	sort.Strings(list)
	return list
}
