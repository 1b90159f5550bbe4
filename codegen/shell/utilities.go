package shell

import (
	_ "embed"
	"strings"
)

// utilities.txt is the one list of what scripts may take for granted.
//
//go:embed utilities.txt
var utilitiesText string

// Builtins returns the built-in commands that every shell has.
func Builtins() []string { return section("builtins") }

// Utilities returns the programs that every host has: POSIX's, and the few
// beside them that GNU, busybox and uutils agree on.
func Utilities() []string { return append(section("posix"), section("common")...) }

// Verbs returns the functions of the library that a module's own script may
// call.
func Verbs() []string { return section("verbs") }

func section(name string) []string {
	var names []string
	inside := false
	for line := range strings.Lines(utilitiesText) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case len(line) > 1 && line[0] == '[':
			inside = line == "["+name+"]"
		case inside:
			names = append(names, line)
		}
	}
	return names
}
