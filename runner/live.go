package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// lives holds the values that are known only while running: the user's secrets
// and what hosts mint for each other.
type lives struct {
	engine  *engine
	secrets map[string][]byte

	mu     sync.Mutex
	minted map[string]*minting
}

// minting is one output, minted when the first host needs it.
type minting struct {
	mu      sync.Mutex
	value   []byte
	host    string
	session Session
	at      time.Time
}

// secretsFor are the user's secrets that steps of a host read; no steps are all
// that it has. They go with every request: without them what is made of one, and
// has changed, would pass for what it should be.
func (e *engine) secretsFor(host string, steps []string) []Given {
	if len(e.lives.secrets) == 0 {
		return nil
	}
	if len(steps) == 0 {
		for _, use := range e.plan.Class(e.plan.Host(host).Class).Steps {
			steps = append(steps, use.Step)
		}
		steps = e.own(steps)
	}
	var given []Given
	for _, id := range slices.Sorted(maps.Keys(e.lives.secrets)) {
		reads := func(name string) bool { return e.steps[name] != nil && slices.Contains(e.steps[name].Outputs, id) }
		if slices.ContainsFunc(steps, reads) {
			given = append(given, Given{Name: id, Value: e.lives.secrets[id]})
		}
	}
	return given
}

// give hands a host the value it has asked for by name, which may be written
// with dots for slashes.
func (l *lives) give(ctx context.Context, to Session, name string) error {
	for i := range l.engine.plan.Secrets {
		if file := &l.engine.plan.Secrets[i]; file.File && plainName(file.ID) == plainName(name) {
			return to.Send(ctx, name, l.opener(file))
		}
	}
	for id, value := range l.secrets {
		if plainName(id) == plainName(name) {
			return to.Input(ctx, name, value)
		}
	}
	for i := range l.engine.plan.Outputs {
		if output := &l.engine.plan.Outputs[i]; plainName(output.Name) == plainName(name) {
			value, err := l.mint(ctx, output)
			if err != nil {
				// Not wrapped: a link that was lost is that of the host that mints.
				return fmt.Errorf("mint %s: %v", output.Name, err)
			}
			return to.Input(ctx, name, value)
		}
	}
	return fmt.Errorf("the bundle has no output or secret %q", name)
}

// mint returns a value that is good for at least half of its time.
func (l *lives) mint(ctx context.Context, output *bundle.Output) ([]byte, error) {
	l.mu.Lock()
	m, ok := l.minted[output.Name]
	if !ok {
		m = &minting{}
		l.minted[output.Name] = m
	}
	l.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	now := l.engine.options.Now()
	fresh := output.TTL == 0 || now.Sub(m.at) < time.Duration(output.TTL)*time.Second/2
	if m.value != nil && fresh {
		return m.value, nil
	}
	whole, err := regexp.Compile(`^(?:` + output.Pattern + `)$`)
	if err != nil {
		return nil, fmt.Errorf("its pattern: %w", err)
	}
	var failures []error
	for _, host := range l.makers(output) {
		session, err := l.engine.helper(ctx, host)
		var value []byte
		if err == nil {
			value, err = session.Output(ctx, output.Name)
		}
		if err == nil && !whole.Match(value) {
			err = errors.New("what it printed does not match the output's pattern")
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("on %s: %w", host, err))
			continue
		}
		if output.Secret {
			l.engine.sinks.redact.add(value)
		}
		m.value, m.host, m.session, m.at = value, host, session, now
		return value, nil
	}
	if len(failures) == 0 {
		return nil, errors.New("no host can make it")
	}
	return nil, errors.Join(failures...)
}

// makers are the hosts that can make an output: those that have done its step in
// this run, then the others of its roles.
func (l *lives) makers(output *bundle.Output) []string {
	makers := l.engine.gates.doneBy(output.Step)
	for _, host := range makersOf(l.engine.plan, output) {
		if !slices.Contains(makers, host) {
			makers = append(makers, host)
		}
	}
	return makers
}

// revoke takes back what was minted, as far as that can be done.
func (l *lives) revoke(ctx context.Context) {
	for i := range l.engine.plan.Outputs {
		output := &l.engine.plan.Outputs[i]
		m, ok := l.minted[output.Name]
		if !ok || m.value == nil || !output.Revoke {
			continue
		}
		if err := m.session.Revoke(ctx, output.Name); err != nil {
			l.engine.sinks.event(Event{Time: l.engine.options.Now(), Host: m.host, Type: Notice,
				Text: fmt.Sprintf("%s was not revoked: %s", output.Name, strings.TrimSpace(err.Error()))})
		}
	}
}
