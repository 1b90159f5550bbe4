package shell

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/syntax"
)

// ErrUnstable means that the printer would not come to rest: a bug.
var ErrUnstable = errors.New("the printer does not reach a fixed point; this is a bug in sprayc")

// ErrCarriageReturn means that a script has a line that ends in a carriage
// return: the parser would drop it, also inside quotes. Quote makes none.
var ErrCarriageReturn = errors.New("a line ends in a carriage return, which the printer would drop")

// Format prints a POSIX script in the one form that generated scripts have. It
// returns its own output unchanged. The error is a *syntax.ParseError or
// *syntax.LangError when src is not POSIX shell.
//
// The printer aligns comments and may need another round after it has moved
// one; it comes to rest after two or three.
func Format(name string, src []byte) ([]byte, error) {
	if bytes.Contains(src, []byte("\r\n")) {
		return nil, fmt.Errorf("print %s: %w", name, ErrCarriageReturn)
	}
	hide, restore := standIns(src)
	src = hide(src)
	for range 5 {
		out, err := formatOnce(name, src)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(out, src) {
			return restore(out), nil
		}
		src = out
	}
	return nil, fmt.Errorf("print %s: %w", name, ErrUnstable)
}

// standIns returns how to put other characters in the place of vertical tabs
// and form feeds, and back. The printer lays text out with text/tabwriter,
// which would take them, in quotes or not, for the ends of cells and lines.
func standIns(src []byte) (hide, restore func([]byte) []byte) {
	same := func(text []byte) []byte { return text }
	if !bytes.ContainsAny(src, "\v\f") {
		return same, same
	}
	var free []string
	for r := rune(0xE000); len(free) < 2; r++ { // private use: a letter like any other
		if !bytes.ContainsRune(src, r) {
			free = append(free, string(r))
		}
	}
	there := strings.NewReplacer("\v", free[0], "\f", free[1])
	back := strings.NewReplacer(free[0], "\v", free[1], "\f")
	hide = func(text []byte) []byte { return []byte(there.Replace(string(text))) }
	restore = func(text []byte) []byte { return []byte(back.Replace(string(text))) }
	return hide, restore
}

func formatOnce(name string, src []byte) ([]byte, error) {
	file, err := parse(name, src)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	printer := syntax.NewPrinter(syntax.Indent(0), syntax.BinaryNextLine(false))
	if err := printer.Print(&out, file); err != nil {
		return nil, fmt.Errorf("print %s: %w", name, err)
	}
	return out.Bytes(), nil
}

func parse(name string, src []byte) (*syntax.File, error) {
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return nil, fmt.Errorf("%s: NUL byte at offset %d", name, i)
	}
	if !utf8.Valid(src) {
		return nil, fmt.Errorf("%s: not UTF-8 text", name)
	}
	parser := syntax.NewParser(syntax.Variant(syntax.LangPOSIX), syntax.KeepComments(true))
	return parser.Parse(bytes.NewReader(src), name)
}
