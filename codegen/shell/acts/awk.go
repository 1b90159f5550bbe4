package acts

import (
	"regexp"
	"strings"
)

// awk filters, or does what its program says.
func (c *command) awk() {
	operands := c.operands(optionsOf["awk"].withValue()...)
	if len(operands) == 0 {
		return // what -f reads is opaque
	}
	for _, program := range operands[0].values {
		// One that is a value stands elsewhere.
		if strings.ContainsAny(program, begin+unknown) || awkWrites(program) {
			c.opaque()
			return
		}
	}
}

var (
	awkRuns  = regexp.MustCompile(`\bsystem[ \t]*\(|\|[ \t]*getline\b|\|&|@`)
	awkPrint = regexp.MustCompile(`\bprintf?\b`)
)

// awkWrites reports whether an awk program may do more than filter: system, a
// pipe, or a redirection of what it prints. Within parentheses > compares.
func awkWrites(program string) bool {
	program, whole := awkBare(program)
	if !whole || awkRuns.MatchString(program) {
		return true
	}
	for _, at := range awkPrint.FindAllStringIndex(program, -1) {
		if redirects(program[at[1]:]) {
			return true
		}
	}
	return false
}

// awkBare is a program without its comments, and with nothing in its strings and regular
// expressions. One that cannot be told apart so is not whole.
func awkBare(program string) (bare string, whole bool) {
	var b strings.Builder
	for i := 0; i < len(program); i++ {
		switch c := program[i]; {
		case c == '#':
			for i+1 < len(program) && program[i+1] != '\n' {
				i++
			}
		case c == '\\' && i+1 < len(program) && program[i+1] == '\n': // the statement goes on
			i++
			b.WriteByte(' ')
		case c == '/' && awkCounts.MatchString(b.String()):
			return "", false
		case c == '"' || c == '/' && !awkDivides(b.String()):
			end := awkEnd(program, i)
			if end < 0 {
				return "", false
			}
			b.WriteString(`""`)
			i = end
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

// awkEnd is where the string or regular expression ends that begins at an index; -1 when it
// does not on its line, or when awks do not agree: on a slash in brackets.
func awkEnd(program string, from int) int {
	brackets := false
	for i := from + 1; i < len(program) && program[i] != '\n'; i++ {
		switch c := program[i]; {
		case c == '\\':
			i++
		case c == program[from]:
			if brackets && c == '/' {
				return -1
			}
			return i
		case brackets && strings.HasPrefix(program[i:], "[:"): // [[:space:]]
			i++
			if end := strings.Index(program[i:], ":]"); end >= 0 {
				i += end + 1
			}
		case c == '[' && !brackets:
			brackets = true
			if i+1 < len(program) && program[i+1] == '^' {
				i++
			}
			if i+1 < len(program) && program[i+1] == ']' {
				i++
			}
		case c == ']':
			brackets = false
		}
	}
	return -1
}

// awkBefore are the words behind which a slash begins a regular expression.
var awkBefore = regexp.MustCompile(`(^|[^A-Za-z0-9_])(print|printf|return|in|case|else|do|getline)$`)

// awkCounts is text behind which awks do not agree on what a slash is.
var awkCounts = regexp.MustCompile(`(\+\+|--)[ \t]*$`)

// awkDivides reports whether a slash behind this text divides: behind a value.
func awkDivides(before string) bool {
	before = strings.TrimRight(before, " \t")
	if before == "" || awkBefore.MatchString(before) {
		return false
	}
	last := before[len(before)-1]
	return strings.IndexByte(`)]"$`, last) >= 0 || wordByte(last)
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
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
		case c == ';' || c == '}' || c == '\n':
			return false
		case c == '|' && i+1 < len(rest) && rest[i+1] == '|':
			i++
		case c == '>' || c == '|':
			return true
		}
	}
	return false
}
