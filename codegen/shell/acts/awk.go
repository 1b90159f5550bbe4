package acts

import (
	"regexp"
	"strings"
)

var (
	awkText  = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`)
	awkRuns  = regexp.MustCompile(`\bsystem[ \t]*\(|\|[ \t]*getline\b|\|&`)
	awkPrint = regexp.MustCompile(`\bprintf?\b`)
)

// awkWrites reports whether an awk program may do more than filter: system, a
// pipe, or a redirection of what it prints. Within parentheses > compares.
func awkWrites(program string) bool {
	program = awkText.ReplaceAllString(program, `""`)
	if awkRuns.MatchString(program) {
		return true
	}
	for _, at := range awkPrint.FindAllStringIndex(program, -1) {
		if redirects(program[at[1]:]) {
			return true
		}
	}
	return false
}

// redirects looks at what stands behind print, to the end of the statement.
func redirects(rest string) bool {
	depth := 0
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth > 0:
		case c == ';' || c == '}' || c == '\n' && !strings.HasSuffix(rest[:i], "\\"):
			return false
		case c == '|' && i+1 < len(rest) && rest[i+1] == '|':
			i++
		case c == '>' || c == '|':
			return true
		}
	}
	return false
}
