package runner

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/sprayc/sprayc/lang/diag"
)

// requestTitles are the columns; the names of each stand on lines of their own.
var requestTitles = []string{"HOST", "REQUEST", "SUBJECT", "USAGES", "INPUT", "KEY ON THE HOST"}

// narrowRequest is how many columns a line has that is not long enough for all.
const narrowRequest = 4

// Text is the report for people; dir is where the requests were written.
func (r *RequestReport) Text(paper Paper, dir string) string {
	w := &planWriter{Paper: paper}
	if len(r.Requests) > 0 {
		rows := [][]string{requestTitles}
		for i := range r.Requests {
			one := &r.Requests[i]
			rows = append(rows, []string{one.Host, one.Name, one.Subject, one.Usages, one.Input, one.Key})
		}
		w.requests(rows, r.Requests)
	}
	for i := range r.Left {
		left := &r.Left[i]
		w.wrapped("", fmt.Sprintf("%s %s: %s", left.Host, left.Status, firstLine(left.Reason)), "  ")
		if left.Fix != "" {
			w.wrapped("    ", "fix: "+left.Fix, "      ")
		}
	}
	if len(r.Requests) == 0 {
		w.wrapped("", "no request waits for its certificate", "  ")
		return w.String()
	}
	w.wrapped("", fmt.Sprintf("%s in %s/HOST/NAME.csr, each for NAME.crt beside it and its input of certificates \"own\", without a key:", counted(len(r.Requests), "request"), dir), "  ")
	one := &r.Requests[0]
	fmt.Fprintf(w, "  %s = secret(\"file:%s/${host.name}/%s.crt\")\n", one.Input, dir, one.Name)
	return w.String()
}

// requests writes the table: its titles, and a row for each.
func (w *planWriter) requests(rows [][]string, list []HostRequest) {
	widths, shown, all := make([]int, len(requestTitles)), len(requestTitles), 0
	for i := range widths {
		for _, row := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		all += widths[i] + 2
	}
	if w.Width > 0 && all-2 > w.Width {
		shown = narrowRequest
	}
	indent := strings.Repeat(" ", widths[0]+2)
	for i, row := range rows {
		var line strings.Builder
		for k := range shown {
			fmt.Fprintf(&line, "%-*s  ", widths[k], row[k])
		}
		text := strings.TrimRight(line.String(), " ")
		if i == 0 {
			w.WriteString(w.Paint(diag.Bold, text) + "\n")
			continue
		}
		w.WriteString(text + "\n")
		if shown == narrowRequest {
			w.wrapped(indent, "for "+row[4]+", its key in "+row[5], indent+"  ")
		}
		if names := list[i-1].Names; names != "" {
			w.wrapped(indent, names, indent+"  ")
		}
	}
	w.WriteString("\n")
}
