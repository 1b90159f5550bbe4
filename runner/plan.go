package runner

import (
	"encoding/json"
	"sort"
)

// PlanSchema is the version of a [PlanReport] as JSON. Fields are added without a new
// one.
const PlanSchema = 1

// PlanReport is what a plan has found, for people and programs: hosts with the same
// changes stand together.
type PlanReport struct {
	Schema   int         `json:"schema"`
	Cluster  string      `json:"cluster"`
	Code     int         `json:"exit_code"`
	Hosts    int         `json:"hosts"` // that were asked
	Groups   []PlanGroup `json:"groups"`
	Left     []PlanLeft  `json:"left"` // hosts that could not be planned for
	Forecast *Forecast   `json:"forecast,omitempty"`
}

// PlanGroup is hosts that would change in the same way.
type PlanGroup struct {
	Hosts   []string     `json:"hosts"`
	Changes []PlanChange `json:"changes"`
	Marks   []string     `json:"marks,omitempty"` // reactions that are due from earlier runs
	Diffs   []PlanDiff   `json:"diffs,omitempty"`
}

// PlanChange is one line of a group's table.
type PlanChange struct {
	// Change is will, may (it is blocked on what will), gone (it is no longer in the
	// bundle and would be removed) or kept (the same, but it was changed by others).
	Change   string    `json:"change"`
	Step     string    `json:"step,omitempty"`
	Kind     string    `json:"kind"`
	Name     string    `json:"name"`
	Text     string    `json:"text,omitempty"`
	Source   string    `json:"source,omitempty"`
	Reaction *Reaction `json:"reaction,omitempty"`
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
	p := &PlanReport{Schema: PlanSchema, Cluster: r.Cluster, Code: r.Code(), Hosts: len(r.Hosts), Groups: []PlanGroup{}, Left: []PlanLeft{}, Forecast: r.Forecast}
	groups := map[string]int{}
	for i := range r.Hosts {
		host := &r.Hosts[i]
		if host.Reason != "" {
			p.Left = append(p.Left, PlanLeft{host.Host, host.Status, host.Reason, host.Fix})
		}
		changes := changesOf(host)
		if len(changes)+len(host.Marks) == 0 {
			continue
		}
		key := keyOf(changes, host.Marks)
		at, ok := groups[key]
		if !ok {
			at = len(p.Groups)
			groups[key] = at
			p.Groups = append(p.Groups, PlanGroup{Changes: changes, Marks: host.Marks})
		}
		p.Groups[at].Hosts = append(p.Groups[at].Hosts, host.Host)
		p.Groups[at].add(host)
	}
	return p
}

// keyOf is the same for hosts of one group.
func keyOf(parts ...any) string {
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // there is nothing in them that JSON does not have
	}
	return string(text)
}

// changesOf is the table of a host.
func changesOf(host *HostResult) []PlanChange {
	var changes []PlanChange
	reactions := map[[3]string]*Reaction{}
	for i := range host.Reactions {
		r := &host.Reactions[i]
		reactions[[3]string{r.Step, r.Kind, r.Name}] = r
	}
	add := func(word string, items []Item) {
		for _, item := range items {
			changes = append(changes, PlanChange{Change: word, Step: item.Step, Kind: item.Kind, Name: item.Name, Text: item.Text, Source: item.Source,
				Reaction: reactions[[3]string{item.Step, item.Kind, item.Name}]})
		}
	}
	add("will", host.Will)
	add("may", host.May)
	for _, item := range host.Orphans {
		word := "gone"
		if item.Status == "kept" {
			word = "kept"
		}
		add(word, []Item{{Kind: item.Kind, Name: item.Name, Text: item.Text}})
	}
	return changes
}

// add takes in how files differ on a host: the same difference stands there once.
func (g *PlanGroup) add(host *HostResult) {
	for _, diff := range host.Diffs {
		at := sort.Search(len(g.Diffs), func(i int) bool { return !g.Diffs[i].less(&diff) })
		if at == len(g.Diffs) || g.Diffs[at].Diff != diff {
			g.Diffs = append(g.Diffs[:at], append([]PlanDiff{{Diff: diff}}, g.Diffs[at:]...)...)
		}
		g.Diffs[at].Hosts = append(g.Diffs[at].Hosts, host.Host)
	}
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
