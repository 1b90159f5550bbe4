package acts

import (
	"slices"
	"strings"
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, word := range strings.Fields(words) {
		m[word] = true
	}
	return m
}

// verdicts are the library's functions that a script may call.
var verdicts = set("ok differs found status certificate served certificate_days certificate_shown certificate_by certificate_ids public_key_ids request blocked absent partial present fail note warn replaces objects_note version version_tag version_tell")

// readers are commands that change nothing, whatever their arguments are.
var readers = set(`: [ bg break cd continue exit export false fg getopts hash jobs printf pwd read readonly return set shift
	test times true type ulimit umask unalias unset wait
	basename cat cksum cmp comm cut df diff dirname du echo expand expr fold getconf grep head id join ls nl od paste pathchk pr ps
	readlink realpath sleep stty tail tr tsort tty uname unexpand wc who sha256sum stat sync
	base64 blkid egrep fgrep findmnt free getconf getent getenforce getsebool lsblk lsmod modinfo mountpoint nproc
	sestatus uptime which zcat`)

// handlers are commands whose arguments say what they do.
var handlers map[string]func(*command)

func init() { // they refer to each other
	handlers = map[string]func(*command){
		"awk": (*command).awk, "sed": (*command).sed, "find": (*command).find, "sort": (*command).sort, "uniq": (*command).uniq, "ss": (*command).ss, "tee": (*command).tee,
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
	operands, to := c.moved()
	c.emit("removes", all(operands))
	c.to(to)
}

func (c *command) cp() {
	_, to := c.moved()
	c.to(to)
}

// moved are what is copied, and to where; nil when that is not told.
func (c *command) moved() (what []argument, to values) {
	operands := c.operands(optionsOf["cp"].withValue()...)
	if folder := c.option("-t", "--target-directory"); len(folder) > 0 {
		return operands, below(folder)
	}
	if len(operands) < 2 {
		return nil, nil
	}
	return operands[:len(operands)-1], all(operands[len(operands)-1:])
}

func (c *command) to(to values) {
	if to == nil {
		c.opaque()
	}
	c.emit("writes", to)
}

// uniq writes to its second operand.
func (c *command) uniq() {
	if operands := c.operands(optionsOf["uniq"].withValue()...); len(operands) > 1 {
		c.emit("writes", all(operands[1:]))
	}
}

func (c *command) ss() {
	if c.has("-K", "--kill") {
		c.opaque()
	}
}

// mode: the first operand is not a file. That of chmod may begin with a dash: -x.
func (c *command) mode() {
	operands := c.operands()
	first := !c.has("--reference")
	for i := range c.args {
		if text := c.args[i].text(); c.name == "chmod" && len(text) > 1 && text[0] == '-' && text[1] != '-' && strings.Trim(text[1:], "Rcfv") != "" {
			first = false
		}
	}
	if first && len(operands) > 0 {
		operands = operands[1:]
	}
	c.emit("mode", all(operands))
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

func (c *command) sort() {
	c.emit("writes", c.option("-o", "--output"))
}

func (c *command) tar() {
	if c.has("-I", "-F", "--checkpoint-action", "--to-command", "--use-compress-program", "--rsh-command", "--info-script", "--new-volume-script") { // they run another program
		c.opaque()
	}
	first := ""
	if len(c.args) > 0 {
		first = c.args[0].text()
	}
	does := func(letter string, names ...string) bool {
		return c.has(append(names, "-"+letter)...) || strings.Contains(first, letter) && !strings.HasPrefix(first, "-")
	}
	extract, create := does("x", "--extract", "--get"), does("c", "--create") || does("r", "--append")
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
	case !does("t", "--list") && !does("d", "--diff", "--compare"):
		c.opaque()
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
	processes := c.args
	if len(processes) > 0 {
		switch text := processes[0].text(); {
		case text == "-0" || text == "-l" || text == "-s" && len(processes) > 1 && processes[1].text() == "0":
			return
		case text == "-s" || text == "-n" || text == "-p":
			processes = processes[min(2, len(processes)):]
		case strings.HasPrefix(text, "-"):
			processes = processes[1:]
		}
	}
	for _, argument := range processes {
		for _, process := range argument.values { // one that begins with a dash is a group
			if process == "--" {
				continue
			}
			if process == unknown {
				process = ""
			}
			c.emit("ends", values{"process " + process})
			if process == "" {
				c.script.acts[len(c.script.acts)-1].Known = false
			}
		}
	}
}
