package audit

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// ownFolder is a folder of sprayc's own, as the shell library names it.
var ownFolder = regexp.MustCompile(`(?:^|[^A-Za-z0-9_/.$}-])(/(?:[a-z]+/)+sprayc)\b`)

// library adds what the shell library of a bundle keeps on every host for itself,
// found in its own text.
func (a *auditor) library() {
	first := map[string]Origin{}
	for _, path := range sortedKeys(a.bundle.Files) {
		if path != bundle.RunFile && !strings.HasPrefix(path, "lib/") {
			continue
		}
		line := 0
		for text := range strings.Lines(string(a.bundle.Files[path].Data)) {
			line++
			if !strings.Contains(text, "/sprayc") || strings.HasPrefix(strings.TrimSpace(text), "#") {
				continue
			}
			for _, m := range ownFolder.FindAllStringSubmatch(text, -1) {
				if _, ok := first[m[1]]; !ok {
					first[m[1]] = Origin{Script: path, Line: line}
				}
			}
		}
	}
	var classes []string
	for _, class := range a.bundle.Plan.Classes {
		classes = append(classes, class.Name)
	}
	slices.Sort(classes)
	for _, folder := range sortedKeys(first) {
		a.add(Effect{Category: "directory", Action: "what sprayc keeps for itself", Subject: folder + "/**"}, On{Role: "all", Classes: classes}, first[folder])
	}
}
