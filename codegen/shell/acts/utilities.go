package acts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/shell/inner"
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, word := range strings.Fields(words) {
		m[word] = true
	}
	return m
}

// verdicts are the library's functions that a script may call.
var verdicts = set("ok differs found blocked absent partial present fail note warn")

// readers are commands that change nothing, whatever their arguments are.
var readers = set(`: [ bg break cd continue exit export false fg getopts hash jobs printf pwd read readonly return set shift
	test times true type ulimit umask unalias unset wait
	basename cat cksum cmp comm cut df diff dirname du echo expand expr fold getconf grep head id join ls nl od paste pathchk pr ps
	readlink realpath sleep stty tail tr tsort tty uname unexpand uniq wc who sha256sum stat sync
	base64 blkid egrep fgrep findmnt free getconf getent getenforce getsebool lsblk lsmod modinfo mountpoint nproc
	sestatus ss uptime which zcat`)

// handlers are commands whose arguments say what they do.
var handlers map[string]func(*command)

func init() { // they refer to each other
	handlers = map[string]func(*command){
		"awk": (*command).awk, "sed": (*command).sed, "find": (*command).find, "sort": (*command).sort, "tee": (*command).tee,
		"rm": (*command).rm, "rmdir": (*command).rm, "unlink": (*command).rm, "mv": (*command).mv, "cp": (*command).cp, "ln": (*command).cp, "link": (*command).cp,
		"mkdir": (*command).make, "touch": (*command).make, "mkfifo": (*command).make, "truncate": (*command).make, "mktemp": (*command).mktemp,
		"chmod": (*command).mode, "chown": (*command).mode, "chgrp": (*command).mode, "dd": (*command).dd, "tar": (*command).tar,
		"gzip": (*command).gzip, "split": (*command).split, "date": (*command).date, "kill": (*command).kill, "trap": (*command).trap,
		".": (*command).opaque, "alias": (*command).opaque, "sh": (*command).sh, "renice": (*command).kill, "logger": func(*command) {},
	}
	for name, handler := range programs() {
		handlers[name] = handler
	}
}

func (c *command) rm()   { c.emit("removes", all(c.operands())) }
func (c *command) make() { c.emit("writes", all(c.operands("-m", "-s", "-d", "-r", "-t"))) }
func (c *command) tee()  { c.emit("writes", all(c.operands())) }

func (c *command) mktemp() {
	if c.has("-u") {
		return
	}
	if operands := c.operands("-p"); len(operands) > 0 {
		c.emit("writes", templates(all(operands)))
	}
}

func templates(list values) values {
	var out values
	for _, value := range list {
		out.add(values{squeeze(strings.TrimRight(value, "X") + unknown)})
	}
	return out
}

// mv and cp: the last operand is written; in a folder by the name that it had.
func (c *command) mv() {
	operands := c.operands("-t")
	if len(operands) > 1 {
		c.emit("removes", all(operands[:len(operands)-1]))
	}
	c.cp()
}

func (c *command) cp() {
	operands := c.operands("-t", "-m")
	if len(operands) < 2 {
		c.opaque()
		return
	}
	c.emit("writes", all(operands[len(operands)-1:]))
}

func (c *command) mode() {
	if operands := c.operands(); len(operands) > 1 {
		c.emit("mode", all(operands[1:]))
	}
}

func (c *command) dd() {
	for i := range c.args {
		for _, value := range c.args[i].values {
			if to, ok := strings.CutPrefix(value, "of="); ok {
				c.emit("writes", values{to})
			}
		}
	}
}

// programsOf are options of tar and sort that run a program.
var programsOf = []string{"--checkpoint-action", "--to-command", "--use-compress-program", "--compress-program", "--rsh-command", "--info-script", "--new-volume-script"}

// runsOther reports whether an option has a command run another program.
func (c *command) runsOther(short ...string) bool { return c.has(append(short, programsOf...)...) }

func (c *command) sort() {
	if c.runsOther() {
		c.opaque()
	}
	c.emit("writes", append(c.option("-o", "--output"), c.attached("-o")...))
}

func (c *command) tar() {
	if c.runsOther("-I", "-F") {
		c.opaque()
	}
	first := ""
	if len(c.args) > 0 {
		first = c.args[0].text()
	}
	extract := c.has("-x", "--extract") || strings.Contains(first, "x") && !strings.HasPrefix(first, "-")
	create := c.has("-c", "--create", "-r", "--append") || strings.Contains(first, "c") && !strings.HasPrefix(first, "-")
	switch folder := c.option("-C", "--directory"); {
	case extract && !c.has("-O", "--to-stdout"):
		if len(folder) == 0 {
			c.opaque()
			return
		}
		for _, value := range folder {
			c.emit("writes", values{value + "/*"})
		}
	case create:
		to := c.option("-f", "--file", "-cf", "-czf", "cf", "czf")
		if len(to) == 0 {
			c.opaque()
		} else if !slices.Equal(to, values{"-"}) {
			c.emit("writes", to)
		}
	}
}

func (c *command) gzip() {
	if !c.has("-c", "--stdout", "-t", "-l") {
		if operands := c.operands(); len(operands) > 0 {
			c.emit("writes", all(operands))
		}
	}
}

func (c *command) split() { c.opaque() }

func (c *command) date() {
	operands := all(c.operands("-d", "--date", "-r", "--reference", "-I"))
	if c.has("-s", "--set") || slices.ContainsFunc(operands, func(value string) bool { return !strings.HasPrefix(value, "+") }) {
		c.says("sets", "the clock")
	}
}

func (c *command) kill() {
	if c.has("-0", "-l") {
		return
	}
	for _, process := range all(c.operands("-s", "-n", "-p")) {
		if process == unknown {
			process = ""
		}
		c.emit("ends", values{"process " + process})
		if process == "" {
			c.script.acts[len(c.script.acts)-1].Known = false
		}
	}
}

func (c *command) awk() {
	for i := 0; i < len(c.args); i++ {
		text := c.args[i].text()
		if contains([]string{"-v", "-F", "-f"}, text) {
			if text == "-f" {
				c.opaque()
				return
			}
			i++
			continue
		}
		if strings.HasPrefix(text, "-") && len(text) > 1 {
			continue
		}
		for _, program := range c.args[i].values {
			if awkWrites(program) {
				c.opaque()
				return
			}
			if strings.ContainsAny(program, begin+unknown) {
				c.opaque() // a program that is a value: what it does stands elsewhere
				return
			}
		}
		return
	}
}

func (c *command) sed() {
	for i := range c.args {
		if sedInPlace.MatchString(c.args[i].text()) {
			operands := c.operands("-e", "-f")
			if !c.has("-e", "-f") && len(operands) > 0 {
				operands = operands[1:]
			}
			c.emit("writes", all(operands))
			return
		}
	}
	for i := range c.args {
		for _, value := range c.args[i].values {
			if sedWrites.MatchString(value) || i == 0 && strings.ContainsAny(value, begin+unknown) {
				c.opaque()
				return
			}
		}
	}
}

var sedInPlace = regexp.MustCompile(`^(-[nErsuz]*i|--in-place)`)

// sedWrites finds sed's w and e, as commands and as flags of s.
var sedWrites = regexp.MustCompile(`(^|[;{}\n/0-9$])[ \t]*[wWe][ \t]+[/A-Za-z]|/[gip0-9]*[we]([ \t]|$)`)

func (c *command) find() {
	for i := range c.args {
		switch text := c.args[i].text(); {
		case text == "-delete":
			c.emit("removes", all(c.args[:1]))
			return
		case inner.Runs(text):
			end := i + 1
			for end < len(c.args) && c.args[end].text() != ";" && c.args[end].text() != "+" {
				end++
			}
			words := slices.Clone(c.args[i+1 : end])
			for j := range words {
				if words[j].text() == "{}" {
					words[j] = argument{values: below(all(c.args[:1]))}
				}
			}
			c.script.run(words, nil, c.at, c.node)
		case slices.Contains([]string{"-fprint", "-fprint0", "-fprintf", "-fls"}, text):
			c.opaque()
		}
	}
}

func below(folders values) values {
	var out values
	for _, folder := range folders {
		out.add(values{folder + "/*"})
	}
	return out
}
