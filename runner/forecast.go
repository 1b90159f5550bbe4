package runner

import (
	"maps"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// Forecast is what a run of what was planned would do to the cluster as a whole. It
// counts hosts: which of their services is interrupted is in their reactions.
type Forecast struct {
	Roles []RoleForecast `json:"roles"`
	Etcd  *EtcdForecast  `json:"etcd,omitempty"` // when a host of the role etcd is interrupted or down
	Time  *TimeForecast  `json:"time,omitempty"` // when there is something to do
}

// RoleForecast is the same of one role. Roles of which no host is interrupted or down
// are left out.
type RoleForecast struct {
	Role        string `json:"role"`
	Hosts       int    `json:"hosts"`                     // without those declared absent
	Limit       *int   `json:"limit,omitempty"`           // how many may be down at once; nil for no limit
	Budget      string `json:"max_unavailable,omitempty"` // as the definition has it
	Interrupted int    `json:"interrupted"`               // hosts that the plan interrupts, one after the other or together
	Down        int    `json:"down"`                      // that count as down already: unreachable, in maintenance, with a mark
	AtOnce      int    `json:"at_once"`                   // the greatest number that is down at once, those included
}

// EtcdForecast is the margin of the quorum. The members are the hosts of the role etcd.
type EtcdForecast struct {
	Members   int `json:"members"`
	MayBeDown int `json:"may_be_down"` // with which there still is a quorum
	AtOnce    int `json:"at_once"`     // the greatest number that is down at once
}

// Margin is how many more members may fail meanwhile; below 0 there is no quorum.
func (e *EtcdForecast) Margin() int { return e.MayBeDown - e.AtOnce }

// forecaster knows of each host what a plan has found.
type forecaster struct {
	plan        *bundle.Plan
	down        map[string]bool // counts as down before anything is done
	interrupted map[string]bool // would take a token
	budgets     map[string]*roleBudget
	of          map[string][]string // roles with a budget
}

// newForecaster takes in what the hosts of a plan have said. Hosts that were not asked are
// taken to be well. It is nil when a budget cannot be read; the run has ended with that.
func newForecaster(plan *bundle.Plan, hosts []HostResult) *forecaster {
	budgets, err := newBudgets(plan)
	if err != nil {
		return nil
	}
	f := &forecaster{plan: plan, down: map[string]bool{}, interrupted: map[string]bool{}, budgets: budgets.roles, of: budgets.of}
	for _, host := range plan.Hosts {
		f.down[host.Name] = host.State == "maintenance"
	}
	for _, host := range hosts {
		if host.Status == HostUnreachable || len(host.Marks) > 0 {
			f.down[host.Host] = true
		}
		f.interrupted[host.Host] = slices.ContainsFunc(host.Reactions, func(r Reaction) bool { return r.Disruptive })
	}
	return f
}

// forecast sums up what the hosts of a plan have said.
func (e *engine) forecast(hosts []HostResult) *Forecast {
	f := newForecaster(e.plan, hosts)
	if f == nil {
		return nil
	}
	result := f.sum()
	result.Time = e.estimate(hosts, f)
	return result
}

func (f *forecaster) sum() *Forecast {
	result := &Forecast{Roles: []RoleForecast{}}
	for i := range f.plan.Roles {
		role := f.role(&f.plan.Roles[i])
		if role.Interrupted == 0 && role.Down == 0 {
			continue
		}
		result.Roles = append(result.Roles, role)
		if role.Role == "etcd" {
			result.Etcd = &EtcdForecast{Members: role.Hosts, MayBeDown: max(0, (role.Hosts-1)/2), AtOnce: role.AtOnce}
		}
	}
	return result
}

// role counts one role's hosts. Those with the same budgets are granted tokens of the
// scarcest of these; no more of the role are down than they are together, and than its
// own budget.
func (f *forecaster) role(role *bundle.Role) RoleForecast {
	r := RoleForecast{Role: role.Name, Budget: role.MaxUnavailable}
	alike := map[string]int{}
	first := map[string]string{}
	for _, name := range role.Hosts {
		if host := f.plan.Host(name); host != nil && host.State == "absent" {
			continue
		}
		r.Hosts++
		if f.interrupted[name] {
			r.Interrupted++
		}
		switch {
		case f.down[name]:
			r.Down++
		case f.interrupted[name]:
			key := strings.Join(f.of[name], " ")
			alike[key]++
			first[key] = name
		}
	}
	granted := 0
	for _, key := range slices.Sorted(maps.Keys(alike)) {
		n := alike[key]
		for _, other := range f.of[first[key]] {
			n = min(n, f.free(other))
		}
		granted += n
	}
	if budget := f.budgets[role.Name]; budget != nil {
		r.Limit = &budget.limit
		granted = min(granted, f.free(role.Name))
	}
	r.AtOnce = r.Down + granted
	return r
}

// free is how many tokens of a role are left.
func (f *forecaster) free(role string) int {
	budget := f.budgets[role]
	free := budget.limit
	for _, host := range budget.hosts {
		if f.down[host] {
			free--
		}
	}
	return max(0, free)
}
