//go:build receipts

package receipts

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"mvdan.cc/sh/v3/syntax"
)

// driver are the library's files that are no kind's: they ask, order and take notes. What
// they do is not an act of a resource.
var driver = []string{
	"approve", "await", "core", "follow", "foresee", "guard", "live", "lock", "proxy", "quick", "remove", "run", "script",
	"settle", "state", "steps", "work",
}

// readers are programs and words of the shell that change nothing but what their output is
// directed to.
var readers = []string{
	".", ":", "[", "awk", "base64", "break", "cat", "cd", "cmp", "command", "continue", "cut", "date", "df", "diff", "dpkg-query", "echo", "exit",
	"export", "false", "find", "grep", "head", "id", "od", "printf", "pwd", "read", "readlink", "return", "sed", "set",
	"sha256sum", "sha512sum", "shift", "sleep", "sort", "stat", "tail", "test", "tr", "trap", "true", "uniq", "unset", "wait", "wc",
}

// asks are commands that read, of programs that do other things as well.
var asks = map[string]bool{"systemctl show": true, "systemctl status": true, "rpm -q": true}

// off is what the switches ask: whether the command at a place of the bundle's scripts is
// the disabled one, now that the act of this resource runs. Where /acts is, they write down
// what they have come to.
const off = `
acting=false
off_key=''
[ ! -r /disabled ] || IFS= read -r off_key </disabled || :

off() {
	[ "$acting" = true ] || return 1
	if [ -e /acts ]; then printf '%s\t%s\t%s\t%s\n' "$step_name" "$res_kind" "$res_name" "$1" >>/acts; fi
	[ "$step_name$spray_tab$res_kind$spray_tab$res_name$spray_tab$1" = "$off_key" ]
}
`

// fitSwitches makes a copy of a bundle in which each command that changes something has a
// switch before it: each command of the kinds' files and of the modules' own scripts that is
// no reader, or writes to a file; and each act as a whole, whose place is "act". What is
// disabled does nothing and ends well.
func fitSwitches(from, to string) error {
	return Mutate(from, to, func(files map[string]bundle.File) error {
		functions := map[string]bool{}
		for name, file := range files {
			if path.Ext(name) != ".sh" {
				continue
			}
			err := walk(file.Data, func(node syntax.Node) {
				if f, ok := node.(*syntax.FuncDecl); ok {
					functions[f.Name.Value] = true
				}
			})
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		for name, file := range files {
			if !hasActs(name, file.Data) {
				continue
			}
			text, err := fitFile(name, file.Data, functions)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			files[name] = bundle.File{Data: text, Mode: file.Mode}
		}
		const core = "lib/core.sh"
		if err := Replace(core, call, "\t[ \"$1\" != act ] || acting=true\n\toff act || "+strings.TrimPrefix(call, "\t")+"\tacting=false\n")(files); err != nil {
			return err
		}
		files[core] = bundle.File{Data: append(files[core].Data, off...)}
		return nil
	})
}

// hasActs says whether a file may have commands that change something: a kind's file, or a
// module's own script. A step's own script has nothing but calls of the library.
func hasActs(name string, text []byte) bool {
	if path.Ext(name) != ".sh" {
		return false
	}
	if path.Dir(name) == "lib" {
		base, _, _ := strings.Cut(path.Base(name), ".")
		return !slices.Contains(driver, base)
	}
	return strings.HasPrefix(name, "steps/") && !bytes.Contains(text, []byte("\nmain \"$@\"\n"))
}

func walk(text []byte, f func(syntax.Node)) error {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(bytes.NewReader(text), "")
	if err != nil {
		return err
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		if node != nil {
			f(node)
		}
		return true
	})
	return nil
}

// fitFile puts a switch before each command of a file that changes something. The place of
// one is FILE FUNCTION PROGRAM, and which it is when there are several in the function.
func fitFile(name string, text []byte, functions map[string]bool) ([]byte, error) {
	type insertion struct {
		at   uint
		text string
	}
	var before, after []insertion
	var within []*syntax.FuncDecl
	seen := map[string]int{}
	err := walk(text, func(node syntax.Node) {
		if f, ok := node.(*syntax.FuncDecl); ok {
			within = append(within, f)
		}
		s, ok := node.(*syntax.Stmt)
		if !ok || s.Cmd == nil {
			return
		}
		word, changes := changing(s, functions)
		if !changes {
			return
		}
		begin, end := s.Cmd.Pos(), s.Cmd.End()
		for _, r := range s.Redirs {
			if r.Pos().Offset() < begin.Offset() {
				begin = r.Pos()
			}
			if r.End().Offset() > end.Offset() {
				end = r.End()
			}
		}
		place := name
		for _, f := range within {
			if f.Pos().Offset() <= begin.Offset() && begin.Offset() < f.End().Offset() {
				place = name + " " + f.Name.Value
			}
		}
		place += " " + word
		if seen[place]++; seen[place] > 1 {
			place = fmt.Sprint(place, " ", seen[place])
		}
		before = append(before, insertion{begin.Offset(), "{ off '" + place + "' || "})
		after = append(after, insertion{end.Offset(), "; }"})
	})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for at := range uint(len(text) + 1) {
		for _, i := range after {
			if i.at == at {
				out.WriteString(i.text)
			}
		}
		for _, i := range before {
			if i.at == at {
				out.WriteString(i.text)
			}
		}
		if int(at) < len(text) {
			out.WriteByte(text[at])
		}
	}
	return out.Bytes(), walk(out.Bytes(), func(syntax.Node) {}) // it parses
}

// changing says whether a command changes something, and what it is: the program, or > for
// what is written to a file.
func changing(s *syntax.Stmt, functions map[string]bool) (string, bool) {
	writes := false
	for _, r := range s.Redirs {
		switch r.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			return "", false
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob:
			if r.Word.Lit() != "/dev/null" {
				writes = true
			}
		}
	}
	if writes {
		return ">", true
	}
	call, ok := s.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return "", false
	}
	word := call.Args[0].Lit()
	if len(call.Args) > 1 && asks[word+" "+call.Args[1].Lit()] {
		return "", false
	}
	if word != "" {
		return word, !functions[word] && !slices.Contains(readers, word)
	}
	// A program whose name is in a variable; "$1" and "${kind}_act" are functions of ours.
	var b strings.Builder
	if err := syntax.NewPrinter().Print(&b, call.Args[0]); err != nil {
		return "", false
	}
	word = strings.Trim(b.String(), `"`)
	return word, word == "$@" || word == "$package_tool"
}
