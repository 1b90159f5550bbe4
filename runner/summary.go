package runner

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// Paper is what a text for people is written on: its colours, and its width in columns,
// 0 when lines may have any length.
type Paper struct {
	diag.Style
	Width int
}

// Summary is the closing text of a run: for a plan what each host would change,
// hosts with the same list together; then which hosts are left and why; then the
// counts and how long each stage took.
func Summary(r Result, paper Paper) string {
	var b strings.Builder
	if r.Operation == Plan {
		b.WriteString(planOf(r).Text(paper))
	}
	writeLeft(&b, r)
	writeAway(&b, r.Away)
	b.WriteString(counts(r))
	b.WriteString("\n")
	if r.Operation == Apply {
		if times := stageTimes(r); times != "" {
			b.WriteString(times + "\n")
		}
	}
	if r.Receipts != nil {
		writeReceipts(&b, r.Receipts)
	}
	return b.String()
}

// writeLeft names each host that is not finished, with the reason and what is
// still to do there.
func writeLeft(b *strings.Builder, r Result) {
	groups, logs := map[string][]string{}, map[string]string{}
	var order []string
	for _, host := range r.Hosts {
		if host.Reason == "" {
			continue
		}
		text := fmt.Sprintf("%s: %s", host.Status, firstLine(host.Reason))
		if steps := stepList(host.Left); steps != "" && r.Operation == Apply && host.Status != HostUnreachable {
			text += "\n    still to do: " + steps
		}
		if host.Fix != "" {
			text += "\n    fix: " + host.Fix
		}
		if groups[text] == nil {
			order = append(order, text)
			logs[text] = host.Log
		}
		groups[text] = append(groups[text], host.Host)
	}
	if len(order) == 0 {
		return
	}
	b.WriteString("Left:\n")
	for _, text := range order {
		fmt.Fprintf(b, "  %s  %s\n", hostList(groups[text], 8), text)
		if logs[text] != "" {
			fmt.Fprintf(b, "    log: %s\n", beside(logs[text], len(groups[text])))
		}
	}
	if r.Operation == Apply {
		b.WriteString("To go on, run again: what is done is found done.\n")
	}
}

// writeAway names the hosts that the definition leaves out.
func writeAway(b *strings.Builder, away []Away) {
	groups := map[string][]string{}
	var order []string
	for _, host := range away {
		text := host.State
		if host.Reason != "" {
			text += ": " + host.Reason
		}
		if groups[text] == nil {
			order = append(order, text)
		}
		groups[text] = append(groups[text], host.Host)
	}
	if len(order) > 0 {
		b.WriteString("Left out, as the definition says:\n")
	}
	for _, text := range order {
		fmt.Fprintf(b, "  %s  %s\n", hostList(groups[text], 8), text)
	}
}

// beside names the log of the first of some hosts, for all of them.
func beside(log string, hosts int) string {
	if hosts > 1 {
		log += ", and those of the others"
	}
	return log
}

// stepList names a few steps, in order, and counts the rest.
func stepList(steps []string) string {
	if len(steps) <= 4 {
		return strings.Join(steps, ", ")
	}
	return fmt.Sprintf("%s, ... %s (%d steps)", strings.Join(steps[:2], ", "), steps[len(steps)-1], len(steps))
}

func counts(r Result) string {
	order := []HostStatus{HostOK, HostChanged, HostDiffers, HostFailed, HostBlocked, HostLost, HostStopped, HostUnreachable}
	words := map[HostStatus]string{HostOK: "ok", HostChanged: "changed", HostDiffers: "would change", HostFailed: "failed",
		HostBlocked: "blocked", HostLost: "lost", HostStopped: "stopped", HostUnreachable: "skipped (unreachable)"}
	var parts []string
	for _, status := range order {
		if n := r.Count(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[status]))
		}
	}
	hosts := "hosts"
	if len(r.Hosts) == 1 {
		hosts = "host"
	}
	return fmt.Sprintf("%d %s: %s, in %s", len(r.Hosts), hosts, strings.Join(parts, ", "), short(r.Duration))
}

func stageTimes(r Result) string {
	var parts []string
	for _, stage := range r.Stages {
		if stage.Duration >= 100*time.Millisecond {
			parts = append(parts, stage.Stage+" "+short(stage.Duration))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "stages: " + strings.Join(parts, ", ")
}

func short(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
}

// longestList is how long a list of names may be that is not written as a set.
const longestList = 60

// hostList names hosts, which it sorts: each by itself if they are few, else as a set.
func hostList(hosts []string, most int) string {
	sort.Strings(hosts)
	if all := strings.Join(hosts, ", "); len(hosts) <= most && len(all) <= longestList {
		return all
	}
	return fmt.Sprintf("%s (%s)", bundle.HostSet(hosts), counted(len(hosts), "host"))
}

func firstLine(text string) string {
	line, _, more := strings.Cut(strings.TrimSpace(text), "\n")
	if more {
		line += " ..."
	}
	return line
}
