package lang

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// Options say where the values of variables come from, the later over the
// earlier: environment, files, Vars.
type Options struct {
	Vars     map[string]string // --var NAME=VALUE
	VarFiles []string          // --var-file, the later over the earlier
	Env      []string          // NAME=VALUE as os.Environ gives them; SPRAYC_VAR_name counts

	Operation string // one of [Operations]; "" is [Converge]
}

// moduleCall is a block that uses a module.
var moduleCall = &schema{labels: []string{"MODULE"}, open: true}

// definitionSchema is what stands at the top of a definition. Every other block
// with one label fills the slot of its name.
var definitionSchema = &schema{
	rest: moduleCall,
	hints: map[string]string{
		"component":    `put it into a file of its own and name that: catalog "./versions.hcl" {}`,
		"input":        "it belongs into a module's file; a definition has variable",
		"output":       "it belongs into a module's file",
		"step":         "it belongs into a module's file",
		"artifact":     "it belongs into a module's file",
		"assert":       "it belongs into a module's file",
		"host_setting": "it belongs into a module's file",
		"registry":     "it belongs into the mirror block",
	},
	blocks: map[string]*schema{
		"cluster":  {labels: []string{"NAME"}, name: dnsName, open: true, once: true},
		"ssh":      {open: true, once: true},
		"hosts":    {labels: []string{"PATTERN"}, open: true},
		"host":     {labels: []string{"NAME"}, open: true},
		"role":     {labels: []string{"NAME"}, name: stepName, open: true, unique: true},
		"mirror":   {open: true, once: true, blocks: map[string]*schema{"registry": {labels: []string{"HOST"}, open: true, unique: true}}},
		"proxy":    {attrs: argumentNames("definition", "proxy"), once: true},
		"catalog":  {labels: []string{"PATH"}, unique: true},
		"variable": {labels: []string{"NAME"}, name: identifier, unique: true, attrs: argumentNames("definition", "variable")},
		"locals":   {open: true},
		"addon":    moduleCall,
		"module":   moduleCall,
	},
}

// Load reads a definition: the files named, and of folders all their *.hcl;
// without any, the current folder. The definition is never nil; with errors it
// holds what could be read.
func Load(paths []string, opts Options) (*Definition, diag.List) {
	f := newFiles()
	def := &Definition{Operation: cmp.Or(opts.Operation, Converge), Locals: Attrs{}, Variables: map[string]*Variable{}, Facts: map[string]HostFacts{}, Sources: f.sources}
	var names []string
	def.Dir, names = f.find(paths)
	var all []*parsed
	for _, name := range names {
		if p := f.read(openOS, name, name, nil); p != nil {
			all = append(all, p)
		}
	}
	catalogs := catalogsOf(all, def.Dir)
	for _, p := range all {
		if !catalogs[path.Clean(p.file)] && !(f.broken && onlyComponents(p)) {
			f.add(p)
		}
	}
	f.sort(def, f.top(definitionSchema, "a definition"), opts)
	f.facts(def)
	def.Broken = f.broken
	f.diags.Sort()
	return def, f.diags
}

// find are the files of a definition, sorted, and the folder that paths in them
// start from: that of the first.
func (f *files) find(paths []string) (dir string, names []string) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	seen := map[string]bool{}
	for i, p := range paths {
		p = filepath.Clean(p)
		found, isDir, err := hclFiles(p)
		if i == 0 {
			dir = p
			if !isDir {
				dir = filepath.Dir(p)
			}
		}
		switch {
		case err != nil:
			f.broken = true
			f.report(diag.Diagnostic{Kind: diag.UnreadableFile, Label: fmt.Sprintf("%s: %s", p, cause(err)), Fix: "name a file or folder that is there"})
		case len(found) == 0:
			f.broken = true
			f.report(diag.Diagnostic{Kind: diag.NoDefinition, Label: fmt.Sprintf("%s has no *.hcl file", p), Fix: "name a file or folder, or write a first cluster.hcl: sprayc init"})
		}
		for _, name := range found {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return dir, names
}

// hclFiles are the *.hcl of a folder, hidden ones aside, or the file itself.
func hclFiles(name string) (found []string, isDir bool, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, false, err
	}
	if !info.IsDir() {
		return []string{name}, false, nil
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, true, err
	}
	for _, e := range entries {
		if isHCL(e.Name()) && !e.IsDir() {
			found = append(found, filepath.Join(name, e.Name()))
		}
	}
	return found, true, nil
}

func isHCL(name string) bool { return strings.HasSuffix(name, ".hcl") && !strings.HasPrefix(name, ".") }

// catalogsOf are the files that catalog blocks name: they may lie beside the
// definition's own.
func catalogsOf(all []*parsed, dir string) map[string]bool {
	names := map[string]bool{}
	for _, p := range all {
		for _, b := range p.body.Blocks {
			if b.Type == "catalog" && len(b.Labels) == 1 {
				names[path.Join(dir, b.Labels[0])] = true
			}
		}
	}
	return names
}

// onlyComponents reports whether a file can be nothing but a catalog: what names
// it may stand in text that could not be read.
func onlyComponents(p *parsed) bool {
	for _, b := range p.body.Blocks {
		if b.Type != "component" {
			return false
		}
	}
	return len(p.body.Blocks) > 0
}

// sort puts the blocks where they belong.
func (f *files) sort(def *Definition, blocks []*BlockDecl, opts Options) {
	var variables []*BlockDecl
	for _, b := range blocks {
		switch b.Type {
		case "cluster":
			def.Cluster = b
		case "ssh":
			def.SSH = b
		case "hosts":
			def.Hosts = append(def.Hosts, b)
		case "host":
			def.Host = append(def.Host, b)
		case "role":
			def.Roles = append(def.Roles, b)
		case "mirror":
			def.Mirror = b
		case "proxy":
			def.Proxy = b
		case "catalog":
			def.Catalogs = append(def.Catalogs, b)
		case "variable":
			variables = append(variables, b)
		case "locals":
			f.locals(def.Locals, b)
		case "addon", "module":
			def.Calls = append(def.Calls, &CallDecl{BlockDecl: b, Source: b.Labels[0]})
		default:
			def.Calls = append(def.Calls, &CallDecl{BlockDecl: b, Slot: b.Type, Source: b.Labels[0]})
		}
	}
	f.variables(def, variables, opts)
}

// CheckSlots reports the blocks of a definition that name no slot: misspelt
// blocks of any sort. Load cannot know the slots, which are the library's.
func (d *Definition) CheckSlots(slots []*Slot) diag.List {
	names := []string{}
	known := map[string]bool{}
	for _, s := range slots {
		known[s.Name] = true
		names = append(names, s.Name)
	}
	for name := range definitionSchema.blocks {
		names = append(names, name)
	}
	var r reader
	for _, call := range d.Calls {
		if call.Slot != "" && !known[call.Slot] {
			ReportUnknownBlock(r.report, call.BlockDecl, "a definition", names)
		}
	}
	return r.diags
}
