package diff

import "github.com/sprayc/sprayc/codegen/settings"

// Schema is the version of a report as JSON.
const Schema = 1

// Report is how two bundles differ.
type Report struct {
	Schema int  `json:"schema"`
	Old    Side `json:"old"`
	New    Side `json:"new"`
	Differ bool `json:"differ"`

	// SameBytes says that not even comments differ. Where they do, an approval of one
	// bundle is none of the other, though the same runs.
	SameBytes bool `json:"same_bytes"`

	Groups       []Group    `json:"groups,omitempty"`       // each host with something to do differently, in one of them
	Security     []Notice   `json:"security,omitempty"`     // what changes the hosts' security
	Irreversible []Notice   `json:"irreversible,omitempty"` // what an older bundle does not take back
	Cluster      []Fact     `json:"cluster,omitempty"`      // budgets, order, live values: what is no host's
	Resources    []Resource `json:"resources,omitempty"`
	Checks       []Resource `json:"checks,omitempty"`  // what is verified and waited for; they change nothing
	Scripts      []File     `json:"scripts,omitempty"` // the modules' own that differ
	Library      []File     `json:"library,omitempty"` // run.sh and lib/: another sprayc
}

// Side is one of the two bundles.
type Side struct {
	Cluster string `json:"cluster"`
	Sprayc  string `json:"sprayc"` // the version that wrote it
	Hosts   int    `json:"hosts"`
	Classes int    `json:"classes"`
}

// Group is hosts on which the same changes.
type Group struct {
	Who     string   `json:"who"` // "20 workers"
	Set     string   `json:"set"` // "worker[01-20]"
	Hosts   []string `json:"hosts"`
	State   string   `json:"state,omitempty"` // "new", "gone", or "" of hosts that both have
	Happens []string `json:"happens,omitempty"`
	Changes []string `json:"changes,omitempty"`
	More    int      `json:"more,omitempty"` // changes beyond these, below in the report
	Spared  []string `json:"spared,omitempty"`

	Restarts []string `json:"restarts,omitempty"`
	Token    bool     `json:"token"`  // something that serves is interrupted
	Reboot   bool     `json:"reboot"` // a change asks for a restart of the host
}

// Notice is a change that stands out, and why.
type Notice struct {
	What string `json:"what"`
	Why  string `json:"why"`
	Set  string `json:"set,omitempty"`
}

// Fact is something of the cluster that differs.
type Fact struct {
	What string      `json:"what"` // "role worker", "step kubernetes/join"
	Op   settings.Op `json:"op"`
	Old  string      `json:"old,omitempty"`
	New  string      `json:"new,omitempty"`
}

// Resource is one resource, or one check, that differs on some hosts.
type Resource struct {
	Step     string      `json:"step"`
	Kind     string      `json:"kind"`
	Name     string      `json:"name"`
	Op       settings.Op `json:"op"`
	Source   string      `json:"source,omitempty"` // in the new bundle, unless it is gone
	Set      string      `json:"set"`
	Hosts    []string    `json:"hosts"`
	Settings []Setting   `json:"settings,omitempty"`
	Follows  []string    `json:"follows,omitempty"` // what it sets off: "kubelet.service restarts"
	Notes    []string    `json:"notes,omitempty"`   // what stays when it has left, and the like
	Texts    []Text      `json:"texts,omitempty"`
}

// Setting is one argument of a resource, or one setting in a text that it holds.
type Setting struct {
	Field   string      `json:"field"`          // the argument
	Path    string      `json:"path,omitempty"` // the setting in its text
	Op      settings.Op `json:"op"`
	Values  []Value     `json:"values"`
	Derived bool        `json:"derived,omitempty"` // a digest: it follows from something else
}

// Value is what a setting was and is on some hosts.
type Value struct {
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
	Set string `json:"set,omitempty"` // "" when it is so on all hosts of the resource

	hosts []string
}

// Text is how the lines of a text differ.
type Text struct {
	Field  string `json:"field"`
	Diff   string `json:"diff"` // unified
	Host   string `json:"host,omitempty"`
	Others int    `json:"others,omitempty"` // hosts whose lines differ otherwise
}

// File is a file of the bundle that is the same for every host.
type File struct {
	Path string      `json:"path"`
	Op   settings.Op `json:"op"`
	Used []string    `json:"used,omitempty"` // by which resources
	Diff string      `json:"diff,omitempty"`
}

// What can become of a resource or a setting, beside what settings has.
const (
	layout settings.Op = "layout" // but comments, layout and the order of keys
	text   settings.Op = "text"   // a text without settings: its lines say it
	given  settings.Op = "given"  // what a resource that comes is given
)

// Empty reports whether the bundles do the same.
func (r *Report) Empty() bool { return !r.Differ }
