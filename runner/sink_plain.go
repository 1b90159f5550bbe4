package runner

import (
	"fmt"
	"io"
	"strings"
)

// Plain writes one line for each thing of note, for logs and pipes: what
// changed, what failed, what a host waits for. What is ok is only counted.
type Plain struct {
	w io.Writer
	// Verbose writes every resource, also those that are ok.
	Verbose bool
	// Paper is what the summary is written on.
	Paper Paper

	width     int
	operation Operation
}

// NewPlain returns a sink that writes to w.
func NewPlain(w io.Writer) *Plain { return &Plain{w: w} }

// Begin notes who takes part.
func (p *Plain) Begin(o Overview) {
	p.operation = o.Operation
	for _, host := range o.Hosts {
		p.width = max(p.width, len(host.Name))
	}
	for _, who := range o.Approvals {
		fmt.Fprintf(p.w, "%-*s  approved by %s\n", p.width, "", who)
	}
}

// Event writes a line, or none.
func (p *Plain) Event(e Event) {
	if text := p.line(e); text != "" {
		for line := range strings.Lines(text) {
			fmt.Fprintf(p.w, "%-*s  %s\n", p.width, e.Host, strings.TrimRight(line, "\n"))
		}
	}
}

func (p *Plain) line(e Event) string {
	switch e.Type {
	case Phase:
		switch e.Status {
		case PhaseSending:
			return "sends the bundle"
		case PhaseWaiting:
			return "waits for " + e.Text
		case PhaseBudget:
			return "waits to be taken down for " + e.Text
		case PhaseRestarting:
			if e.How != "" {
				return "waiting for " + e.Host + " to come back, " + e.How
			}
			return "restarts in " + e.Text + "; waiting for it to come back"
		case PhaseReattaching:
			if e.How != "" {
				return "has no link for " + e.How + ", connecting again"
			}
			if e.Text != "" {
				return "lost the link in " + e.Text + "; the work there goes on, connecting again"
			}
			return "lost the link, connecting again"
		case PhaseAttached:
			if e.Text != "" {
				return "is " + e.Text
			}
			return "has the link again"
		}
	case ResourceSeen:
		if e.Status == "ok" && !p.Verbose || p.operation == Plan && e.Status != "failed" {
			return ""
		}
		return tail(fmt.Sprintf("%-8s %s: %s %s", e.Status, e.Step, e.Kind, e.Name), e)
	case Verified:
		if e.Status == "ok" && !p.Verbose {
			return ""
		}
		if e.Status == "standin" && !p.Verbose {
			// What a stand-in answers says nothing; the log has it.
			e.Text, _, _ = strings.Cut(e.Text, ": ")
			e.Text += " (cannot be checked here)"
		}
		return tail(fmt.Sprintf("%-8s %s: verify", e.Status, e.Step), e)
	case SettingRead:
		if !p.Verbose {
			return "" // the line of the check names what is not as wanted
		}
		return fmt.Sprintf("%-8s %s: %s %s", e.Status, e.Step, e.Name, e.setting())
	case OrphanSeen:
		if p.operation == Plan {
			return ""
		}
		return tail(fmt.Sprintf("orphan   %s %s: %s", e.Kind, e.Name, e.Status), e)
	case MarkFound:
		return "pending  " + pending(e.Name)
	case Noted:
		return "note     " + e.Step + ": " + e.Text
	case Warned:
		return "warning  " + strings.TrimPrefix(e.Step+": ", ": ") + e.Text
	case Notice:
		return e.Text
	case HostDone:
		return p.ended(e)
	}
	return ""
}

// orUnset is a setting's value for people.
func orUnset(value string) string {
	if value == "" {
		return "not set"
	}
	return value
}

func (p *Plain) ended(e Event) string {
	if e.Text != "" {
		return e.Status + ": " + e.Text
	}
	return e.Status
}

// tail adds what was said, and for a failure where it comes from.
func tail(text string, e Event) string {
	if e.Text != "" {
		text += ": " + e.Text
	}
	if e.Status == "failed" && e.Source != "" {
		text += " (" + e.Source + ")"
	}
	return text
}

// End writes the summary.
func (p *Plain) End(r Result) { _, _ = io.WriteString(p.w, Summary(r, p.Paper)) }
