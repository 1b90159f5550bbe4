package settings

import (
	"sort"
	"strconv"
	"strings"
)

// node is one value of a text: a scalar, a list, or fields by name.
type node struct {
	kind   kind
	text   string // of a scalar, as a person reads it
	fields map[string]*node
	items  []*node
}

type kind int

const (
	scalar kind = iota
	list
	fields
)

func newFields() *node { return &node{kind: fields, fields: map[string]*node{}} }

func newList(items ...*node) *node { return &node{kind: list, items: items} }

// textScalar is a scalar that is not a string.
func textScalar(text string) *node { return &node{text: text} }

// stringScalar is a string: quoted where it would read as something else.
func stringScalar(s string) *node {
	if s == "" || s != strings.TrimSpace(s) && !strings.Contains(s, "\n") || otherwise(s) {
		return &node{text: strconv.Quote(s)}
	}
	return &node{text: s}
}

// otherwise reports whether a text without quotes would be no string.
func otherwise(s string) bool {
	switch s {
	case "true", "false", "null", "~":
		return true
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// add gives a name one more value: names that come again make a list.
func (n *node) add(name string, value *node) {
	have := n.fields[name]
	switch {
	case have == nil:
		n.fields[name] = value
	case have.kind == list:
		have.items = append(have.items, value)
	default:
		n.fields[name] = newList(have, value)
	}
}

func (n *node) names() []string {
	names := make([]string, 0, len(n.fields))
	for name := range n.fields {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// String returns the value on one line.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case scalar:
		b.WriteString(n.text)
	case list:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			item.write(b)
		}
		b.WriteByte(']')
	case fields:
		b.WriteByte('{')
		for i, name := range n.names() {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(name + ": ")
			n.fields[name].write(b)
		}
		b.WriteByte('}')
	}
}

func (n *node) equal(other *node) bool {
	if n.kind != other.kind || n.text != other.text || len(n.items) != len(other.items) || len(n.fields) != len(other.fields) {
		return false
	}
	for i, item := range n.items {
		if !item.equal(other.items[i]) {
			return false
		}
	}
	for name, value := range n.fields {
		if have := other.fields[name]; have == nil || !value.equal(have) {
			return false
		}
	}
	return true
}

// below returns the path of a field.
func below(path, name string) string {
	plain := name != ""
	for _, r := range name {
		plain = plain && (r == '-' || r == '_' || r == '$' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
	}
	switch {
	case path == "":
		return name
	case plain:
		return path + "." + name
	}
	return path + "[" + name + "]"
}
