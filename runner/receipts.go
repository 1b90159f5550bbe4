package runner

import (
	"fmt"
	"strings"
)

// mostUnproven is how many lines of the closing text name what is not proven.
const mostUnproven = 20

// writeReceipts says what the receipts come to: each setting that is not as wanted, hosts
// with the same together, and one line.
func writeReceipts(b *strings.Builder, s *ReceiptSummary) {
	hosts := map[string][]string{}
	var order []string
	for _, item := range s.Items {
		text := fmt.Sprintf("%s: %s", item.Step, firstLine(item.Text))
		if item.Source != "" {
			text += " (" + item.Source + ")"
		}
		if hosts[text] == nil {
			order = append(order, text)
		}
		hosts[text] = append(hosts[text], item.Host)
	}
	if len(order) > 0 {
		b.WriteString("Unproven:\n")
	}
	for i, text := range order {
		if i == mostUnproven {
			fmt.Fprintf(b, "  ... and %d more, in the receipts\n", len(order)-i)
			break
		}
		fmt.Fprintf(b, "  %s  %s\n", hostList(hosts[text], 8), text)
	}
	b.WriteString("receipts: " + s.line() + "\n")
}

// line is what they come to, for people.
func (s *ReceiptSummary) line() string {
	noun := "hosts"
	if s.Hosts == 1 {
		noun = "host"
	}
	settings := "settings"
	if s.Proven == 1 {
		settings = "setting"
	}
	parts := []string{fmt.Sprintf("%d %s", s.Hosts, noun), fmt.Sprintf("%d %s proven", s.Proven, settings)}
	if s.Unproven > 0 {
		parts = append(parts, fmt.Sprintf("%d unproven", s.Unproven))
	}
	if s.Unread > 0 {
		parts = append(parts, fmt.Sprintf("%d not read", s.Unread))
	}
	line := strings.Join(parts, ", ")
	if s.Signed != "" {
		line += ", signed by " + s.Signed
	}
	if s.Error != "" {
		return line + "; not all are written: " + s.Error
	}
	return line + "; " + s.Folder + "/"
}
