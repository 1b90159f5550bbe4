package runner

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// standing is what the budgets know of a host.
type standing int

const (
	unknown standing = iota // not heard of yet: nothing is granted before it is
	fine                    // serving, or not serving yet; nothing of ours is pending
	suspect                 // carries a mark of an earlier run: it may be down
	asking                  // waits for a token; it asks because it serves, so it is up
	granted                 // may be down now
	down                    // unreachable, or it failed after it was granted
)

// counts reports whether the host counts as unavailable.
func (s standing) counts() bool { return s == suspect || s == granted || s == down }

// budgets hands out tokens: a host gets one of each of its roles, all at once or
// none, so two hosts never wait for each other's.
type budgets struct {
	mu     sync.Mutex
	roles  map[string]*roleBudget
	of     map[string][]string // roles of a host, those with a budget
	hosts  map[string]standing
	marked map[string]bool
	owes   map[string]bool   // had a token in an earlier run that did not end well
	why    map[string]string // of hosts that count
	queue  []*waiter
}

type roleBudget struct {
	name  string
	limit int
	hosts []string // without those declared absent
	count [down + 1]int
}

func (r *roleBudget) unavailable() int { return r.count[suspect] + r.count[granted] + r.count[down] }

type waiter struct {
	host   string
	answer chan struct{} // closed when there is one
	err    error
}

func (w *waiter) reply(err error) {
	w.err = err
	close(w.answer)
}

// newBudgets reads the roles. One without a budget has no limit, as PLAN.md says.
func newBudgets(plan *bundle.Plan) (*budgets, error) {
	b := &budgets{roles: map[string]*roleBudget{}, of: map[string][]string{}, hosts: map[string]standing{},
		marked: map[string]bool{}, owes: map[string]bool{}, why: map[string]string{}}
	absent := map[string]bool{}
	for _, host := range plan.Hosts {
		absent[host.Name] = host.State == "absent"
	}
	for _, role := range plan.Roles {
		if role.MaxUnavailable == "" {
			continue
		}
		r := &roleBudget{name: role.Name}
		for _, host := range role.Hosts {
			if !absent[host] {
				r.hosts = append(r.hosts, host)
				b.of[host] = append(b.of[host], role.Name)
			}
		}
		limit, err := budgetOf(role.MaxUnavailable, len(r.hosts))
		if err != nil {
			return nil, fmt.Errorf("role %s: %w", role.Name, err)
		}
		r.limit = limit
		r.count[unknown] = len(r.hosts)
		b.roles[role.Name] = r
	}
	for _, host := range plan.Hosts {
		if host.State == "maintenance" {
			b.set(host.Name, down, "is in maintenance")
		}
	}
	return b, nil
}

// set changes what is known of a host. The lock is held.
func (b *budgets) set(host string, to standing, why string) {
	from := b.hosts[host]
	for _, role := range b.of[host] {
		b.roles[role].count[from]--
		b.roles[role].count[to]++
	}
	b.hosts[host] = to
	if why != "" {
		b.why[host] = why
	}
}

// budgetOf reads "3" or "10%" of n hosts; a percentage is rounded down, and is
// at least one.
func budgetOf(text string, n int) (int, error) {
	number, percent := strings.CutSuffix(text, "%")
	value, err := strconv.Atoi(number)
	if err != nil || value < 0 || percent && value > 100 {
		return 0, fmt.Errorf("max_unavailable %q is neither a number of hosts nor a percentage", text)
	}
	if !percent {
		return value, nil
	}
	return max(1, n*value/100), nil
}

// unheard returns the hosts of a host's roles that nothing is known of.
func (b *budgets) unheard(host string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := map[string]bool{}
	var names []string
	for _, role := range b.of[host] {
		for _, other := range b.roles[role].hosts {
			if b.hosts[other] == unknown && !seen[other] {
				seen[other] = true
				names = append(names, other)
			}
		}
	}
	sort.Strings(names)
	return names
}

// hear notes what a host was found to be, the first time: what it carries from
// earlier runs.
func (b *budgets) hear(host string, marks []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hosts[host] != unknown {
		return
	}
	b.set(host, fine, "")
	if len(marks) > 0 {
		b.marked[host] = true
		b.set(host, suspect, "carries a pending reaction of an earlier run")
	}
	if slices.ContainsFunc(marks, isToken) {
		b.owes[host] = true
		b.set(host, suspect, "was taken down by an earlier run and is not well since")
	}
	b.grant()
}

// lose notes that a host is down, or must be taken for it.
func (b *budgets) lose(host, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.set(host, down, why)
	b.grant()
}

// finish notes that a host's execution ended. One that failed while it counted
// is down from then on.
func (b *budgets) finish(host string, well bool, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case well:
		b.set(host, fine, "")
	case b.hosts[host].counts():
		b.set(host, down, why)
	default:
		b.set(host, fine, "")
	}
	b.grant()
}

// release gives a host's tokens back after its execution went well; a suspect
// that has more to do stays one.
func (b *budgets) release(host string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hosts[host] == granted {
		b.set(host, fine, "")
		b.grant()
	}
}

// ask queues a host for a token of each of its roles. One that may be down since an
// earlier run counts already, so it goes on at once, the first time.
func (b *budgets) ask(host string) *waiter {
	w := &waiter{host: host, answer: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.owes[host] {
		delete(b.owes, host) // it has that token back; the next one it asks for as all do
		b.set(host, granted, "was granted a token")
	}
	if b.hosts[host] == granted {
		w.reply(nil)
		return w
	}
	b.set(host, asking, "")
	b.queue = append(b.queue, w)
	sort.SliceStable(b.queue, func(i, j int) bool {
		x, y := b.queue[i].host, b.queue[j].host
		if b.marked[x] != b.marked[y] {
			return b.marked[x] // what was begun is finished first
		}
		return x < y
	})
	b.grant()
	return w
}

// answered reports whether waiting would return at once.
func (w *waiter) answered() bool { return closed(w.answer) }

// wait returns nil when the host may be taken down.
func (b *budgets) wait(ctx context.Context, w *waiter) error {
	select {
	case <-w.answer:
		return w.err
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, other := range b.queue {
		if other == w {
			b.queue = append(b.queue[:i], b.queue[i+1:]...)
			b.set(w.host, fine, "")
			return ctx.Err()
		}
	}
	return w.err // it was answered meanwhile
}

// grant answers the waiters that can be answered. The lock is held.
func (b *budgets) grant() {
	kept := b.queue[:0]
	for _, w := range b.queue {
		switch role, hopeless := b.obstacle(w.host); {
		case role == nil:
			b.set(w.host, granted, "was granted a token")
			w.reply(nil)
		case hopeless:
			b.set(w.host, fine, "")
			w.reply(b.refusal(role))
		default:
			kept = append(kept, w)
		}
	}
	b.queue = kept
}

// surrender answers every waiter that nothing will come; called when nothing
// else moves any more.
func (b *budgets) surrender() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.queue {
		role, _ := b.obstacle(w.host)
		b.set(w.host, fine, "")
		w.reply(b.refusal(role))
	}
	b.queue = nil
}

// obstacle returns the first role that has no token for the host, or nil, and
// whether that is for good. The host itself is one that asks, and counts in none.
func (b *budgets) obstacle(host string) (role *roleBudget, hopeless bool) {
	for _, name := range b.of[host] {
		r := b.roles[name]
		if r.count[unknown] > 0 || r.unavailable() >= r.limit {
			return r, r.count[down] >= r.limit
		}
	}
	return nil, false
}

func (b *budgets) refusal(r *roleBudget) error {
	refusal := &budgetError{role: r.name, limit: r.limit}
	for _, host := range r.hosts {
		if b.hosts[host].counts() {
			refusal.holders = append(refusal.holders, host+" "+b.why[host])
		}
	}
	return refusal
}

// budgetError is a host that may not be taken down.
type budgetError struct {
	role    string
	limit   int
	holders []string
}

func (e *budgetError) Error() string {
	holders := e.holders
	if len(holders) > 3 {
		holders = append(holders[:3:3], fmt.Sprintf("%d more", len(holders)-3))
	}
	text := fmt.Sprintf("at most %d of role %s may be down at once", e.limit, e.role)
	if len(holders) > 0 {
		text += ", and " + strings.Join(holders, "; ")
	}
	return text
}
