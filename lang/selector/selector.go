package selector

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2"
	"github.com/sprayc/sprayc/lang/hostpattern"
)

// Limits of a selector, so that none can exhaust the parser.
const (
	maxText  = 16 << 10
	maxDepth = 100
)

// Expr is a selector that has been parsed.
type Expr struct {
	text  string
	root  *or
	terms []Term
	match map[*term]*matcher
}

// Term is one KEY:VALUE of a selector, with its place in the text, in bytes.
type Term struct {
	Key, Value     string
	Values         []string // what Value stands for: itself, or the names of a host pattern
	Offset, Length int
}

// Target is a host that a selector may mean.
type Target interface {
	// Values are what the host has for a key: of role, its roles.
	Values(key string) []string
}

// Error is what is wrong with a selector, and where: bytes of the text.
type Error struct {
	Offset, Length int
	Message, Fix   string
}

func (e *Error) Error() string { return e.Message }

// matcher is a term made ready.
type matcher struct {
	key    string
	values map[string]bool
}

// Parse parses a selector. If keys are given, others are refused. The error is
// an *Error.
func Parse(text string, keys ...string) (*Expr, error) {
	if err := sane(text); err != nil {
		return nil, err
	}
	root, err := parser.ParseString("", text)
	if err != nil {
		at := len(text)
		var perr participle.Error
		if errors.As(err, &perr) {
			at = min(max(0, perr.Position().Offset), len(text))
		}
		return nil, explain(text, at)
	}
	e := &Expr{text: text, root: root, match: map[*term]*matcher{}}
	if err := e.ready(root, keys); err != nil {
		return nil, err
	}
	return e, nil
}

// String is the selector as written.
func (e *Expr) String() string { return e.text }

// Terms are the terms of the selector, in the order written.
func (e *Expr) Terms() []Term { return e.terms }

// Match reports whether the selector means a host.
func (e *Expr) Match(t Target) bool { return e.any(e.root, t) }

func (e *Expr) any(o *or, t Target) bool {
	for _, a := range o.Any {
		if e.all(a, t) {
			return true
		}
	}
	return false
}

func (e *Expr) all(a *and, t Target) bool {
	for _, n := range a.All {
		holds := false
		if n.Group != nil {
			holds = e.any(n.Group, t)
		} else {
			holds = e.match[n.Term].matches(t)
		}
		if holds == (len(n.Bangs)%2 == 1) {
			return false
		}
	}
	return true
}

func (m *matcher) matches(t Target) bool {
	for _, v := range t.Values(m.key) {
		if m.values[v] {
			return true
		}
	}
	return false
}

// ready makes the terms below a node ready.
func (e *Expr) ready(o *or, keys []string) error {
	for _, a := range o.Any {
		for _, n := range a.All {
			var err error
			if n.Group != nil {
				err = e.ready(n.Group, keys)
			} else {
				err = e.term(n.Term, keys)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Expr) term(t *term, keys []string) error {
	at := t.Pos.Offset
	key, value, found := strings.Cut(t.Text, ":")
	switch {
	case !found:
		return bare(t.Text, at)
	case key == "":
		return &Error{Offset: at, Length: 1, Message: "a key is missing before the colon", Fix: "write role:" + value + " or host:" + value}
	case len(keys) > 0 && !has(keys, key):
		return &Error{Offset: at, Length: len(key), Message: fmt.Sprintf("there is no key %q", key), Fix: "use one of " + strings.Join(keys, ", ")}
	case value == "":
		return &Error{Offset: at, Length: len(t.Text), Message: "a value is missing after the colon", Fix: "write " + key + ":VALUE"}
	}
	one := Term{Key: key, Value: value, Values: []string{value}, Offset: at, Length: len(t.Text)}
	if strings.ContainsAny(value, "[]{}") {
		hosts, err := hostpattern.Expand(value)
		if err != nil {
			return inValue(err, at+len(key)+1)
		}
		one.Values = nil
		for _, h := range hosts {
			one.Values = append(one.Values, h.Name)
		}
	} else if i := strings.IndexByte(value, ','); i >= 0 {
		return &Error{Offset: at + len(key) + 1 + i, Length: 1, Message: "a comma does not separate values", Fix: fmt.Sprintf("write %s:{%s}", key, value)}
	}
	m := &matcher{key: key, values: make(map[string]bool, len(one.Values))}
	for _, v := range one.Values {
		m.values[v] = true
	}
	e.match[t] = m
	e.terms = append(e.terms, one)
	return nil
}

// bare is a term without a colon.
func bare(text string, at int) error {
	switch strings.ToLower(text) {
	case "and":
		return &Error{Offset: at, Length: len(text), Message: "this is not an operator", Fix: "write &"}
	case "or":
		return &Error{Offset: at, Length: len(text), Message: "this is not an operator", Fix: "write |"}
	case "not":
		return &Error{Offset: at, Length: len(text), Message: "this is not an operator", Fix: "write !"}
	}
	if key, value, found := strings.Cut(text, "="); found {
		return &Error{Offset: at, Length: len(text), Message: "a term is KEY:VALUE", Fix: "write " + key + ":" + value}
	}
	return &Error{Offset: at, Length: len(text), Message: "a term is KEY:VALUE", Fix: "write host:" + text + " or role:" + text}
}

func inValue(err error, offset int) error {
	var e *hostpattern.Error
	if !errors.As(err, &e) {
		return &Error{Offset: offset, Message: err.Error()}
	}
	return &Error{Offset: offset + e.Offset, Length: e.Length, Message: e.Message, Fix: e.Fix}
}

func has(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// sane refuses what the parser should not see.
func sane(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return &Error{Length: len(text), Message: "the selector is empty", Fix: "write role:worker or host:cp1"}
	case len(text) > maxText:
		return &Error{Length: len(text), Message: "the selector is too long", Fix: "select by role"}
	case !utf8.ValidString(text):
		return &Error{Length: len(text), Message: "the selector is not UTF-8", Fix: "write role:worker or host:cp1"}
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth > maxDepth {
			return &Error{Offset: i, Length: 1, Message: "the selector is nested too deeply", Fix: "remove parentheses"}
		}
	}
	return nil
}

// explain says what is wrong at the place where the parser stopped.
func explain(text string, at int) *Error {
	if at >= len(text) {
		var open []int
		for i := 0; i < len(text); i++ {
			switch text[i] {
			case '(':
				open = append(open, i)
			case ')':
				open = open[:max(0, len(open)-1)]
			}
		}
		last := strings.TrimRight(text, " \t\r\n")
		if len(open) > 0 && !strings.HasSuffix(last, "&") && !strings.HasSuffix(last, "|") && !strings.HasSuffix(last, "!") && !strings.HasSuffix(last, "(") {
			return &Error{Offset: open[len(open)-1], Length: 1, Message: "this ( is not closed", Fix: "close it with )"}
		}
		return &Error{Offset: len(last), Message: "a term is expected here", Fix: "write KEY:VALUE, or remove the operator"}
	}
	before := strings.TrimRight(text[:at], " \t\r\n")
	_, size := utf8.DecodeRuneInString(text[at:])
	e := &Error{Offset: at, Length: size, Message: "a term is expected here", Fix: "write KEY:VALUE"}
	switch c := text[at]; {
	case (c == '&' || c == '|') && strings.HasSuffix(before, string(c)):
		e.Message, e.Fix = "the operator is one character", "write one "+string(c)
	case c == ')' && strings.Count(before, "(") <= strings.Count(before, ")"):
		e.Message, e.Fix = "no parenthesis is open that this closes", "remove it"
	case c == '&', c == '|', c == ')':
	default:
		e.Message, e.Fix = "an operator is expected before this", "write & (both) or | (either)"
		word := text[at:]
		if i := strings.IndexAny(word, " \t\r\n&|!()"); i > 0 {
			word = word[:i]
		}
		e.Length = len(word)
		switch strings.ToLower(word) {
		case "and":
			e.Message, e.Fix = "this is not an operator", "write &"
		case "or":
			e.Message, e.Fix = "this is not an operator", "write |"
		}
	}
	return e
}
