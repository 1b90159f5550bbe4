package runner

import (
	"encoding/json"
	"io"
)

// JSONSchema is the version of what [NewJSON] writes. Fields are added without
// a new version; a reader ignores what it does not know.
const JSONSchema = 1

// JSON writes one object a line: first {"type":"begin","schema":1,...}, then
// every event, last {"type":"result",...}.
type JSON struct{ encoder *json.Encoder }

// NewJSON returns a sink that writes to w.
func NewJSON(w io.Writer) *JSON { return &JSON{encoder: json.NewEncoder(w)} }

// Begin writes the first line.
func (j *JSON) Begin(o Overview) {
	hosts := make([]string, len(o.Hosts))
	for i, host := range o.Hosts {
		hosts[i] = host.Name
	}
	j.write(struct {
		Type      string    `json:"type"`
		Schema    int       `json:"schema"`
		Operation Operation `json:"operation"`
		Cluster   string    `json:"cluster"`
		Hosts     []string  `json:"hosts"`
		Approvals []string  `json:"approvals,omitempty"` // who has approved the bundle
	}{"begin", JSONSchema, o.Operation, o.Cluster, hosts, o.Approvals})
}

// Event writes an event.
func (j *JSON) Event(e Event) { j.write(e) }

// End writes the result.
func (j *JSON) End(r Result) {
	type problem struct {
		Kind   string `json:"kind"`
		Label  string `json:"label"`
		Source string `json:"source,omitempty"`
		Fix    string `json:"fix,omitempty"`
	}
	problems := make([]problem, len(r.Diagnostics))
	for i, d := range r.Diagnostics {
		problems[i] = problem{d.Kind.ID, d.Label, place(d.Span), d.Fix}
	}
	j.write(struct {
		Type      string          `json:"type"`
		Operation Operation       `json:"operation"`
		Code      int             `json:"exit_code"`
		Seconds   float64         `json:"seconds"`
		Hosts     []HostResult    `json:"hosts"`
		Problems  []problem       `json:"problems"`
		Stages    []StageTime     `json:"stages"`
		Forecast  *Forecast       `json:"forecast,omitempty"` // of a plan
		Receipts  *ReceiptSummary `json:"receipts,omitempty"`
		Away      []Away          `json:"away,omitempty"`
	}{"result", r.Operation, r.Code(), r.Duration.Seconds(), r.Hosts, problems, r.Stages, r.Forecast, r.Receipts, r.Away})
}

func (j *JSON) write(v any) {
	_ = j.encoder.Encode(v) // a reader that has gone does not stop the run
}
