package acts

import "strings"

// argument is one word of a command.
type argument struct {
	values values
	many   bool // "$@": any number of these
}

// text is an argument that can only be one thing; "" otherwise.
func (a *argument) text() string {
	if len(a.values) != 1 || a.many || strings.ContainsAny(a.values[0], unknown+begin) {
		return ""
	}
	return a.values[0]
}

// isOption reports whether an argument can only be an option.
func (a *argument) isOption() bool {
	for _, value := range a.values {
		if len(value) < 2 || value[0] != '-' {
			return false
		}
	}
	return !a.many
}

// before is the argument before this one.
func (c *command) before(i int) string {
	if i == 0 {
		return ""
	}
	return c.args[i-1].text()
}

// words are the plain words after the command's name, without options and the
// values of these.
func (c *command) words(valued ...string) []string {
	var plain []string
	for i := range c.args {
		text := c.args[i].text()
		if c.args[i].isOption() {
			continue
		}
		if contains(valued, c.before(i)) {
			continue
		}
		if text == "" || len(plain) == 5 {
			break
		}
		plain = append(plain, text)
	}
	return plain
}

// has reports whether an option is given, by one of its names; a single letter
// also among others.
func (c *command) has(names ...string) bool {
	for i := range c.args {
		for _, value := range c.args[i].values {
			if value == "--" {
				return false
			}
			for _, name := range names {
				if value == name || strings.HasPrefix(name, "--") && strings.HasPrefix(value, name+"=") {
					return true
				}
				if len(name) == 2 && name[1] != '-' && len(value) > 1 && value[0] == '-' && value[1] != '-' && strings.Contains(value[1:], name[1:]) {
					return true
				}
			}
		}
	}
	return false
}

// option returns the values of an option, given as NAME VALUE or NAME=VALUE.
func (c *command) option(names ...string) values {
	var out values
	for i := range c.args {
		for j, value := range c.args[i].values {
			for _, name := range names {
				if value == name && c.args[i].many {
					out.add(c.args[i].values[j+1 : min(j+2, len(c.args[i].values))])
				} else if value == name && i+1 < len(c.args) {
					out.add(c.args[i+1].values)
				} else if after, ok := strings.CutPrefix(value, name+"="); ok {
					out.add(values{after})
				}
			}
		}
	}
	return out
}

// operands are the arguments that are no options, nor the values of these.
func (c *command) operands(valued ...string) []argument {
	var out []argument
	rest := false
	for i := 0; i < len(c.args); i++ {
		text := c.args[i].text()
		if !rest {
			if text == "--" {
				rest = true
				continue
			}
			if contains(valued, text) {
				i++
				continue
			}
			if c.args[i].isOption() {
				continue
			}
		}
		out = append(out, c.args[i])
	}
	return out
}

func contains(list []string, text string) bool {
	for _, one := range list {
		if one == text {
			return true
		}
	}
	return false
}

// all are the values of several arguments, without what looks like options.
func all(args []argument) values {
	var out values
	for _, arg := range args {
		for _, value := range arg.values {
			if !strings.HasPrefix(value, "-") && !contains(out, value) {
				out = append(out, value)
			}
		}
	}
	return out
}
