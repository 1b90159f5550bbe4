package receipt

import (
	"strings"
	"unicode/utf8"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner"
)

// Builder makes the receipt of one host from what it reports.
type Builder struct {
	receipt Receipt
	lines   []line
	index   map[key]int
	checks  map[string]bool      // STEP and source of the verify blocks
	found   map[string][]Setting // by STEP and source, of the run of the step that was last
	extra   []Setting            // reported, and not wanted
	steps   map[string]string    // how each step has ended, "begin" while it has not
	asked   map[string]bool      // steps of this run; nil: all
	kept    int                  // of found and extra
	foreign bool                 // what is reported is of another bundle
}

// line is one thing that the bundle wants.
type line struct {
	Setting
	once bool // it is done on one host for all
}

// New begins a receipt with all that the bundle wants of the host, unread.
func New(b *bundle.Bundle, host string, operation runner.Operation, wanted []bundle.Wanted) *Builder {
	r := &Builder{index: map[key]int{}, checks: map[string]bool{}, found: map[string][]Setting{}, steps: map[string]string{}}
	r.receipt = Receipt{Schema: Schema, Cluster: b.Plan.Cluster, Host: host, Operation: string(operation)}
	if len(b.List) > 0 {
		r.receipt.Bundle = bundle.Digest(b.List)
	}
	if h := b.Plan.Host(host); h != nil {
		r.receipt.Digest = h.Digest
	}
	for i := range wanted {
		w := &wanted[i]
		if _, there := r.index[keyOf(w)]; there {
			continue // of a step that two roles bring
		}
		r.index[keyOf(w)] = len(r.lines)
		r.lines = append(r.lines, line{once: w.Once, Setting: Setting{Step: w.Step, Kind: w.Kind, Name: diag.Visible(w.Name), Status: Unread, Wanted: clip(diag.Visible(w.Wanted)), How: w.How, Source: w.Source}})
		if w.Kind == bundle.VerifyKind {
			r.checks[w.Step+"\x00"+w.Source] = true
		}
	}
	return r
}

// Asked says which of its steps the run is about; all unless it is called.
func (r *Builder) Asked(steps []string) {
	r.asked = map[string]bool{}
	for _, step := range steps {
		r.asked[step] = true
	}
}

// Take takes in what the host reports. The last word counts.
func (r *Builder) Take(e runner.Event) {
	if e.Type == runner.RunBegins {
		r.foreign = e.Digest != "" && r.receipt.Digest != "" && e.Digest != r.receipt.Digest
		if r.receipt.Began.IsZero() {
			r.receipt.Began = e.Time
		}
	}
	if r.foreign {
		return
	}
	switch e.Type {
	case runner.RunBegins:
		r.receipt.Run = e.Run
	case runner.StepBegins:
		r.begin(e.Step)
	case runner.StepEnds:
		r.steps[e.Step] = e.Status
	case runner.ResourceSeen:
		r.resource(e)
	case runner.SettingRead:
		r.setting(e)
	case runner.Verified:
		r.verified(e)
	}
}

// begin forgets what was said of a step before: it is asked anew.
func (r *Builder) begin(step string) {
	r.steps[step] = "begin"
	for i := range r.lines {
		if l := &r.lines[i]; l.Step == step {
			l.Status, l.Found, l.Reason = Unread, "", ""
			check := step + "\x00" + l.Source
			r.kept -= len(r.found[check])
			delete(r.found, check)
		}
	}
}

// resource takes in what a probe has said.
func (r *Builder) resource(e runner.Event) {
	k := key{e.Step, e.Kind, diag.Visible(e.Name), ""}
	if e.Kind == bundle.VerifyKind { // a check that could not be made
		k.source = e.Source
	}
	i, there := r.index[k]
	if !there || e.Kind == bundle.VerifyKind && e.Status != "held" && e.Status != "failed" {
		r.keep(Setting{Step: e.Step, Kind: e.Kind, Name: e.Name, Status: Unproven, Found: e.Text, Reason: "the bundle does not want it of this host", Source: e.Source})
		return
	}
	l := &r.lines[i]
	l.Found, l.Reason = "", ""
	switch e.Status {
	case "ok":
		l.Status, l.Found = Proven, l.Wanted
	case "changed":
		l.Status, l.Found = Proven, l.Wanted
		l.Reason = clip("changed; before: " + diag.Visible(e.Text))
		if e.Text == "" {
			l.Reason = "changed"
		}
	case "held":
		l.Status, l.Reason = Unread, clip(diag.Visible(e.Text))
	case "standin":
		l.Status, l.Reason = Unread, standin
	case "skipped":
		l.Status, l.Reason = Unproven, "the host says that its condition is false, and by the bundle it is true"
	default: // failed, differs, blocked
		l.Status, l.Found = Unproven, clip(diag.Visible(e.Text))
	}
}

// standin is the reason of what a rehearsal cannot ask.
const standin = "in a rehearsal something else stands in for what it asks"

// setting takes in what a verify script has found.
func (r *Builder) setting(e runner.Event) {
	s := Setting{Step: e.Step, Kind: SettingKind, Name: e.Name, Status: Unproven, Wanted: e.Wanted, Found: e.Found, How: e.How, Source: e.Source}
	check := e.Step + "\x00" + e.Source
	switch {
	case !r.checks[check]:
		s.Reason = "the bundle has no such check for this host"
	case e.Status == "ok" && e.Wanted == e.Found:
		s.Status = Proven
	case e.Status == "standin":
		s.Status, s.Reason = Unread, standin
	}
	if !r.checks[check] {
		r.keep(s)
		return
	}
	if r.kept++; r.kept > most {
		return
	}
	r.found[check] = append(r.found[check], s.clean())
}

// verified takes in how a check has come out.
func (r *Builder) verified(e runner.Event) {
	l := r.check(e)
	if l == nil {
		r.keep(Setting{Step: e.Step, Kind: bundle.VerifyKind, Name: e.Text, Status: Unproven, Reason: "the bundle has no such check for this host", Source: e.Source})
		return
	}
	said := strings.TrimPrefix(strings.TrimPrefix(diag.Visible(e.Text), l.Name), ": ")
	l.Found, l.Reason = "", ""
	switch e.Status {
	case "ok":
		l.Status = Proven
	case "standin":
		l.Status, l.Reason = Unread, standin
	default:
		l.Status, l.Found = Unproven, clip(said)
	}
}

// check is the line of a verify block, whose text an event begins with; nil if there is
// none.
func (r *Builder) check(e runner.Event) *line {
	var best *line
	text := diag.Visible(e.Text)
	for i := range r.lines {
		l := &r.lines[i]
		if l.Kind != bundle.VerifyKind || l.Step != e.Step || l.Source != e.Source {
			continue
		}
		if text != l.Name && !strings.HasPrefix(text, l.Name+": ") {
			continue
		}
		if best == nil || len(l.Name) > len(best.Name) {
			best = l
		}
	}
	return best
}

// keep notes what the bundle does not want, and a host has reported.
func (r *Builder) keep(s Setting) {
	if r.kept++; r.kept <= most {
		r.extra = append(r.extra, s.clean())
	}
}

// clean makes what a host says fit to be kept.
func (s Setting) clean() Setting {
	for _, field := range []*string{&s.Name, &s.Wanted, &s.Found, &s.How, &s.Source, &s.Kind} {
		*field = clip(diag.Visible(*field))
	}
	return s
}

// clip shortens a text that is longer than anybody reads.
func clip(text string) string {
	if len(text) <= longest {
		return text
	}
	cut := longest
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + " ..."
}
