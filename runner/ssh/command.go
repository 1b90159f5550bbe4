package ssh

import (
	"fmt"
	"strings"
)

// Command is text that every login shell (sh, bash, fish, csh, ...) hands to
// /bin/sh unharmed. sshd runs what it is given with `$SHELL -c TEXT`, so the text
// is read first by a shell that nobody here has chosen. This is the boundary:
// only [NewCommand] makes a Command, and it refuses every character that any of
// those shells would read in its own way.
//
// Inside single quotes sh knows one special character, the quote itself; fish
// has the backslash too; csh has the exclamation mark and the newline. A script
// without these four is the same text to all of them.
type Command struct {
	script string
	args   []string
}

// NewCommand is `/bin/sh -c SCRIPT sprayc ARGS...`. The script is constant text,
// free of single quotes, backslashes, exclamation marks and control characters;
// the arguments ($1, $2, ...) are plain words of letters, digits and
// _ . / : @ % + , = -. Anything else is an error.
func NewCommand(script string, args ...string) (Command, error) {
	for _, r := range script {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`'\!`, r) {
			return Command{}, fmt.Errorf("remote script holds %q, which login shells read differently; this is a bug in sprayc", r)
		}
	}
	for _, arg := range args {
		if !plainWord(arg) {
			return Command{}, fmt.Errorf("argument %q of a remote command has characters other than letters, digits and _./:@%%+,=-", arg)
		}
	}
	return Command{script: script, args: args}, nil
}

func plainWord(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		case strings.ContainsRune("_./:@%+,=-", r):
		default:
			return false
		}
	}
	// Some shells expand =NAME (zsh) and %JOB in front of a word.
	return s[0] != '=' && s[0] != '%'
}

// String is the text for sshd.
func (c Command) String() string { return c.line("", c.script) }

// line puts prefix, the script and the arguments into one line.
func (c Command) line(prefix, script string, first ...string) string {
	var b strings.Builder
	b.WriteString(prefix)
	b.WriteString("/bin/sh -c '")
	b.WriteString(script)
	b.WriteString("' sprayc")
	for _, arg := range append(first, c.args...) {
		b.WriteByte(' ')
		b.WriteString(arg)
	}
	return b.String()
}

// sudo is the same command as root. The prompt is one that no password file or
// message can hold by chance; mark is printed on standard error once sudo has let
// us through, and only then is standard input ours.
func (c Command) sudo(prompt, mark string) string {
	return c.line("sudo -S -p "+prompt+" -- ", "echo $1 >&2; shift; "+c.script, mark)
}
