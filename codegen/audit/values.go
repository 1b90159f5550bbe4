package audit

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// values are what hosts have of their own, by host, with what each name comes
// to once it was asked for.
type values struct {
	hosts []hostValues
	forms map[string][]Form
}

type hostValues struct {
	name, address string
	own           map[string]string
}

// readValues reads the hosts' own values and payloads.
func readValues(b *bundle.Bundle) (*values, error) {
	v := &values{forms: map[string][]Form{}}
	for _, host := range b.Plan.Hosts {
		path := bundle.EnvPath(host.Name)
		own, err := readEnv(string(b.Files[path].Data))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		for _, file := range host.Files {
			own["hosts/HOST/"+strings.TrimPrefix(file, "hosts/"+host.Name+"/")] = string(b.Files[file].Data)
		}
		v.hosts = append(v.hosts, hostValues{name: host.Name, address: host.Address, own: own})
	}
	return v, nil
}

// readEnv reads a file of assignments, strictly in the form that sprayc writes:
// NAME='TEXT', in which '\” is a quote.
func readEnv(text string) (map[string]string, error) {
	own := map[string]string{}
	for line := 1; text != ""; line++ {
		name, rest, ok := strings.Cut(text, "='")
		if !ok || strings.ContainsAny(name, "\n'\" $`\\;&|") {
			return nil, fmt.Errorf("after %d values there is something else than NAME='TEXT'", line-1)
		}
		var value strings.Builder
		for {
			part, after, ok := strings.Cut(rest, "'")
			if !ok {
				return nil, fmt.Errorf("%s has no closing quote", name)
			}
			value.WriteString(part)
			rest = after
			if next, more := strings.CutPrefix(rest, `\''`); more {
				value.WriteByte('\'')
				rest = next
			} else if next, more := strings.CutPrefix(rest, "'"); more {
				rest = next
			} else {
				break
			}
		}
		if text, ok = strings.CutPrefix(rest, "\n"); !ok {
			return nil, fmt.Errorf("%s has something behind its closing quote", name)
		}
		own[name] = value.String()
	}
	return own, nil
}

// of returns the forms of a value, the most common first.
func (v *values) of(name string) []Form {
	if forms, ok := v.forms[name]; ok {
		return forms
	}
	hosts := map[string][]string{}
	for i := range v.hosts {
		h := &v.hosts[i]
		if text, ok := h.own[name]; ok {
			form := h.form(text)
			hosts[form] = append(hosts[form], h.name)
		}
	}
	forms := []Form{}
	for text, names := range hosts {
		sort.Strings(names)
		forms = append(forms, Form{Text: text, Hosts: names})
	}
	sort.Slice(forms, func(i, j int) bool {
		if x, y := len(forms[i].Hosts), len(forms[j].Hosts); x != y {
			return x > y
		}
		return forms[i].Hosts[0] < forms[j].Hosts[0]
	})
	v.forms[name] = forms
	return forms
}

// form takes the host's own name and address out of a text.
func (h *hostValues) form(text string) string {
	return replaceWord(replaceWord(text, h.name, "{name}"), h.address, "{address}")
}

// replaceWord replaces a word where it is not a part of a longer one.
func replaceWord(text, word, with string) string {
	if word == "" || !strings.Contains(text, word) {
		return text
	}
	var b strings.Builder
	for {
		i := strings.Index(text, word)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := i + len(word)
		b.WriteString(text[:i])
		if i > 0 && wordByte(text[i-1]) || end < len(text) && wordByte(text[end]) {
			b.WriteString(word)
		} else {
			b.WriteString(with)
		}
		text = text[end:]
	}
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_'
}

// used returns the values that effects have fields of, by name.
func (v *values) used(effects []Effect) []Value {
	of := map[string]map[string]bool{}
	for i := range effects {
		for _, field := range effects[i].Fields {
			if field.By == "" {
				continue
			}
			if of[field.By] == nil {
				of[field.By] = map[string]bool{}
			}
			of[field.By][effects[i].Category+" "+effects[i].Subject+": "+field.Name] = true
		}
	}
	list := []Value{}
	for name, parts := range of {
		list = append(list, Value{Name: name, Of: sortedKeys(parts), Forms: v.of(name)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
