package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Columns of a source line that are shown; a longer line is cut around the
// carets.
const shown = 120

const tab = 4 // columns of a tab: text is indented by two, so any width does

// snippet is a source line as it is printed, with the columns before the carets
// and how many carets there are (at least one). The bytes from..to of the line
// are what they point at.
func snippet(line string, from, to int) (text string, indent, width int) {
	before, mid, after := visible(line[:from]), visible(line[from:to]), visible(line[to:])
	indent, width = columns(before), max(1, columns(mid))
	if indent+columns(mid)+columns(after) <= shown {
		return before + mid + after, indent, width
	}
	if indent > shown/2 {
		before = "..." + lastColumns(before, shown/2-3)
		indent = columns(before)
	}
	if room := shown - indent; columns(mid) > room {
		mid, after = firstColumns(mid, room-3)+"...", ""
		width = columns(mid)
	} else if columns(after) > room-columns(mid) {
		after = firstColumns(after, max(0, room-columns(mid)-3)) + "..."
	}
	return before + mid + after, indent, width
}

// visible is text as a terminal may get it: tabs as blanks, control characters
// and what is no UTF-8 by their numbers.
func visible(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '\t':
			b.WriteString(strings.Repeat(" ", tab))
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "<%02X>", s[i])
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0xfeff:
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// clean is one line of user data.
func clean(s string) string { return visible(strings.ReplaceAll(s, "\n", " ")) }

// Visible is text of several lines as a terminal may get it: what somebody else wrote can
// neither move the cursor nor hide what stands beside it.
func Visible(s string) string {
	if plain(s) {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = visible(l)
	}
	return strings.Join(lines, "\n")
}

// cleanLines are the lines of a label or fix; at least one.
func cleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		lines[i] = visible(l)
	}
	return lines
}

// columns is how many columns of a terminal a text takes.
func columns(s string) int {
	if plain(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// firstColumns is the beginning of a text.
func firstColumns(s string, n int) string {
	var b strings.Builder
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if n -= g.Width(); n < 0 {
			break
		}
		b.WriteString(g.Str())
	}
	return b.String()
}

// lastColumns is the end of a text.
func lastColumns(s string, n int) string {
	var parts []string
	var widths []int
	for g := uniseg.NewGraphemes(s); g.Next(); {
		parts, widths = append(parts, g.Str()), append(widths, g.Width())
	}
	at := len(parts)
	for at > 0 && n >= widths[at-1] {
		at--
		n -= widths[at]
	}
	return strings.Join(parts[at:], "")
}

// byteOf is the byte at which a column, counted in grapheme clusters from 1,
// begins.
func byteOf(line string, column int) int {
	at := 0
	for g := uniseg.NewGraphemes(line); column > 1 && g.Next(); column-- {
		_, at = g.Positions()
	}
	return at
}
