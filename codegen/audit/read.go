package audit

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// Script is one generated script, read back.
type Script struct {
	Path      string
	Resources []Resource
	Verifies  []Verify
}

// Resource is one call of resource, or of output.
type Resource struct {
	Kind   string
	Name   string
	Source string
	Line   int
	Args   []Arg
}

// Arg is one argument of a call, with the value that the script gives it; a
// host's own value is $h_NAME.
type Arg struct {
	Name  string
	Value string
}

// Verify is one call of verify, or of report.
type Verify struct {
	Report bool // it tells of something when that is asked for, and checks nothing
	Label  string
	Source string
	Line   int
	Script string // path in the bundle
	Env    []Arg
}

// outputKind is what a call of output is taken for.
const outputKind = "output"

// ReadScript reads a generated script back.
func ReadScript(path string, src []byte) (*Script, error) {
	calls, err := shell.Calls(src)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	s := &Script{Path: path}
	for _, call := range calls {
		words := call.Words
		switch {
		case words[0] == "resource" && len(words) >= 4:
			s.Resources = append(s.Resources, Resource{Kind: words[1], Name: words[2], Source: words[3], Line: call.Line, Args: args(words[4:])})
		case words[0] == "output" && len(words) >= 3:
			s.Resources = append(s.Resources, Resource{Kind: outputKind, Name: words[1], Source: words[2], Line: call.Line, Args: args(words[3:])})
		case (words[0] == "verify" || words[0] == "report" || words[0] == "report_status") && len(words) >= 4:
			s.Verifies = append(s.Verifies, Verify{Report: words[0] != "verify", Label: words[1], Source: words[2], Line: call.Line, Script: bundlePath(words[3]), Env: args(words[4:])})
		}
	}
	return s, nil
}

func args(words []string) []Arg {
	var list []Arg
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		list = append(list, Arg{Name: name, Value: value})
	}
	return list
}

// Arg returns the value of the first argument of that name, or "".
func (r *Resource) Arg(name string) string {
	for _, arg := range r.Args {
		if arg.Name == name {
			return arg.Value
		}
	}
	return ""
}

// bundlePath returns the path in the bundle of a file that a script names.
func bundlePath(value string) string {
	if below, ok := strings.CutPrefix(value, "$SPRAY_STEPS/"); ok {
		return "steps/" + below
	}
	return strings.TrimPrefix(value, "$SPRAY_BUNDLE/")
}

// readScripts reads every script that a class of the bundle uses.
func readScripts(b *bundle.Bundle) (map[string]*Script, error) {
	scripts := map[string]*Script{}
	for _, class := range b.Plan.Classes {
		var paths []string
		for _, use := range class.Steps {
			paths = append(paths, use.Script)
		}
		for _, path := range outputScripts(b, class.Name) {
			paths = append(paths, path)
		}
		for _, path := range paths {
			if scripts[path] != nil {
				continue
			}
			script, err := ReadScript(path, b.Files[path].Data)
			if err != nil {
				return nil, err
			}
			scripts[path] = script
		}
	}
	return scripts, nil
}

// outputScripts returns the scripts of the outputs that a class can make, by
// the output's name with dots.
func outputScripts(b *bundle.Bundle, class string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(string(b.Files[bundle.OutputsPath(class)].Data)) {
		if name, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			all[name] = path
		}
	}
	return all
}
