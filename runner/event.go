package runner

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Type is the sort of an event.
type Type string

// What run.sh reports. The fields that each sets are named beside it.
const (
	RunBegins    Type = "run"         // Run, Digest, Text (the operation)
	StepBegins   Type = "step"        // Step
	StepEnds     Type = "step-end"    // Step, Status
	ResourceSeen Type = "resource"    // Step, Kind, Name, Status, Source, Text
	Verified     Type = "verify"      // Step, Status, Source, Text
	SettingRead  Type = "setting"     // Step, Status, Source, Name, Wanted, Found, How: of a verify script
	VersionRead  Type = "version"     // Step, Source, Name (of what), Wanted, Found: of a verify script that reports versions
	Certified    Type = "certificate" // Step, Source, Certificate: of a verify script that reports them
	Requested    Type = "request"     // Step, Source, Request: of a verify script that reports requests
	StatusTold   Type = "status"      // Step, Source, Name (of what), Status (ok, warn, bad), About, Text, Fix: of a verify script that reports it
	Noted        Type = "note"        // Step, Text
	Warned       Type = "warn"        // Step, Text
	OrphanSeen   Type = "orphan"      // Kind, Name, Status, Text
	MarkFound    Type = "mark"        // Name
	LiveNeeded   Type = "live"        // Step, Name
	FileDiffers  Type = "diff"        // Step, Kind, Name, Status, Path, Cut, Text: of a plan
	Reacts       Type = "reaction"    // Step, Kind, Name, Status, Text (what it does), Disruptive: of a plan
	StepTook     Type = "times"       // Name (a step), times: of a plan; it is not passed on
	Restarts     Type = "restart"     // Step: its act takes the host down now, which comes back
	RunEnds      Type = "end"         // Status
)

// What the runner adds.
const (
	Phase    Type = "phase"     // Status: one of the Host... phases, Text
	HostDone Type = "host-done" // Status: a HostStatus, Text
	Said     Type = "log"       // Text: a line that is no event
	Notice   Type = "notice"    // Text: about the run, Host may be empty
)

// Event is one thing that happened, on a host or in the runner.
type Event struct {
	Time   time.Time `json:"time"`
	Host   string    `json:"host,omitempty"`
	Type   Type      `json:"type"`
	Run    string    `json:"run,omitempty"`
	Stage  string    `json:"stage,omitempty"`
	Step   string    `json:"step,omitempty"`
	Kind   string    `json:"kind,omitempty"`
	Name   string    `json:"name,omitempty"`
	Status string    `json:"status,omitempty"`
	Source string    `json:"source,omitempty"`
	Text   string    `json:"text,omitempty"`
	Digest string    `json:"digest,omitempty"`

	Wanted string `json:"wanted,omitempty"`
	Found  string `json:"found,omitempty"`
	How    string `json:"how,omitempty"` // it was read

	About string `json:"about,omitempty"` // the host that the status is of; "" is the cluster
	Fix   string `json:"fix,omitempty"`

	Certificate *Certificate    `json:"certificate,omitempty"`
	Request     *SigningRequest `json:"request,omitempty"`

	Path       string `json:"path,omitempty"`
	Cut        int    `json:"cut,omitempty"` // lines that were left out
	Disruptive bool   `json:"disruptive,omitempty"`

	times []time.Duration
	look  bool // of a plan before the run; it counts only when it finds nothing to do
}

// EventSchema is the version of run.sh's events that this runner reads.
const EventSchema = "1"

// ParseEvent reads one line of run.sh's events file: fields separated by tabs,
// with \t \n \\ \xHH for what a field may not hold as it is.
func ParseEvent(line string) (Event, error) {
	fields := strings.Split(line, "\t")
	for i, field := range fields {
		fields[i] = unescape(field)
	}
	field := func(i int) string {
		if i < len(fields) {
			return fields[i]
		}
		return ""
	}
	need := func(n int) error {
		if len(fields) < n {
			return fmt.Errorf("event %q has %d fields, not %d", line, len(fields), n)
		}
		return nil
	}
	switch field(0) {
	case "v":
		if field(1) != EventSchema {
			return Event{}, fmt.Errorf("the host reports events of schema %q; this sprayc reads %s", field(1), EventSchema)
		}
		return Event{Type: RunBegins, Run: field(2), Host: field(3), Digest: field(4), Text: field(5)}, need(6)
	case "step":
		if field(2) == "begin" {
			return Event{Type: StepBegins, Step: field(1)}, nil
		}
		return Event{Type: StepEnds, Step: field(1), Status: field(2)}, need(3)
	case "res":
		return Event{Type: ResourceSeen, Step: field(1), Kind: field(2), Name: field(3), Status: field(4), Source: field(5), Text: field(6)}, need(6)
	case "verify":
		return Event{Type: Verified, Step: field(1), Status: field(2), Source: field(3), Text: field(4)}, need(4)
	case "setting":
		return Event{Type: SettingRead, Step: field(1), Status: field(2), Source: field(3), Name: field(4), Wanted: field(5), Found: field(6), How: field(7)}, need(8)
	case "version":
		return Event{Type: VersionRead, Step: field(1), Source: field(2), Name: field(3), Wanted: field(4), Found: field(5)}, need(6)
	case "certificate":
		c, err := parseCertificate(fields)
		if err != nil {
			return Event{}, fmt.Errorf("event %q: %w", line, err)
		}
		return Event{Type: Certified, Step: field(1), Source: field(2), Certificate: c}, nil
	case "request":
		r, err := parseRequest(fields)
		if err != nil {
			return Event{}, fmt.Errorf("the request of an event: %w", err)
		}
		return Event{Type: Requested, Step: field(1), Source: field(2), Request: r}, nil
	case "status":
		return Event{Type: StatusTold, Step: field(1), Source: field(2), Name: field(3), Status: field(4), About: field(5), Text: field(6), Fix: field(7)}, need(8)
	case "note":
		return Event{Type: Noted, Step: field(1), Text: field(2)}, need(2)
	case "warn":
		return Event{Type: Warned, Step: field(1), Text: field(2)}, need(3)
	case "orphan":
		return Event{Type: OrphanSeen, Kind: field(1), Name: field(2), Status: field(3), Text: field(4)}, need(4)
	case "mark":
		return Event{Type: MarkFound, Name: field(1)}, need(2)
	case "live":
		return Event{Type: LiveNeeded, Step: field(1), Name: field(2)}, need(3)
	case "diff":
		cut, err := strconv.Atoi(field(6))
		if err != nil {
			return Event{}, fmt.Errorf("event %q has no number of lines", line)
		}
		return Event{Type: FileDiffers, Step: field(1), Kind: field(2), Name: field(3), Status: field(4), Path: field(5), Cut: cut, Text: field(7)}, need(8)
	case "reaction":
		return Event{Type: Reacts, Step: field(1), Kind: field(2), Name: field(3), Status: field(4), Text: field(5), Disruptive: field(6) == "true"}, need(7)
	case "times":
		times, err := parseTimes(field(2))
		if err != nil {
			return Event{}, fmt.Errorf("event %q: %w", line, err)
		}
		return Event{Type: StepTook, Name: field(1), times: times}, nil
	case "restart":
		return Event{Type: Restarts, Step: field(1)}, need(2)
	case "end":
		return Event{Type: RunEnds, Status: field(1)}, need(2)
	}
	return Event{}, fmt.Errorf("event %q is of no known sort", line)
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 't':
			b.WriteByte('\t')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 'x':
			var value byte
			if n, err := fmt.Sscanf(s[i+1:min(i+3, len(s))], "%02x", &value); n == 1 && err == nil && i+3 <= len(s) {
				b.WriteByte(value)
				i += 2
				continue
			}
			b.WriteString(`\x`)
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
