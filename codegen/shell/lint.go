package shell

import (
	"errors"

	"github.com/sprayc/sprayc/lang/diag"
	"mvdan.cc/sh/v3/syntax"
)

// Rules says what a script may use without declaring it itself.
type Rules struct {
	Vars      []string // variables that it is given
	Functions []string // functions that it is given
	Commands  []string // commands that its module, or the kinds it uses, declare
	Module    bool     // a module's own script, sourced by the library, with its verbs
}

// Lint checks a script: that it is POSIX shell and keeps the house rules. The
// file is the name that the diagnostics' spans have; they are sorted.
func Lint(file string, src []byte, rules Rules) diag.List {
	_, err := parse(file, src)
	if err != nil {
		var parseErr syntax.ParseError
		d := diag.Diagnostic{Kind: diag.ShellSyntax, Label: err.Error()}
		if errors.As(err, &parseErr) {
			d.Label = parseErr.Text
		}
		return diag.List{d}
	}
	return nil
}
