package runner

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// engine is one run of a bundle.
type engine struct {
	options Options
	bundle  *bundle.Bundle
	plan    *bundle.Plan
	dialer  Dialer
	sinks   *sinks
	chosen  selection

	steps      map[string]*bundle.Step
	order      map[string][]string // host -> its steps in this run
	gates      *gates
	budgets    *budgets
	founds     map[string]*founding
	lives      *lives
	helpers    *helpers
	departures *departures
	rolls      []*rollCall
	leftOut    leftOut
	gone       []string // hosts of the cluster that the plan does not have
	dials      chan struct{}
	visits     map[string]*visit // to hosts that do not take part
	turns      map[string]chan struct{}
	visitMu    sync.Mutex // of visits and turns
	clock      *stageClock
	past       experience

	// work outlives the caller's context: the first interrupt lets acts end.
	work context.Context
	soft context.Context

	mu       sync.Mutex
	living   int               // hosts that have not finished
	parked   map[*parking]bool // of these, those that wait for others
	runs     int
	nonce    string
	results  []HostResult
	problems []problem
}

func newEngine(b *bundle.Bundle, options Options) (*engine, error) {
	e := &engine{options: options, bundle: b, plan: &b.Plan, steps: map[string]*bundle.Step{}, order: map[string][]string{},
		founds: map[string]*founding{}, visits: map[string]*visit{}, turns: map[string]chan struct{}{}, parked: map[*parking]bool{}, dials: make(chan struct{}, options.Connections)}
	for i := range e.plan.Steps {
		e.steps[e.plan.Steps[i].Name] = &e.plan.Steps[i]
	}
	var err error
	if e.nonce, err = newMark(); err != nil {
		return nil, err
	}
	if e.chosen, err = choose(e.plan, options); err != nil {
		return nil, err
	}
	e.departures = newDepartures(e.plan, e.chosen.hosts)
	runs := map[string][]string{}
	for _, host := range e.chosen.hosts {
		e.order[host.Name] = e.chosen.stepsOf(e.plan, host)
		for _, step := range e.order[host.Name] {
			runs[step] = append(runs[step], host.Name)
		}
	}
	e.rolls = e.newRollCalls()
	e.gates = newGates(e.plan, runs)
	if e.budgets, err = newBudgets(e.plan); err != nil {
		return nil, err
	}
	for i := range e.plan.Steps {
		if step := &e.plan.Steps[i]; step.OncePer == "cluster" {
			f := newFounding(step.Name, runs[step.Name])
			f.ask, f.gone = e.askOthers(step.Name, runs[step.Name]), e.absentAreGone(step.Name)
			e.founds[step.Name] = f
		}
	}
	e.clock = newStageClock(e.plan)
	e.past.hosts = map[string]map[string][]time.Duration{}
	return e, nil
}

// run does all hosts at once; each waits for the others where it must.
func (e *engine) run(ctx context.Context) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	e.work, e.soft = work, ctx
	over := make(chan struct{})
	defer close(over)
	go func() {
		interrupted := ctx.Done()
		for {
			select {
			case <-interrupted:
				interrupted = nil
				if e.options.Operation == Apply {
					e.sinks.event(Event{Time: e.options.Now(), Type: Notice, Text: "interrupted: each host finishes the act under way; a second interrupt leaves them at work"})
				}
			case <-e.options.Leave:
				cancel()
				return
			case <-over:
				return
			}
		}
	}()
	e.living = len(e.chosen.hosts)
	var group sync.WaitGroup
	for _, host := range e.chosen.hosts {
		group.Add(1)
		go func() {
			defer group.Done()
			h := newHostRun(e, host)
			h.run()
			e.left(h)
		}()
	}
	group.Wait()
	e.refuse()
	e.copies(work)
	e.lives.revoke(work)
	e.helpers.closeAll()
	e.closeVisits()
}

// left takes a host's result and lets those that wait for it know.
func (e *engine) left(h *hostRun) {
	reason := h.leaving()
	e.gates.leave(h.host.Name, reason)
	for _, r := range e.rolls {
		r.leave(h.host.Name)
	}
	for _, step := range e.order[h.host.Name] {
		if f, ok := e.founds[step]; ok {
			f.leave(h.host.Name, reason)
		}
	}
	e.budgets.finish(h.host.Name, h.result.Reason == "" && !h.owes(), reason)
	e.sinks.event(Event{Time: e.options.Now(), Host: h.host.Name, Type: HostDone, Status: string(h.result.Status), Text: h.result.Reason, Source: h.source})
	e.mu.Lock()
	defer e.mu.Unlock()
	e.results = append(e.results, h.result)
	if h.diagnostic != nil {
		e.problems = append(e.problems, problem{h.host.Name, h.result.Reason, h.result.Log, *h.diagnostic})
	}
	e.living--
	e.still()
}

// parking is a host that waits for others.
type parking struct{ ready func() bool }

// park runs wait, which waits for other hosts; ready says whether it would
// return at once. When every host waits and none of them is ready, those that
// wait for a token get none: who holds it is not coming back by itself.
func (e *engine) park(ready func() bool, wait func() error) error {
	p := &parking{ready: ready}
	e.mu.Lock()
	e.parked[p] = true
	e.still()
	e.mu.Unlock()
	err := wait()
	e.mu.Lock()
	delete(e.parked, p)
	e.mu.Unlock()
	return err
}

func (e *engine) still() {
	if e.living == 0 || len(e.parked) < e.living {
		return
	}
	for p := range e.parked {
		if p.ready() {
			return
		}
	}
	e.budgets.surrender()
}

func (e *engine) newRun() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.runs++
	return fmt.Sprintf("%s-%s-%d", e.options.Now().UTC().Format("20060102T150405"), strings.TrimPrefix(e.nonce, "sprayc-")[:8], e.runs)
}

func (e *engine) result() Result {
	r := Result{Operation: e.options.Operation, Cluster: e.plan.Cluster, Hosts: e.results, Diagnostics: together(e.problems), Stages: e.clock.times(), Gone: e.gone}
	for _, step := range e.plan.Steps {
		r.steps = append(r.steps, step.Name)
	}
	for _, host := range e.plan.Hosts {
		if !e.plan.TakesPart(&host) && e.options.Only == "" {
			r.Away = append(r.Away, Away{host.Name, host.State, host.Reason})
		}
	}
	sortHosts(r.Hosts)
	r.Diagnostics.Sort()
	return r
}

// problem is why a host is left.
type problem struct {
	host       string
	reason     string
	log        string
	diagnostic diag.Diagnostic
}

// together makes one diagnostic of what is the same on many hosts.
func together(problems []problem) diag.List {
	type same struct {
		kind        *diag.Kind
		span        diag.Span
		reason, fix string
	}
	hosts, logs := map[same][]string{}, map[string]string{}
	var order []same
	for _, p := range problems {
		key := same{p.diagnostic.Kind, p.diagnostic.Span, p.reason, p.diagnostic.Fix}
		if hosts[key] == nil {
			order = append(order, key)
		}
		logs[p.host] = p.log
		hosts[key] = append(hosts[key], p.host)
	}
	var list diag.List
	for _, key := range order {
		names, fix := hostList(hosts[key], 8), key.fix
		if log := logs[hosts[key][0]]; log != "" && fix == "" {
			fix = "read " + beside(log, len(hosts[key]))
		}
		list = append(list, diag.Diagnostic{Kind: key.kind, Span: key.span, Label: names + ": " + key.reason, Fix: fix})
	}
	return list
}

// dial connects, as few at once as the options say.
func (e *engine) dial(ctx context.Context, host bundle.Host) (Session, error) {
	select {
	case e.dials <- struct{}{}:
		defer func() { <-e.dials }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return e.dialer.Dial(ctx, host)
}
