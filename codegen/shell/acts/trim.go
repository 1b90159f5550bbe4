package acts

import (
	"regexp"
	"strings"

	"mvdan.cc/sh/v3/pattern"
	"mvdan.cc/sh/v3/syntax"
)

// symbols are the operators as a script has them.
var symbols = map[syntax.ParExpOperator]string{
	syntax.RemSmallPrefix: "#", syntax.RemLargePrefix: "##", syntax.RemSmallSuffix: "%", syntax.RemLargeSuffix: "%%",
}

// trim is ${value%pattern} and its like. Of what is not known, what is before it
// stays when the end is cut off.
func trim(op syntax.ParExpOperator, value, pat string) string {
	if name, ok := strings.CutPrefix(value, begin); ok && strings.Index(name, end) == len(name)-1 {
		return begin + "{" + strings.TrimSuffix(name, end) + symbols[op] + pat + "}" + end // a value of env itself, shown as it is written
	}
	if strings.ContainsAny(value, unknown+begin) {
		i := strings.IndexAny(value, unknown+begin)
		suffix := op == syntax.RemSmallSuffix || op == syntax.RemLargeSuffix
		if suffix && pat == "/*" && op == syntax.RemSmallSuffix {
			if slash := strings.LastIndexByte(value, '/'); slash > i && !strings.Contains(value[slash:], unknown) {
				return value[:slash] // the last part is known, and goes
			}
		}
		if suffix {
			return value[:i] + unknown
		}
		return unknown
	}
	expr, err := pattern.Regexp(pat, pattern.EntireString)
	if err != nil {
		return unknown
	}
	re, err := regexp.Compile("(?s)" + expr)
	if err != nil {
		return unknown
	}
	return cut(op, value, re)
}

func cut(op syntax.ParExpOperator, value string, re *regexp.Regexp) string {
	n := len(value)
	for i := 0; i <= n; i++ {
		switch op {
		case syntax.RemSmallPrefix:
			if re.MatchString(value[:i]) {
				return value[i:]
			}
		case syntax.RemLargePrefix:
			if re.MatchString(value[:n-i]) {
				return value[n-i:]
			}
		case syntax.RemSmallSuffix:
			if re.MatchString(value[n-i:]) {
				return value[:n-i]
			}
		case syntax.RemLargeSuffix:
			if re.MatchString(value[i:]) {
				return value[:i]
			}
		}
	}
	return value
}
