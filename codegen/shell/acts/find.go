package acts

import (
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell/inner"
)

// find removes, writes and runs where its expression says so.
func (c *command) find() {
	folders := c.folders()
	for i := range c.args {
		for _, word := range c.args[i].values {
			switch {
			case word == "-delete":
				c.emit("removes", folders)
			case inner.Runs(word):
				if c.args[i].many {
					c.opaque()
					continue
				}
				end := i + 1
				for end < len(c.args) && c.args[end].text() != ";" && c.args[end].text() != "+" {
					end++
				}
				words := slices.Clone(c.args[i+1 : end])
				for j := range words {
					if words[j].text() == "{}" {
						words[j] = argument{values: below(folders)}
					}
				}
				c.script.run(words, nil, c.at, c.node)
			case slices.Contains([]string{"-fprint", "-fprint0", "-fprintf", "-fls", "-files0-from"}, word):
				c.opaque()
			}
		}
	}
}

// folders are where it looks: what stands before its expression.
func (c *command) folders() values {
	var list values
	for _, arg := range c.args {
		for _, value := range arg.values {
			switch {
			case value == "-H" || value == "-L" || value == "-P":
			case value != "" && strings.IndexByte("-(!", value[0]) >= 0:
				return list
			default:
				list.add(values{value})
			}
		}
	}
	return list
}

func below(folders values) values {
	var out values
	for _, folder := range folders {
		out.add(values{folder + "/*"})
	}
	return out
}
