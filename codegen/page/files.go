package page

import (
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/origin"
	"github.com/sprayc/sprayc/codegen/shell"
)

// fileGroup is the files of a module, or the library's.
type fileGroup struct {
	Title string
	Note  string
	Files []file
}

// file is a file of the bundle that runs on hosts, or is put onto them.
type file struct {
	Index  int
	Path   string
	Title  string // the path without what the group says
	Text   string
	Lines  int
	Bytes  int
	Digest string
	State  string // "new", "changed", or "" of one that the older bundle has, too
	Hidden bool   // characters were written out
	Binary bool
	Of     string // a file of a module: where it comes from
	Step   string // a script: of which step, and who runs it
	On     []string
}

// fileData is what the page's script knows of a file: its colours and the origins of
// its lines. Stretches are [gap, length, sort, ...] in UTF-16 units of the shown text;
// the origins [from line, to line, what, module's place, names...] with indices of names.
type fileData struct {
	Stretches []any   `json:"t,omitempty"`
	Origins   [][]any `json:"o,omitempty"`
}

// name is [name, how, place, text, reason] of something that values are made from.
type name [5]string

// filer gathers the files.
type filer struct {
	bundle, old *bundle.Bundle
	finder      *origin.Finder
	origins     *bundle.Origins
	scripts     map[string]bool // the generated ones
	on          map[string][]string
	step        map[string]string
	names       []name
	at          map[name]int
}

func filesOf(b, old *bundle.Bundle, finder *origin.Finder) ([]fileGroup, []fileData, []name, error) {
	origins, err := b.Origins()
	if err != nil {
		return nil, nil, nil, err
	}
	f := &filer{bundle: b, old: old, finder: finder, origins: origins, scripts: map[string]bool{}, on: map[string][]string{}, step: map[string]string{}, names: []name{}, at: map[name]int{}}
	for _, path := range finder.Scripts() {
		f.scripts[path] = true
	}
	for i := range b.Plan.Classes {
		class := &b.Plan.Classes[i]
		for _, use := range class.Steps {
			f.on[use.Script] = append(f.on[use.Script], line(class.Name))
			f.step[use.Script] = line(use.Step)
		}
	}
	var groups []fileGroup
	all := []fileData{}
	for _, path := range f.paths() {
		title, below := groupOf(path)
		if len(groups) == 0 || groups[len(groups)-1].Title != title {
			groups = append(groups, fileGroup{Title: title, Note: f.noteOf(title)})
		}
		shown, data, err := f.file(path)
		if err != nil {
			return nil, nil, nil, err
		}
		shown.Index, shown.Title = len(all), line(below)
		group := &groups[len(groups)-1]
		group.Files = append(group.Files, *shown)
		all = append(all, *data)
	}
	return groups, all, f.names, nil
}

// paths are those of the files that the page shows, in order: a module's scripts, then
// its files, then the library. Hosts have a part of their own.
func (f *filer) paths() []string {
	var paths []string
	for p := range f.bundle.Files {
		if strings.HasPrefix(p, "steps/") || strings.HasPrefix(p, "lib/") || p == bundle.RunFile {
			paths = append(paths, p)
		}
	}
	rank := func(p string) string {
		title, below := groupOf(p)
		order := "0"
		if title == library {
			order = "1"
		}
		if strings.HasPrefix(below, "files/") {
			return order + title + "\x001" + below
		}
		return order + title + "\x000" + below
	}
	sort.Slice(paths, func(i, j int) bool { return rank(paths[i]) < rank(paths[j]) })
	return paths
}

// library is the group of what is the same in every bundle.
const library = "shell library"

func groupOf(p string) (title, below string) {
	parts := strings.SplitN(p, "/", 3)
	if parts[0] == "steps" && len(parts) == 3 {
		return parts[1], parts[2]
	}
	return library, p
}

func (f *filer) noteOf(title string) string {
	if title == library {
		return "what every script calls; the same in every bundle of this sprayc"
	}
	if m := f.bundle.Plan.Module(title); m != nil {
		return line(m.Summary)
	}
	return ""
}

func (f *filer) file(path string) (*file, *fileData, error) {
	src := f.bundle.Files[path].Data
	shown := &file{Path: path, Bytes: len(src), Digest: bundle.Digest(src), State: f.state(path), Step: f.step[path], On: f.on[path]}
	if from := f.origins.Files[path]; from != "" {
		shown.Of = line(strings.TrimSuffix(from, ":1:1"))
	}
	if !utf8.Valid(src) {
		shown.Binary = true
		return shown, &fileData{}, nil
	}
	shown.Text = visible(string(src))
	shown.Hidden = shown.Text != string(src)
	shown.Lines = strings.Count(strings.TrimSuffix(shown.Text, "\n"), "\n") + 1
	data := &fileData{}
	if strings.HasSuffix(path, ".sh") {
		data.Stretches = stretches(src)
	}
	if f.scripts[path] {
		if err := f.lines(path, src, data); err != nil {
			return nil, nil, err
		}
	}
	return shown, data, nil
}

// state says what a file is to the older bundle.
func (f *filer) state(path string) string {
	if f.old == nil {
		return ""
	}
	before, ok := f.old.Files[path]
	switch {
	case !ok:
		return "new"
	case string(before.Data) != string(f.bundle.Files[path].Data):
		return "changed"
	}
	return ""
}

// lines finds where the statements of a script come from.
func (f *filer) lines(path string, src []byte, data *fileData) error {
	parts, err := shell.Parts(src)
	if err != nil {
		return err
	}
	for _, part := range parts {
		answer, err := f.finder.Line(path, part.From)
		if err != nil {
			return err
		}
		if len(answer.Values) == 0 {
			continue
		}
		v := &answer.Values[0]
		from := part.From
		if part.Var != "" && part.TextFrom > 0 { // not at the comment above it
			from = part.TextFrom
		}
		said := []any{from, part.To, line(answer.What), line(v.Place)}
		for _, n := range v.Names {
			said = append(said, f.name(&n))
		}
		data.Origins = append(data.Origins, said)
	}
	return nil
}

// name is the index of a name.
func (f *filer) name(n *origin.Name) int {
	text := name{line(n.Name), string(n.How), line(n.Place), line(n.Text), line(n.Reason)}
	i, ok := f.at[text]
	if !ok {
		i = len(f.names)
		f.at[text] = i
		f.names = append(f.names, text)
	}
	return i
}

// stretches are the colours of a script, where its shown text has them.
func stretches(src []byte) []any {
	var list []any
	shown, end := 0, 0 // in the shown text, in UTF-16 units
	from := 0          // in src
	advance := func(to int) {
		shown += len(utf16.Encode([]rune(visible(string(src[from:to])))))
		from = to
	}
	for _, s := range shell.Highlight(src) {
		advance(s.From)
		gap, begin := shown-end, shown
		advance(s.To)
		list = append(list, gap, shown-begin, string(rune(s.Sort)))
		end = shown
	}
	return list
}
