package settings

import (
	"slices"
	"sort"
	"strings"
)

// Change is one setting that differs.
type Change struct {
	Path string `json:"path"` // "spec.replicas", "plugins[io.containerd.grpc.v1.cri].sandbox"
	Op   Op     `json:"op"`
	Old  string `json:"old,omitempty"`
	New  string `json:"new,omitempty"`

	// Entry says that it is an entry of a list of words which was added or removed:
	// the path is the list's.
	Entry bool `json:"entry,omitempty"`
}

// Op is what becomes of a setting.
type Op string

// What can become of a setting.
const (
	Added   Op = "added"
	Removed Op = "removed"
	Changed Op = "changed"
	Moved   Op = "moved" // the same entries in another order
)

// Comparison is how two texts of one form differ. Without changes they differ at
// most in comments, layout and the order of keys.
type Comparison struct {
	Format  string // "YAML", "JSON", "TOML", "unit", "lines"
	Changes []Change
}

// Compare compares the settings of two texts. The name is that of the file that
// they are the content of. It returns nil when their form is not known, or not
// the same.
func Compare(name, old, new string) *Comparison {
	before, after, format := read(name, old, new)
	if before == nil {
		return nil
	}
	c := &comparer{}
	c.values("", before, after)
	return &Comparison{Format: format, Changes: c.changes}
}

type comparer struct {
	changes []Change
}

func (c *comparer) note(path string, op Op, old, new string) {
	c.changes = append(c.changes, Change{Path: path, Op: op, Old: old, New: new})
}

func (c *comparer) values(path string, old, new *node) {
	switch {
	case old.equal(new):
	case old.isDocuments() || new.isDocuments():
		c.documents(old, new)
	case old.kind == fields && new.kind == fields:
		c.fields(path, old, new)
	case old.kind == list && new.kind == list:
		c.lists(path, old, new)
	case old.kind == scalar && new.kind == scalar:
		c.scalars(path, old, new)
	default:
		c.note(path, Changed, old.String(), new.String())
	}
}

func (c *comparer) fields(path string, old, new *node) {
	names := append(old.names(), new.names()...)
	sort.Strings(names)
	for _, name := range slices.Compact(names) {
		x, y, at := old.fields[name], new.fields[name], below(path, name)
		switch {
		case x == nil:
			c.note(at, Added, "", y.String())
		case y == nil:
			c.note(at, Removed, x.String(), "")
		default:
			c.values(at, x, y)
		}
	}
}

// scalars compares two values; one may be a text with settings of its own, or a
// command line.
func (c *comparer) scalars(path string, old, new *node) {
	if strings.Contains(old.text, "\n") && strings.Contains(new.text, "\n") {
		if x, y, _ := read(path, old.text, new.text); x != nil && !x.equal(y) {
			c.values(path, x, y)
			return
		}
	}
	if x, y := flags(old.text), flags(new.text); x != nil && y != nil && !x.equal(y) {
		c.values(path, x, y)
		return
	}
	c.note(path, Changed, old.text, new.text)
}

// documents compares texts of several documents, each by what it says it is.
func (c *comparer) documents(old, new *node) {
	before, after := newFields(), newFields()
	put := func(into, from *node) bool {
		docs := from.items
		if !from.isDocuments() {
			docs = []*node{from}
		}
		for _, doc := range docs {
			name := objectName(doc)
			if name == "" || into.fields[name] != nil {
				return false
			}
			into.fields[name] = doc
		}
		return true
	}
	if put(before, old) && put(after, new) {
		c.fields("", before, after)
		return
	}
	x, y := *old, *new
	x.text, y.text = "", ""
	c.values("", &x, &y)
}

// isDocuments reports whether it is a text of several documents.
func (n *node) isDocuments() bool { return n.kind == list && n.text == documents }

// objectName is the kind, namespace and name of an object of Kubernetes; of a
// configuration its kind.
func objectName(doc *node) string {
	get := func(n *node, names ...string) string {
		for _, name := range names {
			if n == nil || n.kind != fields {
				return ""
			}
			n = n.fields[name]
		}
		if n == nil || n.kind != scalar {
			return ""
		}
		return n.text
	}
	name := get(doc, "metadata", "name")
	if space := get(doc, "metadata", "namespace"); space != "" {
		name = space + "/" + name
	}
	return strings.TrimSpace(get(doc, "kind") + " " + name)
}
