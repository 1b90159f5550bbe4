package receipt

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/runner"
)

// Options says where a run's receipts go, and who signs them.
type Options struct {
	Folder string
	// Wants tells what the bundle wants of a host.
	Wants func(host string) ([]bundle.Wanted, error)
	// Sign returns the signature of a receipt's JSON in [Namespace]; nil: they are not
	// signed. Key is the name of its key, for people.
	Sign func(message []byte) ([]byte, error)
	Key  string

	JUnit string // also write all as JUnit's XML to this file; "" for none
}

// Book keeps the receipts of a run. It is written host by host, as each comes to its end.
type Book struct {
	bundle    *bundle.Bundle
	options   Options
	operation runner.Operation
	order     map[string][]string
	open      map[string]*Builder

	writers chan struct{} // as many at once as there are processors
	group   sync.WaitGroup
	signing sync.Mutex // an agent is asked one thing at a time

	mu      sync.Mutex // of what follows
	summary runner.ReceiptSummary
	suites  []suite // with Options.JUnit
}

// NewBook makes the folder, and makes sure that receipts can be written there, and the report.
func NewBook(b *bundle.Bundle, options Options) (*Book, error) {
	if err := os.MkdirAll(options.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for receipts: %w", err)
	}
	trial, err := os.CreateTemp(options.Folder, ".trial.*")
	if err != nil {
		return nil, fmt.Errorf("write receipts: %w", err)
	}
	if err := cmp.Or(trial.Close(), os.Remove(trial.Name())); err != nil {
		return nil, fmt.Errorf("write receipts: %w", err)
	}
	if options.JUnit != "" {
		if err := writeJUnit(options.JUnit, b.Plan.Cluster, nil); err != nil {
			return nil, err
		}
	}
	return &Book{bundle: b, options: options, open: map[string]*Builder{}, writers: make(chan struct{}, runtime.GOMAXPROCS(0)),
		summary: runner.ReceiptSummary{Folder: filepath.ToSlash(filepath.Clean(options.Folder)), Signed: options.Key}}, nil
}

// Begin notes what is asked of whom.
func (b *Book) Begin(o runner.Overview) { b.operation, b.order = o.Operation, maps.Clone(o.Order) }

// Event takes in what a host reports. After its end its receipt is written.
func (b *Book) Event(e runner.Event) {
	if _, ours := b.order[e.Host]; !ours {
		return
	}
	r := b.open[e.Host]
	if r == nil {
		r = b.begin(e.Host)
		b.open[e.Host] = r
	}
	if e.Type != runner.HostDone {
		r.Take(e)
		return
	}
	b.finish(runner.HostResult{Host: e.Host, Status: runner.HostStatus(e.Status), Reason: e.Text}, e.Time)
}

// begin is a host's receipt before the host has said anything.
func (b *Book) begin(host string) *Builder {
	wanted, err := b.options.Wants(host)
	if err != nil {
		b.fail(err)
	}
	r := New(b.bundle, host, b.operation, wanted)
	r.Asked(b.order[host])
	return r
}

// finish has a host's receipt written, beside what else goes on.
func (b *Book) finish(host runner.HostResult, ended time.Time) {
	r := b.open[host.Host]
	delete(b.open, host.Host)
	delete(b.order, host.Host)
	b.group.Add(1)
	go func() {
		defer b.group.Done()
		b.writers <- struct{}{}
		defer func() { <-b.writers }()
		made := r.Receipt(host, ended)
		if err := b.write(made); err != nil {
			b.fail(err)
		}
		b.count(made)
	}()
}

func (b *Book) count(r *Receipt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.summary.Hosts++
	if b.options.JUnit != "" {
		b.suites = append(b.suites, suiteOf(r))
	}
	for i := range r.Settings {
		switch s := &r.Settings[i]; s.Status {
		case Proven:
			b.summary.Proven++
		case Unread:
			b.summary.Unread++
		default:
			b.summary.Unproven++
			b.summary.Items = append(b.summary.Items, runner.UnprovenItem{Host: r.Host, Step: s.Step, Text: s.brief(), Source: s.Source})
		}
	}
}

// brief is what is wrong with a setting, without its place.
func (s *Setting) brief() string {
	short := *s
	short.Source = ""
	return short.text()
}

// fail notes the first failure: a run does not end for its receipts, but is not well.
func (b *Book) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.summary.Error == "" {
		b.summary.Error = err.Error()
	}
}

// Close waits until all are written, and says what they come to.
func (b *Book) Close(result runner.Result) runner.ReceiptSummary {
	for _, host := range result.Hosts {
		if _, ours := b.order[host.Host]; !ours {
			continue
		}
		if b.open[host.Host] == nil {
			b.open[host.Host] = b.begin(host.Host)
		}
		b.finish(host, time.Now())
	}
	b.group.Wait()
	if b.options.JUnit != "" {
		if err := writeJUnit(b.options.JUnit, b.bundle.Plan.Cluster, b.suites); err != nil {
			b.fail(err)
		}
	}
	slices.SortStableFunc(b.summary.Items, func(x, y runner.UnprovenItem) int { return cmp.Compare(x.Host, y.Host) })
	return b.summary
}
