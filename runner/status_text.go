package runner

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sprayc/sprayc/lang/diag"
)

// statusRow is a row of the text: what is the same of several hosts stands there once.
type statusRow struct {
	*StatusLine
	hosts []string
}

// Text is the report for people: what is not well and what to do about it, then all that is.
func (r *StatusReport) Text(paper Paper) string {
	w := &planWriter{Paper: paper}
	var problems, well []statusRow
	for _, row := range r.rows() {
		if row.problem() {
			problems = append(problems, row)
		} else {
			well = append(well, row)
		}
	}
	order := map[string]int{StatusBad: 0, StatusUnreachable: 1, StatusWarn: 2}
	slices.SortStableFunc(problems, func(a, b statusRow) int { return order[a.Status] - order[b.Status] })
	for _, row := range problems {
		w.statusProblem(row)
	}
	if len(problems) > 0 {
		w.WriteString("\n")
	}
	w.statusTable(well)
	w.WriteString("\n")
	w.wrapped("", r.sum(problems), "  ")
	return w.String()
}

// rows puts what is the same of several hosts together.
func (r *StatusReport) rows() []statusRow {
	type same struct {
		what, status, text, fix string
		declared                bool
	}
	var rows []statusRow
	at := map[same]int{}
	for i := range r.Lines {
		line := &r.Lines[i]
		key := same{line.What, line.Status, line.Text, line.Fix, line.Declared && line.Status != StatusOK}
		row, seen := at[key]
		if !seen {
			row = len(rows)
			at[key] = row
			rows = append(rows, statusRow{StatusLine: line})
		}
		if line.Host != "" {
			rows[row].hosts = append(rows[row].hosts, line.Host)
		}
	}
	return rows
}

// statusProblem writes one, and what to do about it.
func (w *planWriter) statusProblem(row statusRow) {
	word, color := row.Status, diag.Red
	if row.Status == StatusUnreachable {
		word = "away"
	}
	if row.Status != StatusBad {
		color = diag.Yellow
	}
	text := row.What
	if len(row.hosts) > 0 {
		text += " of " + hostList(row.hosts, fewHosts)
	}
	if row.What == statusHost {
		text = hostList(row.hosts, fewHosts)
	}
	if row.Status == StatusUnreachable {
		text += " cannot be reached"
	}
	if row.Text != "" {
		text += ": " + row.Text
	}
	var line planWriter
	line.Width = w.Width
	line.wrapped(fmt.Sprintf("%-6s", word), text, "      ")
	for one := range strings.Lines(line.String()) {
		w.WriteString(w.Paint(color, strings.TrimRight(one, "\n")) + "\n")
	}
	if row.Fix != "" {
		w.wrapped("      ", "fix: "+row.Fix, "        ")
	}
}

// statusTable writes what is well.
func (w *planWriter) statusTable(rows []statusRow) {
	titles := [2]string{"WHAT", "HOSTS"}
	widths := [2]int{len(titles[0]), len(titles[1])}
	cells := make([][2]string, len(rows))
	for i, row := range rows {
		cells[i] = [2]string{row.What, hostList(row.hosts, fewHosts)}
		for k, cell := range cells[i] {
			widths[k] = max(widths[k], utf8.RuneCountInString(cell))
		}
	}
	w.WriteString(w.Paint(diag.Bold, fmt.Sprintf("%-*s  %-*s  STANDS", widths[0], titles[0], widths[1], titles[1])) + "\n")
	last := ""
	for i, row := range rows {
		what := cells[i][0]
		if what == last {
			what = ""
		}
		last = cells[i][0]
		text := row.Text
		if text == "" {
			text = row.Status
		}
		if row.Declared && row.Status != StatusOK {
			text += ", as it may be"
		}
		w.wrapped(fmt.Sprintf("%-*s  %-*s  ", widths[0], what, widths[1], cells[i][1]), text, strings.Repeat(" ", widths[0]+4))
	}
}

// sum is what all of it comes to.
func (r *StatusReport) sum(problems []statusRow) string {
	reached, away := 0, 0
	for i := range r.Hosts {
		switch host := &r.Hosts[i]; {
		case host.State != "":
			away++
		case host.Reached:
			reached++
		}
	}
	text := fmt.Sprintf("%s: %d of %s answer", r.Cluster, reached, counted(len(r.Hosts)-away, "host"))
	if len(r.Hosts)-away == 1 && reached == 1 {
		text = r.Cluster + ": the host answers"
	}
	if away > 0 {
		text += fmt.Sprintf(", %d declared away", away)
	}
	count := map[string]int{}
	for _, row := range problems {
		count[row.Status]++
	}
	if n := count[StatusBad]; n > 0 {
		text += fmt.Sprintf("; %s not well", isOrAre(n, "thing"))
	}
	if n := count[StatusWarn]; n > 0 {
		text += fmt.Sprintf("; %s not to stay well", isOrAre(n, "thing"))
	}
	if r.Code == ExitDone {
		text += "; all is well"
	}
	return text
}

func isOrAre(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return counted(n, noun) + " are"
}
