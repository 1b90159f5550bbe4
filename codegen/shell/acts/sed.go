package acts

import "strings"

// sed edits files in place, or does what its commands say.
func (c *command) sed() {
	operands := c.operands(optionsOf["sed"].withValue()...)
	scripts := c.option("-e", "--expression")
	if len(scripts) == 0 && len(operands) > 0 {
		scripts, operands = operands[0].values, operands[1:]
	}
	if c.has("-i", "--in-place") {
		c.emit("writes", all(operands))
	}
	for _, text := range scripts {
		if strings.ContainsAny(text, begin+unknown) || sedWrites(text) {
			c.opaque()
			return
		}
	}
}

// sedWrites reports whether a sed program may do more than edit what it prints: with the
// commands w, W and e, and with these as flags of s. Of what it cannot read it says so, too.
func sedWrites(program string) bool {
	s := sedProgram{rest: program}
	for s.next() {
	}
	return s.writes
}

// sedProgram is a program of which rest is still to be read.
type sedProgram struct {
	rest   string
	writes bool
}

// next reads a command; false is that there is nothing more to know.
func (s *sedProgram) next() bool {
	s.rest = strings.TrimLeft(s.rest, " \t\n;}")
	if s.rest == "" {
		return false
	}
	if s.rest[0] == '#' {
		s.line()
		return true
	}
	s.address()
	if s.rest == "" || s.writes {
		s.writes = true
		return false
	}
	command := s.rest[0]
	s.rest = s.rest[1:]
	switch {
	case strings.IndexByte("{=dDgGhHnNpPxzF", command) >= 0:
	case strings.IndexByte("btT:qQlL", command) >= 0: // a label or a number
		s.rest = strings.TrimLeft(s.rest, " \t")
		s.rest = s.rest[len(s.rest)-len(strings.TrimLeft(s.rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")):]
	case strings.IndexByte("aicrR", command) >= 0: // a text or a file to read
		s.line()
	case command == 's' || command == 'y':
		s.substitute(command)
	default:
		s.writes = true
	}
	return !s.writes
}

// line skips to the end of the line, and of those that a backslash continues it with.
func (s *sedProgram) line() {
	for {
		line, rest, more := strings.Cut(s.rest, "\n")
		s.rest = rest
		if !more || !strings.HasSuffix(line, `\`) {
			return
		}
	}
}

// address skips what says for which lines a command is.
func (s *sedProgram) address() {
	for s.rest != "" {
		switch c := s.rest[0]; {
		case strings.IndexByte("0123456789$,~+! \t", c) >= 0:
			s.rest = s.rest[1:]
		case c == '/':
			s.rest = s.rest[1:]
			s.until('/')
			s.rest = strings.TrimLeft(s.rest, "IM")
		case c == '\\' && len(s.rest) > 1:
			delimiter := s.rest[1]
			s.rest = s.rest[2:]
			s.until(delimiter)
			s.rest = strings.TrimLeft(s.rest, "IM")
		default:
			return
		}
	}
}

// until skips a text and the delimiter that ends it. Whether one in brackets does, programs
// do not agree.
func (s *sedProgram) until(delimiter byte) {
	brackets := false
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '\\':
			i++
		case c == delimiter:
			s.writes = s.writes || brackets
			s.rest = s.rest[i+1:]
			return
		case brackets && strings.HasPrefix(s.rest[i:], "[:"): // [[:space:]]
			i++
			if end := strings.Index(s.rest[i:], ":]"); end >= 0 {
				i += end + 1
			}
		case c == '[' && !brackets:
			brackets = true
			if i+1 < len(s.rest) && s.rest[i+1] == '^' {
				i++
			}
			if i+1 < len(s.rest) && s.rest[i+1] == ']' {
				i++
			}
		case c == ']':
			brackets = false
		}
	}
	s.writes = true
}

// substitute skips s and y.
func (s *sedProgram) substitute(command byte) {
	if s.rest == "" || s.rest[0] == '\n' || s.rest[0] == '\\' {
		s.writes = true
		return
	}
	delimiter := s.rest[0]
	s.rest = s.rest[1:]
	s.until(delimiter)
	for i := 0; i < len(s.rest); i++ { // in what comes instead, brackets are only text
		if s.rest[i] == '\\' {
			i++
			continue
		}
		if s.rest[i] != delimiter {
			continue
		}
		s.rest = s.rest[i+1:]
		if command == 's' {
			s.rest = strings.TrimLeft(s.rest, "gpiImM0123456789")
		}
		if s.rest != "" && strings.IndexByte(" \t\n;}#", s.rest[0]) < 0 {
			s.writes = true
		}
		return
	}
	s.writes = true
}
