package runner

import (
	"context"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner/ssh"
)

// Run executes a bundle. The error is for what went wrong before any host was
// touched; what went wrong on hosts is in the result, which Code sums up. When
// ctx ends, hosts are asked to stop after the act under way; see also
// [Options.Leave].
func Run(ctx context.Context, b *bundle.Bundle, options Options) (Result, error) {
	options = options.withDefaults()
	started := options.Now()
	e, err := newEngine(b, options)
	if err != nil {
		return Result{}, err
	}
	e.sinks = &sinks{all: options.Sinks, redact: &redactor{}, receipts: options.Receipts}
	e.helpers = newHelpers(e.plan)
	e.lives = &lives{engine: e, minted: map[string]*minting{}}
	var unread []string
	missing := func(err error) { unread = append(unread, err.Error()+"; what is made of it is not compared") }
	if options.Operation == Apply {
		missing = nil
	}
	if e.lives.secrets, err = readSecrets(ctx, e.plan.Secrets, e.wantedSecrets(), options.Getenv, missing); err != nil {
		return Result{}, err
	}
	for _, value := range e.lives.secrets {
		e.sinks.redact.add(value)
	}
	e.dialer = options.Dialer
	if e.dialer == nil {
		if len(options.Sinks) > 0 {
			options.SSH.Notice = func(text string) { e.sinks.event(Event{Time: options.Now(), Type: Notice, Text: text}) }
		}
		client, err := ssh.New(options.SSH)
		if err != nil {
			return Result{}, err
		}
		defer client.Close()
		e.dialer = &sshDialer{client: client, plan: e.plan, parcels: newParcels(b), uploads: make(chan struct{}, options.Uploads), patient: options.Patience, tells: stillAway, hurry: ctx.Done(),
			tell: func(event Event) {
				event.Time = options.Now()
				e.sinks.event(event)
			}}
	}
	e.sinks.begin(e.overview())
	for _, text := range unread {
		e.sinks.event(Event{Time: options.Now(), Type: Notice, Text: text})
	}
	e.run(ctx)
	result := e.result()
	result.Duration = options.Now().Sub(started)
	e.sinks.redact.result(&result)
	if options.Operation == Plan {
		result.Forecast = e.forecast(result.Hosts)
	}
	if e.sinks.receipts != nil {
		summary := e.sinks.receipts.Close(result)
		result.Receipts = &summary
	}
	e.sinks.end(result)
	return result, nil
}

func (e *engine) overview() Overview {
	o := Overview{Operation: e.options.Operation, Cluster: e.plan.Cluster, Hosts: e.chosen.hosts, Stages: e.plan.Stages,
		Steps: map[string]int{}, Order: map[string][]string{}, StageOf: e.clock.of, Approvals: e.options.Approvals}
	for host, steps := range e.order {
		o.Steps[host] = len(steps)
		o.Order[host] = steps
	}
	return o
}

// wantedSecrets are those that a step of this run reads.
func (e *engine) wantedSecrets() map[string]bool {
	wanted := map[string]bool{}
	for _, steps := range e.order {
		for _, name := range steps {
			if step := e.steps[name]; step != nil {
				for _, id := range step.Outputs {
					wanted[id] = true
				}
				for _, secret := range e.plan.Secrets {
					if secret.Identity != "" && wanted[secret.ID] {
						wanted[secret.Identity] = true
					}
				}
			}
		}
	}
	return wanted
}

// result redacts what a result says.
func (r *redactor) result(result *Result) {
	for i := range result.Hosts {
		host := &result.Hosts[i]
		for j := range host.Warnings {
			host.Warnings[j] = r.text(host.Warnings[j])
		}
		host.Reason, host.Fix, host.Log = r.text(host.Reason), r.text(host.Fix), r.text(host.Log)
		for _, items := range [][]Item{host.Will, host.May, host.Orphans} {
			for j := range items {
				item := &items[j]
				for _, field := range []*string{&item.Step, &item.Kind, &item.Name, &item.Status, &item.Source, &item.Text} {
					*field = r.text(*field)
				}
			}
		}
		for j := range host.Marks {
			host.Marks[j] = r.text(host.Marks[j])
		}
	}
	for i := range result.Hosts {
		host := &result.Hosts[i]
		for j := range host.Diffs {
			d := &host.Diffs[j]
			for _, field := range []*string{&d.Step, &d.Kind, &d.Name, &d.Path, &d.Status, &d.Text} {
				*field = r.text(*field)
			}
		}
		for j := range host.Reactions {
			a := &host.Reactions[j]
			for _, field := range []*string{&a.Step, &a.Kind, &a.Name, &a.What} {
				*field = r.text(*field)
			}
		}
	}
	for i := range result.Diagnostics {
		result.Diagnostics[i].Label = r.text(result.Diagnostics[i].Label)
	}
}

// span reads "file:line:column".
func span(source string) diag.Span {
	var s diag.Span
	rest, column, ok := cutLast(source)
	if !ok {
		return diag.Span{File: source}
	}
	file, line, ok := cutLast(rest)
	if !ok {
		file, line, column = rest, column, 1
	}
	s.File = file
	s.Start = diag.Pos{Line: line, Column: column}
	s.End = s.Start
	return s
}

func cutLast(text string) (before string, number int, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return text, 0, false
	}
	number, err := strconv.Atoi(text[i+1:])
	return text[:i], number, err == nil
}

// place is the reverse of span.
func place(s diag.Span) string {
	if s.Start.Line == 0 {
		return s.File
	}
	return s.File + ":" + strconv.Itoa(s.Start.Line) + ":" + strconv.Itoa(s.Start.Column)
}
