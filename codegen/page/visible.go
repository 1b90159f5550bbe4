package page

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible writes out the characters of a text that one does not see, or that change how
// others are seen: controls, what turns the direction of text, spaces that are none or
// look like another. Newlines and tabs stay.
func visible(s string) string {
	if !strings.ContainsFunc(s, hides) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "\u27e8byte %02X\u27e9", s[i])
		case hides(r):
			b.WriteString(written(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// line is visible text in one line.
func line(s string) string {
	return strings.NewReplacer("\n", written('\n'), "\t", written('\t')).Replace(visible(s))
}

func written(r rune) string { return fmt.Sprintf("\u27e8U+%04X\u27e9", r) }

// hides reports whether a character is not seen as what it is.
func hides(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == ' ':
		return false
	case r < 0x20 || r == 0x7f:
		return true
	case r < 0x7f:
		return false
	}
	return !unicode.IsGraphic(r) || unicode.IsSpace(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u2800'
}
