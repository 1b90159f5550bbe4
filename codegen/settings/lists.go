package settings

import (
	"slices"
	"strconv"
)

// identities are the fields by which an entry of a list is known, the first that
// tells all entries apart.
func identities() []string {
	return []string{"name", "key", "id", "group", "host", "hostname", "path", "mountPath", "endpoint", "address", "server", "cidr", "kind", "level"}
}

// lists compares two lists: of words and values by what is in them, of entries
// by what names them, else place by place.
func (c *comparer) lists(path string, old, new *node) {
	if x, y := flagList(old.items), flagList(new.items); x != nil && y != nil && !x.equal(y) {
		c.values(path, x, y)
		return
	}
	if scalars(old) && scalars(new) {
		c.words(path, old, new)
		return
	}
	for _, name := range identities() {
		x, y := keyed(old, name), keyed(new, name)
		if x == nil || y == nil {
			continue
		}
		before := len(c.changes)
		c.fields(path, x, y)
		if len(c.changes) == before {
			c.note(path, Moved, order(old, name), order(new, name))
		}
		return
	}
	c.places(path, old, new)
}

func scalars(n *node) bool {
	return !slices.ContainsFunc(n.items, func(item *node) bool { return item.kind != scalar })
}

// keyed returns the entries of a list by a field of theirs; nil if that does not
// tell them apart.
func keyed(n *node, name string) *node {
	tree := newFields()
	for _, item := range n.items {
		if item.kind != fields || item.fields[name] == nil || item.fields[name].kind != scalar {
			return nil
		}
		key := item.fields[name].text
		if tree.fields[key] != nil {
			return nil
		}
		tree.fields[key] = rest(item, name)
	}
	return tree
}

// rest is an entry without the field that names it; of an entry that is but a name
// and a value, the value.
func rest(entry *node, name string) *node {
	tree := newFields()
	for field, value := range entry.fields {
		if field != name {
			tree.fields[field] = value
		}
	}
	if value := tree.fields["value"]; value != nil && len(tree.fields) == 1 {
		return value
	}
	return tree
}

func order(n *node, name string) string {
	keys := newList()
	for _, item := range n.items {
		keys.items = append(keys.items, item.fields[name])
	}
	return keys.String()
}

// words compares lists of scalars: what is gone, what is new, or but the order.
func (c *comparer) words(path string, old, new *node) {
	gone, come := without(old.items, new.items), without(new.items, old.items)
	switch {
	case len(gone) == 0 && len(come) == 0:
		c.note(path, Moved, old.String(), new.String())
	case len(gone) == 1 && len(come) == 1:
		c.scalars(path, gone[0], come[0])
	default:
		for _, item := range gone {
			c.changes = append(c.changes, Change{Path: path, Op: Removed, Old: item.text, Entry: true})
		}
		for _, item := range come {
			c.changes = append(c.changes, Change{Path: path, Op: Added, New: item.text, Entry: true})
		}
	}
}

// without returns what of a list another has not, an entry that comes twice
// counted twice.
func without(items, others []*node) []*node {
	count := map[string]int{}
	for _, item := range others {
		count[item.text]++
	}
	var rest []*node
	for _, item := range items {
		if count[item.text] > 0 {
			count[item.text]--
			continue
		}
		rest = append(rest, item)
	}
	return rest
}

func (c *comparer) places(path string, old, new *node) {
	for i := 0; i < max(len(old.items), len(new.items)); i++ {
		at := path + "[" + strconv.Itoa(i) + "]"
		switch {
		case i >= len(old.items):
			c.note(at, Added, "", new.items[i].String())
		case i >= len(new.items):
			c.note(at, Removed, old.items[i].String(), "")
		default:
			c.values(at, old.items[i], new.items[i])
		}
	}
}
