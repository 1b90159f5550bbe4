package settings

import (
	"regexp"
	"strings"
)

// assignment is a line of KEY=VALUE or key = value.
var assignment = regexp.MustCompile(`^(?:export\s+)?-?([A-Za-z_][A-Za-z0-9_./-]*)\s*=\s*(.*)$`)

// parseLines reads lines of KEY=VALUE, as environment files and sysctl.conf are.
func parseLines(text string) *node {
	tree := newFields()
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		match := assignment.FindStringSubmatch(line)
		if match == nil {
			return nil
		}
		tree.add(match[1], textScalar(unquote(match[2])))
	}
	if len(tree.fields) == 0 {
		return nil
	}
	return tree
}

// unquote takes one pair of quotes away.
func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] && !strings.ContainsRune(s[1:len(s)-1], rune(s[0])) {
		return s[1 : len(s)-1]
	}
	return s
}

// flagName is the beginning of a long flag.
var flagName = regexp.MustCompile(`^--?[A-Za-z][A-Za-z0-9._-]*`)

// flags reads a command line: its flags by name, its other words in order. It is
// nil for a text without a long flag, or with quotes in it.
func flags(text string) *node {
	words := strings.Fields(text)
	if strings.ContainsAny(text, "\n'\"\\") || !strings.Contains(text, "--") {
		return nil
	}
	nodes := make([]*node, len(words))
	for i, word := range words {
		nodes[i] = textScalar(word)
	}
	return flagList(nodes)
}

// flagList reads a list of words as a command line.
func flagList(words []*node) *node {
	tree, long := newFields(), false
	for i := 0; i < len(words); i++ {
		word := words[i].text
		if words[i].kind != scalar {
			return nil
		}
		name := flagName.FindString(word)
		rest := word[len(name):]
		switch {
		case name == "":
			tree.add("words", words[i])
			continue
		case strings.HasPrefix(rest, "="):
			tree.add(name, textScalar(rest[1:]))
		case rest != "":
			tree.add("words", words[i])
			continue
		case i+1 < len(words) && !strings.HasPrefix(words[i+1].text, "-") && words[i+1].kind == scalar:
			i++
			tree.add(name, words[i])
		default:
			tree.add(name, textScalar("given"))
		}
		long = long || strings.HasPrefix(name, "--")
	}
	if !long {
		return nil
	}
	return tree
}
