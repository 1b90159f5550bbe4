package diff

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/codegen/settings"
)

// value is one value of an argument on a host.
type value struct {
	text string
	file string // a file of the bundle that is run, such as a module's script
	long bool   // a text, whose lines are shown
}

// params are the arguments of a call on a host, by name: what is shipped as a
// file is the content that it is elsewhere, and digests of what stands beside
// them are left out.
func (s *side) params(h *bundle.Host, c *call) map[string][]value {
	all := map[string][]value{}
	given := map[string]bool{}
	for _, a := range c.args {
		given[a.name] = true
	}
	for _, a := range c.args {
		name, payload := strings.CutSuffix(a.name, ".payload")
		if a.name == "payload" {
			name, payload = "content", true
		}
		if c.kind == outputCall && slices.Contains([]string{"pattern", "ttl", "secret"}, name) {
			continue // the plan has them
		}
		if of, digest := strings.CutSuffix(a.name, "sha256"); digest && isDigestOf(strings.TrimSuffix(of, "."), given) {
			continue
		}
		all[name] = append(all[name], s.value(h, a.value, payload || name == "content" || name == "unit" || strings.HasPrefix(name, "dropins.")))
	}
	return all
}

// isDigestOf reports whether a digest is that of another argument of the call.
func isDigestOf(name string, given map[string]bool) bool {
	if name == "" {
		return given["content"] || given["payload"] || given["source"]
	}
	return given[name] || given[name+".payload"]
}

func (s *side) value(h *bundle.Host, v string, content bool) value {
	switch {
	case strings.HasPrefix(v, "$h_"):
		if own, ok := s.env(h.Name)[v[1:]]; ok {
			v = own
		}
	case strings.HasPrefix(v, ownPayload):
		return value{text: string(s.Files["hosts/"+h.Name+"/"+v[len(ownPayload):]].Data), long: true}
	case strings.HasPrefix(v, "$SPRAY_IN/"):
		return value{text: "live value " + v[len("$SPRAY_IN/"):]}
	}
	file, ok := sharedPath(v)
	switch {
	case ok && content:
		return value{text: string(s.Files[file].Data), long: true}
	case ok:
		return value{text: string(s.Files[file].Data), file: file, long: true}
	}
	return value{text: v, long: content || strings.Contains(v, "\n")}
}

// delta is one setting that differs on a host.
type delta struct {
	field, path string
	op          settings.Op
	old, new    string
	secret      bool
	inList      bool
}

// name is the name of what differs.
func (d *delta) name() string {
	if d.path != "" {
		return d.path
	}
	return d.field
}

// entry reports whether it is an entry of a list that comes or goes, which is known
// by what it is.
func (d *delta) entry() bool { return d.inList && (d.op == added || d.op == removed) }

// lineDelta is a text that differs on a host.
type lineDelta struct {
	field, old, new string
}

// argDeltas compares the arguments of two calls.
func (c *comparison) argDeltas(x, y *call, before, after map[string][]value) ([]delta, []lineDelta) {
	var deltas []delta
	var texts []lineDelta
	for _, name := range unionKeys(before, after) {
		old, new := before[name], after[name]
		switch {
		case len(old) == 1 && len(new) == 1:
			d, t := c.valueDeltas(x, y, name, old[0], new[0])
			deltas, texts = append(deltas, d...), append(texts, t...)
		default:
			deltas = append(deltas, listDeltas(name, old, new)...)
		}
	}
	return deltas, texts
}

// valueDeltas compares two values of an argument: texts by their settings, if
// they have any.
func (c *comparison) valueDeltas(x, y *call, field string, old, new value) ([]delta, []lineDelta) {
	if old.file != "" && new.file != "" {
		return c.scriptDeltas(y, field, old, new), nil
	}
	if old.text == new.text {
		return nil, nil
	}
	long := old.long || new.long
	structured := long || strings.HasPrefix(new.text, "{") || strings.HasPrefix(new.text, "[")
	var texts []lineDelta
	if long {
		texts = append(texts, lineDelta{field, old.text, new.text})
	}
	if structured {
		if how := c.compare(nameOf(y, field), old.text, new.text); how != nil {
			var deltas []delta
			for _, change := range how.Changes {
				deltas = append(deltas, delta{
					field: field, path: change.Path, op: change.Op, old: change.Old, new: change.New, inList: change.Entry,
					secret: isSecretFile(y.name) || isSecretData(change.Path, old.text+"\n"+new.text),
				})
			}
			if deltas == nil {
				deltas = []delta{{field: field, op: layout}}
			}
			return deltas, texts
		}
	}
	if long {
		return []delta{{field: field, op: text}}, texts
	}
	return []delta{{field: field, op: settings.Changed, old: orElse(old.text, `""`), new: orElse(new.text, `""`)}}, nil
}

// nameOf is the name of the file that a text becomes.
func nameOf(c *call, field string) string {
	switch {
	case strings.HasPrefix(field, "dropins."):
		return "dropin.service"
	case field == "content" || field == "unit":
		return c.name
	}
	return path.Ext(field)
}

// scriptDeltas compares two files of modules that a call runs.
func (c *comparison) scriptDeltas(user *call, field string, old, new value) []delta {
	if c.sameScript(old.text, new.text) {
		return nil
	}
	c.scriptUsed(new.file, old.text, new.text, user)
	return []delta{{field: field, op: text, new: new.file}}
}

// whole are the arguments of a call that comes: what it is.
func (c *comparison) whole(of *call, params map[string][]value) []delta {
	deltas := []delta{{op: added}}
	for _, name := range unionKeys(params, nil) {
		var texts []string
		for _, v := range params[name] {
			switch {
			case v.file != "":
				texts = append(texts, v.file)
			case v.long && v.text != "" && isSecretFile(of.name):
				texts = append(texts, hidden)
			case v.long && v.text != "":
				texts = append(texts, tail(v.text))
			default:
				texts = append(texts, v.text)
			}
		}
		if all := strings.Join(texts, ", "); all != "" && all != of.name && name != "notify" {
			deltas = append(deltas, delta{field: name, op: given, new: all})
		}
	}
	return deltas
}

// newTexts are the texts of a call that comes; scripts that it runs and that were
// not there are noted apart.
func (c *comparison) newTexts(of *call, params map[string][]value) []lineDelta {
	var texts []lineDelta
	for _, name := range unionKeys(params, nil) {
		for _, v := range params[name] {
			if v.file == "" && v.long && v.text != "" {
				texts = append(texts, lineDelta{name, "", v.text})
			}
			if before, known := c.old.Files[v.file]; v.file != "" && (!known || !c.sameScript(string(before.Data), v.text)) {
				c.scriptUsed(v.file, string(before.Data), v.text, of)
			}
		}
	}
	return texts
}

// listDeltas compares the values of an argument that may come several times.
func listDeltas(field string, old, new []value) []delta {
	texts := func(list []value) []string {
		var all []string
		for _, v := range list {
			all = append(all, v.text)
		}
		return all
	}
	x, y := texts(old), texts(new)
	if slices.Equal(x, y) {
		return nil
	}
	gone, come := without(x, y), without(y, x)
	if len(gone) == 0 && len(come) == 0 {
		return []delta{{field: field, op: settings.Moved, old: strings.Join(x, ", "), new: strings.Join(y, ", ")}}
	}
	if len(gone) == 1 && len(come) == 1 {
		return []delta{{field: field, op: settings.Changed, old: gone[0], new: come[0]}}
	}
	var deltas []delta
	for _, text := range gone {
		deltas = append(deltas, delta{field: field, op: settings.Removed, old: text, inList: true})
	}
	for _, text := range come {
		deltas = append(deltas, delta{field: field, op: settings.Added, new: text, inList: true})
	}
	return deltas
}

// without returns what is in a and not in b, as often as it is more often there.
func without(a, b []string) []string {
	count := map[string]int{}
	for _, text := range b {
		count[text]++
	}
	var rest []string
	for _, text := range a {
		if count[text] > 0 {
			count[text]--
			continue
		}
		rest = append(rest, text)
	}
	return rest
}

func unionKeys[V any](a, b map[string]V) []string {
	keys := make([]string, 0, len(a)+len(b))
	for key := range a {
		keys = append(keys, key)
	}
	for key := range b {
		if _, both := a[key]; !both {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}
