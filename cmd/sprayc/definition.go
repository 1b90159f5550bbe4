package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen"
	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/compiler"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/stdlib"
)

// definitionFlags are the flags of commands that read a definition.
type definitionFlags struct {
	vars      []string // NAME=VALUE
	varFiles  []string
	operation operationFlag // its name is empty where the command has no such flag
}

func (d *definitionFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&d.vars, "var", nil, "set a variable: NAME=VALUE")
	cmd.Flags().StringArrayVar(&d.varFiles, "var-file", nil, "read variables from a file")
}

// options are what the flags say, and the environment.
func (d *definitionFlags) options() (lang.Options, error) {
	options := lang.Options{Vars: map[string]string{}, VarFiles: d.varFiles, Env: os.Environ(), Operation: d.operation.name}
	if err := d.operation.check(); err != nil {
		return options, err
	}
	for _, text := range d.vars {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return options, fmt.Errorf("--var is NAME=VALUE, not %q", text)
		}
		options.Vars[name] = value
	}
	return options, nil
}

// compiled is a definition with all that was found out about it.
type compiled struct {
	def     *lang.Definition
	plan    *ir.Plan
	bundle  *bundle.Bundle // nil if there are errors
	diags   diag.List
	sources diag.Sources
}

// compile checks a definition: the files or folders named, or the current
// folder. The bundle is nil if there are errors.
func (d *definitionFlags) compile(paths []string) (*compiled, error) {
	options, err := d.options()
	if err != nil {
		return nil, err
	}
	lib, diags := lang.LoadLibrary(stdlib.FS)
	def, more := lang.Load(paths, options)
	diags = append(append(diags, more...), def.CheckSlots(lib.Slots)...)
	out := &compiled{def: def, sources: def.Sources}
	out.plan, more = compiler.Compile(def, lib)
	diags = append(diags, more...)
	for name, text := range lib.Sources {
		def.Sources[name] = text
	}
	if diags.HasErrors() {
		more = codegen.Lint(out.plan)
	} else {
		out.bundle, more = codegen.Build(out.plan, stdlib.FS)
	}
	out.diags = append(diags, more...)
	return out, nil
}
