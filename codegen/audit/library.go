package audit

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// ownFolder is a folder of sprayc's own, as the shell library names it.
var ownFolder = regexp.MustCompile(`(?:^|[^A-Za-z0-9_/.$}-])(/(?:[a-z]+/)+sprayc)\b`)

// library adds what the shell library of a bundle keeps on every host for itself,
// found in its own text.
func (a *auditor) library() {
	first := map[string]Origin{}
	for _, file := range sortedKeys(a.bundle.Files) {
		if file != bundle.RunFile && !strings.HasPrefix(file, "lib/") {
			continue
		}
		line := 0
		for text := range strings.Lines(string(a.bundle.Files[file].Data)) {
			line++
			if !strings.Contains(text, "/sprayc") || strings.HasPrefix(strings.TrimSpace(text), "#") {
				continue
			}
			for _, m := range ownFolder.FindAllStringSubmatch(text, -1) {
				if _, ok := first[m[1]]; !ok {
					first[m[1]] = Origin{Script: file, Line: line}
				}
			}
		}
	}
	on := On{Role: "all"}
	for _, class := range a.bundle.Plan.Classes {
		if a.bundle.Plan.ClearsClass(class.Name) {
			on.Classes = append(on.Classes, class.Name)
		}
	}
	if len(on.Classes) > 0 {
		a.add(Effect{
			Category: "all that is ours", Action: "removed", Subject: "what /var/lib/sprayc/owned on the host lists, if it is as we left it",
			Irreversible: "what was there before is put back; what was not, goes",
		}, on, Origin{Script: "lib/undo.sh", Line: 1})
	}
	for _, folder := range sortedKeys(first) {
		a.add(Effect{Category: "directory", Action: "what sprayc keeps for itself", Subject: folder + "/**"}, a.every(""), first[folder])
	}
}

// every is all hosts, or those of a family of systems.
func (a *auditor) every(family string) On {
	on := On{Role: "all"}
	for _, class := range a.bundle.Plan.Classes {
		if family == "" || class.Family == family {
			on.Classes = append(on.Classes, class.Name)
		}
	}
	slices.Sort(on.Classes)
	return on
}

// mayRun is the field of programs that are run where a host has them, or where what is
// wanted calls for them.
const mayRun = "may run"

// libraryPrograms adds the programs that the shell library of a bundle runs beside those
// that every host has: those that its text names, and those that a kind says of itself.
func (a *auditor) libraryPrograms() error {
	known := map[string]bool{}
	var files []string
	for _, file := range sortedKeys(a.bundle.Files) {
		if file != bundle.RunFile && (!strings.HasPrefix(file, "lib/") || !strings.HasSuffix(file, ".sh")) {
			continue
		}
		files = append(files, file)
		functions, err := shell.Functions(a.bundle.Files[file].Data)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		for _, name := range functions {
			known[name] = true
		}
	}
	for _, name := range shell.Utilities() {
		known[name] = true
	}
	for _, file := range files {
		programs, err := shell.Commands(a.bundle.Files[file].Data)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		var perhaps []string
		name, family, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".sh"), ".")
		if kind := a.bundle.Plan.Kind(name); kind != nil && file != bundle.RunFile && family == "" {
			programs = append(programs, kind.Commands...)
			perhaps = slices.Clone(kind.MayUse)
		}
		e := Effect{Category: "script", Action: "of sprayc's library", Subject: file}
		programs = slices.DeleteFunc(programs, func(name string) bool { return known[name] })
		slices.Sort(programs)
		if programs = slices.Compact(programs); len(programs) > 0 {
			e.Fields = append(e.Fields, Field{Name: "runs", Value: strings.Join(programs, " ")})
		}
		perhaps = slices.DeleteFunc(perhaps, func(name string) bool { return slices.Contains(programs, name) })
		if len(perhaps) > 0 {
			e.Fields = append(e.Fields, Field{Name: mayRun, Value: strings.Join(perhaps, " ")})
		}
		if len(e.Fields) == 0 {
			continue
		}
		if on := a.every(family); on.Classes != nil {
			a.add(e, on, Origin{Script: file, Line: 1})
		}
	}
	return nil
}
