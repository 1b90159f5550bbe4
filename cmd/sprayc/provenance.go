package main

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/sprayc/sprayc/codegen/provenance"
	"github.com/sprayc/sprayc/lang"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// outside refuses a file within the bundle, where it would be one too many.
func outside(out, file string) error {
	if file == "" {
		return nil
	}
	folder, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	full, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if below, err := filepath.Rel(folder, full); err == nil && filepath.IsLocal(below) {
		return fmt.Errorf("--provenance %s is within the bundle %s; name a file beside it", file, out)
	}
	return nil
}

// besides is the name of a file that a bundle was made from, as others may know it: from
// the definition's folder. One that is more than a folder beside, or is named absolutely,
// has its own name alone: the folders between are this machine's, and may be somebody's.
func besides(name string) string {
	name = filepath.ToSlash(name)
	if filepath.IsAbs(name) || strings.HasPrefix(name, "../../") {
		return path.Base(name)
	}
	return name
}

// writeProvenance says in a file what the bundle in a folder was made from.
func writeProvenance(out, file string, def *lang.Definition) error {
	if file == "" {
		return nil
	}
	b, err := readBundle(out) // as it is now, with its digest
	if err != nil {
		return err
	}
	var inputs []provenance.Input
	for name, text := range def.Inputs {
		inputs = append(inputs, provenance.Input{Name: besides(name), Data: text})
	}
	variables := map[string]json.RawMessage{}
	for name, v := range def.Variables {
		if v.Sensitive { // that there is one is said; what it is nobody knows yet
			variables[name] = json.RawMessage(`{"sensitive":true}`)
			continue
		}
		text, err := ctyjson.Marshal(v.Value, v.Value.Type())
		if err != nil {
			return fmt.Errorf("variable %s: %w", name, err)
		}
		variables[name] = text
	}
	s, err := provenance.Of(b, inputs, variables)
	if err != nil {
		return err
	}
	text, err := s.JSON()
	if err != nil {
		return err
	}
	return replaceFile(file, text)
}
