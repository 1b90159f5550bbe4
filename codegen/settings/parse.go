package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/coreos/go-systemd/v22/unit"
	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// A format reads a text, or returns nil when the text has not that form.
type format struct {
	name    string
	endings []string // of names of files that have it
	parse   func(string) *node
}

// formats in the order in which a text of an unknown name is tried: each refuses
// what those after it read.
func formats() []format {
	return []format{
		{"JSON", []string{".json"}, parseJSON},
		{"YAML", []string{".yaml", ".yml"}, parseYAML},
		{"TOML", []string{".toml"}, parseTOML},
		{"unit", []string{".service", ".socket", ".timer", ".mount", ".path", ".slice", ".target", ".swap", ".network", ".netdev", ".link", ".ini"}, parseUnit},
		{"lines", []string{".env", ".sysctl"}, parseLines},
	}
}

// read returns the settings of two texts by the first form that both have, and
// the name of that form; nil if there is none.
func read(name, old, new string) (before, after *node, form string) {
	if strings.HasPrefix(old, "#!") || strings.HasPrefix(new, "#!") {
		return nil, nil, ""
	}
	ending := path.Ext(name)
	all := formats()
	sort.SliceStable(all, func(i, j int) bool {
		return slices.Contains(all[i].endings, ending) && !slices.Contains(all[j].endings, ending)
	})
	for _, f := range all {
		if before := f.parse(old); before != nil {
			if after := f.parse(new); after != nil {
				return before, after, f.name
			}
		}
	}
	return nil, nil, ""
}

func parseJSON(text string) *node {
	if first := strings.TrimSpace(text); !strings.HasPrefix(first, "{") && !strings.HasPrefix(first, "[") {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil
	}
	return fromGo(value)
}

func parseTOML(text string) *node {
	value := map[string]any{}
	if err := toml.Unmarshal([]byte(text), &value); err != nil || len(value) == 0 {
		return nil
	}
	for name := range value {
		if strings.HasPrefix(name, "-") { // sysctl.conf: it need not be there
			return nil
		}
	}
	return fromGo(value)
}

// fromGo makes a tree of what a decoder makes of a text.
func fromGo(value any) *node {
	switch v := value.(type) {
	case map[string]any:
		tree := newFields()
		for name, field := range v {
			tree.fields[name] = fromGo(field)
		}
		return tree
	case []any:
		tree := newList()
		for _, item := range v {
			tree.items = append(tree.items, fromGo(item))
		}
		return tree
	case string:
		return stringScalar(v)
	case nil:
		return textScalar("null")
	}
	return textScalar(fmt.Sprint(value))
}

// parseYAML reads one document or several. A text that is but a scalar is none.
func parseYAML(text string) *node {
	dec := yaml.NewDecoder(strings.NewReader(text))
	var docs []*node
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil
		}
		tree := fromYAML(&doc, 0)
		if tree == nil || tree.kind == scalar && tree.text != "null" {
			return nil
		}
		if tree.kind != scalar {
			docs = append(docs, tree)
		}
	}
	switch len(docs) {
	case 0:
		return nil
	case 1:
		return docs[0]
	}
	return &node{kind: list, items: docs, text: documents}
}

// documents marks the list of a text of several documents.
const documents = "documents"

// deepest is how far aliases are followed; beyond it a text is not understood.
const deepest = 100

func fromYAML(n *yaml.Node, depth int) *node {
	if depth > deepest {
		return nil
	}
	own := strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") // the reader's own sort of value
	if own && n.Kind != yaml.ScalarNode {
		return nil
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return fromYAML(n.Content[0], depth+1)
	case yaml.AliasNode:
		return nil // one alias may stand for a million values
	case yaml.MappingNode:
		tree := newFields()
		for i := 0; i+1 < len(n.Content); i += 2 {
			value := fromYAML(n.Content[i+1], depth+1)
			if n.Content[i].Kind != yaml.ScalarNode || value == nil {
				return nil
			}
			tree.fields[n.Content[i].Value] = value
		}
		return tree
	case yaml.SequenceNode:
		tree := newList()
		for _, item := range n.Content {
			value := fromYAML(item, depth+1)
			if value == nil {
				return nil
			}
			tree.items = append(tree.items, value)
		}
		return tree
	}
	if own {
		return textScalar(n.Tag + " " + strconv.Quote(n.Value))
	}
	switch n.ShortTag() {
	case "!!str":
		return stringScalar(n.Value)
	case "!!null":
		return textScalar("null")
	}
	return textScalar(n.Value)
}

// firstLine is the first section's, below comments.
var firstLine = regexp.MustCompile(`^([ \t]*([#;].*)?\n)*\[`)

// parseUnit reads sections of KEY=VALUE, as systemd's units and INI files are.
func parseUnit(text string) *node {
	if !firstLine.MatchString(text) { // the library passes over what stands before a section
		return nil
	}
	sections, err := unit.DeserializeSections(bytes.NewReader([]byte(text)))
	if err != nil || len(sections) == 0 {
		return nil
	}
	tree := newFields()
	for _, section := range sections {
		fields := tree.fields[section.Section]
		if fields == nil {
			fields = newFields()
			tree.fields[section.Section] = fields
		}
		for _, entry := range section.Entries {
			fields.add(entry.Name, textScalar(entry.Value))
		}
	}
	return tree
}
