package audit

// Version is the version of the report's form. What is there keeps its meaning;
// fields may be added without a new one.
const Version = 1

// Report is what a bundle does to its hosts.
type Report struct {
	Version int      `json:"version"`
	Cluster string   `json:"cluster"`
	Library *Library `json:"library,omitempty"` // nil: not compared
	Classes []Class  `json:"classes"`
	Modules []Module `json:"modules"`
	Summary []Count  `json:"summary"`
	Effects []Effect `json:"effects"` // by section, category and subject; each thing is there once
	Values  []Value  `json:"values"`  // of effects that differ between hosts
}

// Class is the hosts that run the same scripts.
type Class struct {
	Name  string   `json:"name"`
	OS    string   `json:"os"`
	Arch  string   `json:"arch"`
	Roles []string `json:"roles"`
	Hosts []string `json:"hosts"`

	Addresses []string `json:"addresses"` // of Hosts, in their order
}

// Module is a module that the bundle was made from, and where the definition
// calls it.
type Module struct {
	Name       string `json:"name"`
	Path       string `json:"path"`
	Summary    string `json:"summary,omitempty"`
	Definition string `json:"definition,omitempty"` // "cluster.hcl: runtime \"containerd\""; "" for a slot's default
}

// Count says how many effects a section has.
type Count struct {
	Section Section `json:"section"`
	Title   string  `json:"title"`
	Count   int     `json:"count"`
}

// Section is the part of a report in which an effect stands: the first, in their
// order, that it belongs to.
type Section string

// The sections of a report, in order.
const (
	Undeclared   Section = "undeclared"   // what modules' own shell does and nothing declares
	Security     Section = "security"     // what changes the host's security
	Irreversible Section = "irreversible" // what cannot be taken back
	Network      Section = "network"      // downloads and connections
	Commands     Section = "commands"     // scripts that run as root, and the programs that they run
	Changes      Section = "changes"      // all else
)

// Effect is one thing that is done, on some hosts.
type Effect struct {
	Section      Section  `json:"section"`
	Category     string   `json:"category"` // "file", "package", "kernel parameter", ...
	Action       string   `json:"action,omitempty"`
	Subject      string   `json:"subject"` // a path, a name, a URL; {name} and {address} are the host's own
	Fields       []Field  `json:"fields,omitempty"`
	On           []On     `json:"on"`
	Security     string   `json:"security,omitempty"`     // what it means for the host's security
	Irreversible string   `json:"irreversible,omitempty"` // why it cannot be taken back
	Stays        string   `json:"stays,omitempty"`        // what stays when it leaves the definition
	Origins      []Origin `json:"origins"`
}

// Field says more of an effect.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"` // as people read it: long text by its size
	Size  int    `json:"size,omitempty"`  // of a content, in bytes

	// SHA256 is the digest of a content that is the same for all hosts.
	SHA256 string `json:"sha256,omitempty"`

	// By is the name of the value in [Report.Values] when it differs between hosts.
	By string `json:"by,omitempty"`
}

// On is whom an effect is for.
type On struct {
	Role    string   `json:"role"`              // that brings it
	Classes []string `json:"classes,omitempty"` // empty: every class with the role
	Once    bool     `json:"once,omitempty"`    // on one host of the role, once per cluster
	By      string   `json:"by,omitempty"`      // the selector of the hosts that do it for these
}

// Origin is where an effect comes from.
type Origin struct {
	Step       string `json:"step"`
	Script     string `json:"script"`               // path in the bundle
	Line       int    `json:"line"`                 // of the script, where the call begins
	Module     string `json:"module,omitempty"`     // FILE:LINE:COLUMN of the module
	Definition string `json:"definition,omitempty"` // the block of the definition that calls the module

	// Settings are what the definition says that this is made from, each with its
	// file: cluster.hcl: runtime "containerd" root. See [Report.Locate].
	Settings []string `json:"settings,omitempty"`

	// Own and OwnLine are the module's own shell, when it is that what does it.
	Own     string `json:"own,omitempty"` // path in the bundle
	OwnLine int    `json:"own_line,omitempty"`

	// Declared is the command, or the resource, of which the module says that it does
	// this; "" when the text tells, or the kind.
	Declared string `json:"declared,omitempty"`
}

// Value is a host-time value: what it is on which hosts.
type Value struct {
	Name  string   `json:"name"` // as hosts/<host>.env has it, or the payload's path with HOST in it
	Of    []string `json:"of"`   // what it is a part of
	Forms []Form   `json:"forms"`
}

// Form is a value with the host's own name and address as {name} and {address}.
type Form struct {
	Text  string   `json:"text"`
	Hosts []string `json:"hosts"`
}

// Field returns the field of that name, or nil.
func (e *Effect) Field(name string) *Field {
	for i := range e.Fields {
		if e.Fields[i].Name == name {
			return &e.Fields[i]
		}
	}
	return nil
}
