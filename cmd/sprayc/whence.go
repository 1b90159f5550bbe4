package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/sprayc/sprayc/codegen/origin"
	"github.com/sprayc/sprayc/lang"
)

// whence says where something in a bundle comes from.
type whence struct {
	bundle     string
	definition []string
}

// explain answers for HOST:THING or FILE:LINE.
func (w *whence) explain(g *global, cmd *cobra.Command, what string) error {
	b, err := readBundle(w.bundle)
	if err != nil {
		return err
	}
	finder, err := origin.Of(b)
	if err != nil {
		return err
	}
	finder.Locate = w.locate(b.Plan.Cluster)
	var answers []*origin.Answer
	if file, line, ok := w.line(what); ok {
		answer, err := finder.Line(file, line)
		if err != nil {
			return err
		}
		answers = append(answers, answer)
	} else {
		host, thing, _ := strings.Cut(what, ":")
		if answers, err = finder.On(host, thing); err != nil {
			return err
		}
	}
	var texts []string
	for _, a := range answers {
		texts = append(texts, a.String())
	}
	return g.print(cmd, answers, strings.Join(texts, "\n"))
}

// line is FILE:LINE, where FILE is of the bundle, with its folder in front or not.
func (w *whence) line(what string) (file string, line int, ok bool) {
	i := strings.LastIndexByte(what, ':')
	line, err := strconv.Atoi(what[i+1:])
	if err != nil {
		return "", 0, false
	}
	file = filepath.ToSlash(filepath.Clean(what[:i]))
	if below, err := filepath.Rel(w.bundle, file); err == nil && filepath.IsLocal(below) {
		file = filepath.ToSlash(below)
	}
	info, err := os.Stat(filepath.Join(w.bundle, file))
	return file, line, filepath.IsLocal(file) && err == nil && info.Mode().IsRegular()
}

// locate finds addresses in files of the definition, named from its folder; nil if none of
// that cluster is at hand. What stands in another file than the bundle has it from is of
// another definition, and its line would tell what is not so.
func (w *whence) locate(cluster string) func(file, address string) (place, text string, ok bool) {
	def, _ := lang.Load(w.definition, lang.Options{Env: os.Environ()})
	if def == nil || def.Cluster == nil || len(def.Cluster.Labels) != 1 || def.Cluster.Labels[0] != cluster {
		return nil
	}
	addresses := def.Addresses()
	return func(file, address string) (place, text string, ok bool) {
		at, ok := addresses[address]
		if !ok {
			return "", "", false
		}
		if below, err := filepath.Rel(def.Dir, at.File); err != nil || filepath.ToSlash(below) != file {
			return "", "", false
		}
		lines := strings.Split(string(def.Sources[at.File]), "\n")
		if n := at.Start.Line; n > 0 && n <= len(lines) {
			text = strings.TrimSpace(lines[n-1])
		}
		return fmt.Sprintf("%s:%d:%d", at.File, at.Start.Line, at.Start.Column), text, true
	}
}
