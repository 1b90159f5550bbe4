package compiler

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/lang"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/lang/hostpattern"
)

// loneHost is a host block that no hosts block covers: it says all itself.
func (c *compiler) loneHost(b *lang.BlockDecl, n int, others []*host) *host {
	names, err := hostpattern.Hosts(b.Labels[0])
	if err != nil {
		c.patternError(b, err)
		return nil
	}
	if len(names) != 1 {
		c.err(diag.BadRange, labelSpan(b), "a host block is for one host", "write hosts for several")
		return nil
	}
	if c.meantOver(b, others) {
		c.wrong.hosts = true
		return nil
	}
	index := names[0].Index
	if index == 0 {
		index = n
	}
	return &host{name: names[0].Name, index: index, block: b}
}

// meantOver reports a host block that says too little to be a host's whole: most likely it
// should lay something over a host of a hosts block, by another name.
func (c *compiler) meantOver(b *lang.BlockDecl, others []*host) bool {
	known := append(sortedKeys(hostAttrTypes), sortedKeys(c.settings)...)
	name := b.Labels[0]
	facts := c.def.Facts[name]
	var missing []string
	for _, attr := range []string{"roles", "address", "os", "arch"} {
		told := attr == "os" && facts.OS != "" || attr == "arch" && facts.Arch != ""
		if b.Attrs[attr] == nil && !told && !meantAs(b.Attrs, attr, known) {
			missing = append(missing, attr)
		}
	}
	var names []string
	for _, h := range others {
		names = append(names, h.name)
	}
	near := diag.Suggest(name, names)
	if len(missing) == 0 || len(missing) == 1 && near == "" {
		return false
	}
	if c.def.Broken {
		return true // its hosts block may be what could not be read
	}
	fix := "write the name of one of its hosts, or " + strings.Join(missing, ", ") + " for a host of its own"
	if near != "" {
		fix = didYouMean(near)
	}
	c.err(diag.MissingArgument, labelSpan(b), fmt.Sprintf("no hosts block has %s, and for a host of its own it lacks %s", name, strings.Join(missing, ", ")), fix)
	return true
}

// lacks reports whether a host needs to be told that it has no such attribute: not if one
// that is misspelt is reported.
func (r *hostResolver) lacks(name string) bool {
	known := append(sortedKeys(hostAttrTypes), sortedKeys(r.c.settings)...)
	if r.h.over != nil && meantAs(r.h.over.Attrs, name, known) {
		return false
	}
	return r.attr(name) == nil && !meantAs(r.h.block.Attrs, name, known)
}
