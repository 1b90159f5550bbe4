package runner

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sprayc/sprayc/lang/diag"
)

// certificateLine is a line of the table: what is the same on several hosts stands there once.
type certificateLine struct {
	HostCertificate
	hosts []string
}

// certificateTitles are the columns. Where a line would be too long the last two stand on
// one of their own.
var certificateTitles = []string{"DAYS", "NOT AFTER", "HOST", "CERTIFICATE", "WHERE", "SUBJECT", "ISSUER"}

// narrow is how many columns a line has that is not long enough for all.
const narrow = 5

// Text is the report for people. With names also for what each is good, and since when, stand
// there.
func (c *CertificateReport) Text(paper Paper, names bool) string {
	w := &planWriter{Paper: paper}
	lines := c.lines()
	if len(lines) > 0 {
		rows := [][]string{certificateTitles}
		for i := range lines {
			rows = append(rows, lines[i].columns())
		}
		w.certificates(rows, lines, names)
	}
	w.closing(c)
	return w.String()
}

// certificates writes the table: its titles, and a row for each line.
func (w *planWriter) certificates(rows [][]string, lines []certificateLine, names bool) {
	widths, shown := make([]int, len(certificateTitles)), len(certificateTitles)
	all := 0
	for i := range widths {
		for _, row := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		all += widths[i] + 2
	}
	if w.Width > 0 && all-2 > w.Width {
		shown = narrow
	}
	indent := strings.Repeat(" ", widths[0]+2)
	for i, row := range rows {
		line := fmt.Sprintf("%*s", widths[0], row[0])
		for k := 1; k < shown; k++ {
			line += fmt.Sprintf("  %-*s", widths[k], row[k])
		}
		line = strings.TrimRight(line, " ")
		if i == 0 {
			w.WriteString(w.Paint(diag.Bold, line) + "\n")
			continue
		}
		one := &lines[i-1]
		switch {
		case one.DaysLeft == nil:
			line = w.Paint(diag.Yellow, line)
		case one.Short:
			line = w.Paint(diag.Red, line)
		}
		w.WriteString(line + "\n")
		if shown == narrow && !one.Ends.IsZero() {
			w.wrapped(indent, row[5]+", by "+row[6], indent+"  ")
		}
		for _, more := range one.more(names) {
			w.wrapped(indent, more, indent+"  ")
		}
	}
	w.WriteString("\n")
}

// columns are what stands in the table.
func (l *certificateLine) columns() []string {
	days, ends := "?", "not read"
	if l.DaysLeft != nil {
		days, ends = strconv.Itoa(*l.DaysLeft), l.Ends.UTC().Format("2006-01-02 15:04Z")
	}
	where := l.Where
	if l.Served {
		where = "served at " + where
	}
	return []string{days, ends, hostList(l.hosts, fewHosts), l.What, where, l.Subject, l.Issuer}
}

// more is what does not fit into the table.
func (l *certificateLine) more(names bool) []string {
	var list []string
	if l.Note != "" {
		list = append(list, l.Note)
	}
	if names && l.Names != "" {
		list = append(list, "for "+l.Names)
	}
	if names && !l.Begins.IsZero() {
		list = append(list, "since "+l.Begins.UTC().Format("2006-01-02 15:04Z")+", serial "+l.Serial)
	}
	return list
}

// lines puts what is the same on several hosts together.
func (c *CertificateReport) lines() []certificateLine {
	var lines []certificateLine
	at := map[Certificate]int{}
	for _, one := range c.Certificates {
		i, seen := at[one.Certificate]
		if !seen {
			i = len(lines)
			at[one.Certificate] = i
			lines = append(lines, certificateLine{HostCertificate: one})
		}
		lines[i].hosts = append(lines[i].hosts, one.Host)
	}
	return lines
}

// closing says what is wrong, and what all of it comes to.
func (w *planWriter) closing(c *CertificateReport) {
	for i := range c.Left {
		left := &c.Left[i]
		w.wrapped("", fmt.Sprintf("%s %s: %s", left.Host, left.Status, firstLine(left.Reason)), "  ")
		if left.Fix != "" {
			w.wrapped("    ", "fix: "+left.Fix, "      ")
		}
	}
	short, unread, other := 0, 0, 0
	for i := range c.Certificates {
		one := &c.Certificates[i]
		switch {
		case one.DaysLeft == nil:
			unread++
		case one.Short:
			short++
			w.wrapped("", fmt.Sprintf("%s on %s %s (%s)", one.What, one.Host, one.ending(), one.Where), "  ")
		}
		if one.Note != "" && one.Served && one.DaysLeft != nil {
			other++
		}
	}
	parts := []string{counted(len(c.Certificates), "certificate")}
	if short > 0 {
		parts = append(parts, fmt.Sprintf("%d with fewer than %s left", short, counted(c.Days, "day")))
	} else {
		parts = append(parts, fmt.Sprintf("none with fewer than %s left", counted(c.Days, "day")))
	}
	if other > 0 {
		parts = append(parts, fmt.Sprintf("%d served unlike on disk", other))
	}
	if unread > 0 {
		parts = append(parts, fmt.Sprintf("%d not read", unread))
	}
	if len(c.Left) > 0 {
		parts = append(parts, fmt.Sprintf("%s left", counted(len(c.Left), "host")))
	}
	w.wrapped("", strings.Join(parts, ", "), "  ")
}

// ending says how long one is good that is not good for long.
func (c *HostCertificate) ending() string {
	switch {
	case *c.DaysLeft < 0:
		return "ended at " + c.Ends.UTC().Format("2006-01-02 15:04Z")
	case *c.DaysLeft == 0:
		return "ends within a day"
	}
	return "ends in " + counted(*c.DaysLeft, "day")
}
