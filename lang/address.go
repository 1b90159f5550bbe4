package lang

import (
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/lang/diag"
)

// Address names a block of a definition, or an attribute in it ("": the block), as it
// is written: `runtime "containerd" root`. It is the same wherever the block stands, so
// that a bundle can say where a value comes from, and be the same in any order of blocks.
func (b *BlockDecl) Address(attr string) string {
	words := []string{b.Type}
	for _, l := range b.Labels {
		words = append(words, strconv.Quote(l))
	}
	if attr != "" {
		words = append(words, attr)
	}
	return strings.Join(words, " ")
}

// LocalAddress and VariableAddress name what is no block's attribute of its own.
func LocalAddress(name string) string { return "locals " + name }

// VariableAddress names a variable.
func VariableAddress(name string) string { return "variable " + strconv.Quote(name) }

// Addresses are the places of all blocks of the definition and of their attributes, by
// their addresses; of what has a name a second time the first.
func (d *Definition) Addresses() map[string]diag.Span {
	all := map[string]diag.Span{}
	add := func(address string, at diag.Span) {
		if _, there := all[address]; !there {
			all[address] = at
		}
	}
	var block func(before string, b *BlockDecl)
	block = func(before string, b *BlockDecl) {
		if b == nil {
			return
		}
		add(before+b.Address(""), b.Span)
		for name, a := range b.Attrs {
			add(before+b.Address(name), a.Span)
		}
		for _, inner := range b.Blocks {
			block(before+b.Address("")+" ", inner)
		}
	}
	for _, b := range []*BlockDecl{d.Cluster, d.SSH, d.Mirror, d.Proxy} {
		block("", b)
	}
	for _, list := range [][]*BlockDecl{d.Hosts, d.Host, d.Roles, d.Catalogs} {
		for _, b := range list {
			block("", b)
		}
	}
	for _, call := range d.Calls {
		block("", call.BlockDecl)
	}
	for name, a := range d.Locals {
		add(LocalAddress(name), a.Span)
	}
	for name, v := range d.Variables {
		add(VariableAddress(name), v.Span)
	}
	return all
}
