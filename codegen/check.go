package codegen

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
	"github.com/sprayc/sprayc/codegen/shell/acts"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang/diag"
)

// Lint checks the modules' own scripts as far as the plan's Uses tell. It is for
// a definition with errors, from which nothing can be built: what is wrong with
// the shell comes in the same pass.
func Lint(plan *ir.Plan) diag.List {
	all := parsedScripts{}
	list := append(append(all.checkScripts(plan.Uses), all.checkValues(plan.Uses)...), all.checkEffects(plan.Uses)...)
	list.Sort()
	return list
}

// parsedScripts are the modules' own scripts by their text, each parsed once: several
// checks look at one, and several resources may run it.
type parsedScripts map[string]*parsedScript

type parsedScript struct {
	*shell.Script
	acts map[string][]acts.Act // by the names that it is given
}

// of parses a script, if that was not done already.
func (all parsedScripts) of(file *ir.File) *parsedScript {
	s := all[string(file.Data)]
	if s == nil {
		s = &parsedScript{Script: shell.Parse(file.Data), acts: map[string][]acts.Act{}}
		all[string(file.Data)] = s
	}
	return s
}

// actsOf returns what a script does that is given values of these names.
func (s *parsedScript) actsOf(names []string) []acts.Act {
	key := strings.Join(names, " ")
	found, ok := s.acts[key]
	if !ok {
		env := map[string]string{}
		for _, name := range append(s.FreeVars(), names...) {
			env[name] = acts.Symbol(name)
		}
		found = acts.OfTree(s.Tree, env)
		s.acts[key] = found
	}
	return found
}

// checkScripts lints every module's own scripts, each use once, and reports at
// the shell file's own line.
func (all parsedScripts) checkScripts(uses []ir.ScriptUse) (list diag.List) {
	type key struct{ file, rules string }
	seen := map[key]bool{}
	said := map[string]bool{}
	for _, use := range uses {
		rules := shell.Rules{
			Vars: envNames(use.Env), Commands: distinct(use.Commands), Module: true,
			MoreVars: use.MoreEnv, MoreCommands: use.MoreCommands,
		}
		for _, file := range use.Scripts {
			if file == nil {
				continue
			}
			k := key{fmt.Sprint(file.Source, file.Path), fmt.Sprint(rules)}
			if seen[k] {
				continue
			}
			seen[k] = true
			for _, d := range all.of(file).Lint(scriptName(file), rules) {
				d = atSource(d, file)
				id := fmt.Sprint(d.Kind.ID, d.Span, d.Label)
				if !said[id] {
					said[id] = true
					list = append(list, d)
				}
			}
		}
	}
	return list
}

// checkValues reports values that are passed to scripts none of which reads
// them.
func (all parsedScripts) checkValues(uses []ir.ScriptUse) (list diag.List) {
	said := map[string]bool{}
	for _, use := range uses {
		read := map[string]bool{}
		known := true
		for _, file := range use.Scripts {
			if file == nil {
				known = false
				continue
			}
			script := all.of(file)
			if script.Err != nil { // which has its own error
				known = false
				continue
			}
			for _, name := range script.ReadVars() {
				read[name] = true
			}
		}
		for _, arg := range use.Env {
			id := fmt.Sprint(arg.Name, arg.Source)
			if !known || read[arg.Name] || said[id] {
				continue
			}
			said[id] = true
			list = append(list, diag.Diagnostic{
				Kind: diag.ShellUnusedValue, Span: arg.Source, Label: "nothing reads " + arg.Name,
				Fix: `remove it, or read it in the script; for a program that the script runs write : "$` + arg.Name + `"`,
			})
		}
	}
	return list
}

// scriptUses returns which scripts get which values and may run which
// commands, in the plan's order.
func (b *build) scriptUses() []ir.ScriptUse {
	var all []ir.ScriptUse
	add := func(commands []string, env []ir.Arg, reads int, effects []ir.Declared, scripts ...*ir.Script) {
		use := ir.ScriptUse{Commands: commands, Reads: reads, Effects: effects}
		for _, script := range scripts {
			if script != nil {
				use.Scripts = append(use.Scripts, b.payloads[script.Payload])
				env = append(env[:len(env):len(env)], script.Env...)
			}
		}
		for _, arg := range env {
			arg.Name = strings.TrimPrefix(arg.Name, "env.")
			use.Env = append(use.Env, arg)
		}
		if use.Scripts != nil {
			all = append(all, use)
		}
	}
	ofModule := map[string][]string{}
	for _, step := range b.plan.Steps {
		for _, variant := range step.Variants {
			commands := b.commandsOf(variant)
			ofModule[step.Module] = append(ofModule[step.Module], commands...)
			for _, r := range variant.Resources {
				add(commands, envOf(r), 1, r.Effects, r.Probe, r.Act)
				if r.Ready != nil {
					add(commands, nil, 1, r.Ready.Effects, r.Ready)
				}
			}
			for _, v := range variant.Verifies {
				add(commands, nil, 1, v.Effects, v)
			}
		}
	}
	for _, output := range b.plan.Outputs {
		add(ofModule[output.Module], nil, 0, output.Effects, output.Script, output.Revoke)
	}
	return all
}

// envOf returns the values that a resource's probe and act get.
func envOf(r *ir.Resource) (env []ir.Arg) {
	for _, arg := range r.Args {
		if strings.HasPrefix(arg.Name, "env.") {
			env = append(env, arg)
		}
	}
	return env
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

// envNames returns the variables that values become.
func envNames(env []ir.Arg) []string {
	var names []string
	for _, arg := range env {
		names = append(names, arg.Name)
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
		if installed := ir.InstalledCommand(r.Name.Text); installed != "" && r.Name.Kind == ir.Literal {
			commands = append(commands, installed)
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
