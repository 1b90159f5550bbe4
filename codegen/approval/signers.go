package approval

import (
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sprayc/sprayc/lang/diag"
	"golang.org/x/crypto/ssh"
)

// Signer is a line of an allowed-signers file.
type Signer struct {
	Principals []string // as written: they may be patterns
	Key        ssh.PublicKey
	Namespaces []string  // patterns; none is all
	After      time.Time // zero: always
	Before     time.Time // zero: for ever
	Line       int
}

// Signers are those who may approve, in the order of the file.
type Signers struct {
	File string
	List []Signer
}

// ParseSigners reads a file in the form of ALLOWED SIGNERS in ssh-keygen(1). A line that
// cannot be read is an error here, where ssh-keygen would pass over it; one with
// cert-authority is passed over with a warning.
func ParseSigners(file string, data []byte) (*Signers, diag.List) {
	signers := &Signers{File: file}
	var diags diag.List
	offset := 0
	for number, line := range strings.Split(string(data), "\n") {
		text := strings.TrimSpace(line)
		span := diag.Span{File: file, Start: diag.Pos{Line: number + 1, Column: 1, Byte: offset},
			End: diag.Pos{Line: number + 1, Column: len(line) + 1, Byte: offset + len(line)}}
		offset += len(line) + 1
		if text == "" || text[0] == '#' {
			continue
		}
		signer, err := parseSigner(text)
		signer.Line = number + 1
		switch {
		case errors.Is(err, errAuthority):
			diags = append(diags, diag.Diagnostic{Kind: diag.AuthorityIgnored, Span: span, Label: "only keys are taken, each with a line of its own"})
		case err != nil:
			diags = append(diags, diag.Diagnostic{Kind: diag.BadSigner, Span: span, Label: err.Error(),
				Fix: "write: NAME KEY-TYPE KEY, as in a line of NAME and a key's .pub file"})
		default:
			signers.List = append(signers.List, signer)
		}
	}
	return signers, diags
}

// errAuthority is for a line of a key that signs certificates.
var errAuthority = errors.New("cert-authority")

func parseSigner(line string) (Signer, error) {
	var s Signer
	principals, rest := word(line)
	if strings.Contains(principals, `"`) {
		return s, errors.New("the principals are in quotes: write them without")
	}
	s.Principals = strings.Split(principals, ",")
	if slices.ContainsFunc(s.Principals, func(name string) bool { return name == "" || name[0] == '!' }) {
		return s, errors.New("a principal is empty, or begins with an exclamation mark: say who the key belongs to")
	}
	first, after := word(rest)
	if !isKeyType(first) {
		if err := s.options(first); err != nil {
			return s, err
		}
		first, after = word(after)
	}
	text, _ := word(after)
	blob, err := base64.StdEncoding.DecodeString(text)
	if err != nil || text == "" {
		return s, errors.New("it has no key in base64 behind the key's type")
	}
	key, err := ssh.ParsePublicKey(blob)
	if err != nil {
		return s, fmt.Errorf("the key cannot be read: %w", err)
	}
	if key.Type() != first {
		return s, fmt.Errorf("the key is of the type %s, and the line says %q", key.Type(), first)
	}
	if err := usable(key); err != nil {
		return s, fmt.Errorf("the key %w", err)
	}
	s.Key = key
	return s, nil
}

// isKeyType reports whether a word begins a key, and is not a list of options.
func isKeyType(text string) bool {
	return !strings.ContainsAny(text, `="`) && text != "cert-authority" && strings.Contains(text, "-")
}

// word splits off what stands before the first blank that is in no quotes.
func word(text string) (first, rest string) {
	quoted := false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case (c == ' ' || c == '\t') && !quoted:
			return text[:i], strings.TrimLeft(text[i:], " \t")
		}
	}
	return text, ""
}

// options reads what stands before the key, such as
// namespaces="bundle@sprayc",valid-before="20301231".
func (s *Signer) options(text string) error {
	for text != "" {
		option := text
		quoted := false
		for i := range len(text) {
			if text[i] == '"' {
				quoted = !quoted
			}
			if text[i] == ',' && !quoted {
				option = text[:i]
				break
			}
		}
		text = strings.TrimPrefix(text[len(option):], ",")
		name, value, _ := strings.Cut(option, "=")
		value, opened := strings.CutPrefix(value, `"`)
		value, closed := strings.CutSuffix(value, `"`)
		if opened != closed || strings.Contains(value, `"`) {
			return fmt.Errorf("the quotes of %s do not fit", name)
		}
		if err := s.option(strings.ToLower(name), value, opened); err != nil {
			return err
		}
	}
	return nil
}

func (s *Signer) option(name, value string, quoted bool) (err error) {
	switch {
	case name == "cert-authority":
		return errAuthority
	case !quoted:
		return fmt.Errorf("%s is no option that is known; they are namespaces=\"...\", valid-after=\"...\" and valid-before=\"...\"", name)
	case name == "namespaces":
		s.Namespaces = strings.Split(value, ",")
	case name == "valid-after":
		s.After, err = moment(value)
	case name == "valid-before":
		s.Before, err = moment(value)
	default:
		return fmt.Errorf("%s is no option that is known; they are namespaces, valid-after and valid-before", name)
	}
	return err
}

// moment reads YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, in local time or with a Z in UTC.
func moment(text string) (time.Time, error) {
	digits, zone := text, time.Local
	if cut, ok := strings.CutSuffix(strings.ToUpper(text), "Z"); ok {
		digits, zone = cut, time.UTC
	}
	layouts := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}
	at, err := time.ParseInLocation(layouts[len(digits)], digits, zone)
	if err != nil || layouts[len(digits)] == "" {
		return at, fmt.Errorf("%q is no time: write YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z behind it in UTC", text)
	}
	return at, nil
}

// valid says why the line's key is not to be used now, if so.
func (s *Signer) valid(now time.Time) error {
	switch {
	case !s.After.IsZero() && now.Before(s.After):
		return fmt.Errorf("may not sign before %s", s.After.UTC().Format(time.DateTime+" UTC"))
	case !s.Before.IsZero() && now.After(s.Before):
		return fmt.Errorf("may not sign since %s", s.Before.UTC().Format(time.DateTime+" UTC"))
	}
	return nil
}

// matches reports whether a name is among patterns, PATTERNS of ssh_config(5): one with
// ! in front forbids what it matches.
func matches(name string, patterns []string) bool {
	found := false
	for _, pattern := range patterns {
		positive, negated := strings.CutPrefix(pattern, "!")
		if !wildcard(positive, name) {
			continue
		}
		if negated {
			return false
		}
		found = true
	}
	return found
}

// wildcard matches * and ?, and nothing else: brackets and backslashes are themselves.
func wildcard(pattern, name string) bool {
	escaped := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `/`, "\x00").Replace(pattern)
	ok, err := path.Match(escaped, strings.ReplaceAll(name, "/", "\x00"))
	return err == nil && ok
}

// who returns the line that says whose the key is, the first that has it and is valid, as
// ssh-keygen -Y find-principals finds it; nil if no line has it. The error says why the one
// so named may not sign: no valid line of the key permits it for the namespace.
func (s *Signers) who(key ssh.PublicKey, namespace string, now time.Time) (*Signer, error) {
	var first *Signer
	var reason error
	for i := range s.List {
		line := &s.List[i]
		if !slices.Equal(line.Key.Marshal(), key.Marshal()) {
			continue
		}
		err := line.valid(now)
		if first == nil || reason != nil && err == nil {
			first, reason = line, err
		}
	}
	if first == nil || reason != nil {
		return first, reason
	}
	for i := range s.List {
		line := &s.List[i]
		if slices.Equal(line.Key.Marshal(), key.Marshal()) && line.valid(now) == nil && matches(first.Principals[0], line.Principals) &&
			(line.Namespaces == nil || matches(namespace, line.Namespaces)) {
			return first, nil
		}
	}
	return first, fmt.Errorf("may not sign for %s", namespace)
}
