package runner

import (
	"cmp"
	"encoding/json"
	"slices"
	"sort"
	"strings"
)

// PlanSchema is the version of a [PlanReport] as JSON. Fields are added without a new
// one.
const PlanSchema = 1

// PlanReport is what a plan has found, for people and programs. Each change stands there
// once, with all hosts that it is of: those of one host are in all groups that name it.
type PlanReport struct {
	Schema   int         `json:"schema"`
	Cluster  string      `json:"cluster"`
	Code     int         `json:"exit_code"`
	Hosts    int         `json:"hosts"` // that were asked
	Groups   []PlanGroup `json:"groups"`
	Left     []PlanLeft  `json:"left"` // hosts that could not be planned for
	Away     []Away      `json:"away,omitempty"`
	Gone     []string    `json:"gone,omitempty"` // hosts of the cluster that the definition does not have: a run is refused
	Forecast *Forecast   `json:"forecast,omitempty"`
}

// PlanGroup is what changes on just these hosts.
type PlanGroup struct {
	Hosts   []string     `json:"hosts"`
	Changes []PlanChange `json:"changes"`         // in the order of the steps
	Marks   []string     `json:"marks,omitempty"` // reactions that are due from earlier runs
	Diffs   []PlanDiff   `json:"diffs,omitempty"`
}

// PlanChange is one line of a group's table.
type PlanChange struct {
	// Change is will, may (it is blocked on what will), gone (it is no longer in the
	// bundle and would be removed) or kept (the same, but it was changed by others).
	Change   string     `json:"change"`
	Step     string     `json:"step,omitempty"`
	Kind     string     `json:"kind"`
	Name     string     `json:"name"`
	Text     string     `json:"text,omitempty"`  // in what it differs
	Texts    []PlanText `json:"texts,omitempty"` // the same, when it is not the same on all hosts
	Source   string     `json:"source,omitempty"`
	Reaction *Reaction  `json:"reaction,omitempty"`
}

// PlanText is in what a resource differs on some hosts.
type PlanText struct {
	Text  string   `json:"text"`
	Hosts []string `json:"hosts"`
}

// PlanDiff is how a file would change on some hosts of a group.
type PlanDiff struct {
	Diff
	Hosts []string `json:"hosts"`
}

// PlanLeft is a host of which it is not known what would change.
type PlanLeft struct {
	Host   string     `json:"host"`
	Status HostStatus `json:"status"`
	Reason string     `json:"reason"`
	Fix    string     `json:"fix,omitempty"`
}

// planOf makes the report of a plan.
func planOf(r Result) *PlanReport {
	p := &PlanReport{Schema: PlanSchema, Cluster: r.Cluster, Code: r.Code(), Hosts: len(r.Hosts), Groups: []PlanGroup{}, Left: []PlanLeft{}, Away: r.Away, Gone: r.Gone, Forecast: r.Forecast}
	all := &changes{byKey: map[string]*change{}, byResource: map[[3]string][]*change{}, steps: map[string]int{}}
	for _, step := range r.steps {
		all.steps[step] = len(all.steps)
	}
	for i := range r.Hosts {
		host := &r.Hosts[i]
		if host.Reason != "" {
			p.Left = append(p.Left, PlanLeft{host.Host, host.Status, host.Reason, host.Fix})
		}
		all.add(i, host)
	}
	p.Groups = append(p.Groups, all.groups(r.Hosts)...)
	return p
}

// change is one change, or a mark, and the hosts that it is of: numbers, in order.
type change struct {
	PlanChange
	mark  string
	hosts []int
	texts map[string][]int
	group *PlanGroup
}

// changes are those of all hosts.
type changes struct {
	list       []*change
	byKey      map[string]*change
	byResource map[[3]string][]*change
	steps      map[string]int // their order
}

// keyOf is the same for what is the same.
func keyOf(parts ...any) string {
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // there is nothing in them that JSON does not have
	}
	return string(text)
}

// add takes in a host.
func (all *changes) add(number int, host *HostResult) {
	reactions := map[[3]string]*Reaction{}
	for i := range host.Reactions {
		r := &host.Reactions[i]
		reactions[[3]string{r.Step, r.Kind, r.Name}] = r
	}
	for _, mark := range host.Marks {
		c := all.of(keyOf(mark), func() *change { return &change{mark: mark} })
		c.hosts = append(c.hosts, number)
	}
	one := func(word string, item *Item) {
		resource := [3]string{item.Step, item.Kind, item.Name}
		reaction := reactions[resource]
		c := all.of(keyOf(word, resource, reaction), func() *change {
			c := &change{PlanChange: PlanChange{Change: word, Step: item.Step, Kind: item.Kind, Name: item.Name, Source: item.Source, Reaction: reaction}, texts: map[string][]int{}}
			all.byResource[resource] = append(all.byResource[resource], c)
			if _, known := all.steps[item.Step]; !known {
				all.steps[item.Step] = len(all.steps)
			}
			return c
		})
		if last := len(c.hosts) - 1; last < 0 || c.hosts[last] != number {
			c.hosts = append(c.hosts, number)
			c.texts[item.Text] = append(c.texts[item.Text], number)
		}
	}
	for i := range host.Will {
		one("will", &host.Will[i])
	}
	for i := range host.May {
		one("may", &host.May[i])
	}
	for _, item := range host.Orphans {
		word := "gone"
		if item.Status == "kept" {
			word = "kept"
		}
		one(word, &Item{Kind: item.Kind, Name: item.Name, Text: item.Text})
	}
}

func (all *changes) of(key string, make func() *change) *change {
	c := all.byKey[key]
	if c == nil {
		c = make()
		all.byKey[key] = c
		all.list = append(all.list, c)
	}
	return c
}

// rank is where a change stands in a table: by its step, then what will be before what may.
func (all *changes) rank(c *change) (step, word int) {
	switch {
	case c.mark != "":
		return -1, 0
	case c.Change == "gone" || c.Change == "kept":
		return len(all.steps), 0
	}
	return all.steps[c.Step], strings.Index("will may", c.Change)
}

// groups puts changes of the same hosts together; those of most hosts come first.
func (all *changes) groups(hosts []HostResult) []PlanGroup {
	slices.SortStableFunc(all.list, func(a, b *change) int {
		aStep, aWord := all.rank(a)
		bStep, bWord := all.rank(b)
		return cmp.Or(cmp.Compare(aStep, bStep), cmp.Compare(aWord, bWord))
	})
	var groups []*PlanGroup
	same := map[string]*PlanGroup{}
	for _, c := range all.list {
		key := keyOf(c.hosts)
		if same[key] == nil {
			same[key] = &PlanGroup{Hosts: named(hosts, c.hosts), Changes: []PlanChange{}}
			groups = append(groups, same[key])
		}
		c.group = same[key]
		if c.mark != "" {
			c.group.Marks = append(c.group.Marks, c.mark)
			continue
		}
		c.say(hosts)
		c.group.Changes = append(c.group.Changes, c.PlanChange)
	}
	for i := range hosts {
		for _, diff := range hosts[i].Diffs {
			for _, c := range all.byResource[[3]string{diff.Step, diff.Kind, diff.Name}] {
				if _, found := slices.BinarySearch(c.hosts, i); found {
					c.group.add(diff, hosts[i].Host)
					break
				}
			}
		}
	}
	slices.SortStableFunc(groups, func(a, b *PlanGroup) int { return cmp.Compare(len(b.Hosts), len(a.Hosts)) })
	list := make([]PlanGroup, len(groups))
	for i, g := range groups {
		list[i] = *g
	}
	return list
}

func named(hosts []HostResult, numbers []int) []string {
	names := make([]string, len(numbers))
	for i, number := range numbers {
		names[i] = hosts[number].Host
	}
	return names
}

// say fills in in what the resource differs: what it is on most hosts first.
func (c *change) say(hosts []HostResult) {
	if len(c.texts) == 1 {
		for text := range c.texts {
			c.Text = text
		}
		return
	}
	for text, numbers := range c.texts {
		c.Texts = append(c.Texts, PlanText{text, named(hosts, numbers)})
	}
	slices.SortFunc(c.Texts, func(a, b PlanText) int {
		return cmp.Or(cmp.Compare(len(b.Hosts), len(a.Hosts)), strings.Compare(a.Hosts[0], b.Hosts[0]))
	})
}

// add takes in how a file differs on a host: the same difference stands there once.
func (g *PlanGroup) add(diff Diff, host string) {
	at := sort.Search(len(g.Diffs), func(i int) bool { return !g.Diffs[i].less(&diff) })
	if at == len(g.Diffs) || g.Diffs[at].Diff != diff {
		g.Diffs = slices.Insert(g.Diffs, at, PlanDiff{Diff: diff})
	}
	g.Diffs[at].Hosts = append(g.Diffs[at].Hosts, host)
}

// less orders by file, then by what differs.
func (d *PlanDiff) less(other *Diff) bool {
	for _, pair := range [][2]string{{d.Path, other.Path}, {d.Step, other.Step}, {d.Kind, other.Kind}, {d.Name, other.Name}, {d.Status, other.Status}, {d.Text, other.Text}} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	return d.Cut < other.Cut
}
