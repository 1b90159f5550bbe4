package receipt

import (
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
)

// Schema is the version of HOST.json. Fields are added without a new version.
const Schema = 1

// Namespace is what a signature of a receipt is for.
const Namespace = "receipt@sprayc"

// Status is what a receipt says of a setting.
type Status string

// What it may be.
const (
	Proven   Status = "proven"   // it was read, and is as wanted
	Unproven Status = "unproven" // it was read, and is not
	Unread   Status = "unread"   // it was not read in this run
)

// SettingKind is the kind of what a verify script has found.
const SettingKind = "setting"

// Receipt is what one host has proven.
type Receipt struct {
	Schema    int       `json:"schema"`
	Cluster   string    `json:"cluster"`
	Host      string    `json:"host"`
	Bundle    string    `json:"bundle,omitempty"` // SHA-256 of bundle.sha256
	Digest    string    `json:"digest"`           // of all that the host gets
	Operation string    `json:"operation"`        // apply or verify
	Run       string    `json:"run,omitempty"`    // the last on the host
	Began     time.Time `json:"began"`
	Ended     time.Time `json:"ended"`
	Status    string    `json:"status"`           // of the host: ok, changed, failed, unreachable, ...
	Reason    string    `json:"reason,omitempty"` // of a host that is left
	Settings  []Setting `json:"settings"`
}

// Setting is one thing that is wanted of the host.
type Setting struct {
	Step   string `json:"step"`
	Kind   string `json:"kind"` // a resource's, SettingKind, or verify: a check as a whole
	Name   string `json:"name"`
	Status Status `json:"status"`
	Wanted string `json:"wanted,omitempty"`
	Found  string `json:"found,omitempty"`
	How    string `json:"how,omitempty"`    // it was read
	Reason string `json:"reason,omitempty"` // of what is not proven, and of what was changed
	Source string `json:"source,omitempty"` // place in the module
}

// Count returns how many settings have a status.
func (r *Receipt) Count(status Status) int {
	n := 0
	for i := range r.Settings {
		if r.Settings[i].Status == status {
			n++
		}
	}
	return n
}

// longest is how many bytes of what a host says are kept of each text, most how many
// settings of its verify scripts, and things that the bundle does not want of it.
const (
	longest = 2000
	most    = 10000
)

// key is what is the same when two lines are about one thing.
type key struct{ step, kind, name, source string }

func keyOf(w *bundle.Wanted) key {
	if w.Kind == bundle.VerifyKind {
		return key{w.Step, w.Kind, diag.Visible(w.Name), w.Source}
	}
	return key{w.Step, w.Kind, diag.Visible(w.Name), ""}
}
