package compiler

import (
	"fmt"
	"sort"

	"github.com/sprayc/sprayc/lang/diag"
)

// fail reports a problem of a value at a point. Problems of host-time values
// are gathered, so that many hosts make one diagnostic: the first host and a
// count.
func (c *compiler) fail(kind *diag.Kind, at diag.Span, label, fix string, where *point, notes ...diag.Note) {
	if where == nil || where.time < Host || where.host == nil {
		c.err(kind, at, label, fix, notes...)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hostFails == nil {
		c.hostFails = map[hostFailure]*hostFailures{}
	}
	key := hostFailure{kind: kind, at: at}
	if len(notes) > 0 {
		key.note = notes[0].Span
	}
	for ; ; key.nth++ {
		f := c.hostFails[key]
		if f == nil {
			f = &hostFailures{fix: fix, notes: notes, hosts: map[string]string{}}
			c.hostFails[key] = f
		}
		if f.hosts[where.host.name] == "" {
			f.hosts[where.host.name] = label
		}
		if f.hosts[where.host.name] == label {
			return
		}
	}
}

// hostFailure is a problem that several hosts may have: of one kind, at one place, found
// at one place, and for a host that has more such problems than one the nth of them.
type hostFailure struct {
	kind *diag.Kind
	at   diag.Span
	note diag.Span
	nth  int
}

type hostFailures struct {
	fix   string
	notes []diag.Note
	hosts map[string]string // name: label
}

// flushHostFails turns what fail gathered into diagnostics.
func (c *compiler) flushHostFails() {
	order := map[string]int{}
	for i, h := range c.hosts {
		order[h.name] = i
	}
	for key, f := range c.hostFails {
		names := sortedKeys(f.hosts)
		sort.SliceStable(names, func(i, j int) bool { return order[names[i]] < order[names[j]] })
		label := fmt.Sprintf("on host %s: %s", names[0], f.hosts[names[0]])
		if n := len(names) - 1; n > 0 {
			label += fmt.Sprintf(" (and on %d more of %d hosts)", n, len(c.hosts))
		}
		c.err(key.kind, key.at, label, f.fix, f.notes...)
	}
	c.hostFails = nil
}
