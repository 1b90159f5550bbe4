package diff

import (
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/settings"
)

// Short names of what can become of something.
const (
	added   = settings.Added
	removed = settings.Removed
	changed = settings.Changed
	moving  = settings.Moved
)

// changeKey tells what changes apart.
type changeKey struct {
	step, kind, name string
	op               settings.Op
}

// change is a call that differs on some hosts.
type change struct {
	changeKey
	call     *call
	hosts    []string
	settings []*setting
	texts    []*textChange
	follows  []string
}

// settingKey tells settings of a change apart; entries that come and go are told
// apart by what they are.
type settingKey struct {
	field, path string
	op          settings.Op
	entry       string
}

// setting is one setting of a change, with what it was and is on which hosts.
type setting struct {
	settingKey
	id      int
	of      *change
	values  []*Value
	byValue map[[2]string]*Value
}

// textChange is the lines of one argument: those of the first host that has them,
// and the hosts that have others.
type textChange struct {
	field  string
	host   string
	diff   string
	marks  string // what of it is no context
	others int
}

// hostChange is all that changes on a host.
type hostChange struct {
	settings []int
	reacts   map[string]bool
	runs     map[string]bool
	token    bool
	reboot   bool
}

// gather notes how a call differs on hosts.
func (c *comparison) gather(of *call, op settings.Op, deltas []delta, texts []lineDelta, v *view, hosts []string) {
	ch := c.change(of, op)
	ch.hosts = append(ch.hosts, hosts...)
	if len(deltas) == 0 {
		deltas = []delta{{op: op}}
	}
	for _, d := range deltas {
		s := c.setting(ch, d)
		for _, host := range hosts {
			changes := c.host(host)
			changes.settings = append(changes.settings, s.id)
		}
		value := s.value(d)
		value.hosts = append(value.hosts, hosts...)
	}
	for _, t := range texts {
		c.lines(ch, t, hosts)
	}
	c.effects(ch, of, deltas, v, hosts)
}

func (c *comparison) change(of *call, op settings.Op) *change {
	key := changeKey{of.step, of.kind, stable(of.name), op}
	ch := c.changes[key]
	if ch == nil {
		ch = &change{changeKey: key, call: of}
		c.changes[key] = ch
		c.ordered = append(c.ordered, ch)
	}
	return ch
}

func (c *comparison) setting(ch *change, d delta) *setting {
	key := settingKey{d.field, d.path, d.op, ""}
	if d.entry() {
		key.entry = d.old + d.new
	}
	for _, s := range ch.settings {
		if s.settingKey == key {
			return s
		}
	}
	s := &setting{settingKey: key, id: len(c.settings), of: ch, byValue: map[[2]string]*Value{}}
	c.settings = append(c.settings, s)
	ch.settings = append(ch.settings, s)
	return s
}

// value returns the values of a delta, with what is secret of them hidden.
func (s *setting) value(d delta) *Value {
	old, new := mask(d.name(), d.old), mask(d.name(), d.new)
	if d.secret {
		old, new = hide(d.old), hide(d.new)
	}
	if d.old != d.new && old == new {
		new = "another " + hidden
	}
	v := s.byValue[[2]string{old, new}]
	if v == nil {
		v = &Value{Old: old, New: new}
		s.byValue[[2]string{old, new}] = v
		s.values = append(s.values, v)
	}
	return v
}

func hide(value string) string {
	if value == "" {
		return ""
	}
	return hidden
}

// host returns what changes on a host.
func (c *comparison) host(name string) *hostChange {
	h := c.hosts[name]
	if h == nil {
		h = &hostChange{reacts: map[string]bool{}, runs: map[string]bool{}}
		c.hosts[name] = h
	}
	return h
}

// lines notes how a text differs on hosts, once for all whose lines differ alike.
func (c *comparison) lines(ch *change, t lineDelta, hosts []string) {
	marks := marked(c.unified(t.old, t.new))
	for _, have := range ch.texts {
		if have.field == t.field {
			if have.marks != marks {
				have.others += len(hosts)
			}
			return
		}
	}
	diff := ""
	if !isSecretFile(ch.name) {
		diff = c.unified(maskText(t.old), maskText(t.new))
	}
	ch.texts = append(ch.texts, &textChange{field: t.field, host: hosts[0], diff: orElse(diff, "what differs is hidden\n"), marks: marks})
}

// marked returns the lines of a unified diff that are no context.
func marked(diff string) string {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		if line[0] == '+' || line[0] == '-' {
			b.WriteString(line)
		}
	}
	return b.String()
}

// effects notes what a change sets off on hosts.
func (c *comparison) effects(ch *change, of *call, deltas []delta, v *view, hosts []string) {
	if isAside(ch.kind) || ch.kind == orderCall || ch.kind == hostCall || idle(deltas) {
		return
	}
	var before *view
	if host := c.old.Plan.Host(hosts[0]); host != nil {
		before = c.old.views[host.Class]
	}
	for _, r := range c.reactions(ch.op, of, deltas, v, before) {
		if !slices.Contains(ch.follows, r.text) {
			ch.follows = append(ch.follows, r.text)
		}
		for _, host := range hosts {
			changes := c.host(host)
			if r.run {
				changes.runs[r.text] = true
			} else {
				changes.reacts[r.text] = true
			}
			changes.token = changes.token || r.token
			changes.reboot = changes.reboot || r.reboot
		}
	}
}

// isCheck reports whether a call changes nothing itself.
func isCheck(kind string) bool {
	return kind == verifyCall || kind == reportCall || kind == statusCall || kind == awaitCall
}

// isAside reports whether a call has a host do nothing of its own accord.
func isAside(kind string) bool { return isCheck(kind) || kind == outputCall }
