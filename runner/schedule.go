package runner

import (
	"cmp"
	"container/heap"
	"maps"
	"slices"
	"strings"
	"time"
)

// schedule is a run that happens in numbers only: with the engine's segments, waits, turns
// and budgets, and without hosts.
type schedule struct {
	engine *engine
	take   func(step, host string) time.Duration

	now    time.Duration
	ready  actors
	open   map[string]int           // hosts that have not settled a step yet
	behind map[string][]*actor      // that wait for a step to be settled
	busy   map[string]time.Duration // until when something runs on a host
	free   map[string]int           // tokens of a role
	roles  map[string][]string      // of a host, those with a budget
	queues map[string][]*actor      // that wait for tokens of the same roles
	founds map[string]string        // step that is done once per cluster -> who does it
}

// actor is a host in a schedule.
type actor struct {
	result *HostResult
	todo   []deed
	at     time.Duration // when it goes on
	down   bool          // it has tokens
	token  bool          // it has asked for them
}

// deed is what an actor does next: wait for a step of others, ask for tokens, run a step,
// settle it, give tokens back.
type deed struct{ what, step, on string }

// newSchedule is of the hosts for which something was planned.
func newSchedule(e *engine, f *forecaster, hosts []HostResult, take func(step, host string) time.Duration) *schedule {
	s := &schedule{engine: e, take: take, open: map[string]int{}, behind: map[string][]*actor{}, busy: map[string]time.Duration{},
		free: map[string]int{}, roles: f.of, queues: map[string][]*actor{}, founds: map[string]string{}}
	for role := range f.budgets {
		s.free[role] = f.free(role)
	}
	for i := range hosts {
		if hosts[i].Reason != "" {
			continue
		}
		s.ready = append(s.ready, &actor{result: &hosts[i], down: f.down[hosts[i].Host]})
		for _, item := range slices.Concat(hosts[i].Will, hosts[i].May) {
			if _, once := e.founds[item.Step]; once && s.founds[item.Step] == "" {
				s.founds[item.Step] = hosts[i].Host // they are in the order of their names
			}
		}
	}
	executors := map[string][]string{}
	for i := range e.plan.Steps {
		if step := &e.plan.Steps[i]; step.About {
			executors[step.Name] = e.executors(step.Name, "")
		}
	}
	for i, a := range s.ready {
		s.plan(a, func(step string) string {
			all := executors[step]
			if len(all) == 0 {
				return a.result.Host
			}
			return all[i%len(all)] // as each host begins with another of them
		})
	}
	return s
}

// plan lists what a host does, as apply goes about it; executor says where a step about
// it is run.
func (s *schedule) plan(a *actor, executor func(step string) string) {
	e, host := s.engine, a.result.Host
	h := newHostRun(e, *e.plan.Host(host))
	do := func(what, step, on string) { a.todo = append(a.todo, deed{what, step, on}) }
	out := false // a step about it has taken it out of service
	for _, segment := range h.segments() {
		if step := e.steps[segment[0]]; step != nil {
			for _, need := range step.Needs {
				do("wait", need.Step, "")
			}
		}
		if _, once := e.founds[segment[0]]; once && s.founds[segment[0]] != host {
			do("wait", segment[0], "")
			continue
		}
		for _, step := range segment {
			on := host
			interrupts := slices.ContainsFunc(a.result.Reactions, func(r Reaction) bool { return r.Disruptive && r.Step == step })
			if e.isAbout(step) {
				out = out || interrupts
				on = executor(step)
			}
			if interrupts {
				do("ask", step, "")
			}
			do("run", step, on)
			do("settle", step, "")
			s.open[step]++
		}
		if !out {
			do("release", "", "")
		} else if segment[0] == h.lastAbout() {
			out = false
			do("release", "", "")
		}
	}
	do("leave", "", "")
}

// run returns when the last host is done. Who waits for what never comes does not count.
func (s *schedule) run() time.Duration {
	heap.Init(&s.ready)
	for len(s.ready) > 0 {
		a := heap.Pop(&s.ready).(*actor)
		s.now = a.at
		for len(a.todo) > 0 && s.do(a, a.todo[0]) {
			a.todo = a.todo[1:]
		}
	}
	return s.now
}

// do does a deed; false is that the actor has gone to wait.
func (s *schedule) do(a *actor, d deed) bool {
	switch d.what {
	case "wait":
		if s.open[d.step] > 0 {
			s.behind[d.step] = append(s.behind[d.step], a)
			return false
		}
	case "ask":
		if a.token = true; !a.down {
			key := strings.Join(s.roles[a.result.Host], " ")
			s.queues[key] = append(s.queues[key], a)
			s.grant()
			return false // granted or not, it is among those that are ready, or in the queue
		}
	case "run":
		if took := s.take(d.step, a.result.Host); took > 0 {
			s.busy[d.on] = max(s.now, s.busy[d.on]) + took
			a.todo = a.todo[1:]
			s.wake(a, s.busy[d.on])
			return false
		}
	case "settle":
		if s.open[d.step]--; s.open[d.step] == 0 {
			for _, other := range s.behind[d.step] {
				s.wake(other, s.now)
			}
			s.behind[d.step] = nil
		}
	case "release", "leave":
		if a.down && (a.token || d.what == "leave") {
			a.down, a.token = false, false
			for _, role := range s.roles[a.result.Host] {
				s.free[role]++
			}
			s.grant()
		}
	}
	return true
}

func (s *schedule) wake(a *actor, at time.Duration) {
	a.at = at
	heap.Push(&s.ready, a)
}

// grant hands out what tokens there are.
func (s *schedule) grant() {
	for _, key := range slices.Sorted(maps.Keys(s.queues)) {
		for len(s.queues[key]) > 0 {
			a := s.queues[key][0]
			roles := s.roles[a.result.Host]
			if slices.ContainsFunc(roles, func(role string) bool { return s.free[role] <= 0 }) {
				break
			}
			for _, role := range roles {
				s.free[role]--
			}
			a.down, s.queues[key] = true, s.queues[key][1:]
			s.wake(a, s.now)
		}
	}
}

// actors is a heap: who goes on first, of these the lowest name.
type actors []*actor

func (all actors) Len() int      { return len(all) }
func (all actors) Swap(i, j int) { all[i], all[j] = all[j], all[i] }
func (all actors) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(all[i].at, all[j].at), strings.Compare(all[i].result.Host, all[j].result.Host)) < 0
}

// Push is for container/heap.
func (all *actors) Push(a any) { *all = append(*all, a.(*actor)) }

// Pop is for container/heap.
func (all *actors) Pop() any {
	last := (*all)[len(*all)-1]
	*all = (*all)[:len(*all)-1]
	return last
}
