package runner

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/sprayc/sprayc/lang/diag"
)

// Live shows a run on a terminal: what went wrong scrolls by as with [Plain], and
// below it stands a block that is drawn anew: one line a host that is at work (as
// many as fit), and a line of totals. The block is gone when the run ends.
type Live struct {
	// Verbose lets every change scroll by, not only what fails.
	Verbose bool
	// Color lets the summary have colours.
	Color bool

	w      io.Writer
	plain  *Plain
	buffer strings.Builder
	size   func() (width, height int)
	now    func() time.Time

	mu       sync.Mutex
	overview Overview
	hosts    map[string]*liveHost
	counts   map[string]int
	started  time.Time
	drawn    int // lines of the block on the screen
	last     time.Time
	ticker   *time.Ticker
	over     chan struct{}
}

// liveHost is what the block knows of a host.
type liveHost struct {
	name, phase, text string
	stage, step       string
	done              map[string]bool
	changed           int
	since             time.Time
	status            string // how it came out
}

// redraw is the least time between two drawings.
const redraw = 100 * time.Millisecond

// NewLive returns a sink for a terminal; size tells its width and height.
func NewLive(w io.Writer, size func() (width, height int)) *Live {
	l := &Live{w: w, size: size, now: time.Now, hosts: map[string]*liveHost{}, counts: map[string]int{}}
	l.plain = NewPlain(&l.buffer)
	return l
}

// Begin draws for the first time, and from then on once a second at least, so
// that the clock goes on when nothing else does.
func (l *Live) Begin(o Overview) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.overview, l.started = o, l.now()
	l.plain.Begin(o)
	for _, host := range o.Hosts {
		l.hosts[host.Name] = &liveHost{name: host.Name, done: map[string]bool{}, since: l.started}
	}
	l.ticker, l.over = time.NewTicker(time.Second), make(chan struct{})
	go func() {
		for {
			select {
			case <-l.ticker.C:
				l.mu.Lock()
				l.draw()
				l.mu.Unlock()
			case <-l.over:
				return
			}
		}
	}()
	l.draw()
}

// Event takes an event in, and draws now and then.
func (l *Live) Event(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.hosts[e.Host]; h != nil {
		l.note(h, e)
	}
	if !l.quiet(e) {
		l.plain.Event(e)
	}
	if l.buffer.Len() > 0 || l.now().Sub(l.last) >= redraw {
		l.draw()
	}
}

// quiet reports whether the block shows enough of an event. Every change on
// every host would drown what matters; the hosts' logs have them.
func (l *Live) quiet(e Event) bool {
	switch e.Type {
	case Phase:
		return e.Status != PhaseReattaching && e.Status != PhaseRestarting && e.Status != PhaseAttached || e.How != ""
	case HostDone:
		return e.Text == ""
	case ResourceSeen, OrphanSeen:
		return e.Status != "failed" && !l.Verbose
	case Verified:
		return (e.Status == "ok" || e.Status == "standin") && !l.Verbose
	case SettingRead:
		return !l.Verbose
	}
	return false
}

func (l *Live) note(h *liveHost, e Event) {
	switch e.Type {
	case Phase:
		if e.How != "" {
			return // it is away as before
		}
		h.phase, h.text, h.since = e.Status, e.Text, e.Time
		if e.Status == PhaseAttached {
			h.phase = PhaseRunning
		}
	case StepBegins:
		h.phase, h.text, h.stage, h.step, h.since = PhaseRunning, "", e.Stage, e.Step, e.Time
	case StepEnds:
		if e.Status == "ok" || e.Status == "changed" || l.overview.Operation != Apply {
			h.done[e.Step] = true
		}
	case ResourceSeen:
		if e.Status == "changed" {
			h.changed++
		}
	case HostDone:
		h.status = e.Status
		l.counts[e.Status]++
	}
}

// End takes the block away and writes the summary.
func (l *Live) End(r Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ticker.Stop()
	close(l.over)
	width, _ := l.size()
	text := l.erase() + l.buffer.String() + Summary(r, Paper{diag.Style{Color: l.Color}, max(width, 40)})
	l.buffer.Reset()
	_, _ = io.WriteString(l.w, text) // a terminal that has gone shows nothing
}

// erase moves up over the block and clears it.
func (l *Live) erase() string {
	if l.drawn == 0 {
		return ""
	}
	n := l.drawn
	l.drawn = 0
	return fmt.Sprintf("\r\x1b[%dA\x1b[J", n)
}

func (l *Live) draw() {
	width, height := l.size()
	lines := l.block(max(width, 20), max(height, 4))
	text := l.erase() + l.buffer.String() + strings.Join(lines, "\n") + "\n"
	l.buffer.Reset()
	l.drawn, l.last = len(lines), l.now()
	_, _ = io.WriteString(l.w, text) // in one piece, so that it does not flicker
}

// block is the lines to draw, none longer than the terminal is wide.
func (l *Live) block(width, height int) []string {
	var busy []*liveHost
	for _, h := range l.hosts {
		if h.status == "" {
			busy = append(busy, h)
		}
	}
	sort.Slice(busy, func(i, j int) bool { return busy[i].name < busy[j].name })
	most := min(len(busy), max(1, height/2-2))
	var lines []string
	for _, h := range busy[:most] {
		lines = append(lines, cut(l.line(h), width-1))
	}
	if more := len(busy) - most; more > 0 {
		lines = append(lines, cut(fmt.Sprintf("... and %d more at work", more), width-1))
	}
	return append(lines, cut(l.total(len(busy)), width-1))
}

func (l *Live) line(h *liveHost) string {
	what := h.phase
	switch {
	case h.phase == PhaseRunning && h.step != "":
		what = h.stage + "  " + h.step
	case h.phase == PhaseRestarting:
		what = "restarts; waiting for it to come back"
	case h.phase == PhaseWaiting:
		what = "waits for " + h.text
	case h.phase == PhaseBudget:
		what = "waits for its turn to be taken down"
	case h.phase == "":
		what = "waits to connect"
	}
	elapsed := ""
	if d := l.now().Sub(h.since); d >= time.Second {
		elapsed = "  " + short(d)
	}
	return fmt.Sprintf("%-*s  %3d/%-3d  %s%s", l.plain.width, h.name, len(h.done), l.overview.Steps[h.name], what, elapsed)
}

func (l *Live) total(busy int) string {
	parts := []string{fmt.Sprintf("%d of %d hosts done", len(l.hosts)-busy, len(l.hosts))}
	statuses := make([]string, 0, len(l.counts))
	for status := range l.counts {
		statuses = append(statuses, status)
	}
	sort.Strings(statuses)
	for _, status := range statuses {
		parts = append(parts, fmt.Sprintf("%d %s", l.counts[status], status))
	}
	return strings.Join(parts, ", ") + ", " + short(l.now().Sub(l.started))
}

// cut shortens a line to a number of columns, taking a character for one.
func cut(line string, columns int) string {
	runes := []rune(line)
	if len(runes) <= columns {
		return line
	}
	return string(runes[:columns-1]) + "…"
}
