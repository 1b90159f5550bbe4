package runner

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"syscall"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// world is a cluster in memory: what run.sh would do on each host, and what goes
// wrong there.
type world struct {
	plan *bundle.Plan

	mu        sync.Mutex
	hosts     map[string]*fakeHost
	broken    []string // what must never be, and was
	executed  []string // "host step", in order
	minted    int
	complaint string // what a failing step says
	revoked   []string
	asked     []string                               // hosts, for the cluster's members
	listens   func(ctx context.Context, host string) // before it answers that
}

// fakeHost is one host. The maps are by step.
type fakeHost struct {
	world   *world
	name    string
	away    bool // cannot be reached
	down    bool // does not serve
	drained bool // and will not before a step about it has brought it back
	marks   []string
	done    map[string]bool
	fails   map[string]bool
	warns   map[string]string
	dies    map[string]bool // the link is lost for good in this step
	reboots map[string]bool // the run is lost once in this step
	present map[string]Answer
	needs   map[string]string // step -> live value
	inputs  map[string]string
	file    string            // an output that is one
	given   []string          // NAME=VALUE of what came with requests
	busy    bool              // run.sh is at work
	another bool              // it has another bundle, and not this one
	orphan  string            // a file that this one does not have
	foresee []Event           // what a plan says beside what differs, by Step
	tells   []Event           // what verify says, by Step
	hangs   bool              // it begins, and never ends
	took    map[string]string // times of earlier runs, by step
	members string            // of the cluster, as it tells them; "-" for no answer
	unfit   string            // why the plan is not for the cluster, as it tells; "-" for a plan that is
	opened  int
	starts  int
}

func newWorld(plan *bundle.Plan) *world {
	w := &world{plan: plan, hosts: map[string]*fakeHost{}}
	for _, host := range plan.Hosts {
		w.hosts[host.Name] = &fakeHost{world: w, name: host.Name, done: map[string]bool{}, fails: map[string]bool{}, dies: map[string]bool{},
			reboots: map[string]bool{}, present: map[string]Answer{}, needs: map[string]string{}, inputs: map[string]string{}}
	}
	return w
}

// Dial opens a session.
func (w *world) Dial(_ context.Context, host bundle.Host) (Session, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.hosts[host.Name]
	h.opened++
	if h.away {
		return nil, syscall.EHOSTUNREACH
	}
	return h, nil
}

// takeDown notes that a host stops serving, and checks every budget.
func (w *world) takeDown(h *fakeHost) {
	h.down = true
	for _, role := range w.plan.Roles {
		if role.MaxUnavailable == "" {
			continue
		}
		limit, err := budgetOf(role.MaxUnavailable, len(role.Hosts))
		if err != nil {
			panic(err)
		}
		member, n := false, 0
		for _, name := range role.Hosts {
			member = member || name == h.name
			if w.hosts[name].down || w.hosts[name].away {
				n++
			}
		}
		if member && n > limit {
			w.broken = append(w.broken, fmt.Sprintf("%d of role %s are down after %s, and %d may be", n, role.Name, h.name, limit))
		}
	}
}

func (h *fakeHost) classSteps() []string {
	var names []string
	for _, use := range h.world.plan.Class(h.world.plan.Host(h.name).Class).Steps {
		if !h.world.plan.Step(use.Step).About {
			names = append(names, use.Step)
		}
	}
	return names
}

// Start runs steps as run.sh would.
func (h *fakeHost) Start(ctx context.Context, request Request, report func(Event)) (End, error) {
	w := h.world
	w.mu.Lock()
	if h.another && request.OnlyIfThere {
		h.another = false
		w.mu.Unlock()
		return End{}, nil
	}
	h.another = false
	h.starts++
	if h.busy {
		w.broken = append(w.broken, "two runs at once on "+h.name)
	}
	h.busy = true
	defer func() {
		w.mu.Lock()
		h.busy = false
		w.mu.Unlock()
	}()
	marks := append([]string(nil), h.marks...)
	w.mu.Unlock()
	report(Event{Type: RunBegins, Run: request.Run})
	of := h
	if request.About != "" {
		of, marks = w.hosts[request.About], nil
	}
	w.mu.Lock()
	for _, given := range request.Given { // for as long as this takes
		if _, kept := h.inputs[given.Name]; !kept {
			h.inputs[given.Name] = string(given.Value)
			h.given = append(h.given, given.Name+"="+string(given.Value))
			defer func() {
				w.mu.Lock()
				delete(h.inputs, given.Name)
				w.mu.Unlock()
			}()
		}
	}
	w.mu.Unlock()
	for _, mark := range marks {
		report(Event{Type: MarkFound, Name: mark})
	}
	if request.Operation == Plan && !request.Brief {
		for step, text := range h.took {
			if request.About != "" && !slices.Contains(request.Steps, step) {
				continue
			}
			times, err := parseTimes(text)
			if err != nil {
				return End{}, err
			}
			report(Event{Type: StepTook, Name: step, times: times})
		}
	}
	steps := request.Steps
	if len(steps) == 0 {
		steps = h.classSteps()
	}
	status := "ok"
	for _, step := range steps {
		if ctx.Err() != nil {
			return End{}, fmt.Errorf("%w: %w", ErrWorkGoesOn, ctx.Err())
		}
		if h.hangs {
			<-ctx.Done()
			return End{}, ctx.Err()
		}
		report(Event{Type: StepBegins, Step: step})
		if of.warns[step] != "" {
			report(Event{Type: Warned, Step: step, Text: of.warns[step]})
		}
		for _, event := range of.tells {
			if event.Step == step && request.Operation == Verify {
				report(event)
			}
		}
		result, err := of.step(step, request, report, h)
		if err != nil {
			return End{}, err
		}
		if result == "lost" {
			report(Event{Type: RunEnds, Status: "lost"})
			return End{Status: "lost"}, nil
		}
		report(Event{Type: StepEnds, Step: step, Status: result})
		if result == "failed" || result == "held" {
			status = result
			break
		}
		if result != "ok" {
			status = result
		}
	}
	status = of.removes(request, status, report)
	report(Event{Type: RunEnds, Status: status})
	return End{Status: status}, nil
}

// removes what the bundle does not have, when all was asked for and went well.
func (h *fakeHost) removes(request Request, status string, report func(Event)) string {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	if h.orphan == "" || len(request.Steps) > 0 || status == "failed" || status == "held" {
		return status
	}
	if request.Operation == Plan {
		report(Event{Type: OrphanSeen, Kind: "file", Name: h.orphan, Status: "will"})
		return "differs"
	}
	report(Event{Type: OrphanSeen, Kind: "file", Name: h.orphan, Status: "removed"})
	h.orphan = ""
	return "changed"
}

// step is one step: its status, or an error when the link is lost for good. One
// about the host runs on another: a disruptive one takes the host down, and one
// that is not brings it back.
func (h *fakeHost) step(name string, request Request, report func(Event), on *fakeHost) (string, error) {
	w := h.world
	w.mu.Lock()
	defer w.mu.Unlock()
	decl := w.plan.Step(name)
	resource := func(status, text string) {
		report(Event{Type: ResourceSeen, Step: name, Kind: "exec", Name: "x", Status: status, Source: "m.hcl:1:1", Text: text})
	}
	if request.Operation == Verify && decl.TellsVersion() { // it is asked, and nothing is done
		return map[bool]string{true: "failed", false: "ok"}[h.fails[name]], nil
	}
	if h.done[name] && (decl.About || !h.due()) {
		resource("ok", "")
		return "ok", nil
	}
	if request.Operation == Plan {
		text := ""
		if decl.OncePer != "" {
			text = string(Absent)
			if a, ok := h.present[name]; ok {
				text = string(a)
			}
			if text == "no answer" {
				resource("failed", w.complaint)
				return "failed", nil
			}
		}
		if text == string(Present) {
			return "ok", nil
		}
		resource("differs", text)
		for _, event := range h.foresee {
			if event.Step == name && !request.Brief {
				report(event)
			}
		}
		return "differs", nil
	}
	where := ""
	if decl.About != (on != h || request.About != "") {
		w.broken = append(w.broken, h.name+" runs "+name+" on "+on.name)
	}
	if decl.About {
		where = "@" + on.name
	}
	if request.Operation == Verify {
		if h.fails[name] {
			resource("failed", cmp.Or(w.complaint, "it broke"))
			return "failed", nil
		}
		resource("differs", "")
		return "differs", nil
	}
	w.executed = append(w.executed, fmt.Sprint(h.name, " ", name, where, " ", request.Token, " "))
	if value := h.needs[name]; value != "" && on.inputs[value] == "" {
		report(Event{Type: LiveNeeded, Step: name, Name: value})
		return "held", nil
	}
	if decl.Disruptive {
		if !decl.About {
			h.marks = append(slices.DeleteFunc(h.marks, func(mark string) bool { return !h.isOut(mark) }), "service:x") // written before the act, as on a host
		}
		if !h.down && !request.Token {
			return "held", nil
		}
		if !decl.About {
			h.marks = append(h.marks, "token:"+name)
		}
		if !h.down {
			w.takeDown(h)
		}
		w.mu.Unlock()
		runtime.Gosched()
		w.mu.Lock()
	}
	switch {
	case h.fails[name]:
		resource("failed", cmp.Or(w.complaint, "it broke"))
		return "failed", nil
	case h.dies[name]:
		return "", fmt.Errorf("%w: no link for 1m", ErrWorkGoesOn)
	case h.reboots[name]:
		h.reboots[name] = false
		return "lost", nil
	}
	switch {
	case decl.About:
		h.drained = decl.Disruptive
		h.down = h.drained
	case decl.Disruptive:
		h.down, h.marks = h.drained, slices.DeleteFunc(h.marks, func(mark string) bool { return !h.isOut(mark) })
	}
	h.done[name] = true
	resource("changed", "")
	return "changed", nil
}

// Stop does nothing: a fake does not linger.
func (h *fakeHost) Stop(context.Context, string) error { return nil }

// Output mints a value.
func (h *fakeHost) Output(ctx context.Context, name string) ([]byte, error) {
	w := h.world
	if i := slices.IndexFunc(w.plan.Outputs, func(o bundle.Output) bool { return o.Name == name }); i >= 0 && (w.plan.Outputs[i].Members || w.plan.Outputs[i].Refuses != "") {
		if w.listens != nil {
			w.listens(ctx, h.name)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked = append(w.asked, h.name)
		switch {
		case h.another:
			return nil, fmt.Errorf("the bundle is not there")
		case w.plan.Outputs[i].Refuses != "":
			return []byte(h.unfit), nil
		case h.members == "-":
			return nil, fmt.Errorf("the API server does not say which nodes there are")
		}
		return []byte(h.members), nil
	}
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.world.minted++
	return []byte("token-of-" + h.name), nil
}

// Revoke takes it back.
func (h *fakeHost) Revoke(_ context.Context, name string) error {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.world.revoked = append(h.world.revoked, h.name+" "+name)
	return nil
}

// Input takes a value.
func (h *fakeHost) Input(_ context.Context, name string, value []byte) error {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.inputs[name] = string(value)
	return nil
}

// Follow is not needed: a fake is never busy.
func (h *fakeHost) Follow(context.Context, string, func(Event)) (End, error) { return End{}, nil }

// Log is empty.
func (h *fakeHost) Log(context.Context, string) (string, error) { return "", nil }

// Survey lists marks.
func (h *fakeHost) Survey(context.Context) (Survey, error) {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	return Survey{Marks: append([]string(nil), h.marks...), Owns: h.orphan != ""}, nil
}

// Mark leaves a mark.
func (h *fakeHost) Mark(_ context.Context, name string, there bool) error {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.marks = slices.DeleteFunc(h.marks, func(mark string) bool { return mark == name })
	if there {
		h.marks = append(h.marks, name)
	}
	return nil
}

// due reports whether a mark is for a step of the host's own.
func (h *fakeHost) due() bool {
	return slices.ContainsFunc(h.marks, func(mark string) bool { return !h.isOut(mark) })
}

func (h *fakeHost) isOut(mark string) bool {
	step := h.world.plan.Step(tokenStep(mark))
	return isToken(mark) && step != nil && step.About
}

// Close does nothing.
func (h *fakeHost) Close() error { return nil }

// fakePlan makes a plan: roles with their hosts, and steps that every host with
// one of their roles runs, in order.
func fakePlan(roles []bundle.Role, steps []bundle.Step) *bundle.Plan {
	plan := &bundle.Plan{Cluster: "test", Stages: []string{"prepare"}, Roles: roles, Steps: steps}
	of := map[string][]string{}
	for _, role := range roles {
		for _, host := range role.Hosts {
			of[host] = append(of[host], role.Name)
		}
	}
	for host, names := range of {
		class := bundle.Class{Name: host, Roles: names}
		for i := range steps {
			steps[i].Stage = "prepare"
			for _, role := range steps[i].Roles {
				for _, name := range names {
					if role == name && (len(class.Steps) == 0 || class.Steps[len(class.Steps)-1].Step != steps[i].Name) {
						class.Steps = append(class.Steps, bundle.StepUse{Step: steps[i].Name, Role: role})
					}
				}
			}
		}
		for _, step := range steps {
			if role, ok := strings.CutPrefix(step.Executor, "role:"); ok && slices.Contains(names, role) {
				class.Executes = append(class.Executes, bundle.StepUse{Step: step.Name})
			}
		}
		plan.Classes = append(plan.Classes, class)
		plan.Hosts = append(plan.Hosts, bundle.Host{Name: host, Class: host, Source: "prod.hcl:1:1"})
	}
	sort.Slice(plan.Hosts, func(i, j int) bool { return plan.Hosts[i].Name < plan.Hosts[j].Name })
	return plan
}

func names(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s%04d", prefix, i+1)
	}
	return all
}
