package lang

import "github.com/zclconf/go-cty/cty"

// Block is what the language says of one of its blocks: from it are the reference,
// the page that explains it, and the names and types that are checked.
type Block struct {
	Name      string
	Label     string // what its label is; "" without one
	In        string // "definition", "module", or the block of these that it stands in
	Summary   string
	Arguments []Argument
	Others    string // what else it may say, that is not of the language
	Example   string // HCL
}

// Argument is one that a block may have.
type Argument struct {
	Name     string
	Type     cty.Type
	Required bool
	Default  string // as one would write it; "" for none
	Summary  string
}

// Blocks are the blocks of the language, slots and kinds of resource aside: those of a
// definition, then those of a module, each before those that stand in it.
func Blocks() []Block { return append(definitionBlocks(), moduleBlocks()...) }

// InModule reports whether the block is one of a module's files.
func (b Block) InModule() bool {
	switch b.In {
	case "definition", "mirror":
		return false
	}
	return true
}

// ArgumentsOf are the types of a block's arguments by name; the block is named with
// what it stands in: "definition", "cluster".
func ArgumentsOf(in, name string) map[string]cty.Type {
	for _, b := range Blocks() {
		if b.In == in && b.Name == name {
			types := make(map[string]cty.Type, len(b.Arguments))
			for _, a := range b.Arguments {
				types[a.Name] = a.Type
			}
			return types
		}
	}
	panic("no block " + name + " in " + in + "; this is a bug in sprayc")
}

// argumentNames are the names of a block's arguments, sorted.
func argumentNames(in, name string) []string { return sortedKeys(ArgumentsOf(in, name)) }
