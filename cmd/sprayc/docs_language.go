package main

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/stdlib"
)

//go:embed language.md
var languagePage string

// docLanguage is the page about the language: text, with the lists that the
// program itself has.
func docLanguage() (string, error) {
	lib, diags := lang.LoadLibrary(stdlib.FS)
	if diags.HasErrors() {
		return "", fmt.Errorf("the standard library has errors: %s", diags[0].Label)
	}
	var slots []string
	for _, slot := range lib.Slots {
		slots = append(slots, slot.Name)
	}
	return strings.NewReplacer(
		"{{slots}}", strings.Join(slots, "`, `"),
		"{{stages}}", strings.Join(lib.Stages, ", "),
		"{{functions}}", docFunctions(),
		"{{definition blocks}}", docBlocks("definition", "mirror"),
		"{{module blocks}}", docBlocks("module", "input", "step", "exec"),
	).Replace(languagePage), nil
}

// docFunctions are the signatures of all functions.
func docFunctions() string {
	table := lang.Functions()
	calls := map[string]string{
		"file": "file(path)", "template": "template(path, values)", "templatefile": "templatefile(path, values)", "secret": "secret(reference)", "secret_file": "secret_file(path, identity)",
	}
	for name, f := range table {
		var params []string
		for _, p := range f.Params() {
			params = append(params, p.Name)
		}
		if v := f.VarParam(); v != nil {
			params = append(params, v.Name+"...")
		}
		calls[name] = name + "(" + strings.Join(params, ", ") + ")"
	}
	var out []string
	for _, name := range sortedKeys(calls) {
		out = append(out, "`"+calls[name]+"`")
	}
	return strings.Join(out, ", ") + "."
}
