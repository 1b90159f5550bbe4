package runner

import (
	"sort"
	"time"

	"github.com/sprayc/sprayc/lang/diag"
)

// HostStatus is how a host came out.
type HostStatus string

// The outcomes of a host.
const (
	HostOK          HostStatus = "ok"          // nothing to do
	HostChanged     HostStatus = "changed"     // done
	HostDiffers     HostStatus = "differs"     // plan: there is something to do
	HostFailed      HostStatus = "failed"      // a step failed
	HostBlocked     HostStatus = "blocked"     // waits for what failed elsewhere
	HostUnreachable HostStatus = "unreachable" // skipped
	HostLost        HostStatus = "lost"        // the link; the work goes on
	HostStopped     HostStatus = "stopped"     // by the user
)

// Phases of a host, for sinks.
const (
	PhaseConnecting  = "connecting"
	PhaseSending     = "sending"
	PhaseRunning     = "running"
	PhaseWaiting     = "waiting"     // for other hosts; Text says for what
	PhaseBudget      = "budget"      // for a token
	PhaseReattaching = "reattaching" // Text is the step that it was in, if it is at work
	PhaseRestarting  = "restarting"  // the same of a host that a step of its own restarts
	PhaseAttached    = "attached"    // the link is back
)

// Result is the outcome of a run.
type Result struct {
	Operation   Operation
	Cluster     string
	Hosts       []HostResult // by name
	Diagnostics diag.List
	Stages      []StageTime
	Forecast    *Forecast // of a plan: what running it would do to the cluster
	Duration    time.Duration
	Receipts    *ReceiptSummary // nil when none were kept
	Away        []Away          // hosts that are declared not to be there
	Gone        []string        // hosts of the cluster that the definition does not have: nothing is changed

	steps []string // of the bundle, in order
}

// Away is a host that is left out, as the definition says.
type Away struct {
	Host   string `json:"host"`
	State  string `json:"state"` // absent or maintenance
	Reason string `json:"reason,omitempty"`
}

// StageTime is how long some host was at a stage: from the first begin of one of
// its steps to the last end.
type StageTime struct {
	Stage    string        `json:"stage"`
	Duration time.Duration `json:"duration_ns"`
}

// HostResult is the outcome of one host.
type HostResult struct {
	Host    string     `json:"host"`
	Status  HostStatus `json:"status"`
	Reason  string     `json:"reason,omitempty"` // of a host that is left
	Fix     string     `json:"fix,omitempty"`    // of a host that could not be reached
	Run     string     `json:"run,omitempty"`    // the last on the host
	Log     string     `json:"log,omitempty"`    // where what the scripts of a failed run printed is: a file, or HOST:FILE
	Changed int        `json:"changed"`          // resources
	OK      int        `json:"ok"`
	Will    []Item     `json:"will,omitempty"` // plan: would change; apply: changed
	May     []Item     `json:"may,omitempty"`  // plan: blocked on what will change
	Orphans []Item     `json:"orphans,omitempty"`
	Marks   []string   `json:"marks,omitempty"` // reactions that were pending
	Left    []string   `json:"left,omitempty"`  // steps not done

	Diffs     []Diff     `json:"diffs,omitempty"`     // plan: how files would change
	Reactions []Reaction `json:"reactions,omitempty"` // plan: what would be restarted, stopped, ...

	Warnings []string `json:"warnings,omitempty"` // what is well today and will not stay so
}

// Item is a resource in a list.
type Item struct {
	Step   string `json:"step,omitempty"`
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Status string `json:"status,omitempty"`
	Source string `json:"source,omitempty"`
	Text   string `json:"text,omitempty"`
}

// Diff is how a file that is on a host would change.
type Diff struct {
	Step string `json:"step"`
	Kind string `json:"kind"`
	Name string `json:"name"`
	Path string `json:"path"`
	// Status is shown; masked, when lines that are only on the host stand as ***, as
	// others may not read the file there; or withheld, and Text says why.
	Status string `json:"status"`
	Cut    int    `json:"cut,omitempty"` // lines left out at the end
	Text   string `json:"text"`          // a unified diff without the names
}

// Reaction is what a change would do to what runs.
type Reaction struct {
	Step       string `json:"step"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	What       string `json:"what"`                 // restart, reload, start, stop, reboot, or run (of a script)
	May        bool   `json:"may,omitempty"`        // it is not sure yet
	Disruptive bool   `json:"disruptive,omitempty"` // takes a token of each of the host's roles
}

// Exit codes, as DESIGN has them.
const (
	ExitDone    = 0
	ExitError   = 1
	ExitPending = 2
	ExitWarning = 3
	ExitSkipped = 4
)

// Code is the exit status of the program: 1 when something failed, is not proven, or a
// receipt could not be written, else 4 when
// hosts were skipped, else 3 when verify was warned, else 2 when a plan found changes,
// else 0.
func (r Result) Code() int {
	code := ExitDone
	if r.Diagnostics.HasErrors() || r.Receipts != nil && (r.Receipts.Unproven > 0 || r.Receipts.Error != "") {
		code = ExitError
	}
	for _, host := range r.Hosts {
		if r.Operation == Verify && len(host.Warnings) > 0 && code == ExitDone {
			code = ExitWarning
		}
		switch host.Status {
		case HostFailed, HostBlocked, HostLost, HostStopped:
			return ExitError
		case HostUnreachable:
			if code != ExitError {
				code = ExitSkipped
			}
		case HostDiffers:
			if code == ExitDone {
				code = ExitPending
			}
		}
	}
	return code
}

// Count returns how many hosts came out so.
func (r Result) Count(status HostStatus) int {
	n := 0
	for _, host := range r.Hosts {
		if host.Status == status {
			n++
		}
	}
	return n
}

func sortHosts(hosts []HostResult) {
	sort.Slice(hosts, func(i, j int) bool { return hosts[i].Host < hosts[j].Host })
}
