package inner

import "strings"

// usage is how a command that runs another is written: NAME [OPTION...] [OPERAND...] COMMAND.
type usage struct {
	valued   string // letters of options whose value is the rest of the word, or the next one
	long     string // long options whose value is the next word, unless it is behind a =
	operands int    // words between the options and the command
	assigns  bool   // NAME=VALUE are no command
	none     string // options with which it runs no command
	unclear  string // options with which another text says what it runs
}

var wrappers = map[string]usage{
	"chrt":    {valued: "DPT", long: "--sched-deadline --sched-period --sched-runtime", operands: 1, none: "-p --pid -m --max"},
	"command": {none: "-v -V"},
	"env":     {valued: "aCu", long: "--argv0 --chdir --unset", assigns: true, unclear: "-S --split-string"},
	"exec":    {valued: "a"},
	"ionice":  {valued: "cn", long: "--class --classdata", none: "-p --pid -P --pgid -u --uid"},
	"nice":    {valued: "n", long: "--adjustment"},
	"nohup":   {},
	"setsid":  {},
	"stdbuf":  {valued: "eio", long: "--error --input --output"},
	"taskset": {operands: 1, none: "-p --pid"},
	"timeout": {valued: "ks", long: "--kill-after --signal", operands: 1},
	"xargs":   {valued: "adEILnPs", long: "--arg-file --delimiter --max-args --max-chars --max-procs --process-slot-var"},
}

// Wraps reports whether a command of this name runs another.
func Wraps(name string) bool {
	_, ok := wrappers[name]
	return ok
}

// Command returns which of the words behind the name of a wrapper is the first of the command
// that it runs; their number when it runs none. It is false when the words do not tell.
func Command(name string, words []string) (at int, ok bool) {
	use := wrappers[name]
	for at < len(words) && len(words[at]) > 1 && words[at][0] == '-' {
		word := words[at]
		at++
		if word == "--" {
			break
		}
		switch kind, next := use.option(word); {
		case kind == '?':
			return 0, false
		case kind == '-':
			return len(words), true
		case next:
			at++
		}
	}
	for use.assigns && at < len(words) && (words[at] == "-" || strings.Contains(words[at], "=")) {
		at++
	}
	if at+use.operands > len(words) {
		return 0, false
	}
	return at + use.operands, true
}

// option says of a word of options whether no command is run with it ('-') or it is not told
// which ('?'), and whether its value is the next word.
func (u *usage) option(word string) (kind byte, next bool) {
	if strings.HasPrefix(word, "--") {
		name, _, has := strings.Cut(word, "=")
		return u.sort(name), !has && among(u.long, name)
	}
	for i := 1; i < len(word); i++ {
		if kind := u.sort("-" + word[i:i+1]); kind != 0 {
			return kind, false
		}
		if strings.IndexByte(u.valued, word[i]) >= 0 {
			return 0, i == len(word)-1
		}
	}
	return 0, false
}

func (u *usage) sort(option string) byte {
	switch {
	case among(u.none, option):
		return '-'
	case among(u.unclear, option):
		return '?'
	}
	return 0
}

func among(list, option string) bool {
	return strings.Contains(" "+list+" ", " "+option+" ")
}
