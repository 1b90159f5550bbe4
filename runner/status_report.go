package runner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// StatusSchema is the version of a [StatusReport] as JSON. Fields are added without a new one.
const StatusSchema = 1

// StatusReport is how a cluster stands: what its hosts tell of themselves and of one another,
// and what the runner has seen of them.
type StatusReport struct {
	Schema  int          `json:"schema"`
	Cluster string       `json:"cluster"`
	Code    int          `json:"exit_code"`
	Time    time.Time    `json:"time"`
	Hosts   []StatusHost `json:"hosts"`
	Lines   []StatusLine `json:"lines"`
	// First is the certificate that ends first; nil when none was told of.
	First *HostCertificate `json:"first_certificate"`
}

// StatusHost is what the runner has seen of a host.
type StatusHost struct {
	Host    string `json:"host"`
	State   string `json:"state,omitempty"`  // absent or maintenance, as the definition says; it is not asked then
	Reason  string `json:"reason,omitempty"` // of the state, or why not all of it is known
	Reached bool   `json:"reached"`
	Differs int    `json:"differs"` // resources that a run would change, or remove
	Blocked int    `json:"blocked"` // that wait for these
}

// StatusLine is one thing that is told: of a host, or of the cluster when it names none.
type StatusLine struct {
	What   string   `json:"what"` // "node", "etcd member"
	Host   string   `json:"host,omitempty"`
	Status string   `json:"status"` // ok, warn (it will not stay well), bad; or unreachable of a host
	Text   string   `json:"text,omitempty"`
	Fix    string   `json:"fix,omitempty"`
	By     []string `json:"by,omitempty"`   // the hosts that tell so; none: the runner
	Step   string   `json:"step,omitempty"` // of which it is told
	// Declared is of a host that is declared not to be there: it is no problem.
	Declared bool `json:"declared,omitempty"`

	source string // of the verify block
}

// StatusUnreachable is the status of a host that could not be asked.
const StatusUnreachable = "unreachable"

// What the runner tells of by itself.
const (
	statusHost         = "host"
	statusDrift        = "drift"
	statusCertificates = "certificates"
	statusWarning      = "warning"
)

// problem reports whether something is to be done about it.
func (l *StatusLine) problem() bool { return l.Status != StatusOK && !l.Declared }

// StatusSink gathers what a run of [Status] is told. Its report is there when the run has ended.
type StatusSink struct {
	// Days is how many days each certificate must have left.
	Days   int
	Now    func() time.Time
	Report *StatusReport

	lines        []StatusLine
	certificates []HostCertificate
}

// Begin does nothing.
func (*StatusSink) Begin(Overview) {}

// Event takes in what is told.
func (s *StatusSink) Event(e Event) {
	switch e.Type {
	case StatusTold:
		s.lines = append(s.lines, StatusLine{What: e.Name, Host: e.About, Status: e.Status, Text: e.Text, Fix: e.Fix, By: []string{e.Host}, Step: e.Step, source: e.Source})
	case Certified:
		s.certificates = append(s.certificates, HostCertificate{Host: e.Host, Certificate: *e.Certificate})
	}
}

// End makes the report.
func (s *StatusSink) End(r Result) {
	report := &StatusReport{Schema: StatusSchema, Cluster: r.Cluster, Time: s.Now().UTC().Truncate(time.Second), Hosts: []StatusHost{}, Lines: []StatusLine{}}
	away := map[string]bool{}
	for _, a := range r.Away {
		away[a.Host] = true
		report.Hosts = append(report.Hosts, StatusHost{Host: a.Host, State: a.State, Reason: a.Reason})
		text := a.State
		if a.Reason != "" {
			text += ": " + a.Reason
		}
		report.Lines = append(report.Lines, StatusLine{What: statusHost, Host: a.Host, Status: StatusOK, Text: text, Declared: true})
	}
	for i := range r.Hosts {
		report.host(&r.Hosts[i])
	}
	for _, name := range r.Gone {
		report.Lines = append(report.Lines, StatusLine{What: statusHost, Host: name, Status: StatusBad, Text: "in the cluster, and not in the definition", Fix: `declare it with state = "absent" and a reason, then sprayc remove; or bring it back into the definition`})
	}
	s.certified(report)
	report.Lines = append(report.Lines, mergeTold(s.lines)...)
	for i := range report.Lines {
		report.Lines[i].Declared = report.Lines[i].Declared || away[report.Lines[i].Host]
	}
	report.sort(r.steps)
	report.Code = report.code()
	s.Report = report
}

// host takes in what the runner has seen of a host.
func (r *StatusReport) host(h *HostResult) {
	one := StatusHost{Host: h.Host, Reason: h.Reason, Reached: h.Status != HostUnreachable, Differs: len(h.Will), Blocked: len(h.May)}
	line := func(what, status, text, fix string) {
		r.Lines = append(r.Lines, StatusLine{What: what, Host: h.Host, Status: status, Text: text, Fix: fix})
	}
	switch h.Status {
	case HostUnreachable:
		line(statusHost, StatusUnreachable, firstLine(h.Reason), h.Fix)
	case HostLost, HostStopped:
		line(statusHost, StatusBad, string(h.Status)+": "+firstLine(h.Reason), h.Fix)
	default:
		line(statusHost, StatusOK, "reachable", "")
	}
	var names []string
	for _, item := range h.Will {
		names = append(names, item.Kind+" "+item.Name)
	}
	for _, item := range h.Orphans {
		if item.Status != "kept" {
			one.Differs++
			names = append(names, item.Kind+" "+item.Name+", which is no longer in the bundle")
		}
	}
	for _, mark := range h.Marks {
		names = append(names, pending(mark))
	}
	switch {
	case h.Status == HostFailed || h.Status == HostBlocked:
		line(statusDrift, StatusBad, "not known: "+firstLine(h.Reason), h.Fix)
	case h.Reason != "":
	case len(names)+one.Blocked > 0 || h.Status == HostDiffers:
		line(statusDrift, StatusBad, drifted(one, names), "sprayc plan shows each, sprayc run brings it back")
	default:
		line(statusDrift, StatusOK, "nothing differs from the bundle", "")
	}
	for _, warning := range h.Warnings {
		line(statusWarning, StatusWarn, warning, "")
	}
	r.Hosts = append(r.Hosts, one)
}

// fewDrifts is how many resources that differ are named.
const fewDrifts = 3

// drifted says what differs.
func drifted(h StatusHost, names []string) string {
	text := does(h.Differs, "resource", "differ")
	if len(names) > 0 {
		more := ""
		if n := len(names) - fewDrifts; n > 0 {
			names, more = names[:fewDrifts], fmt.Sprintf(", and %d more", n)
		}
		text += ": " + strings.Join(names, ", ") + more
	}
	if h.Blocked > 0 {
		text += "; " + does(h.Blocked, "resource", "wait") + " for others that differ"
	}
	return text
}

// does is "1 resource differs", "2 resources differ".
func does(n int, noun, verb string) string {
	if n == 1 {
		verb += "s"
	}
	return counted(n, noun) + " " + verb
}

// certified takes in certificates: those that have ended or do so soon, what shows none, and
// the one that ends first.
func (s *StatusSink) certified(r *StatusReport) {
	now := s.Now()
	unread := map[string][]string{}
	slices.SortStableFunc(s.certificates, func(a, b HostCertificate) int {
		return cmp.Or(a.Ends.Compare(b.Ends), cmp.Compare(a.What, b.What), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Where, b.Where))
	})
	for i := range s.certificates {
		one := &s.certificates[i]
		if one.Ends.IsZero() {
			unread[one.Host] = append(unread[one.Host], one.What+" at "+one.Where)
			continue
		}
		left := wholeDays(one.Ends.Sub(now))
		one.DaysLeft, one.Short = &left, left < s.Days
		if r.First == nil {
			r.First = one
		}
		if one.Short {
			line := StatusLine{What: statusCertificates, Host: one.Host, Status: StatusWarn, Text: fmt.Sprintf("%s %s (%s)", one.What, one.ending(), one.Where), By: []string{one.Host},
				Fix: "sprayc certificates shows all, sprayc certificates renew makes them anew"}
			if left < 0 {
				line.Status = StatusBad
			}
			r.Lines = append(r.Lines, line)
		}
	}
	for host, what := range unread {
		r.Lines = append(r.Lines, StatusLine{What: statusCertificates, Host: host, Status: StatusBad, Text: "none is shown by " + strings.Join(what, ", "), By: []string{host}, Fix: "sprayc certificates says why"})
	}
	if r.First != nil && !r.First.Short {
		r.Lines = append(r.Lines, StatusLine{What: statusCertificates, Host: r.First.Host, Status: StatusOK, Text: fmt.Sprintf("%s ends first, in %s", r.First.What, counted(*r.First.DaysLeft, "day"))})
	}
}

// code is 1 when something is not well, else 4 when hosts could not be asked, else 3 when
// something will not stay well.
func (r *StatusReport) code() int {
	code := ExitDone
	for i := range r.Lines {
		switch line := &r.Lines[i]; {
		case !line.problem():
		case line.Status == StatusBad:
			return ExitError
		case line.Status == StatusUnreachable:
			code = ExitSkipped
		case code == ExitDone:
			code = ExitWarning
		}
	}
	return code
}

// mergeTold makes one line of what several hosts tell just so. Where hosts tell another thing
// of the same, each line says who.
func mergeTold(told []StatusLine) []StatusLine {
	type same struct{ what, host, status, text, fix string }
	type subject struct{ what, host, step string }
	var lines []StatusLine
	at, versions := map[same]int{}, map[subject]map[string]int{}
	for _, line := range told {
		key := same{line.What, line.Host, line.Status, line.Text, line.Fix}
		i, seen := at[key]
		if !seen {
			i = len(lines)
			at[key] = i
			lines = append(lines, line)
			lines[i].By = nil
		}
		lines[i].By = append(lines[i].By, line.By...)
		of := subject{line.What, line.Host, line.Step}
		if versions[of] == nil {
			versions[of] = map[string]int{}
		}
		versions[of][line.By[0]]++
	}
	for i := range lines {
		line := &lines[i]
		slices.Sort(line.By)
		line.By = slices.Compact(line.By)
		if tellers := len(versions[subject{line.What, line.Host, line.Step}]); len(line.By) < tellers {
			line.Text = strings.TrimPrefix(line.Text+", as "+hostList(slices.Clone(line.By), fewHosts)+" says", ", ")
		}
	}
	return lines
}

// sort orders lines by what they are of, as the steps are, and by host; those of the runner's
// own come first and last.
func (r *StatusReport) sort(steps []string) {
	rank := map[string]int{statusHost: -1, statusDrift: len(steps), statusCertificates: len(steps) + 1, statusWarning: len(steps) + 2}
	for i, step := range steps {
		rank["\x00"+step] = i
	}
	of := func(l *StatusLine) int {
		if l.Step != "" {
			return rank["\x00"+l.Step]
		}
		return rank[l.What]
	}
	slices.SortFunc(r.Hosts, func(a, b StatusHost) int { return cmp.Compare(a.Host, b.Host) })
	slices.SortStableFunc(r.Lines, func(a, b StatusLine) int {
		return cmp.Or(cmp.Compare(of(&a), of(&b)), cmp.Compare(span(a.source).Start.Line, span(b.source).Start.Line), cmp.Compare(a.What, b.What), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Text, b.Text))
	})
}
