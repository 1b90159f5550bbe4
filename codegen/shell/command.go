package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// knownCommands returns every command that a script may run.
func knownCommands(tree *syntax.File, rules Rules) map[string]bool {
	known := map[string]bool{}
	lists := [][]string{Builtins(), Utilities(), rules.Functions, rules.Commands}
	if rules.Module {
		lists = append(lists, Verbs())
	}
	for _, name := range slices.Concat(lists...) {
		known[name] = true
	}
	syntax.Walk(tree, func(node syntax.Node) bool {
		if f, ok := node.(*syntax.FuncDecl); ok && f.Name != nil {
			known[f.Name.Value] = true
		}
		return true
	})
	return known
}

// commands checks what a script runs.
func (l *linter) commands(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.BinaryCmd:
		l.networkPipe(n)
	case *syntax.CallExpr:
		name, args := callName(n)
		l.forbidden(n, name, args)
		l.networkArgument(n, name, args)
		for _, c := range calledBy(n.Args) {
			l.declared(c.word, c.name)
		}
	}
}

// forbidden finds what no script of ours does.
func (l *linter) forbidden(n *syntax.CallExpr, name string, args []*syntax.Word) {
	switch name {
	case "eval":
		l.node(diag.ShellEval, n.Args[0], "eval makes code of a value", "call the command itself, with the values as its arguments")
	case "echo":
		l.node(diag.ShellEcho, n.Args[0], "what echo prints of a value depends on the shell", `write printf '%s\n' "$VALUE"`)
	case "set":
		if hasSetFlag(args, '-', 'x', "xtrace") || hasSetFlag(args, '-', 'v', "verbose") {
			l.node(diag.ShellTrace, n, "it writes every value to the log", "remove it; use note TEXT for what the log should have")
		}
	}
}

// declared reports a command that nothing declares.
func (l *linter) declared(word *syntax.Word, name string) {
	base := name
	if strings.HasPrefix(name, "/") {
		base = path.Base(name)
	}
	switch {
	case slices.Contains([]string{"sudo", "doas", "su"}, base):
		l.node(diag.ShellSudo, word, "scripts already run as root", "drop "+name)
	case l.known[base], l.rules.MoreCommands:
	case bashCommands[name] != "", assignsWithPlus(name):
		// bashisms has said so
	case strings.Contains(base, "/"):
	default:
		fix := `add it to the step: commands = ["` + base + `"]`
		l.node(diag.ShellUndeclaredCommand, word, "no resource and no commands list declares "+base, fix)
	}
}

var interpreters = []string{"sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "python", "python3", "perl", "ruby", "node", "php", "eval", "."}

// networkPipe finds curl | sh.
func (l *linter) networkPipe(n *syntax.BinaryCmd) {
	if n.Op != syntax.Pipe && n.Op != syntax.PipeAll {
		return
	}
	if !fetches(n.X) {
		return
	}
	for _, call := range stages(n.Y) {
		list, _ := chain(withoutSudo(call.Args))
		for _, c := range list {
			if path.Base(c.name) == "xargs" {
				break // what the network answers is arguments
			}
			if slices.Contains(interpreters, path.Base(c.name)) {
				l.add(diag.ShellNetworkCode, n.Pos(), n.End(), "whatever the network answers is run", networkFix)
			}
		}
	}
}

// stages returns the simple commands of a pipeline.
func stages(stmt *syntax.Stmt) []*syntax.CallExpr {
	switch cmd := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		return []*syntax.CallExpr{cmd}
	case *syntax.BinaryCmd:
		return append(stages(cmd.X), stages(cmd.Y)...)
	}
	return nil
}

const networkFix = "declare an artifact, which has a digest, and run the file"

// networkArgument finds sh -c "$(curl ...)" and eval "$(curl ...)".
func (l *linter) networkArgument(n *syntax.CallExpr, name string, args []*syntax.Word) {
	if !slices.Contains(interpreters, path.Base(name)) && name != "source" && name != "sudo" {
		return
	}
	for _, arg := range args {
		if fetches(arg) {
			l.node(diag.ShellNetworkCode, n, "whatever the network answers is run", networkFix)
		}
	}
}

func withoutSudo(words []*syntax.Word) []*syntax.Word {
	for len(words) > 1 && (words[0].Lit() == "sudo" || words[0].Lit() == "doas" || strings.HasPrefix(words[0].Lit(), "-")) {
		words = words[1:]
	}
	return words
}

// fetches reports whether curl or wget runs anywhere in a node.
func fetches(node syntax.Node) bool {
	found := false
	syntax.Walk(node, func(inner syntax.Node) bool {
		if call, ok := inner.(*syntax.CallExpr); ok {
			for _, c := range calledBy(withoutSudo(call.Args)) {
				base := path.Base(c.name)
				found = found || base == "curl" || base == "wget"
			}
		}
		return !found
	})
	return found
}
