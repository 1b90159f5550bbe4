package diag

import "strings"

// Color is how a part of a text looks on a terminal.
type Color string

// The colours. The bright ones are for a word or a heading, the others for lines.
const (
	Bold    Color = "1"
	Red     Color = "1;31"
	Yellow  Color = "1;33"
	Green   Color = "1;32"
	Blue    Color = "1;34"
	Added   Color = "32"
	Removed Color = "31"
	Place   Color = "36" // in which lines of a file
)

// Paint gives a text a colour, if there is to be any.
func (s Style) Paint(color Color, text string) string {
	if !s.Color || color == "" || text == "" {
		return text
	}
	return "\x1b[" + string(color) + "m" + text + "\x1b[0m"
}

// DiffLine paints a line of a unified diff as diff tools do: what is added green, what is
// removed red.
func (s Style) DiffLine(line string) string {
	switch {
	case strings.HasPrefix(line, "+"):
		return s.Paint(Added, line)
	case strings.HasPrefix(line, "-"):
		return s.Paint(Removed, line)
	case strings.HasPrefix(line, "@@"):
		return s.Paint(Place, line)
	}
	return line
}
