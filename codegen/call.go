package codegen

import (
	"strings"

	"github.com/sprayc/sprayc/codegen/shell"
)

// call is one call of the library: its words, of which the first few stay on
// the first line.
type call struct {
	words []string
}

func (c *call) add(words ...shell.Word) {
	text := ""
	for _, word := range words {
		text += word.String()
	}
	c.words = append(c.words, text)
}

// named adds NAME=WORD, where NAME is one of ours.
func (c *call) named(name string, word shell.Word) {
	c.words = append(c.words, name+"="+word.String())
}

// plainName reports whether a name can stand bare before the = of an argument.
func plainName(name string) bool {
	for _, r := range name {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_.-/:", r)) {
			return false
		}
	}
	return name != ""
}

// width is where a call is broken.
const width = 110

// text returns the call, indented, on as few lines as fit.
func (c *call) text() string {
	var b strings.Builder
	b.WriteByte('\t')
	column := 4
	for i, word := range c.words {
		if i > 0 && column+1+len(word) > width {
			b.WriteString(" \\\n\t\t")
			column = 8
		} else if i > 0 {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	b.WriteByte('\n')
	return b.String()
}
