package diff

import (
	"path"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// library compares run.sh and lib/, which come from sprayc and not from a
// definition. That a file of it comes or goes with the kinds that are used is said
// by those.
func (c *comparison) library() []File {
	of := func(s *side) map[string]string {
		all := map[string]string{}
		for path, file := range s.Files {
			if path == bundle.RunFile || strings.HasPrefix(path, "lib/") {
				all[path] = string(file.Data)
			}
		}
		return all
	}
	before, after := of(c.old), of(c.new)
	var files []File
	for _, path := range unionKeys(before, after) {
		x, had := before[path]
		y, has := after[path]
		if had && has && !c.sameScript(x, y) {
			files = append(files, File{Path: path, Op: changed, Diff: c.unified(x, y)})
		}
	}
	return files
}

// moduleScripts are the modules' own scripts that differ, with what runs them; and
// files of modules that no call names, which some script may read.
func (c *comparison) moduleScripts() []File {
	var files []File
	for _, path := range unionKeys(c.scripts, nil) {
		s := c.scripts[path]
		op := changed
		if s.old == "" {
			op = added
		}
		files = append(files, File{Path: path, Op: op, Used: sortedKeys(s.used), Diff: c.unified(s.old, s.new)})
	}
	unnamed := func(s *side) map[string]string {
		all := map[string]string{}
		for name, file := range s.Files {
			if strings.HasPrefix(name, "steps/") && !s.used[name] {
				all[name] = string(file.Data)
			}
		}
		return all
	}
	before, after := unnamed(c.old), unnamed(c.new)
	for _, name := range unionKeys(before, after) {
		x, had := before[name]
		y, has := after[name]
		switch {
		case !had && c.old.used[name] || !has && c.new.used[name]: // what names it differs
		case !had:
			files = append(files, File{Path: name, Op: added, Diff: c.unified("", y)})
		case !has:
			files = append(files, File{Path: name, Op: removed})
		case path.Ext(name) == ".sh" && c.sameScript(x, y):
		case x != y:
			files = append(files, File{Path: name, Op: changed, Diff: c.unified(x, y)})
		}
	}
	return files
}

func sortedKeys(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
