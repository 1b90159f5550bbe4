package page

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/shell"
)

// class is hosts that run the same scripts.
type class struct {
	Name  string
	Index int
	OS    string
	Arch  string
	Roles []string
	Hosts int
	Set   string
	Steps int
}

func classesOf(b *bundle.Bundle) []class {
	var list []class
	for i := range b.Plan.Classes {
		c := &b.Plan.Classes[i]
		names := hostsOfClass(b, c.Name)
		list = append(list, class{
			Name: line(c.Name), Index: i, OS: line(c.OS), Arch: line(c.Arch), Roles: c.Roles,
			Hosts: len(names), Set: bundle.HostSet(names), Steps: len(c.Steps),
		})
	}
	return list
}

// hostData is the hosts, compactly: each text and each list of names is there once.
// A text that has the host's own name or address in it has marks in their place.
type hostData struct {
	Texts []string  `json:"texts"`
	Keys  [][]int   `json:"keys"` // lists of names of values, as indices of texts
	Hosts []oneHost `json:"hosts"`
}

// oneHost is [name, address, class, digest, state, keys, values...]; the values are
// indices of texts.
type oneHost []any

// marks of a host's name and address in its values. No value has a NUL in it.
const (
	nameMark    = "\x00n"
	addressMark = "\x00a"
)

// interner gives each text a number.
type interner struct {
	texts []string
	at    map[string]int
}

func (in *interner) index(text string) int {
	if in.at == nil {
		in.at = map[string]int{}
	}
	n, ok := in.at[text]
	if !ok {
		n = len(in.texts)
		in.at[text] = n
		in.texts = append(in.texts, text)
	}
	return n
}

func hostsOf(b *bundle.Bundle) (hostData, error) {
	d := hostData{Hosts: []oneHost{}, Keys: [][]int{}}
	var texts interner
	lists := map[string]int{}
	for i := range b.Plan.Hosts {
		h := &b.Plan.Hosts[i]
		own, err := ownOf(b, h)
		if err != nil {
			return d, err
		}
		var keys, values []int
		for _, p := range own {
			keys = append(keys, texts.index(p.Name))
			values = append(values, texts.index(marked(visible(p.Value), h)))
		}
		list := fmt.Sprint(keys)
		if _, ok := lists[list]; !ok {
			lists[list] = len(d.Keys)
			d.Keys = append(d.Keys, keys)
		}
		class := slices.IndexFunc(b.Plan.Classes, func(c bundle.Class) bool { return c.Name == h.Class })
		one := oneHost{line(h.Name), line(h.Address), class, h.Digest, line(h.State), lists[list]}
		for _, v := range values {
			one = append(one, v)
		}
		d.Hosts = append(d.Hosts, one)
	}
	d.Texts = texts.texts
	return d, nil
}

// ownOf are a host's own values and payloads, sorted. What every host has of itself,
// and is shown anyhow, is left out.
func ownOf(b *bundle.Bundle, h *bundle.Host) ([]pair, error) {
	path := bundle.EnvPath(h.Name)
	values, err := shell.Assignments(b.Files[path].Data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var list []pair
	for name, text := range values {
		if name != "SPRAY_DIGEST" && name != "SPRAY_HOST" && name != "SPRAY_ADDRESS" && name != "SPRAY_CLASS" && name != "SPRAY_CLUSTER" && name != "SPRAY_OPERATION" {
			list = append(list, pair{line(name), text})
		}
	}
	for _, file := range h.Files {
		list = append(list, pair{line(strings.TrimPrefix(file, "hosts/"+h.Name+"/")), string(b.Files[file].Data)})
	}
	if h.SSHAddress != "" {
		list = append(list, pair{"ssh address", h.SSHAddress})
	}
	if h.SSHUser != "" {
		list = append(list, pair{"ssh user", h.SSHUser})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list, nil
}

// marked takes the host's name and address out of a text.
func marked(text string, h *bundle.Host) string {
	pairs := []string{h.Name, nameMark}
	if h.Address != "" {
		pairs = append(pairs, h.Address, addressMark)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
