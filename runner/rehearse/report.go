package rehearse

import (
	"fmt"
	"sort"
	"strings"

	"github.com/sprayc/sprayc/runner"
)

// Report is what a rehearsal came to.
type Report struct {
	Cluster  string
	Hosts    []HostReport
	Left     int    // hosts of the bundle that were not made, others of their class were
	Runs     [2]Run // the first, and the second that must change nothing
	Problems []string
	Real     int // resources that acted on a host as they would on any
	StandIn  int // resources for which a stand-in answered
}

// HostReport is one throwaway host.
type HostReport struct {
	Name  string
	Facts Facts
	Used  []string // stand-ins that answered

	// Ran is how many programs scripts started, 0 where the kernel does not tell;
	// Undeclared those that no script of the bundle names.
	Ran        int
	Undeclared []string

	log string // what the stand-ins were asked
}

// Run is one of the two.
type Run struct {
	Result runner.Result
	events *counter
}

// OK says whether the rehearsal succeeded: both runs did, and the second changed
// nothing.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

// judge fills in what follows from the runs.
func (r *Report) judge() {
	for i := range r.Hosts {
		r.Hosts[i].Used = usedOf(r.Hosts[i].log)
	}
	for _, host := range r.Hosts {
		for _, name := range host.Undeclared {
			r.Problems = append(r.Problems, fmt.Sprintf("%s: a script ran %s, which no script of the bundle names", host.Name, name))
		}
	}
	first, second := r.Runs[0], r.Runs[1]
	if first.events != nil {
		r.count(first.events)
	}
	switch {
	case first.Result.Code() != runner.ExitDone:
		r.Problems = append(r.Problems, "the first run failed")
		r.problems(first)
	case second.Result.Code() != runner.ExitDone:
		r.Problems = append(r.Problems, "the second run failed")
		r.problems(second)
	case second.events != nil:
		for _, k := range second.events.keys() {
			if second.events.seen[k] == "changed" {
				r.Problems = append(r.Problems, fmt.Sprintf("%s: the second run changed %s %s again, in %s (%s)", k.host, k.kind, k.name, k.step, second.events.source[k]))
			}
		}
	}
}

// problems says what failed where.
func (r *Report) problems(run Run) {
	for _, host := range run.Result.Hosts {
		if host.Status != runner.HostOK && host.Status != runner.HostChanged {
			text := strings.TrimSuffix(fmt.Sprintf("%s: %s: %s", host.Host, host.Status, host.Reason), ": ")
			if run.events != nil && len(run.events.printed[host.Host]) > 0 {
				text += "\n  the last lines of its log:\n    " + strings.Join(run.events.printed[host.Host], "\n    ")
			}
			r.Problems = append(r.Problems, text)
		}
	}
	if run.events == nil {
		return
	}
	for _, k := range run.events.keys() {
		if run.events.seen[k] == "failed" {
			r.Problems = append(r.Problems, fmt.Sprintf("%s: %s %s failed in %s (%s)", k.host, k.kind, k.name, k.step, run.events.source[k]))
		}
	}
}

// behind are the commands that a kind acts with; a stand-in for one of them
// answered for the resource when it was asked about it by name, or, where the
// second field says so, when it was asked at all.
func behind(kind string) (commands []string, byName bool) {
	switch kind {
	case "package":
		return []string{"apt-get", "dnf", "yum", "rpm", "apt-mark"}, true
	case "repository":
		return []string{"apt-get", "dnf", "yum"}, false
	case "service":
		return []string{"systemctl"}, true
	case "archive", "binary", "image":
		return []string{"curl", "wget"}, false
	case "kernel_module":
		return []string{"modprobe"}, true
	case "swap":
		return []string{"swapoff"}, false
	case "reboot":
		return []string{"reboot", "shutdown"}, false
	case "exec":
		return nil, false
	}
	return nil, false
}

func (r *Report) count(events *counter) {
	logs := map[string][]string{}
	for _, host := range r.Hosts {
		logs[host.Name] = strings.Split(host.log, "\n")
	}
	for _, k := range events.keys() {
		if events.seen[k] == "skipped" {
			continue
		}
		if events.seen[k] == "standin" || answered(logs[k.host], k) {
			r.StandIn++
		} else {
			r.Real++
		}
	}
}

func answered(log []string, k key) bool {
	commands, byName := behind(k.kind)
	for _, line := range log {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		for _, command := range commands {
			if fields[0] != command {
				continue
			}
			if !byName {
				return true
			}
			for _, word := range fields[1:] {
				if word == k.name || strings.HasPrefix(word, k.name+"=") || word == k.name+".service" {
					return true
				}
			}
		}
	}
	return false
}

func usedOf(log string) []string {
	used := map[string]string{}
	for _, line := range strings.Split(log, "\n") {
		if name, _, _ := strings.Cut(line, " "); name != "" {
			used[name] = ""
		}
	}
	return sorted(used)
}

// String is the report for a person.
func (r *Report) String() string {
	var b strings.Builder
	groups := map[string][]string{}
	for _, host := range r.Hosts {
		text := describe(host)
		groups[text] = append(groups[text], host.Name)
	}
	texts := make([]string, 0, len(groups))
	for text := range groups {
		texts = append(texts, text)
	}
	sort.Slice(texts, func(i, j int) bool { return groups[texts[i]][0] < groups[texts[j]][0] })
	for _, text := range texts {
		fmt.Fprintf(&b, "%s:\n%s", strings.Join(groups[text], ", "), text)
	}
	if r.Left > 0 {
		fmt.Fprintf(&b, "%d more hosts of the same classes were not made\n", r.Left)
	}
	fmt.Fprintf(&b, "%d resources were real, for %d a stand-in answered", r.Real, r.StandIn)
	if first := r.Runs[0].events; first != nil {
		fmt.Fprintf(&b, "; %d checks passed, %d could not be made here", first.verified["ok"], first.verified["standin"])
	}
	b.WriteString("\n")
	if r.OK() {
		b.WriteString("run twice: the second run changed nothing\n")
	}
	for _, problem := range r.Problems {
		fmt.Fprintf(&b, "problem: %s\n", problem)
	}
	return b.String()
}

func describe(host HostReport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  init: %s, sshd: %s\n", host.Facts.Init, host.Facts.SSHD)
	if len(host.Used) > 0 {
		fmt.Fprintf(&b, "  stand-ins that answered: %s\n", strings.Join(host.Used, ", "))
	}
	if host.Ran > 0 {
		fmt.Fprintf(&b, "  programs that scripts started: %d, undeclared: %d\n", host.Ran, len(host.Undeclared))
	}
	for _, note := range host.Facts.Notes {
		fmt.Fprintf(&b, "  note: %s\n", note)
	}
	return b.String()
}
