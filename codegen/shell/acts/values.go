package acts

import (
	"slices"
	"sort"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// unknown stands for any text, within a value or as the whole of it, and shows as *.
const unknown = "\x03"

// begin and end enclose the name of a value of env that is not known yet.
const begin, end = "\x01", "\x02"

// Symbol stands for a value of env that is not known yet, and shows as $NAME.
func Symbol(name string) string { return begin + name + end }

// shown is a value as people read it.
func shown(value string) string {
	return strings.NewReplacer(begin, "$", end, "", unknown, "*").Replace(value)
}

// most is how many values a variable may have before they are not told apart.
const most = 24

// values are the texts that a word may come to.
type values []string

// add adds values, and says whether any was new.
func (v *values) add(more values) bool {
	added := false
	for _, text := range more {
		if slices.Contains(*v, unknown) {
			return added
		}
		if len(text) > 16384 {
			text = unknown
		}
		if slices.Contains(*v, text) {
			continue
		}
		added = true
		*v = append(*v, text)
		if len(*v) > most {
			*v = values{unknown}
		}
	}
	return added
}

// join puts the values of two parts of a word together.
func join(a, b values) values {
	var out values
	for _, x := range a {
		for _, y := range b {
			out.add(values{squeeze(x + y)})
		}
	}
	return out
}

// squeeze makes several unknowns in a row one.
func squeeze(text string) string {
	for strings.Contains(text, unknown+unknown) {
		text = strings.ReplaceAll(text, unknown+unknown, unknown)
	}
	return text
}

// scope is where a word stands: the function whose parameters it may use.
type scope struct{ function string }

// eval returns what a word may come to.
func (s *script) eval(word *syntax.Word, at scope) values {
	if word == nil {
		return values{""}
	}
	return s.parts(word.Parts, at, false)
}

func (s *script) parts(parts []syntax.WordPart, at scope, quoted bool) values {
	out := values{""}
	for _, part := range parts {
		out = join(out, s.part(part, at, quoted))
	}
	return out
}

func (s *script) part(part syntax.WordPart, at scope, quoted bool) values {
	switch p := part.(type) {
	case *syntax.Lit:
		if quoted {
			return values{unescape(p.Value, "$`\"\\\n")}
		}
		return values{unescape(p.Value, "")}
	case *syntax.SglQuoted:
		return values{p.Value}
	case *syntax.DblQuoted:
		return s.parts(p.Parts, at, true)
	case *syntax.ParamExp:
		return s.param(p, at)
	case *syntax.CmdSubst:
		return s.substituted(p, at)
	}
	return values{unknown}
}

// unescape drops the backslashes that quote; within double quotes only before
// these.
func unescape(text, before string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (before == "" || strings.IndexByte(before, text[i+1]) >= 0) {
			i++
			if text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// substituted is what a command prints: known only of mktemp.
func (s *script) substituted(p *syntax.CmdSubst, at scope) values {
	if len(p.Stmts) != 1 {
		return values{unknown}
	}
	call, ok := p.Stmts[0].Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 || call.Args[0].Lit() != "mktemp" {
		return values{unknown}
	}
	return s.temporary(call.Args[1:], at)
}

// temporary are the names that mktemp makes.
func (s *script) temporary(args []*syntax.Word, at scope) values {
	for _, arg := range args {
		if strings.HasPrefix(arg.Lit(), "-") {
			continue
		}
		var out values
		for _, value := range s.eval(arg, at) {
			trimmed := strings.TrimRight(value, "X")
			if trimmed == value {
				out.add(values{value})
				continue
			}
			out.add(values{squeeze(trimmed + unknown)})
		}
		return out
	}
	return values{"/tmp/tmp." + unknown}
}

// param is what an expansion comes to.
func (s *script) param(p *syntax.ParamExp, at scope) values {
	if p.Excl || p.Length || p.Width || p.Index != nil || p.Slice != nil || p.Repl != nil || p.Names != 0 {
		return values{unknown}
	}
	name := p.Param.Value
	have := s.variable(name, at)
	if p.Exp == nil {
		return have
	}
	word := s.eval(p.Exp.Word, at)
	var out values
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		out.add(have)
		out.add(word)
		return out
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		out.add(values{""})
		out.add(word)
		return out
	case syntax.ErrorUnset, syntax.ErrorUnsetOrNull:
		return have
	case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		for _, value := range have {
			for _, pattern := range word {
				out.add(values{trim(p.Exp.Op, value, pattern)})
			}
		}
		return out
	}
	return values{unknown}
}

// variable is what a variable or parameter may be.
func (s *script) variable(name string, at scope) values {
	switch {
	case len(name) == 1 && strings.Contains("#?$!-", name), name == "0":
		return values{unknown}
	case name == "@" || name == "*" || '1' <= name[0] && name[0] <= '9':
		return s.orUnknown(s.params[at.function][name], true)
	}
	return s.orUnknown(s.vars[name], s.assigned[name])
}

// orUnknown is what a variable may be: what nothing assigns is not known. What
// something does, and not in this round yet, is nothing until all were gone over.
func (s *script) orUnknown(have values, assigned bool) values {
	if len(have) == 0 && (s.settled || !assigned) {
		return values{unknown}
	}
	return have
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
