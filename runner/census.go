package runner

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// visit is a session with a host that does not take part in the run, but must
// be asked something.
type visit struct {
	once    sync.Once
	session Session
	err     error
}

func (e *engine) visit(ctx context.Context, name string) (Session, error) {
	e.visitMu.Lock()
	v, ok := e.visits[name]
	if !ok {
		v = &visit{}
		e.visits[name] = v
	}
	e.visitMu.Unlock()
	v.once.Do(func() {
		host := e.plan.Host(name)
		switch {
		case host == nil:
			v.err = fmt.Errorf("the bundle has no host %q", name)
		case host.State == "absent" || host.State == "maintenance":
			v.err = fmt.Errorf("is declared %s", host.State)
		default:
			v.session, v.err = e.dial(ctx, *host)
		}
	})
	return v.session, v.err
}

func (e *engine) closeVisits() {
	for _, v := range e.visits {
		if v.session != nil {
			_ = v.session.Close() // nothing is under way there
		}
	}
}

// census hears of hosts that do not take part, so that the budgets of a host's
// roles can be told.
func (e *engine) census(ctx context.Context, host string) {
	limit := make(chan struct{}, e.options.Connections)
	var group sync.WaitGroup
	for _, name := range e.budgets.unheard(host) {
		if _, takesPart := e.order[name]; takesPart {
			continue // it will be heard of
		}
		group.Add(1)
		go func() {
			defer group.Done()
			limit <- struct{}{}
			defer func() { <-limit }()
			session, err := e.visit(ctx, name)
			if err == nil {
				var survey Survey
				if survey, err = session.Survey(ctx); err == nil {
					e.budgets.hear(name, survey.Marks)
					return
				}
			}
			e.budgets.lose(name, "cannot be reached")
		}()
	}
	group.Wait()
}

// askOthers asks the hosts of a step that do not take part.
func (e *engine) askOthers(step string, taking []string) func(context.Context) (map[string]Answer, map[string]string) {
	return func(ctx context.Context) (map[string]Answer, map[string]string) {
		answers, silent := map[string]Answer{}, map[string]string{}
		takes := map[string]bool{}
		for _, host := range taking {
			takes[host] = true
		}
		for _, host := range e.plan.Hosts {
			if takes[host.Name] || host.State == "absent" || !e.chosen.has(e.plan, host, step) {
				continue
			}
			session, err := e.visit(ctx, host.Name)
			if err != nil {
				silent[host.Name] = "cannot be reached"
				continue
			}
			answer, err := probe(step, func(request Request, report func(Event)) (End, error) {
				request.Run = e.newRun()
				turn := e.turn(host.Name)
				turn <- struct{}{}
				defer func() { <-turn }()
				return session.Start(ctx, request, report)
			})
			if err != nil {
				silent[host.Name] = err.Error()
				continue
			}
			answers[host.Name] = answer
		}
		return answers, silent
	}
}

// probe asks one host about a step that is done once per cluster.
func probe(step string, start func(Request, func(Event)) (End, error)) (Answer, error) {
	var said Answer
	why := ""
	end, err := start(Request{Operation: Plan, Steps: []string{step}, Elsewhere: true}, func(event Event) {
		if event.Step != step || event.Type != ResourceSeen {
			return
		}
		if event.Status == "failed" {
			why = event.Text
			return
		}
		word, _, _ := strings.Cut(event.Text, " ")
		for _, text := range []string{event.Status, strings.Trim(word, ":,;")} {
			switch a := Answer(text); a {
			case Absent, Partial, Present:
				if said != Partial {
					said = a
				}
			}
		}
	})
	if err != nil {
		return "", err
	}
	switch {
	case said != "":
		return said, nil
	case end.Status == "ok":
		return Present, nil
	case end.Status == "differs" || end.Status == "changed":
		return Absent, nil
	}
	if why != "" {
		return "", fmt.Errorf("%s: %s", step, why)
	}
	return "", fmt.Errorf("did not say whether it has done %s (%s)", step, end.Status)
}

// plainName compares names that stand in file names.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '.'
	}, name)
}
