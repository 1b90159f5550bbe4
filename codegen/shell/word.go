package shell

import (
	"errors"
	"fmt"
	"strings"
)

// Word is one word of shell, already quoted. The zero Word is the empty
// string, quoted. Only the functions of this file make one.
type Word struct {
	text string
}

// ErrNUL is returned for a value that no shell can hold.
var ErrNUL = errors.New("the value has a NUL byte, which no shell variable can hold")

// Quote returns a word whose value is s, in single quotes. Any byte but NUL
// may be in it: newlines, tabs and control characters stand as they are
// (POSIX.1-2024, Shell Command Language, section 2.2.2).
//
// A carriage return before a newline is set apart by a pair of quotes: the
// shells keep both bytes, but mvdan.cc/sh, through which every script is
// printed, would drop the first one.
func Quote(s string) (Word, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return Word{}, ErrNUL
	}
	return Word{quoter.Replace(s)}.wrapped(), nil
}

var quoter = strings.NewReplacer("'", `'\''`, "\r\n", "\r''\n")

func (w Word) wrapped() Word { return Word{"'" + w.text + "'"} }

// Constant is Quote for text that the program itself has chosen. It panics if
// that has a NUL byte.
func Constant(s string) Word {
	w, err := Quote(s)
	if err != nil {
		panic(fmt.Sprintf("shell: %v", err))
	}
	return w
}

// Var returns the expansion of a variable, in double quotes. The name must be
// a shell name; it panics otherwise, as a name is never a user's text.
func Var(name string) Word {
	if !ValidName(name) {
		panic(fmt.Sprintf("shell: %q is not a name", name))
	}
	return Word{`"$` + name + `"`}
}

// Below returns a path below the folder that a variable names:
// "$SPRAY_BUNDLE/steps/x.sh". It fails only for a path with a NUL byte.
func Below(name, path string) (Word, error) { return Var(name).Below(path) }

// Below returns a path below the folder that the word names.
func (w Word) Below(path string) (Word, error) {
	if plainPath(path) && w.open() {
		return Word{strings.TrimSuffix(w.text, `"`) + "/" + path + `"`}, nil
	}
	quoted, err := Quote("/" + path)
	return Word{w.String() + quoted.text}, err
}

// BelowVar returns the path below the folder that the word names whose last
// part a variable holds.
func (w Word) BelowVar(name string) Word {
	if w.open() {
		return Word{strings.TrimSuffix(w.text, `"`) + "/" + strings.TrimPrefix(Var(name).text, `"`)}
	}
	return Word{w.String() + `"/` + strings.TrimPrefix(Var(name).text, `"`)}
}

// open reports whether the word is one pair of double quotes, so that more can
// go inside.
func (w Word) open() bool {
	return len(w.text) > 1 && strings.HasPrefix(w.text, `"`) && strings.Count(w.text, `"`) == 2 && strings.HasSuffix(w.text, `"`)
}

// Join returns the words one after the other, as one word.
func Join(words ...Word) Word {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.String())
	}
	return Word{b.String()}
}

// String returns the word as it stands in a script.
func (w Word) String() string {
	if w.text == "" {
		return "''"
	}
	return w.text
}

// ValidName reports whether s can be the name of a variable.
func ValidName(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case '0' <= c && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return s != ""
}

func plainPath(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("._-/+@:,", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}
