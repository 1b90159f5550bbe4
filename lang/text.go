package lang

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/apparentlymart/go-textseg/v15/textseg"
	"github.com/sprayc/sprayc/lang/diag"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// checkText refuses what no text file has: bytes that are not UTF-8, NUL and
// other control characters, and characters that change the direction of the
// text, by which code can look like other code. Only the first is reported,
// since what follows is most likely a binary file.
func checkText(file string, text []byte) diag.List {
	refuse := func(offset, n int, label, fix string) diag.List {
		return diag.List{{Kind: diag.InvalidText, Span: spanAt(file, text, offset, offset+n), Label: label, Fix: fix}}
	}
	if bytes.HasPrefix(text, byteOrderMark) {
		return refuse(0, 3, "the file begins with a byte order mark", "save it as UTF-8 without one")
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= 0x20 && c < 0x7f, c == '\n', c == '\t':
			i++
			continue
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
			i += 2
			continue
		case c < 0x80:
			return refuse(i, 1, fmt.Sprintf("a control character, U+%04X", c), "remove it; in a quoted string write \\n, \\r or \\t")
		}
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return refuse(i, 1, fmt.Sprintf("the byte 0x%02X is not UTF-8", c), "save the file as UTF-8")
		case bidirectional(r):
			return refuse(i, n, fmt.Sprintf("U+%04X changes the direction of the text", r), "remove it")
		}
		i += n
	}
	return nil
}

func bidirectional(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// spanAt is the span of some bytes of a file.
func spanAt(file string, text []byte, from, to int) diag.Span {
	return diag.Span{File: file, Start: posAt(text, from), End: posAt(text, to)}
}

func posAt(text []byte, offset int) diag.Pos {
	offset = min(offset, len(text))
	before := text[:offset]
	line := bytes.Count(before, []byte{'\n'}) + 1
	rest := before[bytes.LastIndexByte(before, '\n')+1:]
	column := 1
	for len(rest) > 0 {
		n, _, err := textseg.ScanGraphemeClusters(rest, true)
		if err != nil || n <= 0 {
			break
		}
		rest = rest[n:]
		column++
	}
	return diag.Pos{Line: line, Column: column, Byte: offset}
}
